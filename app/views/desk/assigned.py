"""Who answers, and which product group, as forms of the desk name them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.access import Right, get_ticket
from app.desk import tickets
from app.desk.errors import NotAConsultant
from app.desk.transfer import transfer
from app.extensions import db
from app.models.account import Account
from app.models.product_group import ProductGroup
from app.models.ticket import Ticket
from app.views import visitor
from app.views.desk.filters import row_id
from app.views.reference import consultant_choices


def assigning(chosen: str) -> Callable[[Ticket], None]:
    """Give a ticket to me, to nobody or to the account of that id."""
    by = visitor.account()

    def act(ticket: Ticket) -> None:
        tickets.assign(ticket, to=_person(chosen, by), by=by)

    return act


def transferring(chosen: str) -> Callable[[Ticket], None]:
    """Give a ticket to the product group of that id. The act raises NotFound where the visitor does not manage the
    ticket's own."""
    by = visitor.account()

    def act(ticket: Ticket) -> None:
        get_ticket(db.session(), visitor.standing(), ticket.number, may=Right.MANAGE)
        row: Any = row_id(chosen)
        transfer(ticket, to=db.session.get(ProductGroup, row) if row else None, by=by)

    return act


def may_act() -> bool:
    """Whether the visitor's role lets him change tickets at all; of which, his level says."""
    return visitor.may("can_edit", "TicketModelView")


def _person(chosen: str, me: Account) -> Account | None:
    if chosen == "nobody":
        return None
    if chosen == "me":
        return me
    if chosen not in dict(consultant_choices()):
        raise NotAConsultant
    return db.session.get(Account, int(chosen))
