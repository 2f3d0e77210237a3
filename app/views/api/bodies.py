"""What each request may say."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import fields as kinds
from marshmallow import validate

from app.desk.marking import LONGEST_COMMENT, LONGEST_TAG, MOST_TAGS
from app.desk.relations import CHOSEN
from app.desk.tickets import LONGEST_SUBJECT
from app.desk.uploads import MOST_FILES
from app.models.beside import Score
from app.models.intake_rule import RuleAct
from app.models.organisation import Sharing
from app.models.product_group import Level
from app.models.ticket import MessageKind, Priority
from app.views.admin.levels import LONGEST_PROMISE
from app.views.api.body import NEEDED, Body, Bytes, Code, Filled, Language, Line, RowId, Several, Truth, Words, Zone
from app.views.portal.forms import LONGEST_TEXT, NOT_IN_DIGITS, TELEPHONE

LONGEST_CODE = 32
LONGEST_PATH = 998
MOST_GROUPS = 100
LONGEST_NAME = 64
MOST_PLACES = 200
SPOKEN = (MessageKind.CUSTOMER, MessageKind.CONSULTANT, MessageKind.NOTE)


class NewFile(Body):
    """A file, its content in base64."""

    name = Line(255, least=1, required=True)
    content = Bytes(required=True)


def files() -> Several:
    return Several(kinds.Nested(NewFile), MOST_FILES)


class NewTicket(Body):
    """A ticket with its first message."""

    subject = Line(LONGEST_SUBJECT, required=True)
    text = Words(LONGEST_TEXT)
    product_group = RowId(required=True)
    priority = Code(*Priority)
    requester = RowId()
    organisation = RowId()
    confidential = Truth()
    by_telephone = Truth()
    files = files()
    fields = Filled()  # type: ignore[assignment]  # Marshmallow takes declared fields off the class


class TicketChange(Body):
    """What may be changed of a ticket; only the keys that are given change."""

    subject = Line(LONGEST_SUBJECT)
    status = Words(LONGEST_CODE)
    priority = Code(*Priority)
    assignee = RowId(allow_none=True)
    confidential = Truth()
    fields = Filled()  # type: ignore[assignment]  # Marshmallow takes declared fields off the class


class NewMessage(Body):
    """One more message of a ticket. Without a kind it is what its author is there."""

    ticket = RowId(required=True)
    kind = Code(*SPOKEN)
    text = Words(LONGEST_TEXT)
    files = files()
    then = Words(LONGEST_CODE)


class NewAttachment(NewFile):
    """A file more for a message of one's own."""

    message = RowId(required=True)


class Form(Body):
    """The same as a form; what `file` holds is looked at apart."""

    message = RowId(required=True)
    file = kinds.Raw(required=True, error_messages=NEEDED)


class Nothing(Body):
    """An act that needs no more words."""


class PuttingWith(Body):
    """The ticket that the call was about, by its id."""

    ticket = RowId(required=True)


class Assigning(Body):
    """Whom the ticket is given to; null leaves it to nobody."""

    assignee = RowId(required=True, allow_none=True)


class Prioritising(Body):
    priority = Code(*Priority, required=True)


class Transferring(Body):
    """The product group that it goes to."""

    product_group = RowId(required=True)


class LettingIn(Body):
    """The address of somebody who is to see this ticket."""

    email = Line(320, required=True, metadata={"format": "email"})


class ShowingOut(Body):
    """The account of a participant who is to see this ticket no more."""

    account = RowId(required=True)


class Hiding(Body):
    """Whether colleagues and managers of the requester are kept from it."""

    confidential = Truth(required=True)


class Moving(Body):
    """The state to move to."""

    status = Words(LONGEST_CODE, required=True)


class Telephone(Line):
    """A telephone number, or an empty text for none."""

    default_error_messages = {"telephone": NOT_IN_DIGITS}

    def _deserialize(self, value: Any, *_rest: Any, **_options: Any) -> str:
        number = super()._deserialize(value)
        if number and not re.fullmatch(TELEPHONE, number):
            raise self.make_error("telephone")
        return number


class Place(Body):
    """An account's place in an organisation. Without `sharing` it stays as it is; a new one sees the organisation's."""

    id = RowId(required=True)
    sharing = Code(*Sharing)
    product_groups = Several(RowId(), MOST_GROUPS)  # which ones, where the sharing is that of chosen groups


