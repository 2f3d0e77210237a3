"""What a desk can do with a ticket. Every verb changes rows, records what happened and returns; nothing commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from app.access import STAFF
from app.desk.clocks import counts_as_received, record_for
from app.desk.content import Contribution, StoredFile
from app.desk.ends import takes_replies
from app.desk.errors import (
    NoSubject,
    NotAConsultant,
    NothingWritten,
    UnknownPriority,
)
from app.desk.moves import accept, close, move, reopen, resolve, take_up
from app.desk.relations import link
from app.desk.states import first_of, state_named
from app.desk.uploads import MOST_FILES, TooMany
from app.events.record import EventKind, record
from app.extensions import db
from app.models.account import Account
from app.models.organisation import Organisation
from app.models.product_group import Assignment, ProductGroup
from app.models.ticket import Counter, Message, MessageKind, Priority, StateKind, Ticket
from app.models.ticket_link import LinkKind
from app.models.types import utc_now

__all__ = ["accept", "close", "move", "reopen", "resolve"]

LONGEST_SUBJECT = 500
FIRST_NUMBER = 1001
NEXT_NUMBER = (
    update(Counter)
    .where(Counter.name == "ticket")
    .values(value=Counter.value + 1)
    .returning(Counter.value)
    .execution_options(synchronize_session=False)
)


def open_ticket(
    *,
    requester: Account,
    product_group: ProductGroup,
    subject: str,
    contribution: Contribution,
    by: Account,
    organisation: Organisation | None = None,
    priority: str = Priority.NORMAL,
    language: str | None = None,
    arrived_at: datetime | None = None,
    follows: Ticket | None = None,
) -> Ticket:
    """A new ticket with its first message; it may go on where another was closed.

    Raises NoSubject, NothingWritten, UnknownPriority.
    """
    subject = _kept_subject(subject)
    if contribution.is_empty:
        raise NothingWritten
    if priority not in list(Priority):
        raise UnknownPriority
    arrived_at = arrived_at or utc_now()
    organisation = organisation or _organisation_of(requester)
    calendar = record_for(product_group, organisation)
    ticket = Ticket(
        number=_next_number(),
        subject=subject,
        priority=priority,
        channel=contribution.channel,
        language=language or requester.locale or "pl",
        product_group=product_group,
        requester=requester,
        organisation=organisation,
        arrived_at=arrived_at,
        counts_as_received_at=counts_as_received(calendar, arrived_at),
        calendar_id=calendar.id,
        calendar_version=calendar.version,
        updated_at=utc_now(),
    )
    ticket.enter(first_of(StateKind.NEW))
    db.session.add(ticket)
    message = _add_message(ticket, contribution, kind=MessageKind.CUSTOMER, by=requester, arrived_at=arrived_at)
    said: dict[str, Any] = {"follows": follows.number} if follows else {}
    record(ticket, EventKind.OPENED, by=by, message=message, **said)
    if follows is not None:
        ticket.confidential = follows.confidential
        link(ticket, follows, LinkKind.FOLLOWS, by=by)
    return ticket


def customer_reply(
    ticket: Ticket, contribution: Contribution, *, by: Account, arrived_at: datetime | None = None
) -> Message:
    """A customer goes on with the conversation (S12); a finished or waiting ticket is open again.

    Of a ticket that was closed too long ago he begins a new one: the message that is answered is its first.
    """
    if not takes_replies(ticket, arrived_at or utc_now()):
        return _follow(ticket, contribution, by=by, arrived_at=arrived_at)
    message = _add_message(ticket, contribution, kind=MessageKind.CUSTOMER, by=by, arrived_at=arrived_at)
    record(ticket, EventKind.CUSTOMER_REPLIED, by=by, message=message)
    if ticket.is_finished or ticket.state.kind == StateKind.WAITING_CUSTOMER:
        take_up(ticket, by=by)
    return message


def _follow(ticket: Ticket, contribution: Contribution, *, by: Account, arrived_at: datetime | None) -> Message:
    """A new ticket where the other one ended, of whoever writes now; it is linked with the old one."""
    is_requester = by.id == ticket.requester_id
    new = open_ticket(
        requester=by,
        product_group=ticket.product_group,
        subject=ticket.subject,
        contribution=replace(contribution, verified=True),
        by=by,
        organisation=ticket.organisation if is_requester else None,
        language=ticket.language if is_requester else None,
        arrived_at=arrived_at,
        follows=ticket,
    )
    return new.messages[0]


def answer(
    ticket: Ticket,
    contribution: Contribution,
    *,
    by: Account,
    arrived_at: datetime | None = None,
    then: str | None = None,
) -> Message:
    """A consultant answers; he takes a ticket that nobody had. `then` moves it on: to waiting_customer or resolved."""
    message = _add_message(ticket, contribution, kind=MessageKind.CONSULTANT, by=by, arrived_at=arrived_at)
    record(ticket, EventKind.CONSULTANT_REPLIED, by=by, message=message)
    if ticket.assignee is None and _answers_for(by, ticket):
        assign(ticket, to=by, by=by)
    if then and not (ticket.is_finished and state_named(then).kind == StateKind.RESOLVED):
        move(ticket, to=then, by=by)
    elif not then and ticket.state.kind == StateKind.NEW:
        take_up(ticket, by=by)
    return message


def note(ticket: Ticket, contribution: Contribution, *, by: Account) -> Message:
    """An internal note: consultants only, never a customer."""
    message = _add_message(ticket, contribution, kind=MessageKind.NOTE, by=by, arrived_at=None)
    record(ticket, EventKind.NOTED, by=by, message=message)
    return message


def attach(message: Message, files: Sequence[StoredFile], *, by: Account) -> None:
    """Add files to a message that its author has written before. Raises TooMany, NothingWritten."""
    if not files:
        raise NothingWritten
    if len(message.attachments) + len(files) > MOST_FILES:
        raise TooMany
    message.attachments.extend(file.attachment() for file in files)
    _touch(message.ticket)
    record(message.ticket, EventKind.ATTACHED, by=by, message=message)


def file_automatic(ticket: Ticket, contribution: Contribution, *, by: Account | None, arrived_at: datetime) -> Message:
    """Keep an automatic letter on its ticket: shown, never answered, never reopening (RFC 3834 section 2)."""
    message = _add_message(ticket, contribution, kind=MessageKind.SYSTEM, by=by, arrived_at=arrived_at)
    record(ticket, EventKind.FILED, by=by, message=message)
    return message


def assign(ticket: Ticket, *, to: Account | None, by: Account) -> None:
    """Give the ticket to a consultant of its product group, or to nobody. Raises NotAConsultant."""
    if to is not None and not _answers_for(to, ticket):
        raise NotAConsultant
    if ticket.assignee == to:
        return
    before = ticket.assignee.id if ticket.assignee else None
    ticket.assignee = to
    _touch(ticket)
    record(ticket, EventKind.ASSIGNED, by=by, before=before, after=to.id if to else None)


def rename(ticket: Ticket, *, to: str, by: Account) -> None:
    """Change the subject. Raises NoSubject."""
    subject = _kept_subject(to)
    if subject == ticket.subject:
        return
    before, ticket.subject = ticket.subject, subject
    _touch(ticket)
    record(ticket, EventKind.RENAMED, by=by, before=before, after=subject)


def set_priority(ticket: Ticket, *, to: str, by: Account) -> None:
    """Change the priority. Raises UnknownPriority."""
    if to not in list(Priority):
        raise UnknownPriority
    if ticket.priority == to:
        return
    before, ticket.priority = ticket.priority, to
    _touch(ticket)
    record(ticket, EventKind.PRIORITY_CHANGED, by=by, before=before, after=to)


def _kept_subject(text: str) -> str:
    """The subject as it is kept, without NUL, which PostgreSQL does not take. Raises NoSubject."""
    subject = text.replace("\x00", "").strip()[:LONGEST_SUBJECT]
    if not subject:
        raise NoSubject
    return subject


def _add_message(
    ticket: Ticket, contribution: Contribution, *, kind: MessageKind, by: Account | None, arrived_at: datetime | None
) -> Message:
    if contribution.is_empty:
        raise NothingWritten
    arrived_at = arrived_at or utc_now()
    calendar = record_for(ticket.product_group, ticket.organisation)
    message = Message(
        ticket=ticket,
        author=by,
        kind=kind,
        channel=contribution.channel,
        text=contribution.text,
        html=contribution.html,
        folded=list(contribution.folded),
        message_id=contribution.message_id,
        journal_id=contribution.journal_id,
        automatic=contribution.automatic,
        verified=contribution.verified,
        arrived_at=arrived_at,
        counts_as_received_at=counts_as_received(calendar, arrived_at),
        calendar_id=calendar.id,
        calendar_version=calendar.version,
        attachments=[file.attachment() for file in contribution.files],
    )
    db.session.add(message)
    _touch(ticket)
    return message


def _touch(ticket: Ticket) -> datetime:
    ticket.updated_at = utc_now()
    return ticket.updated_at


def _next_number() -> int:
    """One row hands out the numbers, so they have no gaps: a rolled-back ticket gives its number back."""
    number = db.session.scalar(NEXT_NUMBER)
    if number is None:
        db.session.add(Counter(name="ticket", value=FIRST_NUMBER))
        return FIRST_NUMBER
    return number


def _organisation_of(requester: Account) -> Organisation | None:
    """The requester's only organisation; with several the desk must not guess."""
    memberships = requester.memberships
    return memberships[0].organisation if len(memberships) == 1 else None


def _answers_for(account: Account, ticket: Ticket) -> bool:
    if not account.active or not account.role_names & STAFF - {"auditor"}:
        return False
    query = select(Assignment.id).where(
        Assignment.account_id == account.id, Assignment.product_group_id == ticket.product_group.id
    )
    return "administrator" in account.role_names or db.session.scalar(query) is not None
