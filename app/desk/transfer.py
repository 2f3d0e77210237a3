"""A ticket goes to another product group: whoever manages the group that it leaves decides that."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.access import standing_of
from app.desk import levels
from app.desk.errors import DeskError
from app.desk.rows import touch
from app.events.record import EventKind, record
from app.extensions import db
from app.models.account import Account
from app.models.product_group import ProductGroup
from app.models.ticket import Ticket


class NoSuchGroup(DeskError):
    sentence = _l("Choose a product group that takes tickets.")


def transfer(ticket: Ticket, *, to: ProductGroup | None, by: Account) -> None:
    """Its consultants hear of it as of a new ticket; an assignee who does not answer there loses it.

    Both clocks stay as they were told to the customer; what is promised is that of the new group. Raises NoSuchGroup.
    """
    if to is None or not to.active:
        raise NoSuchGroup
    if to.id == ticket.product_group_id:
        return
    before, ticket.product_group = ticket.product_group.name, to
    if ticket.assignee and not standing_of(db.session(), ticket.assignee).answers_for(to.id):
        ticket.assignee = None
    touch(ticket)
    record(ticket, EventKind.TRANSFERRED, by=by, before=before, after=to.name)
    levels.freeze_anew(ticket, by=by)
