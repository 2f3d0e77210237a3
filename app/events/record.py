"""What happened, and everything that must follow from it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import insert, inspect
from sqlalchemy.orm import Session

from app.events import hooks
from app.events.transaction import wake_after_commit
from app.events.wake import INDEX, LETTERS, SLOW
from app.extensions import db
from app.models.account import Account
from app.models.entry import Entry
from app.models.event import SUPPRESSED, Event, Letter
from app.models.held_answer import HeldAnswer
from app.models.hook import HookEvent
from app.models.invitation import Invitation, LetterRequest
from app.models.tables import outbox
from app.models.ticket import Message, Ticket
from app.models.types import utc_now


class EventKind(StrEnum):
    """What can happen to a ticket."""

    OPENED = "opened"
    CUSTOMER_REPLIED = "customer_replied"
    CONSULTANT_REPLIED = "consultant_replied"
    WISHED = "wished"  # a customer's letter said nothing but what to do, and it was done
    NOTED = "noted"
    ATTACHED = "attached"  # a file more for a message
    FILED = "filed"  # an automatic letter, kept on the ticket and otherwise without effect
    ASSIGNED = "assigned"
    RENAMED = "renamed"
    PRIORITY_CHANGED = "priority_changed"
    MOVED = "moved"  # from one state to another
    RESOLVED = "resolved"
    CLOSED = "closed"
    REOPENED = "reopened"
    CLOSES_SOON = "closes_soon"  # the reminder before a resolved ticket closes by itself
    LINKED = "linked"
    UNLINKED = "unlinked"
    LINKED_ELSEWHERE = "linked_elsewhere"  # with a ticket of somebody else: no customer hears of it
    UNLINKED_ELSEWHERE = "unlinked_elsewhere"
    MERGED = "merged"  # into another ticket
    TOOK_IN = "took_in"  # another ticket was merged into this one
    TAGGED = "tagged"
    FOLLOW_UP_SET = "follow_up_set"
    FOLLOW_UP_DUE = "follow_up_due"
    RATED = "rated"
    MOVED_OUT = "moved_out"  # a message, to another ticket
    MOVED_IN = "moved_in"
    SPLIT_OFF = "split_off"  # a message became a ticket of its own
    TRANSFERRED = "transferred"  # to another product group
    LET_IN = "let_in"  # a participant
    SHOWN_OUT = "shown_out"
    HIDDEN = "hidden"  # made confidential
    SHOWN = "shown"
    REQUESTER_LEFT = "requester_left"  # the organisation whose ticket it is
    REQUESTER_RETURNED = "requester_returned"
    WARNED = "warned"  # a promise is soon due
    ESCALATED = "escalated"  # a promise was not kept in time
    TERMS_CHANGED = "terms_changed"  # another service level counts
    CALLED = "called"  # a call of the exchange was about the ticket
    REMINDED = "reminded"  # of a call that is not confirmed yet
    CONFIRMED = "confirmed"  # by the customer, that he called
    LAPSED = "lapsed"  # nobody confirmed the call in time
    FIELDS_CHANGED = "fields_changed"  # those that everybody reads who sees the ticket
    FIELDS_NOTED = "fields_noted"  # those that only the desk reads
    TAKEN_BACK = "taken_back"  # an answer, before it left


class Reaction(StrEnum):
    """What an event owes the outside world."""

    INDEX = "index"  # bring the search index up to date
    NOTIFY = "notify"  # decide who hears of it, and owe each a letter
    SEND = "send"  # hand one letter over
    HOOK = "hook"  # tell one hook of it
    LEAVE = "leave"  # let a held answer go
    ANSWER = "answer"  # decide what follows from what was asked at a public door


QUEUE_OF = {
    Reaction.INDEX: INDEX,
    Reaction.NOTIFY: LETTERS,
    Reaction.SEND: LETTERS,
    Reaction.HOOK: SLOW,
    Reaction.ANSWER: LETTERS,
    Reaction.LEAVE: LETTERS,
}
HOOKED: dict[EventKind, HookEvent] = {
    EventKind.OPENED: HookEvent.TICKET_CREATED,
    **dict.fromkeys(
        (EventKind.CUSTOMER_REPLIED, EventKind.CONSULTANT_REPLIED, EventKind.NOTED), HookEvent.MESSAGE_CREATED
    ),
}
UNTOLD = {
    EventKind.MOVED_OUT,
    EventKind.WISHED,
    EventKind.FILED,
    EventKind.FIELDS_NOTED,
    EventKind.HIDDEN,
    EventKind.SHOWN,
    EventKind.REQUESTER_LEFT,
    EventKind.REQUESTER_RETURNED,
    EventKind.TAKEN_BACK,
}
SOURCES: dict[str, Any] = {
    "event_id": Event,
    "letter_id": Letter,
    "request_id": LetterRequest,
    "entry_id": Entry,
    "held_id": HeldAnswer,
}
OWED = "owed"  # in the state of a row that is not written yet
REACTIONS: dict[EventKind, tuple[Reaction, ...]] = {
    kind: (Reaction.INDEX,) if kind in UNTOLD else (Reaction.INDEX, Reaction.NOTIFY) for kind in EventKind
}


def record(
    ticket: Ticket, kind: EventKind, *, by: Account | None, message: Message | None = None, **data: Any
) -> Event:
    """Write down what happened to the ticket and owe what follows from it. `data` holds plain JSON values."""
    event = Event(ticket=ticket, kind=kind, actor=by, message=message, data=data)
    db.session.add(event)
    for reaction in REACTIONS[kind]:
        owe(reaction, event=event)
    hooks.tell(HOOKED.get(kind, HookEvent.TICKET_CHANGED), event=event)
    return event


def owe_letter(
    template: str,
    *,
    account: Account,
    reason: str,
    event: Event | None = None,
    ticket: Ticket | None = None,
    invitation: Invitation | None = None,
    withheld: str | None = None,
    wait: timedelta | None = None,
) -> Letter:
    """Owe a reader one letter. It is composed, in his language, when it is sent. `withheld` tells why it is not."""
    letter = Letter(
        template=template, account=account, reason=reason, event=event, ticket=ticket, invitation=invitation
    )
    if withheld:
        letter.state, letter.last_error = SUPPRESSED, withheld
        db.session.add(letter)
    else:
        owe(Reaction.SEND, letter=letter, wait=wait)
    return letter


def owe(
    reaction: Reaction,
    *,
    event: Event | None = None,
    letter: Letter | None = None,
    request: LetterRequest | None = None,
    entry: Entry | None = None,
    held: HeldAnswer | None = None,
    wait: timedelta | None = None,
) -> None:
    """Owe an effect and remember whom to wake after the commit. One that waits is found by the sweeper.

    What a new row owes is written down when it is, many together: a letter that comes in owes four effects.
    """
    queue = QUEUE_OF[reaction]
    row = {"queue": queue, "reaction": reaction, "due_at": utc_now() + (wait or timedelta())}
    source: Any = next((each for each in (event, letter, request, entry, held) if each is not None), None)
    if source is None or inspect(source).persistent:
        db.session.execute(insert(outbox), [row | _named(source)])
    else:
        db.session.add(source)
        inspect(source).info.setdefault(OWED, []).append(row)
    wake_after_commit(queue)


def write_owed(session: Session, _context: object) -> None:
    """What the rows owe that were just written. Listens to `after_flush`, when ids are known."""
    new: Iterable[Any] = session.new
    rows = [row | _named(source) for source in new for row in inspect(source).info.pop(OWED, ())]
    if rows:
        session.connection().execute(insert(outbox), rows)


def _named(source: Any) -> dict[str, int | None]:
    """The columns by which the outbox knows what owes the effect."""
    return {name: source.id if isinstance(source, kind) else None for name, kind in SOURCES.items()}
