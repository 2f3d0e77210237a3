"""What happened to a ticket, as lines that a person reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.access import Standing, sees_event
from app.access.net import BEYOND
from app.events.record import EventKind
from app.extensions import db
from app.locale import language, on_day, when
from app.mail.level_wording import TERM_NAMES
from app.mail.names import PRIORITY_NAMES
from app.models.account import Account
from app.models.call import Way
from app.models.definitions import published
from app.models.event import Event
from app.models.ticket import Ticket
from app.views.portal.forms import SCORE_NAMES
from app.views.reference import reference, state_choices
from app.views.relations import relation_name

LONGEST = 200
NAMING = (EventKind.ASSIGNED, EventKind.LET_IN, EventKind.SHOWN_OUT)  # their data are ids of accounts
CONFIRMED_BY: dict[str, Any] = {
    Way.LETTER: _l("confirmed the call by the button of our letter"),
    Way.PORTAL: _l("confirmed the call in the portal"),
    Way.REPLY: _l("confirmed the call by answering our letter"),
    Way.API: _l("confirmed the call through another program"),
}
LINKS = (EventKind.LINKED, EventKind.UNLINKED, EventKind.LINKED_ELSEWHERE, EventKind.UNLINKED_ELSEWHERE)


@dataclass(frozen=True)
class Line:
    """Who did what, and when."""

    when: datetime
    who: str
    what: str


def history_of(ticket: Ticket, standing: Standing) -> list[Line]:
    """The newest LONGEST events of the ticket that this account may read, the latest first; at most two statements."""
    query = select(Event).where(Event.ticket_id == ticket.id, sees_event(standing)).options(joinedload(Event.actor))
    return lines_of(db.session.scalars(query.order_by(Event.id.desc()).limit(LONGEST)).unique().all())


def lines_of(events: Sequence[Event]) -> list[Line]:
    """A line for each event; at most one statement."""
    names = _names(events)
    return [
        Line(event.created_at, event.actor.name if event.actor else _("Bilety"), _what(event, names))
        for event in events
    ]


def _names(events: Iterable[Event]) -> dict[int, str]:
    """What everybody is called whom a ticket was given or opened to.

    Participants by their address: whoever typed it may not learn whose it is.
    """
    named = {event.data.get(end) for event in events if event.kind == EventKind.ASSIGNED for end in ("before", "after")}
    wanted = {event.data.get(end) for event in events if event.kind in NAMING for end in ("before", "after")}
    wanted.discard(None)
    known = {person.id: person.name for person in reference().consultants if person.id in wanted & named}
    wanted -= known.keys()
    if not wanted:
        return known
    accounts = db.session.scalars(select(Account).where(Account.id.in_(wanted)), execution_options=BEYOND)
    return known | {account.id: account.name if account.id in named else account.email for account in accounts}


def _what(event: Event, names: Mapping[int, str]) -> str:
    after: Any = event.data.get("after")
    if event.kind == EventKind.ASSIGNED:
        return _("gave the ticket to %(name)s", name=names[after]) if after in names else _("left the ticket to nobody")
    if event.kind == EventKind.TRANSFERRED:
        return _("moved the ticket to the product group %(group)s", group=after)
    if event.kind == EventKind.LET_IN:
        return _("added %(name)s as a participant", name=names.get(after, "?"))
    if event.kind == EventKind.SHOWN_OUT:
        return _("removed %(name)s from the participants", name=names.get(event.data.get("before", 0), "?"))
    if event.kind == EventKind.PRIORITY_CHANGED:
        return _("set the priority to %(priority)s", priority=PRIORITY_NAMES.get(after, after))
    if event.kind == EventKind.RENAMED:
        return _("changed the subject from “%(before)s”", before=event.data.get("before"))
    if event.kind == EventKind.MOVED:
        return _("set the state to %(state)s", state=dict(state_choices(language())).get(str(after), after))
    if event.kind == EventKind.TAGGED:
        return _("set the tags: %(tags)s", tags=", ".join(after)) if after else _("took the tags away")
    if event.kind == EventKind.FOLLOW_UP_SET:
        if not after:
            return _("took back the day to look at it again")
        return _("wants to look at it again on %(day)s", day=on_day(datetime.fromisoformat(after)))
    if event.kind == EventKind.RATED:
        return _("rated the ticket: %(score)s", score=SCORE_NAMES.get(after, after))
    if event.kind in LINKS:
        return _linked(event)
    if event.kind == EventKind.CLOSED and event.data.get("accepted"):
        return _("accepted the solution and closed the ticket")
    if event.kind == EventKind.CONFIRMED:
        return str(CONFIRMED_BY[event.data["way"]])
    if event.kind in (EventKind.WARNED, EventKind.ESCALATED):
        return _told(event)
    if event.kind == EventKind.TERMS_CHANGED:
        return _frozen_anew(event)
    if event.kind in (EventKind.FIELDS_CHANGED, EventKind.FIELDS_NOTED):
        return _filled(event)
    return _joined(event) or _plain(event.kind)


def _filled(event: Event) -> str:
    """Who reads the event reads each field that it names (app/desk/field_values.py)."""
    now = published(db.session())
    fields = [now.by_id(field_id) for field_id in event.data.get("fields", ())]
    return _("filled in: %(fields)s", fields=", ".join(each.label(language()) for each in fields if each) or "–")


def _told(event: Event) -> str:
    name, due = TERM_NAMES.get(event.data["term"], ""), when(datetime.fromisoformat(event.data["due"]), "short")
    if event.kind == EventKind.WARNED:
        return _("warned that a promise is soon due: %(name)s, %(due)s", name=name, due=due)
    return _("escalated a promise that was not kept: %(name)s, %(due)s", name=name, due=due)


def _frozen_anew(event: Event) -> str:
    after: dict[str, int] = event.data["after"]
    promised = ", ".join(f"{TERM_NAMES.get(kind, kind)}: {minutes} min" for kind, minutes in after.items())
    return _("changed what is promised: %(promised)s", promised=promised or _("nothing"))


def _joined(event: Event) -> str | None:
    """Acts that name another ticket, by its number only."""
    number = event.data.get("number")
    return {
        EventKind.MERGED: _("merged the ticket into #%(number)s", number=number),
        EventKind.TOOK_IN: _("merged ticket #%(number)s into this one", number=number),
        EventKind.MOVED_OUT: _("moved a message to ticket #%(number)s", number=number),
        EventKind.SPLIT_OFF: _("made a message the new ticket #%(number)s", number=number),
    }.get(EventKind(event.kind))


def _linked(event: Event) -> str:
    """The other ticket by its number only: not every reader may know more of it."""
    said = relation_name(event.data["link"], backwards=event.data["backwards"])
    if event.kind in (EventKind.LINKED, EventKind.LINKED_ELSEWHERE):
        return _("linked the ticket: %(what)s #%(number)s", what=said, number=event.data["number"])
    return _("took back a link: %(what)s #%(number)s", what=said, number=event.data["number"])


def _plain(kind: str) -> str:
    """The acts that need no more words."""
    return {
        EventKind.OPENED: _("opened the ticket"),
        EventKind.CUSTOMER_REPLIED: _("wrote a message"),
        EventKind.CONSULTANT_REPLIED: _("answered"),
        EventKind.WISHED: _("asked for it by one word in a letter"),
        EventKind.MOVED_IN: _("put a message of another ticket here"),
        EventKind.TAKEN_BACK: _("took an answer back before it left"),
        EventKind.NOTED: _("wrote an internal note"),
        EventKind.ATTACHED: _("attached files to a message"),
        EventKind.FILED: _("an automatic letter was filed"),
        EventKind.FOLLOW_UP_DUE: _("the day to look at it again has come"),
        EventKind.CLOSES_SOON: _("reminded the customer that the ticket closes soon"),
        EventKind.RESOLVED: _("resolved the ticket"),
        EventKind.CLOSED: _("closed the ticket"),
        EventKind.REOPENED: _("opened the ticket again"),
        EventKind.HIDDEN: _("made the ticket confidential"),
        EventKind.SHOWN: _("ended that the ticket was confidential"),
        EventKind.REQUESTER_LEFT: _("the person who reported it left the organisation"),
        EventKind.REQUESTER_RETURNED: _("the person who reported it belongs to the organisation again"),
        EventKind.CALLED: _("put a call with the ticket"),
        EventKind.REMINDED: _("reminded the customer to confirm the call"),
        EventKind.LAPSED: _("closed the ticket: nobody confirmed the call in time"),
    }.get(EventKind(kind), kind)
