"""Who stood in copy of a ticket's letters: nobody sees anything by that; somebody lets him in by one click, or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from app.access import STAFF
from app.access.net import BEYOND
from app.desk.participants import MOST_PARTICIPANTS
from app.extensions import db
from app.models.account import Account, Role
from app.models.beside import CopiedPerson
from app.models.ticket import Participant, Ticket


def note_copied(ticket: Ticket, people: Mapping[str, str]) -> None:
    """Write down names by address, each once."""
    for email, name in people.items():
        if not was_copied(ticket, email) and len(ticket.copied) < MOST_PARTICIPANTS:
            ticket.copied.append(CopiedPerson(email=email, name=name[:200]))


def was_copied(ticket: Ticket, email: str) -> bool:
    """Whether the address stood in copy of any letter of the ticket."""
    return any(person.email == email for person in ticket.copied)


def copied_of(ticket: Ticket) -> Sequence[CopiedPerson]:
    """Those about whom nobody has decided, without who sees the ticket in another way. One statement."""
    takes_part = select(Account.email).join(Participant).where(Participant.ticket_id == ticket.id)
    staff = select(Account.email).where(Account.roles.any(Role.kind.in_(STAFF)))
    query = select(CopiedPerson).where(
        CopiedPerson.ticket_id == ticket.id,
        CopiedPerson.left_out.is_(False),
        CopiedPerson.email != ticket.requester.email,
        CopiedPerson.email.not_in(takes_part),
        CopiedPerson.email.not_in(staff),
    )
    return db.session.scalars(query.order_by(CopiedPerson.email), execution_options=BEYOND).all()


def leave_out(ticket: Ticket, email: str) -> None:
    """Ask about this person no more."""
    row = db.session.get(CopiedPerson, (ticket.id, email))
    if row is not None:
        row.left_out = True
