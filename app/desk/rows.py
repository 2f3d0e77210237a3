"""New rows of tickets and messages, with both clocks. What happened is told by the verbs."""

from __future__ import annotations

import re
from datetime import datetime

from app.desk.clocks import counts_as_received, record_for
from app.desk.content import Contribution
from app.desk.errors import NoSubject, NothingWritten, UnknownPriority
from app.desk.states import first_of
from app.extensions import db
from app.models.account import Account
from app.models.engine import begin_writing
from app.models.organisation import Organisation
from app.models.product_group import ProductGroup
from app.models.ticket import Counter, Message, MessageKind, Priority, StateKind, Ticket
from app.models.types import utc_now
from app.signs import without_hidden

LONGEST_SUBJECT = 500
BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")  # signs that end a line or are none, by Unicode
FIRST_NUMBER = 1001
COUNTED = "counter_of_tickets"


def new_ticket(
    *,
    subject: str,
    requester: Account,
    product_group: ProductGroup,
    organisation: Organisation | None,
    channel: str,
    language: str,
    arrived_at: datetime,
    priority: str = Priority.NORMAL,
) -> Ticket:
    """The row, with its number and both clocks. Raises NoSubject, UnknownPriority."""
    subject = kept_subject(subject)
    if priority not in list(Priority):
        raise UnknownPriority
    calendar = record_for(product_group, organisation)
    ticket = Ticket(
        number=_next_number(),
        subject=subject,
        priority=priority,
        channel=channel,
        language=language,
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
    return ticket


def kept_subject(text: str) -> str:
    """The subject as it is kept: one line, since it goes into the headers of letters, without hidden signs, and without
    NUL, which PostgreSQL does not take. Raises NoSubject."""
    subject = without_hidden(BREAKS.sub(" ", text.replace("\x00", ""))).strip()[:LONGEST_SUBJECT]
    if not subject:
        raise NoSubject
    return subject


def new_message(
    ticket: Ticket, contribution: Contribution, *, kind: MessageKind, by: Account | None, arrived_at: datetime
) -> Message:
    if contribution.is_empty:
        raise NothingWritten
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
        proof=contribution.proof,
        arrived_at=arrived_at,
        counts_as_received_at=counts_as_received(calendar, arrived_at),
        calendar_id=calendar.id,
        calendar_version=calendar.version,
        attachments=[file.attachment() for file in contribution.files],
    )
    db.session.add(message)
    touch(ticket)
    return message


def touch(ticket: Ticket) -> datetime:
    ticket.updated_at = utc_now()
    return ticket.updated_at


def _next_number() -> int:
    """One row hands out the numbers, so they have no gaps: a rolled-back ticket gives its number back."""
    counter = _held_counter()
    counter.value += 1
    return counter.value


def _held_counter() -> Counter:
    """The row, locked once a transaction, and again where a savepoint that was undone has let it go."""
    session = db.session()
    transaction, counter = session.info.get(COUNTED, (None, None))
    if counter is None or transaction is not session.get_transaction() or "value" not in vars(counter):
        begin_writing(session.connection())
        counter = session.get(Counter, "ticket", with_for_update=True, populate_existing=True)
        if counter is None:
            counter = Counter(name="ticket", value=FIRST_NUMBER - 1)
            session.add(counter)
        session.info[COUNTED] = (session.get_transaction(), counter)
    return counter
