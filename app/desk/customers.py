"""What the desk knows of the customer of a ticket: his and his company's other tickets, and notes about both."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from app.access import Standing, sees_ticket
from app.desk.errors import NothingWritten
from app.events.audit import AuditKind, write_down
from app.extensions import db
from app.models.account import Account
from app.models.customer_note import CustomerNote
from app.models.product_group import ProductGroup
from app.models.ticket import Ticket

SHOWN = 5  # of the newest tickets, and
NOTES_SHOWN = 20
LONGEST_NOTE = 4_000


def recent_tickets(ticket: Ticket, standing: Standing) -> tuple[Sequence[Ticket], Sequence[Ticket]]:
    """The newest other tickets of the person, and those of the company by others, as far as this account sees them."""
    own = _recent(standing, Ticket.requester_id == ticket.requester_id, Ticket.id != ticket.id)
    if ticket.organisation_id is None:
        return own, []
    others = Ticket.requester_id != ticket.requester_id
    return own, _recent(standing, Ticket.organisation_id == ticket.organisation_id, others)


def groups_of(ticket: Ticket, standing: Standing) -> Sequence[str]:
    """The product groups in which the company, or the person without one, has tickets that this account sees."""
    whose = (
        Ticket.organisation_id == ticket.organisation_id
        if ticket.organisation_id
        else Ticket.requester_id == ticket.requester_id
    )
    used = select(Ticket.id).where(whose, Ticket.product_group_id == ProductGroup.id, sees_ticket(standing)).exists()
    return db.session.scalars(select(ProductGroup.name).where(used).order_by(ProductGroup.position)).all()


def notes_about(ticket: Ticket) -> Sequence[CustomerNote]:
    """The newest notes about the ticket's customer and company."""
    query = select(CustomerNote).where(_about(ticket)).options(joinedload(CustomerNote.author))
    return db.session.scalars(query.order_by(CustomerNote.id.desc()).limit(NOTES_SHOWN)).all()


def add_note(ticket: Ticket, text: str, *, by: Account, of_company: bool) -> None:
    """Remember it of the ticket's customer, or of his company. Raises NothingWritten."""
    text = text.replace("\x00", "").strip()[:LONGEST_NOTE]
    if not text:
        raise NothingWritten
    is_company = of_company and ticket.organisation is not None
    db.session.add(
        CustomerNote(
            account_id=None if is_company else ticket.requester_id,
            organisation_id=ticket.organisation_id if is_company else None,
            author=by,
            text=text,
        )
    )
    write_down(AuditKind.CUSTOMER_NOTE, by=by, about=_name(ticket, is_company=is_company), how="added")


def remove_note(ticket: Ticket, note_id: int, *, by: Account) -> None:
    """Forget one about the ticket's customer or company; nothing where it is gone already."""
    note = db.session.scalars(select(CustomerNote).where(CustomerNote.id == note_id, _about(ticket))).one_or_none()
    if note is not None:
        db.session.delete(note)
        name = _name(ticket, is_company=note.organisation_id is not None)
        write_down(AuditKind.CUSTOMER_NOTE, by=by, about=name, how="removed")


def _recent(standing: Standing, *which: ColumnElement[bool]) -> Sequence[Ticket]:
    query = select(Ticket).where(sees_ticket(standing), *which).options(joinedload(Ticket.state))
    return db.session.scalars(query.order_by(Ticket.updated_at.desc(), Ticket.id.desc()).limit(SHOWN)).all()


def _about(ticket: Ticket) -> ColumnElement[bool]:
    of_person = CustomerNote.account_id == ticket.requester_id
    if ticket.organisation_id is None:
        return of_person
    return or_(of_person, CustomerNote.organisation_id == ticket.organisation_id)


def _name(ticket: Ticket, *, is_company: bool) -> str:
    return ticket.organisation.name if is_company and ticket.organisation else ticket.requester.email
