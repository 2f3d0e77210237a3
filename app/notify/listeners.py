"""Each event's readers are owed their letters; updates of some minutes are gathered in one (S26)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from functools import cache

from sqlalchemy import BindParameter, Select, bindparam, select
from sqlalchemy.orm import joinedload

from app.content.uses import note_uses
from app.desk.confirmations import is_awaited
from app.events.audit import AuditKind, write_down
from app.events.outbox import Item
from app.events.record import EventKind, owe_letter
from app.events.transaction import transaction
from app.extensions import db
from app.mail.flood import AUTOMATIC, Flood
from app.mail.updates import COVERED, GATHERED
from app.models.account import Account
from app.models.event import Event, Letter
from app.models.ticket import Channel, Message, StateKind, Ticket
from app.notify.audience import Audience
from app.notify.recipients import Happening, Notice, recipients

LOOP = "The address answers each of our automatic letters at once: two machines write to each other."
TOO_MANY = "The address was answered too often within an hour."
AT_ONCE = timedelta(seconds=1)  # events of one person this close are one act
REPLIES = frozenset({EventKind.CUSTOMER_REPLIED, EventKind.CONSULTANT_REPLIED})


def perform(items: list[Item]) -> Mapping[int, Exception | None]:
    """Owe each reader of each event his letter. Running twice is harmless: what is owed already stays as it is."""
    with transaction():
        _tell([item.event_id for item in items if item.event_id])
    return dict.fromkeys(item.id for item in items)


def _tell(event_ids: Collection[int]) -> None:
    events = _events(event_ids)
    noted = {event.message_id for event in events if event.message_id and event.kind == EventKind.NOTED}
    audience = Audience({event.ticket for event in events if event.ticket}, noted)
    owed = _owed(events)
    flood = Flood({event.ticket.requester for event in events if event.ticket and event.kind == EventKind.OPENED})
    for event in events:
        if event.ticket is None:
            continue
        if event.kind == EventKind.CONSULTANT_REPLIED and event.message is not None:
            note_uses(event.message)
        for notice in recipients(_happening(event, event.ticket), audience.around(event.ticket, event.message_id)):
            account = audience.accounts[notice.reader]
            if (event.id, account.id, notice.template) in owed or _is_gathered(notice, event):
                continue
            _owe(notice, account, event, flood)


def _owe(notice: Notice, account: Account, event: Event, flood: Flood) -> None:
    """The letter; one that would be too many is only written down, for administrators to see."""
    withheld = None
    if notice.template in AUTOMATIC and event.ticket is not None:
        if flood.goes_round(account, event.ticket):
            withheld = LOOP
            write_down(AuditKind.LOOP, who=account.email, about=str(event.ticket))
        elif flood.carries_away(account):
            withheld = TOO_MANY
    owe_letter(
        notice.template,
        account=account,
        reason=notice.reason,
        event=event,
        ticket=event.ticket,
        withheld=withheld,
        wait=GATHERED if notice.template == "update" else None,
    )


def _is_gathered(notice: Notice, event: Event) -> bool:
    """Whether a letter that waits already will tell this update too."""
    if notice.template != "update":
        return False
    db.session.flush()
    waiting = select(Letter.id).where(
        Letter.ticket_id == event.ticket_id,
        Letter.account_id == notice.reader,
        Letter.template == "update",
        Letter.event_id < event.id,
        Letter.created_at > event.created_at - COVERED,
    )
    return db.session.scalar(waiting.limit(1)) is not None


def _events(ids: Collection[int]) -> Sequence[Event]:
    """The events in their order, with what their readers depend on."""
    return db.session.scalars(_happened(), {"events": list(ids)}).all()


@cache
def _happened() -> Select[Event]:
    options = (
        joinedload(Event.message).load_only(Message.kind, Message.automatic, Message.verified),
        joinedload(Event.ticket).joinedload(Ticket.requester).selectinload(Account.roles),
        joinedload(Event.ticket).joinedload(Ticket.assignee).selectinload(Account.roles),
        joinedload(Event.ticket).joinedload(Ticket.state),
    )
    ids: BindParameter[int] = bindparam("events", expanding=True)
    return select(Event).where(Event.id.in_(ids)).order_by(Event.id).options(*options)


def _owed(events: Sequence[Event]) -> set[tuple[int | None, int, str]]:
    rows = db.session.execute(
        select(Letter.event_id, Letter.account_id, Letter.template).where(
            Letter.event_id.in_([event.id for event in events])
        )
    )
    return {(row.event_id, row.account_id, row.template) for row in rows}


def _happening(event: Event, ticket: Ticket) -> Happening:
    """The event as plain values. What the same act did beside it is asked only where it matters."""
    kind, message = EventKind(event.kind), event.message
    return Happening(
        kind=kind,
        actor=event.actor_id,
        message=message.kind if message else None,
        automatic=bool(message and message.automatic),
        verified=message is None or message.verified,
        with_reply=kind in (EventKind.MOVED, EventKind.REOPENED, EventKind.ASSIGNED) and _written_with_reply(event),
        with_resolution=kind is EventKind.CONSULTANT_REPLIED and _resolved_with(event),
        told=_told_already(event) if kind is EventKind.RESOLVED else frozenset(),
        by_call=kind is EventKind.OPENED and ticket.channel == Channel.TELEPHONE and bool(ticket.confirmation),
        awaits=_waits_for_confirmation(kind, ticket),
        late=bool(event.data.get("late")),
        begins=kind is EventKind.MOVED and ticket.state.kind == StateKind.NEW,
    )


def _waits_for_confirmation(kind: EventKind, ticket: Ticket) -> bool:
    """S6. Nobody is reminded of what he has done meanwhile."""
    return ticket.is_unconfirmed if kind is EventKind.REMINDED else kind in REPLIES and is_awaited(ticket)


def _told_already(event: Event) -> frozenset[int]:
    """Who hears of the solution by the answer itself."""
    told = (
        select(Letter.account_id)
        .where(Letter.ticket_id == event.ticket_id, Letter.template == "solution")
        .join(Letter.event)
        .where(Event.actor_id == event.actor_id, Event.id < event.id, Event.created_at > event.created_at - AT_ONCE)
    )
    return frozenset(db.session.scalars(told))


def _written_with_reply(event: Event) -> bool:
    """Whether the same act also wrote a message: one of the events just before, by the same person, is a reply."""
    before = db.session.scalars(
        select(Event).where(Event.ticket_id == event.ticket_id, Event.id < event.id).order_by(Event.id.desc()).limit(2)
    ).all()
    return any(
        earlier.kind in REPLIES
        and earlier.actor_id == event.actor_id
        and event.created_at - earlier.created_at < AT_ONCE
        for earlier in before
    )


def _resolved_with(event: Event) -> bool:
    """Whether the same act also resolved the ticket."""
    resolved = select(Event.id).where(
        Event.ticket_id == event.ticket_id,
        Event.kind == EventKind.RESOLVED,
        Event.actor_id == event.actor_id,
        Event.id > event.id,
        Event.created_at < event.created_at + AT_ONCE,
    )
    return db.session.scalar(resolved.limit(1)) is not None
