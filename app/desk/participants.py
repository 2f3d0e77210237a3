"""Who is let into one ticket besides its requester and sees no other, and whether it is kept from colleagues."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.desk.errors import DeskError
from app.desk.rows import touch
from app.events.record import EventKind, record
from app.extensions import db
from app.models.account import Account
from app.models.ticket import Participant, Ticket

MOST_PARTICIPANTS = 20


class TooManyParticipants(DeskError):
    """More people than one conversation may have."""

    def __init__(self) -> None:
        self.sentence = _("A ticket may have %(count)s participants.", count=MOST_PARTICIPANTS)
        super().__init__(self.sentence)


class IsRequester(DeskError):
    sentence = _l("This person reported the ticket and sees it anyway.")


class CannotTakePart(DeskError):
    sentence = _l("This address cannot take part.")


def participants_of(ticket: Ticket) -> Sequence[Participant]:
    """Who was let in, in the order of their coming."""
    query = select(Participant).where(Participant.ticket_id == ticket.id).order_by(Participant.id)
    return db.session.scalars(query.options(joinedload(Participant.account))).unique().all()


def let_in(ticket: Ticket, account: Account, *, by: Account) -> None:
    """The account sees this ticket from now on, and hears of it by letter as its requester does. Twice is once.

    Raises IsRequester, CannotTakePart, TooManyParticipants.
    """
    if account.id == ticket.requester_id:
        raise IsRequester
    if not account.active:
        raise CannotTakePart
    if _row(ticket, account.id) is not None:
        return
    count = select(func.count()).select_from(Participant).where(Participant.ticket_id == ticket.id)
    if (db.session.scalar(count) or 0) >= MOST_PARTICIPANTS:
        raise TooManyParticipants
    db.session.add(Participant(ticket_id=ticket.id, account=account))
    record(ticket, EventKind.LET_IN, by=by, after=account.id)


def show_out(ticket: Ticket, account_id: int, *, by: Account) -> None:
    """The account sees this ticket no more, unless by another way. Nothing happens to who was not let in."""
    row = _row(ticket, account_id)
    if row is not None:
        db.session.delete(row)
        record(ticket, EventKind.SHOWN_OUT, by=by, before=account_id)


def set_confidential(ticket: Ticket, *, to: bool, by: Account) -> None:
    """Keep the ticket from the requester's colleagues and managers, or share it with them as they share."""
    if ticket.confidential != to:
        ticket.confidential = to
        touch(ticket)
        record(ticket, EventKind.HIDDEN if to else EventKind.SHOWN, by=by)


def _row(ticket: Ticket, account_id: int) -> Participant | None:
    query = select(Participant).where(Participant.ticket_id == ticket.id, Participant.account_id == account_id)
    return db.session.scalars(query).one_or_none()
