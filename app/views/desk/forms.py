"""What a consultant types on a ticket's page."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from app.desk.tickets import LONGEST_SUBJECT
from app.locale import language
from app.mail.names import PRIORITY_NAMES
from app.models.ticket import Priority, StateKind
from app.views.admin.fields import AnAddress, clean
from app.views.portal.forms import A_NUMBER, LONGEST_TEXT, REQUIRED, ReplyForm, plain
from app.views.reference import active_states


def _then() -> list[tuple[str, Any]]:
    """S26: what becomes of the ticket after the answer."""
    ends = active_states((StateKind.WAITING_CUSTOMER, StateKind.WAITING_THIRD_PARTY, StateKind.RESOLVED))
    own = {StateKind.WAITING_CUSTOMER: _l("Wait for the customer"), StateKind.RESOLVED: _l("Resolve the ticket")}
    named = [(state.code, own.get(state.code) or state.name(language())) for state in ends]  # type: ignore[call-overload]
    return [("", _l("Leave the state as it is")), *named]


class AnswerForm(ReplyForm):
    """An answer to the customer, and what follows from it."""

    then = SelectField(_l("And then"), choices=_then, default="")
    seen = HiddenField()  # the messages that its page shows (app/desk/unseen.py)


class NoteForm(ReplyForm):
    """Words for consultants only."""

    text = TextAreaField(_l("Internal note"), validators=[Length(max=LONGEST_TEXT)])


class CallForm(FlaskForm):
    """A ticket for a customer who called (S6, S18)."""

    who = StringField(_l("Caller: number, name or e-mail"), filters=[clean], validators=[Length(max=100)])
    requester = StringField(filters=[clean], validators=[Length(max=12)])  # the id of the customer who was chosen
    name = StringField(_l("First and last name"), filters=[plain], validators=[Length(max=120)])
    telephone = StringField(_l("Telephone"), filters=[plain], validators=[Optional(), A_NUMBER])
    email = StringField(_l("E-mail"), filters=[clean], validators=[Optional(), AnAddress()])
    product_group = RadioField(_l("Product group"), validators=[REQUIRED])
    subject = StringField(_l("Subject"), validators=[REQUIRED, Length(max=LONGEST_SUBJECT)])
    text = TextAreaField(_l("Description"), filters=[clean], validators=[Length(max=LONGEST_TEXT)])
    priority = SelectField(_l("Priority"), choices=list(PRIORITY_NAMES.items()), default=Priority.NORMAL)
    key = HiddenField()
    call = StringField(filters=[clean], validators=[Length(max=12)])  # the id of the exchange's call
    called = StringField(_l("Called at, when not just now"), filters=[clean], validators=[Length(max=40)])


class AddressForm(FlaskForm):
    """The address that a caller tells later."""

    email = StringField(_l("E-mail"), filters=[clean], validators=[REQUIRED, AnAddress()])
