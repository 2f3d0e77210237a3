"""What has changed in a ticket, in lines that its customer reads: those of some minutes in one letter (S26)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.events.record import EventKind
from app.extensions import db
from app.fields import may_read
from app.locale import language
from app.mail.field_texts import text_for
from app.mail.names import PRIORITY_NAMES
from app.models import field_values
from app.models.account import Account
from app.models.definitions import published
from app.models.event import Event, Letter
from app.models.ticket import State

GATHERED = timedelta(minutes=5)  # how long the letter waits for more
COVERED = timedelta(minutes=4, seconds=50)  # what happened until then is in it; a commit may take a moment
KINDS = (
    EventKind.MOVED,
    EventKind.ASSIGNED,
    EventKind.RENAMED,
    EventKind.PRIORITY_CHANGED,
    EventKind.TRANSFERRED,
    EventKind.TERMS_CHANGED,
    EventKind.LINKED,
    EventKind.TOOK_IN,
    EventKind.SPLIT_OFF,
    EventKind.LET_IN,
    EventKind.SHOWN_OUT,
    EventKind.FIELDS_CHANGED,
)
LAST_COUNTS = KINDS[:5]  # what the ticket is now; the others are things that happened


def lines_of(letter: Letter) -> list[str]:
    """Every update that the letter covers, except its reader's own; of several of one kind the last one counts."""
    query = select(Event).where(Event.kind.in_(KINDS))
    if letter.event_id is None:  # a trial, which shows all there is
        query = query.where(Event.ticket_id == (letter.ticket.id if letter.ticket else None))
    else:
        query = query.where(
            Event.ticket_id == letter.ticket_id,
            Event.id >= letter.event_id,
            Event.created_at <= letter.created_at + COVERED,
            Event.actor_id.is_distinct_from(letter.account_id),
        )
    said: dict[str, str] = {}
    for event in db.session.scalars(query.order_by(Event.id)):
        if event.kind == EventKind.FIELDS_CHANGED:
            said |= _fields(event, letter.account)
        line = line_of(event)
        if line:
            key = str(event.kind) if event.kind in LAST_COUNTS else line
            said.pop(key, None)
            said[key] = line
    return list(said.values())


def _fields(event: Event, reader: Account) -> dict[str, str]:
    """A line for each field that was filled in, with what it holds now; by the field's id, so it stands once."""
    now, kept = published(db.session()), field_values.values(event.ticket) if event.ticket else {}
    known = [each for each in map(now.by_id, event.data.get("fields", ())) if each is not None]
    found = {}
    for field in known:
        if may_read(field, reader.role_kinds):
            text = text_for(reader, field, kept.get(field.id))
            name = field.label(language())
            found[field.id] = (
                _("%(field)s: %(value)s", field=name, value=text) if text else _("%(field)s: empty", field=name)
            )
    return found


def line_of(event: Event) -> str | None:
    """What a customer may read of the event; None where it is not his to read."""
    after: Any = event.data.get("after")
    number = f"#{event.data.get('number')}"
    match event.kind:
        case EventKind.MOVED | EventKind.REOPENED | EventKind.RESOLVED | EventKind.CLOSED:
            state = db.session.get(State, str(after))
            return _("The state is now: %(state)s.", state=state.name(language()) if state else after)
        case EventKind.ASSIGNED:
            account = db.session.get(Account, after) if after else None
            return _("%(name)s answers it now.", name=account.name) if account else _("Nobody answers it at present.")
        case EventKind.RENAMED:
            return _("The subject is now: %(subject)s", subject=after)
        case EventKind.PRIORITY_CHANGED:
            return _("The priority is now: %(priority)s.", priority=PRIORITY_NAMES.get(after, after))
        case EventKind.TRANSFERRED:
            return _("The product group is now: %(group)s.", group=after)
        case EventKind.TERMS_CHANGED:
            return _("The promised times have changed.")
        case EventKind.LET_IN:
            account = db.session.get(Account, after)
            return _("%(name)s takes part in it now.", name=account.email) if account else None
        case EventKind.SHOWN_OUT:
            account = db.session.get(Account, event.data.get("before"))
            return _("%(name)s takes part in it no more.", name=account.email) if account else None
        case EventKind.LINKED:
            return _("It was linked with ticket %(number)s.", number=number)
        case EventKind.TOOK_IN:
            return _("Ticket %(number)s was merged into it.", number=number)
        case EventKind.SPLIT_OFF:
            return _("One of its messages became ticket %(number)s.", number=number)
    return None
