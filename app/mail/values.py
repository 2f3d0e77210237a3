"""The plain values that a letter's template may name, each worked out only when it is named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.desk.alarms import due_of
from app.desk.ends import CLOSE
from app.extensions import db
from app.fields import Definition
from app.locale import called, language, when
from app.locale import limit as bound
from app.mail.field_texts import text_for
from app.mail.level_wording import what_happens_next
from app.mail.names import PRIORITY_NAMES
from app.mail.source import Values
from app.mail.updates import lines_of
from app.models import field_values
from app.models.definitions import published
from app.models.event import Letter
from app.models.ticket import Message, MessageKind, Ticket

# Each value's name, and what it says. Those of a ticket are empty in a letter about an account.
OF_ACCOUNT: dict[str, Any] = {
    "email": _l("the reader's address"),
    "registered": _l("not empty where the reader has a password already"),
    "unregistered": _l("not empty where the reader has none yet"),
    "inviter": _l("who invited the reader"),
    "organisation": _l("the organisation that the reader is invited to"),
    "asked_for": _l("not empty where nobody invited the reader: the account was asked for"),
}
OF_TICKET: dict[str, Any] = {
    "number": _l("the ticket's number"),
    "subject": _l("its subject"),
    "group": _l("its product group"),
    "state": _l("its state"),
    "priority": _l("its priority"),
    "requester": _l("who reported it"),
    "consultant": _l("who answers it"),
    "author": _l("who wrote the message that the letter quotes"),
    "arrived": _l("when it arrived"),
    "received": _l("when it counts as received"),
    "late": _l("not empty where it arrived outside working hours"),
    "next": _l("what happens next, and by when"),
    "closes_at": _l("when it closes by itself"),
    "changes": _l("what has changed, a paragraph each"),
    "into": _l("the ticket that it was merged into"),
    "follows": _l("the ticket that was closed too long ago"),
    "refused": _l("why what a customer asked for by one word was not done"),
    "confirm_by": _l("until when a call has to be confirmed"),
    "split_from": _l("the ticket that its message was taken from"),
}

OF_ANSWER: dict[str, Any] = {
    "asked": _l("the subject of the rejected letter that is answered"),
    "largest": _l("how large a letter may be"),
}
OF_MAILBOX: dict[str, Any] = {
    "silent_mailbox": _l("the mailbox that is silent"),
    "silent_since": _l("since when"),
}

NAMED = OF_TICKET | OF_ACCOUNT | OF_ANSWER | OF_MAILBOX
FIELD = "field_"  # before the API name of a ticket's field


def of_fields() -> dict[str, Any]:
    """The names of tickets' fields, and what each says; old names answer for ever, deleted fields are empty."""
    fields = published(db.session()).all_of("ticket")
    return {f"{FIELD}{name}": each.label(language()) for each in fields for name in (each.name, *each.old_names)}


def values(letter: Letter) -> Values:
    """All of them, of this letter."""
    of_ticket = _of_ticket(letter, letter.ticket) if letter.ticket else dict.fromkeys(OF_TICKET, lambda: "")
    said = letter.answer or {}
    asked, since = str(said.get("subject", "")), said.get("since")
    largest = current_app.extensions["settings"].letter_limit
    of_answer = {"asked": _one_line(lambda: asked), "largest": lambda: bound(largest)}
    of_mailbox = {
        "silent_mailbox": _one_line(lambda: str(said.get("about", ""))),
        "silent_since": lambda: when(datetime.fromisoformat(since), "minute") if since else "",
    }
    return {**of_ticket, **_of_fields(letter), **_of_account(letter), **of_answer, **of_mailbox}


def _of_fields(letter: Letter) -> Values:
    """The fields of the letter's ticket that its reader reads; all others are empty."""
    kept = field_values.values(letter.ticket) if letter.ticket else {}

    def value(field: Definition) -> Callable[[], str]:
        return _one_line(lambda: text_for(letter.account, field, kept.get(field.id)))

    fields = published(db.session()).all_of("ticket")
    return {f"{FIELD}{name}": value(each) for each in fields for name in (each.name, *each.old_names)}


def _of_account(letter: Letter) -> Values:
    account, invitation = letter.account, letter.invitation
    inviter = invitation.invited_by if invitation else None
    organisation = invitation.organisation if inviter and invitation else None
    found: dict[str, Callable[[], str]] = {
        "email": lambda: account.email,
        "registered": lambda: "1" if account.is_registered else "",
        "unregistered": lambda: "" if account.is_registered else "1",
        "inviter": lambda: inviter.name if inviter else "",
        "organisation": lambda: organisation.name if organisation else "",
        "asked_for": lambda: "" if inviter else "1",
    }
    return {name: _one_line(value) for name, value in found.items()}


def _of_ticket(letter: Letter, ticket: Ticket) -> Values:
    said: dict[str, Any] = letter.event.data if letter.event else {}

    def other(key: str) -> Callable[[], str]:
        return lambda: f"#{said[key]}" if said.get(key) else ""

    found: dict[str, Callable[[], str]] = {
        "number": lambda: f"#{ticket.number}",
        "subject": lambda: ticket.subject,
        "group": lambda: called(ticket.product_group),
        "state": lambda: ticket.state.name(language()),
        "priority": lambda: str(PRIORITY_NAMES.get(ticket.priority, ticket.priority)),
        "requester": lambda: ticket.requester.name,
        "consultant": lambda: ticket.assignee.name if ticket.assignee else "",
        "author": lambda: author_of(message_of(letter, ticket)),
        "arrived": lambda: when(ticket.arrived_at, "minute"),
        "received": lambda: when(ticket.counts_as_received_at, "minute"),
        "late": lambda: "1" if ticket.counts_as_received_at > ticket.arrived_at else "",
        "next": lambda: what_happens_next(ticket),
        "closes_at": lambda: _closes_at(ticket),
        "into": other("number"),
        "follows": other("follows"),
        "refused": lambda: str(said.get("refused", "")),
        "confirm_by": lambda: when(ticket.confirmation.due_at, "minute") if ticket.confirmation else "",
        "split_from": other("split_from"),
    }
    plain = {name: _one_line(value) for name, value in found.items()}
    return plain | {"changes": lambda: "\n\n".join(" ".join(line.split()) for line in lines_of(letter))}


def message_of(letter: Letter, ticket: Ticket) -> Message:
    """The message that the letter quotes: its event's, or where that has none the ticket's last one that customers
    read. Raises ValueError."""
    if letter.event is not None and letter.event.message is not None:
        return letter.event.message
    query = select(Message).where(Message.ticket_id == ticket.id, Message.kind != MessageKind.NOTE)
    options = (joinedload(Message.author), selectinload(Message.attachments))
    message = db.session.scalars(query.order_by(Message.id.desc()).limit(1).options(*options)).first()
    if message is None:
        raise ValueError(f"Ticket {ticket.number} has no message.")
    return message


def author_of(message: Message) -> str:
    return message.author.name if message.author else _("Bilety")


def _closes_at(ticket: Ticket) -> str:
    due = due_of(ticket, CLOSE)
    return when(due, "minute") if due else ""


def _one_line(value: Callable[[], str]) -> Callable[[], str]:
    """A value cannot make paragraphs or small print of its own."""
    return lambda: " ".join(value().split())
