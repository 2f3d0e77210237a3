"""Who answers, as forms of the desk name him."""

from __future__ import annotations

from collections.abc import Callable

from app.desk import tickets
from app.desk.errors import NotAConsultant
from app.extensions import db
from app.models.account import Account
from app.models.ticket import Ticket
from app.views import visitor
from app.views.reference import consultant_choices


def assigning(chosen: str) -> Callable[[Ticket], None]:
    """Give a ticket to me, to nobody or to the account of that id."""
    by = visitor.account()

    def act(ticket: Ticket) -> None:
        tickets.assign(ticket, to=_person(chosen, by), by=by)

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
