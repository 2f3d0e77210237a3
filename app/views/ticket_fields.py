"""The fields of a ticket on its pages: facts to read, a form to change them, and the files that they hold."""

from __future__ import annotations

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import Right, get_ticket
from app.desk import field_values as desk
from app.desk.errors import DeskError
from app.events.transaction import transaction
from app.extensions import db
from app.models import field_values
from app.models.ticket import Ticket
from app.views import visitor
from app.views.fields import Fact, FieldsForm, facts_of, file_of


def facts(ticket: Ticket) -> list[Fact]:
    """What this visitor reads."""
    return facts_of(ticket, desk.OWNER, product_group_id=ticket.product_group_id)


def form(ticket: Ticket) -> FieldsForm:
    """What he may fill in."""
    return FieldsForm(
        desk.OWNER,
        state=ticket.status,
        product_group_id=ticket.product_group_id,
        values=field_values.values(ticket),
    )


def changed(number: int, right: Right) -> FieldsForm | None:
    """Keep what was typed; the form with what is wrong where it does not fit. Raises NotFound."""
    typed = form(get_ticket(db.session(), visitor.standing(), number, may=right))
    given = typed.read()
    if given is None:
        return typed
    try:
        with transaction():
            ticket = get_ticket(db.session(), visitor.standing(), number, may=right, lock=True)
            desk.fill(ticket, typed.over(given, field_values.values(ticket)), by=visitor.account())
    except DeskError as error:
        typed.refuse(error)
        return typed
    flash(_("Saved."), "success")
    return None


def file(number: int, field_id: str) -> ResponseReturnValue:
    """The file that a field of the ticket holds. Raises NotFound."""
    ticket = get_ticket(db.session(), visitor.standing(), number)
    return file_of(ticket, facts(ticket), field_id)