class GroupLevel(Body):
    """How far somebody of the desk goes in a product group."""

    id = RowId(required=True)
    level = Code(*Level, required=True)


class AccountChange(Body):
    """What may be changed of an account: the first five of one's own, all of them by those whose role says so."""

    first_name = Line(LONGEST_NAME)
    last_name = Line(LONGEST_NAME)
    telephone = Telephone(LONGEST_NAME, allow_none=True)
    language = Language()
    timezone = Zone(LONGEST_NAME, allow_none=True)
    active = Truth()
    organisations = Several(kinds.Nested(Place), MOST_PLACES)
    roles = Several(Line(LONGEST_NAME, least=1), MOST_PLACES)
    product_groups = Several(kinds.Nested(GroupLevel), MOST_GROUPS)
    fields = Filled()  # type: ignore[assignment]  # Marshmallow takes declared fields off the class


class OrganisationChange(Body):
    """What administrators may change of an organisation. A calendar of null is that of the product group."""

    name = Line(200, least=1)
    domains = Several(Line(255, least=1), MOST_PLACES)
    calendar = RowId(allow_none=True)
    fields = Filled()  # type: ignore[assignment]  # Marshmallow takes declared fields off the class


class Whole(RowId):
    """A whole number from `least` to `most`."""

    def __init__(self, least: int, most: int, **options: Any) -> None:
        wrong = _l("This may be from %(least)s to %(most)s.", least=least, most=most)
        super().__init__(validate=validate.Range(min=least, max=most, error=wrong), **options)


class LevelChange(Body):
    """What administrators may change of a service level; null holds for all, and promises nothing."""

    name = Line(80, least=1)
    priority = Code(*Priority, allow_none=True)
    product_group = RowId(allow_none=True)
    organisation = RowId(allow_none=True)
    first_minutes = Whole(1, LONGEST_PROMISE, allow_none=True)
    next_minutes = Whole(1, LONGEST_PROMISE, allow_none=True)
    solution_minutes = Whole(1, LONGEST_PROMISE, allow_none=True)
    warn_percent = Whole(1, 100)
    pause_for_third_party = Truth()
    active = Truth()


class NewLevel(LevelChange):
    """A service level more."""

    name = Line(80, least=1, required=True)


class IntakeRuleChange(Body):
    """What may be changed of a rule about incoming letters; null and empty conditions are none."""

    name = Line(80, least=1)
    position = Whole(0, 10_000)
    active = Truth()
    mailbox = RowId(allow_none=True)
    sender = Line(320)
    subject = Line(200)
    header = Line(80)
    holds = Line(200)
    larger_than = Whole(1, 1_000_000, allow_none=True)
    act = Code(*RuleAct)
    words = Line(200)
    product_group = RowId(allow_none=True)
    priority = Code(*Priority, allow_none=True)


class NewIntakeRule(IntakeRuleChange):
    """A rule more."""

    name = Line(80, least=1, required=True)
    act = Code(*RuleAct, required=True)


class Merging(Body):
    """The ticket in which the conversation goes on."""

    into = RowId(required=True)


class Splitting(Body):
    """A later message of a customer, and what the new ticket is about."""

    message = RowId(required=True)
    subject = Line(LONGEST_SUBJECT, required=True)


class MovingMessage(Body):
    """A message of a customer, and the ticket where it belongs, both by id."""

    message = RowId(required=True)
    into = RowId(required=True)


class PuttingBack(Body):
    """A message that was moved here or split off."""

    message = RowId(required=True)


class Linking(Body):
    """What the ticket is to the other one."""

    other = RowId(required=True)
    kind = Code(*CHOSEN, required=True)


class Tagging(Body):
    """All the tags that it has from now on."""

    tags = Several(Line(LONGEST_TAG, least=1), MOST_TAGS, required=True)


class FollowingUp(Body):
    """The day, or null to take it back."""

    on = Words(10, required=True, allow_none=True)


class Rate(Body):
    score = Code(*Score, required=True)
    comment = Words(LONGEST_COMMENT)


class HandedLetter(Body):
    """A letter that a program hands over, and its envelope (RFC 5321)."""

    content = Bytes(required=True)
    recipient = Line(LONGEST_PATH, least=3, required=True)
    sender = Line(LONGEST_PATH)
