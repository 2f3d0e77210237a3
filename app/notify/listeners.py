"""Who hears of an event, by which letter (S16, S22-S26). A customer never hears of a note; nobody of his own act."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.desk.confirmations import is_awaited
from app.events.outbox import Item
from app.events.record import EventKind, owe_letter
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.event import Event, Letter
from app.models.ticket import Channel, Message, MessageKind, StateKind, Ticket
from app.notify.audience import Audience
from app.notify.flood import AUTOMATIC, Flood

TO_THE_ACTOR_TOO = ("acknowledgement", "confirm_again")  # the latter because nothing proves who acted
TOO_MANY = "The address was answered too often within an hour."
AT_ONCE = timedelta(seconds=1)  # events of one person this close are one act


@dataclass(frozen=True)
class Notice:
    """One reader, one letter, and why he gets it."""

    account: Account
    template: str
    reason: str


def perform(items: list[Item]) -> Mapping[int, Exception | None]:
    """Owe each reader of each event his letter. Running twice is harmless: what is owed already stays as it is."""
    with transaction():
        _tell([item.event_id for item in items if item.event_id])
    return dict.fromkeys(item.id for item in items)


def _tell(event_ids: Collection[int]) -> None:
    events = _events(event_ids)
    audience = Audience({event.ticket for event in events if event.ticket})
    owed = _owed(events)
    flood = Flood({event.ticket.requester for event in events if event.ticket and event.kind == EventKind.OPENED})
    for event in events:
        for notice in notices(event, audience):
            if (event.id, notice.account.id, notice.template) not in owed:
                _owe(notice, event, flood)


def _owe(notice: Notice, event: Event, flood: Flood) -> None:
    """The letter; one that would be too many is only written down, for administrators to see."""
    too_many = notice.template in AUTOMATIC and flood.carries_away(notice.account)
    owe_letter(
        notice.template,
        account=notice.account,
        reason=notice.reason,
        event=event,
        ticket=event.ticket,
        withheld=TOO_MANY if too_many else None,
    )


def _events(ids: Collection[int]) -> Sequence[Event]:
    """The events in their order, with what the listeners look at."""
    options = (
        joinedload(Event.message).load_only(Message.automatic, Message.verified),
        joinedload(Event.ticket).joinedload(Ticket.requester).selectinload(Account.roles),
        joinedload(Event.ticket).joinedload(Ticket.assignee).selectinload(Account.roles),
    )
    return db.session.scalars(select(Event).where(Event.id.in_(ids)).order_by(Event.id).options(*options)).all()


def _owed(events: Sequence[Event]) -> set[tuple[int | None, int, str]]:
    rows = db.session.execute(
        select(Letter.event_id, Letter.account_id, Letter.template).where(
            Letter.event_id.in_([event.id for event in events])
        )
    )
    return {(row.event_id, row.account_id, row.template) for row in rows}


def notices(event: Event, audience: Audience) -> Iterator[Notice]:
    """Everybody who hears of the event; one letter a reader."""
    ticket = event.ticket
    told: set[int] = set()
    if ticket is None:
        return
    for notice in LISTENERS.get(EventKind(event.kind), _nobody)(event, ticket, audience):
        account = notice.account
        own_act = account.id == event.actor_id and notice.template not in TO_THE_ACTOR_TOO
        if account.id not in told and not own_act and audience.may_receive(account, notice.template, ticket):
            told.add(account.id)
            yield notice


Listener = Callable[[Event, Ticket, Audience], Iterator[Notice]]


def _nobody(_event: Event, _ticket: Ticket, _audience: Audience) -> Iterator[Notice]:
    yield from ()


def _opened(event: Event, ticket: Ticket, audience: Audience) -> Iterator[Notice]:
    """S16, S22: the requester gets the acknowledgement unless a machine wrote; the consultants hear of a new ticket."""
    if ticket.channel == Channel.TELEPHONE and ticket.confirmation:
        yield Notice(ticket.requester, "confirm_call", "requester")
    elif not (event.message and event.message.automatic):
        yield Notice(ticket.requester, "acknowledgement", "requester")
    yield from _consultants(audience, ticket, "new_ticket")


def _customer_replied(event: Event, ticket: Ticket, audience: Audience) -> Iterator[Notice]:
    """S23: whoever answers; the requester and participants where somebody else of theirs wrote.

    What came under a name that nothing proves is never sent on to customers as a letter of ours.
    """
    yield from _responsible(audience, ticket, "customer_replied")
    if event.message is None or event.message.verified:
        yield from _customers(audience, ticket, "new_comment")
    elif is_awaited(ticket):
        yield Notice(ticket.requester, "confirm_again", "requester")


def _consultant_replied(event: Event, ticket: Ticket, audience: Audience) -> Iterator[Notice]:
    """S23, S21; with S24 in the same letter where the answer resolved the ticket."""
    yield from _customers(audience, ticket, "solution" if _resolved_with(event) else "answer")


def _resolved(event: Event, ticket: Ticket, audience: Audience) -> Iterator[Notice]:
    """S24, to those whom the answer has not told already."""
    told = set(
        db.session.scalars(
            select(Letter.account_id)
            .where(Letter.ticket_id == ticket.id, Letter.template == "solution")
            .join(Letter.event)
            .where(Event.actor_id == event.actor_id, Event.id < event.id, Event.created_at > event.created_at - AT_ONCE)
        )
    )
    yield from (notice for notice in _customers(audience, ticket, "resolved") if notice.account.id not in told)


def _closes_soon(_event: Event, ticket: Ticket, audience: Audience) -> Iterator[Notice]:
    yield from _customers(audience, ticket, "closes_soon")


def _follow_up(_event: Event, ticket: Ticket, audience: Audience) -> Iterator[Notice]:
    yield from _responsible(audience, ticket, "follow_up")


def _merged(_event: Event, ticket: Ticket, audience: Audience) -> Iterator[Notice]:
    """S26: those who wrote in the ticket hear where it goes on."""
    yield from _customers(audience, ticket, "merged")


def _closed(_event: Event, ticket: Ticket, audience: Audience) -> Iterator[Notice]:
    """S25. The consultant hears of it where the customer closed it."""
    yield from _customers(audience, ticket, "closed")
    yield from _assignee(ticket, "closed_by_customer")


def _reopened(event: Event, ticket: Ticket, audience: Audience) -> Iterator[Notice]:
    """S26. A customer's own reply that reopened it has told the desk already."""
    yield from _customers(audience, ticket, "reopened")
    if not _written_with_reply(event):
        yield from _responsible(audience, ticket, "reopened_by_customer")


