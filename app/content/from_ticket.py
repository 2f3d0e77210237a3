"""A draft from a solved ticket: what was asked, and what helped."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.access import Standing, sees_draft
from app.content.entries import LONGEST_TITLE, Readers, Words, add_entry
from app.extensions import db
from app.models.account import Account
from app.models.entry import Entry, Visibility
from app.models.ticket import Message, MessageKind, Ticket

SIGNS = re.compile(r"([\\`*_\[\]<>#|~])")


def draft_from(ticket: Ticket, messages: Sequence[Message], *, language: str, by: Account) -> Entry:
    """The first question and the last answer as the draft of an article. Only the desk reads it until its author says
    otherwise: a conversation names people."""
    asked = [message for message in messages if message.kind == MessageKind.CUSTOMER and message.text]
    answered = [message for message in messages if message.kind == MessageKind.CONSULTANT and message.text]
    parts = [(_("Question"), asked[:1]), (_("Answer"), answered[-1:])]
    body = "\n\n".join(f"## {heading}\n\n{as_written(message.text)}" for heading, one in parts for message in one)
    return add_entry(
        "article",
        language,
        Words(ticket.subject.strip()[:LONGEST_TITLE] or f"#{ticket.number}", body=body),
        by=by,
        readers=Readers(Visibility.CONSULTANTS),
        groups=[ticket.product_group],
        ticket_id=ticket.id,
    )


def entries_from(ticket: Ticket, standing: Standing) -> Sequence[Entry]:
    """What was written from the ticket, as far as this account may know of it."""
    query = select(Entry).where(Entry.ticket_id == ticket.id, sees_draft(standing), Entry.binned_at.is_(None))
    return db.session.scalars(query.options(selectinload(Entry.variants)).order_by(Entry.id)).all()


def as_written(text: str) -> str:
    """Plain words as Markdown that shows them so; what looks like a list becomes one."""
    return "\n".join(line.rstrip() for line in SIGNS.sub(r"\\\1", text.strip()).splitlines())
