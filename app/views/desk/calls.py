"""A customer calls, a consultant writes it down (S6, S18)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.access import Standing
from app.accounts.join import bound_security
from app.accounts.registration import add_mail_only_customer, find_account
from app.desk import tickets
from app.desk.content import Contribution
from app.desk.errors import DeskError
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.product_group import ProductGroup
from app.models.ticket import Channel
from app.views.desk.forms import CallForm


class NotYourGroup(DeskError):
    sentence = _l("Choose one of the product groups that you answer for.")


def open_for_caller(form: CallForm, standing: Standing, *, by: Account) -> int:
    """The number of the new ticket. An unknown address becomes a customer's who only writes and calls (S17)."""
    group_id = int(form.product_group.data)
    if not standing.answers_for(group_id):
        raise NotYourGroup
    with transaction():
        ticket = tickets.open_ticket(
            requester=_caller(form),
            product_group=db.session.get_one(ProductGroup, group_id),
            subject=form.subject.data or "",
            contribution=Contribution(text=_clean(form.text.data).strip(), channel=Channel.TELEPHONE),
            by=by,
            priority=form.priority.data,
        )
        return ticket.number


def _caller(form: CallForm) -> Account:
    email = (form.email.data or "").strip().lower()
    known = find_account(email)
    if known is not None:
        return known
    return add_mail_only_customer(bound_security().datastore, email, _clean(form.name.data).strip(), "pl")


def _clean(text: str | None) -> str:
    return (text or "").replace("\x00", "")
