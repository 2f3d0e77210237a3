"""The acts by which a ticket is opened to somebody or closed to colleagues: the same in the portal and at the desk."""

from __future__ import annotations

from flask import flash, request
from flask_babel import gettext as _
from sqlalchemy import select

from app.access import Right, get_ticket
from app.accounts.addresses import BadAddress, understood
from app.accounts.join import bound_security
from app.accounts.registration import add_mail_only_customer, find_account
from app.desk import participants
from app.events.transaction import transaction
from app.extensions import db
from app.locale import language
from app.models.account import Account
from app.models.mailbox import Mailbox
from app.models.ticket import Ticket
from app.views import visitor
from app.views.desk.filters import row_id


def let_in(number: int) -> None:
    """Let the address that the form names into the ticket. Raises NotFound, DeskError."""
    try:
        email = understood(request.form.get("email"))
    except BadAddress as error:
        flash(str(error), "error")
        return
    with transaction():
        ticket = _shared(number)
        participants.let_in(ticket, owner_of(email), by=visitor.account())
    flash(_("%(email)s takes part in this ticket now.", email=email), "success")


def show_out(number: int) -> None:
    """Show out the account that the form names. Raises NotFound."""
    account_id = row_id(request.form.get("account", ""))
    with transaction():
        participants.show_out(_shared(number), account_id or 0, by=visitor.account())
    flash(_("The participant was removed."), "success")


def set_confidential(number: int) -> None:
    """As the form says. Raises NotFound."""
    wanted = bool(request.form.get("confidential"))
    with transaction():
        ticket = get_ticket(db.session(), visitor.standing(), number, may=Right.HIDE, lock=True)
        participants.set_confidential(ticket, to=wanted, by=visitor.account())
    flash(
        _("The ticket is confidential: colleagues do not see it.") if wanted else _("The ticket is not confidential."),
        "success",
    )


def owner_of(email: str) -> Account:
    """The account of the address; an unknown one is made a mail-only customer. Raises CannotTakePart."""
    if db.session.scalar(select(Mailbox.id).where(Mailbox.address == email)) is not None:
        raise participants.CannotTakePart  # Our own letters would come back to us.
    account = find_account(email)
    if account is None:
        account = add_mail_only_customer(bound_security().datastore, email, "", language())
        db.session.flush()
    return account


def _shared(number: int) -> Ticket:
    return get_ticket(db.session(), visitor.standing(), number, may=Right.SHARE, lock=True)
