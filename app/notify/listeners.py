"""Who hears of an event, by which letter (S16, S22-S26). A customer never hears of a note; nobody of his own act."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.events.outbox import Item
from app.events.record import EventKind, owe_letter
from app.events.transaction import transaction
from app.extensions import db
from app.mail.readers import may_receive
from app.models.account import Account
from app.models.event import Event, Letter
from app.models.product_group import Assignment
from app.models.ticket import Participant, StateKind, Ticket

AT_ONCE = timedelta(seconds=1)  # events of one person this close are one act


@dataclass(frozen=True)
class Notice:
    """One reader, one letter, and why he gets it."""

    account: Account
    template: str
    reason: str


def perform(items: list[Item]) -> Mapping[int, Exception | None]:
    """Owe each reader of each event his letter. Running twice is harmless: what is owed already stays as it is."""
    outcomes: dict[int, Exception | None] = {}
    with transaction():
        query = select(Event).where(Event.id.in_([item.event_id for item in items])).options(joinedload(Event.ticket))
        events = {event.id: event for event in db.session.scalars(query)}
        for item in items:
            event = events.get(item.event_id or 0)
            if event is not None and event.ticket is not None:
                _notify(event)
            outcomes[item.id] = None
    return outcomes


def _notify(event: Event) -> None:
    rows = db.session.execute(select(Letter.account_id, Letter.template).where(Letter.event_id == event.id))
    owed = {(account_id, template) for account_id, template in rows}
    for notice in notices(event):
        key = (notice.account.id, notice.template)
        if key not in owed:
            owed.add(key)
            owe_letter(notice.template, account=notice.account, reason=notice.reason, event=event, ticket=event.ticket)


def notices(event: Event) -> Iterator[Notice]:
    """Everybody who hears of the event; one letter a reader."""
    ticket = event.ticket
    told: set[int] = set()
    if ticket is None:
        return
    for notice in LISTENERS.get(EventKind(event.kind), _nobody)(event, ticket):
        account = notice.account
        own_act = account.id == event.actor_id and notice.template != "acknowledgement"
        if account.id not in told and not own_act and may_receive(account, notice.template, ticket):
            told.add(account.id)
            yield notice


Listener = Callable[[Event, Ticket], Iterator[Notice]]


def _nobody(_event: Event, _ticket: Ticket) -> Iterator[Notice]:
    yield from ()


def _opened(event: Event, ticket: Ticket) -> Iterator[Notice]:
    """S16, S22: the requester gets the acknowledgement unless a machine wrote; the consultants hear of a new ticket."""
    if not (event.message and event.message.automatic):
        yield Notice(ticket.requester, "acknowledgement", "requester")
    yield from _consultants(ticket, "new_ticket")


def _customer_replied(_event: Event, ticket: Ticket) -> Iterator[Notice]:
    """S23: whoever answers; the requester and participants where somebody else of theirs wrote."""
    yield from _responsible(ticket, "customer_replied")
    yield from _customers(ticket, "new_comment")


def _consultant_replied(event: Event, ticket: Ticket) -> Iterator[Notice]:
    """S23, S21; with S24 in the same letter where the answer resolved the ticket."""
    yield from _customers(ticket, "solution" if _resolved_with(event) else "answer")


def _resolved(event: Event, ticket: Ticket) -> Iterator[Notice]:
    """S24, to those whom the answer has not told already."""
    told = set(
        db.session.scalars(
            select(Letter.account_id)
            .where(Letter.ticket_id == ticket.id, Letter.template == "solution")
            .join(Letter.event)
            .where(Event.actor_id == event.actor_id, Event.id < event.id, Event.created_at > event.created_at - AT_ONCE)
        )
    )
    yield from (notice for notice in _customers(ticket, "resolved") if notice.account.id not in told)


def _closed(_event: Event, ticket: Ticket) -> Iterator[Notice]:
    """S25. The consultant hears of it where the customer closed it."""
    yield from _customers(ticket, "closed")
    yield from _assignee(ticket, "closed_by_customer")


def _reopened(event: Event, ticket: Ticket) -> Iterator[Notice]:
    """S26. A customer's own reply that reopened it has told the desk already."""
    yield from _customers(ticket, "reopened")
    if not _written_with_reply(event):
        yield from _responsible(ticket, "reopened_by_customer")


def _moved(event: Event, ticket: Ticket) -> Iterator[Notice]:
    """S26: waiting states and the taking up are updates; a move that an answer made was told by the answer."""
    told_by_answer = _written_with_reply(event)
    if not told_by_answer and event.data.get("after") != StateKind.NEW:
        yield from _customers(ticket, "state_changed")


def _assigned(_event: Event, ticket: Ticket) -> Iterator[Notice]:
    yield from _assignee(ticket, "assigned")


def _noted(_event: Event, ticket: Ticket) -> Iterator[Notice]:
    yield from _assignee(ticket, "noted")


LISTENERS: dict[EventKind, Listener] = {
    EventKind.OPENED: _opened,
    EventKind.CUSTOMER_REPLIED: _customer_replied,
    EventKind.CONSULTANT_REPLIED: _consultant_replied,
    EventKind.NOTED: _noted,
    EventKind.ASSIGNED: _assigned,
    EventKind.MOVED: _moved,
    EventKind.RESOLVED: _resolved,
    EventKind.CLOSED: _closed,
    EventKind.REOPENED: _reopened,
}


def _customers(ticket: Ticket, template: str) -> Iterator[Notice]:
    yield Notice(ticket.requester, template, "requester")
    query = select(Account).join(Participant, Participant.account_id == Account.id)
    for account in db.session.scalars(query.where(Participant.ticket_id == ticket.id)).unique():
        yield Notice(account, template, "participant")


def _assignee(ticket: Ticket, template: str) -> Iterator[Notice]:
    if ticket.assignee:
        yield Notice(ticket.assignee, template, "assignee")


def _responsible(ticket: Ticket, template: str) -> Iterator[Notice]:
    """The assignee; while there is none, every consultant of the product group."""
    if ticket.assignee and ticket.assignee.active:
        yield from _assignee(ticket, template)
    else:
        yield from _consultants(ticket, template)


def _consultants(ticket: Ticket, template: str) -> Iterator[Notice]:
    query = select(Account).join(Assignment, Assignment.account_id == Account.id)
    for account in db.session.scalars(query.where(Assignment.product_group_id == ticket.product_group_id)).unique():
        yield Notice(account, template, "consultant")


def _written_with_reply(event: Event) -> bool:
    """Whether the same act also wrote a message: the event just before, by the same person, is a reply."""
    before = db.session.scalars(
        select(Event).where(Event.ticket_id == event.ticket_id, Event.id < event.id).order_by(Event.id.desc()).limit(2)
    ).all()
    replies = {EventKind.CUSTOMER_REPLIED, EventKind.CONSULTANT_REPLIED}
    return any(
        earlier.kind in replies
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
