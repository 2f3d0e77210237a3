"""What a desk can do with a ticket. Every verb changes rows, records what happened and returns; nothing commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from app.desk import field_values, levels, mentions
from app.desk.answering import answer, release
from app.desk.assigning import assign, next_consultant
from app.desk.confirmations import confirm, expect, is_awaited
from app.desk.content import Contribution, StoredFile
from app.desk.ends import takes_replies
from app.desk.errors import (
    NothingWritten,
    NotSplittable,
    UnknownPriority,
)
from app.desk.joining import survivor_of
from app.desk.moves import accept, close, move, reopen, resolve, take_up
from app.desk.moving import file_anew
from app.desk.organisation import organisation_for
from app.desk.relations import link
from app.desk.rows import LONGEST_SUBJECT, kept_subject, new_message, new_ticket, touch
from app.desk.states import first_of
from app.desk.uploads import MOST_FILES, TooMany
from app.events.record import EventKind, record
from app.extensions import db
from app.models.account import Account
from app.models.call import Way
from app.models.journal import Outcome
from app.models.organisation import Organisation
from app.models.product_group import ProductGroup
from app.models.ticket import Channel, Message, MessageKind, Priority, StateKind, Ticket
from app.models.ticket_link import LinkKind
from app.models.types import utc_now

__all__ = ["LONGEST_SUBJECT", "accept", "answer", "assign", "close", "move", "reopen", "resolve"]

WAYS = {Channel.PORTAL: Way.PORTAL, Channel.API: Way.API}  # by which a reply confirms; else by letter


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
    confidential: bool = False,
    arrived_at: datetime | None = None,
    follows: Ticket | None = None,
    to_be_confirmed: bool = False,
    fields: Mapping[str, Any] | None = None,
) -> Ticket:
    """A new ticket with its first message; it may go on where another was closed. A call has to be confirmed (S6).

    `fields` are what a form gave, by field id; nothing about fields stops a letter, whether it came by a form or not.
    Raises NoSubject, NothingWritten, UnknownPriority, UnfitFields.
    """
    if contribution.is_empty:
        raise NothingWritten
    arrived_at = arrived_at or utc_now()
    ticket = new_ticket(
        subject=subject,
        requester=requester,
        product_group=product_group,
        organisation=organisation or organisation_for(requester),
        priority=priority,
        channel=contribution.channel,
        language=language or requester.locale or "pl",
        arrived_at=arrived_at,
    )
    ticket.confidential = confidential
    field_values.begin(ticket, fields, by=by)
    if to_be_confirmed:
        ticket.enter(first_of(StateKind.UNCONFIRMED))
    message = new_message(ticket, contribution, kind=MessageKind.CUSTOMER, by=requester, arrived_at=arrived_at)
    said: dict[str, Any] = {"follows": follows.number} if follows else {}
    record(ticket, EventKind.OPENED, by=by, message=message, **said)
    if follows is not None:
        ticket.confidential = follows.confidential
        link(ticket, follows, LinkKind.FOLLOWS, by=by)
    if to_be_confirmed:
        expect(ticket)
    else:
        levels.begin(ticket)
    if (consultant := next_consultant(ticket)) is not None:
        assign(ticket, to=consultant, by=None)
    return ticket


def customer_reply(
    ticket: Ticket, contribution: Contribution, *, by: Account, arrived_at: datetime | None = None
) -> Message:
    """A customer goes on with the conversation (S12); a finished or waiting ticket is open again.

    It confirms a call, unless nothing proves who wrote. Of a merged ticket the conversation goes on in the surviving
    one. Of one that was closed too long ago he begins a new ticket: the message that is answered is its first.
    """
    ticket = survivor_of(ticket, lock=True)
    release(ticket)
    if not (is_awaited(ticket) or takes_replies(ticket, arrived_at or utc_now())):
        return _follow(ticket, contribution, by=by, arrived_at=arrived_at)
    message = new_message(ticket, contribution, kind=MessageKind.CUSTOMER, by=by, arrived_at=arrived_at or utc_now())
    record(ticket, EventKind.CUSTOMER_REPLIED, by=by, message=message)
    levels.customer_wrote(ticket, message)
    if is_awaited(ticket):
        if contribution.verified:
            confirm(ticket, by=by, way=WAYS.get(contribution.channel, Way.REPLY))
    elif ticket.is_finished or ticket.state.kind == StateKind.WAITING_CUSTOMER:
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


def split(message: Message, *, subject: str, by: Account) -> Ticket:
    """Take a customer's later message out of its ticket and open one of its own with it, linked with the old one.

    It keeps when it arrived and when it counts as received. Raises NotSplittable, NoSubject.
    """
    ticket, author = message.ticket, message.author
    if message.kind != MessageKind.CUSTOMER or author is None or ticket.messages[0] is message:
        raise NotSplittable
    belongs = ticket.organisation_id in {row.organisation_id for row in author.memberships}
    new = new_ticket(
        subject=subject,
        requester=author,
        product_group=ticket.product_group,
        organisation=ticket.organisation if belongs or author.id == ticket.requester_id else None,
        channel=message.channel,
        language=ticket.language,
        arrived_at=message.arrived_at,
    )
    new.confidential = ticket.confidential
    db.session.flush()
    message.ticket = new
    touch(ticket)
    record(new, EventKind.OPENED, by=by, message=message, split_from=ticket.number)
    record(ticket, EventKind.SPLIT_OFF, by=by, other=new.id, number=new.number)
    link(new, ticket, LinkKind.SPLIT, by=by)
    file_anew(message, Outcome.TICKET, by=by)
    levels.begin(new)
    return new


def note(ticket: Ticket, contribution: Contribution, *, by: Account) -> Message:
    """An internal note: consultants only, never a customer."""
    message = new_message(ticket, contribution, kind=MessageKind.NOTE, by=by, arrived_at=utc_now())
    record(ticket, EventKind.NOTED, by=by, message=message)
    mentions.see(ticket, by)
    return message


def attach(message: Message, files: Sequence[StoredFile], *, by: Account) -> None:
    """Add files to a message that its author has written before. Raises TooMany, NothingWritten."""
    if not files:
        raise NothingWritten
    if len(message.attachments) + len(files) > MOST_FILES:
        raise TooMany
    message.attachments.extend(file.attachment() for file in files)
    touch(message.ticket)
    record(message.ticket, EventKind.ATTACHED, by=by, message=message)


def file_automatic(ticket: Ticket, contribution: Contribution, *, by: Account | None, arrived_at: datetime) -> Message:
    """Keep an automatic letter on its ticket: shown, never answered, never reopening (RFC 3834 section 2)."""
    message = new_message(ticket, contribution, kind=MessageKind.SYSTEM, by=by, arrived_at=arrived_at)
    record(ticket, EventKind.FILED, by=by, message=message)
    return message


def rename(ticket: Ticket, *, to: str, by: Account) -> None:
    """Change the subject. Raises NoSubject."""
    subject = kept_subject(to)
    if subject == ticket.subject:
        return
    before, ticket.subject = ticket.subject, subject
    touch(ticket)
    record(ticket, EventKind.RENAMED, by=by, before=before, after=subject)


def set_priority(ticket: Ticket, *, to: str, by: Account) -> None:
    """Change the priority. Raises UnknownPriority."""
    if to not in list(Priority):
        raise UnknownPriority
    if ticket.priority == to:
        return
    before, ticket.priority = ticket.priority, to
    touch(ticket)
    record(ticket, EventKind.PRIORITY_CHANGED, by=by, before=before, after=to)
    levels.freeze_anew(ticket, by=by)