def _moved(event: Event, ticket: Ticket, audience: Audience) -> Iterator[Notice]:
    """S26: waiting states and the taking up are updates; a move that an answer made was told by the answer."""
    told_by_answer = _written_with_reply(event)
    if not told_by_answer and ticket.state.kind != StateKind.NEW:
        yield from _customers(audience, ticket, "state_changed")


def _warned(_event: Event, ticket: Ticket, audience: Audience) -> Iterator[Notice]:
    yield from _responsible(audience, ticket, "term_warning")


def _escalated(_event: Event, ticket: Ticket, audience: Audience) -> Iterator[Notice]:
    """Everybody of the product group, its managers among them."""
    yield from _assignee(ticket, "term_missed")
    yield from _consultants(audience, ticket, "term_missed")


def _reminded(_event: Event, ticket: Ticket, _audience: Audience) -> Iterator[Notice]:
    """S6, before the deadline; nobody is reminded of what he has done meanwhile."""
    if ticket.is_unconfirmed:
        yield Notice(ticket.requester, "confirm_reminder", "requester")


def _confirmed(event: Event, ticket: Ticket, audience: Audience) -> Iterator[Notice]:
    """S6. The customers hear of a ticket that is open again, besides who confirmed it."""
    yield from _responsible(audience, ticket, "call_confirmed")
    if event.data.get("late"):
        yield from _customers(audience, ticket, "reopened")


def _lapsed(_event: Event, ticket: Ticket, audience: Audience) -> Iterator[Notice]:
    """S6, S25."""
    yield from _customers(audience, ticket, "call_lapsed")
    yield from _responsible(audience, ticket, "call_lapsed_unconfirmed")


def _assigned(_event: Event, ticket: Ticket, _audience: Audience) -> Iterator[Notice]:
    yield from _assignee(ticket, "assigned")


def _noted(_event: Event, ticket: Ticket, _audience: Audience) -> Iterator[Notice]:
    yield from _assignee(ticket, "noted")


def _attached(event: Event, ticket: Ticket, audience: Audience) -> Iterator[Notice]:
    """A file that came later is told as its message was."""
    kind = event.message.kind if event.message else None
    if kind == MessageKind.CUSTOMER:
        yield from _customer_replied(event, ticket, audience)
    elif kind == MessageKind.CONSULTANT:
        yield from _customers(audience, ticket, "answer")
    elif kind == MessageKind.NOTE:
        yield from _noted(event, ticket, audience)


def _transferred(_event: Event, ticket: Ticket, audience: Audience) -> Iterator[Notice]:
    """For the consultants of its new product group it is a new ticket."""
    yield from _consultants(audience, ticket, "new_ticket")


LISTENERS: dict[EventKind, Listener] = {
    EventKind.OPENED: _opened,
    EventKind.CUSTOMER_REPLIED: _customer_replied,
    EventKind.CONSULTANT_REPLIED: _consultant_replied,
    EventKind.NOTED: _noted,
    EventKind.ATTACHED: _attached,
    EventKind.ASSIGNED: _assigned,
    EventKind.TRANSFERRED: _transferred,
    EventKind.MOVED: _moved,
    EventKind.RESOLVED: _resolved,
    EventKind.CLOSES_SOON: _closes_soon,
    EventKind.CLOSED: _closed,
    EventKind.MERGED: _merged,
    EventKind.FOLLOW_UP_DUE: _follow_up,
    EventKind.REOPENED: _reopened,
    EventKind.WARNED: _warned,
    EventKind.ESCALATED: _escalated,
    EventKind.REMINDED: _reminded,
    EventKind.CONFIRMED: _confirmed,
    EventKind.LAPSED: _lapsed,
}


def _customers(audience: Audience, ticket: Ticket, template: str) -> Iterator[Notice]:
    yield Notice(ticket.requester, template, "requester")
    for account in audience.participants(ticket):
        yield Notice(account, template, "participant")


def _assignee(ticket: Ticket, template: str) -> Iterator[Notice]:
    if ticket.assignee:
        yield Notice(ticket.assignee, template, "assignee")


def _responsible(audience: Audience, ticket: Ticket, template: str) -> Iterator[Notice]:
    """The assignee; while there is none, every consultant of the product group."""
    if ticket.assignee and ticket.assignee.active:
        yield from _assignee(ticket, template)
    else:
        yield from _consultants(audience, ticket, template)


def _consultants(audience: Audience, ticket: Ticket, template: str) -> Iterator[Notice]:
    for account in audience.consultants(ticket):
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
