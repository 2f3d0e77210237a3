"""A message that stands in the wrong ticket is moved to the right one, and back; later replies follow it."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from app.access import Right, may_see, standing_of
from app.desk import levels
from app.desk.content import Contribution
from app.desk.ends import forget_follow_up, stop_closing, takes_replies
from app.desk.errors import DeskError
from app.desk.joining import survivor_of
from app.desk.moves import take_up
from app.desk.rows import new_message, touch
from app.desk.states import first_of
from app.events.record import EventKind, record
from app.extensions import db
from app.models.account import Account
from app.models.event import Event
from app.models.journal import JournalEntry, Outcome
from app.models.ticket import Channel, Message, MessageKind, State, StateKind, Ticket
from app.models.types import utc_now

MOVABLE = frozenset({MessageKind.CUSTOMER, MessageKind.SYSTEM})
CHANGES_OF_STATE = (EventKind.MOVED, EventKind.RESOLVED, EventKind.CLOSED, EventKind.REOPENED)
ARRIVALS = (EventKind.MOVED_IN, EventKind.OPENED)  # what tells where a message came from


class NotMovable(DeskError):
    sentence = _l("Only what customers wrote, and automatic letters, are moved. What the desk wrote stays.")


class MovedIntoItself(DeskError):
    sentence = _l("The message is in this ticket already. Write the number of another one.")


class NeverMoved(DeskError):
    sentence = _l("The message was not moved here, so there is no ticket to put it back into.")


def move_message(message: Message, *, to: Ticket, by: Account) -> Ticket:
    """The message stands in the other ticket from now on, as if it had come there; answers the ticket that shows it. A
    ticket of which nothing is left closes without a letter.

    Raises NotMovable, MovedIntoItself.
    """
    to, left = survivor_of(to, lock=True), message.ticket
    if message.kind not in MOVABLE:
        raise NotMovable
    if to is left:
        raise MovedIntoItself
    verified = message.verified
    message.ticket, message.verified = to, verified and _knows(message.author, to)
    db.session.flush()
    touch(left)
    touch(to)
    said: dict[str, Any] = {"moved": message.id, "number": to.number, **_leave(left, to, by)}
    record(left, EventKind.MOVED_OUT, by=by, **said)
    record(to, EventKind.MOVED_IN, by=by, message=message, moved_from=left.number, verified=verified)
    file_anew(message, Outcome.MESSAGE, by=by)
    if message.kind == MessageKind.CUSTOMER:
        levels.customer_wrote(to, message)
        if to.is_finished or to.state.kind == StateKind.WAITING_CUSTOMER:
            take_up(to, by=by)
    return to


def put_back(message: Message, *, by: Account) -> Ticket:
    """Undo the last move or split: the message stands where it was, and a ticket that closed by it is what it was.
    Raises NeverMoved, also where `by` has no say in that ticket."""
    left = message.ticket
    came = _came(message)
    number = came.data.get("moved_from") or came.data.get("split_from") if came else None
    was = db.session.scalars(select(Ticket).where(Ticket.number == number).with_for_update(of=Ticket)).one_or_none()
    if came is None or was is None or Right.HANDLE not in standing_of(db.session(), by).rights(was):
        raise NeverMoved
    before = _state_before(was, message)
    message.ticket, message.verified = was, came.data.get("verified", message.verified)
    db.session.flush()
    touch(was)
    is_closed_by_it = before is not None and was.state.kind == StateKind.CLOSED and survivor_of(was) is was
    if before is not None and is_closed_by_it and takes_replies(was, utc_now()):
        was.enter(before)
        was.closed_at = None
        levels.moved(was, StateKind.CLOSED, utc_now())
    record(left, EventKind.MOVED_OUT, by=by, number=was.number, **_leave(left, was, by))
    record(was, EventKind.MOVED_IN, by=by, message=message)
    is_first = db.session.scalar(select(func.min(Message.id)).where(Message.ticket_id == was.id)) == message.id
    file_anew(message, Outcome.TICKET if is_first else Outcome.MESSAGE, by=by)
    return was


def origins(ticket: Ticket) -> dict[int, int]:
    """The number of the ticket from which each message came that was moved here or split off, by the message's id."""
    query = (
        select(Event.message_id, Event.data)
        .join(Event.message)
        .where(Event.ticket_id == ticket.id, Event.kind.in_(ARRIVALS), Message.ticket_id == ticket.id)
    )
    found: dict[int, int] = {}
    for message_id, data in db.session.execute(query.order_by(Event.id)):
        number = data.get("moved_from") or data.get("split_from")
        if number and message_id:
            found[message_id] = number
        else:
            found.pop(message_id, None)
    return found


def file_anew(message: Message, outcome: Outcome, *, by: Account) -> None:
    """Let the journal tell where the message's letter is now, and who decided it."""
    entry = db.session.get(JournalEntry, message.journal_id) if message.journal_id else None
    if entry is not None:
        entry.ticket, entry.outcome = message.ticket, outcome
        pointer = {"ticket": message.ticket.number, "how": "by_hand", "signed": False, "by": by.email}
        entry.evidence = [*(entry.evidence or ()), pointer]


def _leave(left: Ticket, to: Ticket, by: Account) -> dict[str, Any]:
    """What becomes of a ticket that has nothing left but notes: it closes, and nobody is told; answers its state."""
    rest = select(Message.id).where(Message.ticket_id == left.id, Message.kind != MessageKind.NOTE).limit(1)
    if db.session.scalar(rest) is not None:
        return {}
    words = _("Its only message was moved to ticket #%(number)s.", number=to.number)
    note = Contribution(text=words, channel=Channel.PORTAL)
    new_message(left, note, kind=MessageKind.NOTE, by=by, arrived_at=utc_now())
    if left.state.kind == StateKind.CLOSED:
        return {}
    before = left.state
    stop_closing(left)
    forget_follow_up(left)
    left.enter(first_of(StateKind.CLOSED))
    left.closed_at = utc_now()
    levels.moved(left, before.kind, left.closed_at)
    return {"before": before.code}


def _came(message: Message) -> Event | None:
    """How the message came to its ticket, where it did not begin there."""
    query = select(Event).where(
        Event.ticket_id == message.ticket_id, Event.message_id == message.id, Event.kind.in_(ARRIVALS)
    )
    return db.session.scalars(query.order_by(Event.id.desc()).limit(1)).one_or_none()


def _state_before(ticket: Ticket, message: Message) -> State | None:
    """The state in which the ticket was when the message was taken out of it, if that closed it and nobody has moved it
    to another one since: then it is closed, or open, on purpose."""
    kinds = (EventKind.MOVED_OUT, *CHANGES_OF_STATE)
    query = select(Event.data).where(Event.ticket_id == ticket.id, Event.kind.in_(kinds))
    data = db.session.scalars(query.order_by(Event.id.desc()).limit(1)).one_or_none() or {}
    code = data.get("before") if data.get("moved") == message.id else None
    return db.session.get(State, code) if code else None


def _knows(author: Account | None, ticket: Ticket) -> bool:
    return author is not None and may_see(db.session(), author, ticket)
