"""Which of the things that can stand beside a ticket are there, in one statement: most tickets have few of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, exists, or_, select

from app.access.net import BEYOND
from app.calendar.model import Calendar
from app.calendar.plain import from_plain
from app.desk.calendars import definition_at
from app.desk.mentions import waits_for
from app.events.record import EventKind
from app.extensions import db
from app.models.beside import CopiedPerson, Rating, Watcher, ticket_tag
from app.models.call import Call
from app.models.draft import Draft
from app.models.entry import Entry
from app.models.event import Event, Letter
from app.models.held_answer import HeldAnswer
from app.models.mention import Mention
from app.models.ticket import Message, Participant, Ticket
from app.models.ticket_link import TicketLink


@dataclass(frozen=True)
class Beside:
    """The names of what is there, and the calendar by which the ticket was received where that needs telling."""

    there: frozenset[str]
    calendar: Calendar | None


def beside(ticket: Ticket, account_id: int, places: list[str]) -> Beside:
    """What of it this account may know is asked where it is read."""
    row = db.session.execute(_asked(ticket, account_id, places), execution_options=BEYOND).one()
    found = dict(row._mapping)
    definition = found.pop("calendar")
    there = frozenset(name for name, is_there in found.items() if is_there)
    return Beside(there, from_plain(definition) if definition else None)


def _asked(ticket: Ticket, account_id: int, places: list[str]) -> Select[Any]:
    things = {
        "participants": Participant.ticket_id == ticket.id,
        "copied": CopiedPerson.ticket_id == ticket.id,
        "articles": Entry.ticket_id == ticket.id,
        "relations": or_(TicketLink.from_id == ticket.id, TicketLink.to_id == ticket.id),
        "calls": Call.ticket_id == ticket.id,
        "tags": ticket_tag.c.ticket_id == ticket.id,
        "watching": (Watcher.ticket_id == ticket.id) & (Watcher.account_id == account_id),
        "mentions": (Mention.ticket_id == ticket.id) & waits_for(account_id),
        "rating": Rating.ticket_id == ticket.id,
        "letters": Letter.ticket_id == ticket.id,
        "placed": (Event.ticket_id == ticket.id) & (Event.kind == EventKind.MOVED_IN),
        "by_letter": (Message.ticket_id == ticket.id) & Message.journal_id.is_not(None),
        "held": HeldAnswer.ticket_id == ticket.id,
        "drafts": (Draft.account_id == account_id) & Draft.place.in_(places),
    }
    late = ticket.counts_as_received_at != ticket.arrived_at
    calendar = definition_at(ticket.calendar_id if late else None, ticket.calendar_version)
    return select(
        calendar.scalar_subquery().label("calendar"),
        *(exists().where(found).label(name) for name, found in things.items()),
    )
