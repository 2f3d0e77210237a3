"""Product groups and their mailboxes."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload, selectinload
from wtforms import BooleanField, IntegerField, SelectField
from wtforms.validators import Email, NumberRange, Optional, Regexp

from app.access import manages_product_group
from app.extensions import db
from app.models.mailbox import Mailbox
from app.models.product_group import Assignment, CalendarRecord, ProductGroup
from app.models.ranges import Order
from app.views import reference
from app.views.admin.fields import REQUIRED, Free, consultants_field, level_of, text
from app.views.admin.settings import SettingsView, sees_settings
from app.views.desk.grid import visible
from app.views.reference import group_choices


def calendar_choices() -> list[tuple[int, str]]:
    """The calendars; there are few."""
    rows = db.session.execute(select(CalendarRecord.id, CalendarRecord.name).order_by(CalendarRecord.name))
    return [(row_id, name) for row_id, name in rows]


FREE_ADDRESS = Free(Mailbox.address, normal=str.lower)


def _nothing_is_none(digit: str | None) -> str | None:
    return digit or None


class ProductGroupModelView(SettingsView):
    route_base = "/desk/product-groups"
    datamodel = SettingsView.over(ProductGroup)
    clause = staticmethod(manages_product_group)
    base_filters = visible(manages_product_group)
    order = Order(ProductGroup.position, ProductGroup.id, descending=False)
    eager = (
        joinedload(ProductGroup.calendar),
        selectinload(ProductGroup.mailboxes),
        selectinload(ProductGroup.assignments).joinedload(Assignment.account),
    )
    list_title = _l("Product groups")
    add_title = _l("Add a product group")
    edit_title = _l("Change the product group")
    label_columns = {
        "name": _l("Name"),
        "menu_digit": _l("Telephone digit"),
        "calendar": _l("Calendar"),
        "mailboxes": _l("Mailboxes"),
        "assignments": _l("Consultants"),
        "active": _l("Active"),
        "position": _l("Position"),
    }
    list_columns = ["name", "menu_digit", "calendar", "mailboxes", "assignments", "active"]
    show_columns = ["name", "menu_digit", "calendar", "mailboxes", "assignments", "position", "active"]
    add_columns = edit_columns = ["name", "menu_digit", "calendar_id", "assignments", "position", "active"]
    add_form_extra_fields = edit_form_extra_fields = {
        "name": text(_l("Name"), REQUIRED, Free(ProductGroup.name), longest=80),
        "menu_digit": text(
            _l("Telephone digit"),
            Optional(),
            Regexp("^[0-9]$", message=_l("This is one digit.")),
            Free(ProductGroup.menu_digit),
            longest=1,
            hint=_l("What a caller presses to reach these consultants."),
            filters=[_nothing_is_none],
        ),
        "calendar_id": SelectField(_l("Calendar"), coerce=int, choices=calendar_choices),
        "assignments": consultants_field(),
        "position": IntegerField(_l("Position"), default=0, validators=[NumberRange(0, 9999)]),
        "active": BooleanField(
            _l("Active"), default=True, description=_l("Customers can choose it, and its consultants see new tickets.")
        ),
    }
    formatters_columns = {
        "mailboxes": lambda row: ", ".join(sorted(mailbox.name for mailbox in row.mailboxes)),
        "assignments": lambda row: ", ".join(sorted(level_of(place, place.account.name) for place in row.assignments)),
    }

    def post_add(self, item: ProductGroup) -> None:
        reference.forget()

    post_update = post_add


class MailboxModelView(SettingsView):
    """S5: every product group has its own address."""

    route_base = "/desk/mailboxes"
    datamodel = SettingsView.over(Mailbox)
    clause = staticmethod(sees_settings)
    base_filters = visible(sees_settings)
    order = Order(Mailbox.address, Mailbox.id, descending=False)
    eager = (joinedload(Mailbox.product_group),)
    list_title = _l("Mailboxes")
    add_title = _l("Add a mailbox")
    edit_title = _l("Change the mailbox")
    text_filter = _l("How the address begins")
    label_columns = {"address": _l("Address"), "name": _l("Shown as"), "product_group": _l("Product group")}
    label_columns |= {"active": _l("Active")}
    list_columns = ["address", "name", "product_group", "active"]
    show_columns = ["address", "name", "product_group", "active"]
    add_columns = edit_columns = ["address", "product_group_id", "active"]
    add_form_extra_fields = edit_form_extra_fields = {
        "address": text(
            _l("Address"),
            REQUIRED,
            Email(),
            FREE_ADDRESS,
            longest=200,
            hint=_l("Capital letters are only for the eye: they are shown."),
        ),
        "product_group_id": SelectField(_l("Product group"), coerce=int, choices=group_choices),
        "active": BooleanField(_l("Active"), default=True, description=_l("Letters to it are taken.")),
    }

    def prefill_form(self, form: Any, pk: int) -> None:
        """The address is kept in lower case; the person sees it as he wrote it."""
        form.address.data = self.row(pk).name

    def narrowed_by(self, words: str) -> ColumnElement[bool]:
        return Mailbox.address.startswith(words.lower(), autoescape=True)

    def pre_add(self, item: Mailbox) -> None:
        item.name, item.address = item.address, item.address.lower()

    pre_update = pre_add

    def title_of(self, row: Mailbox) -> str:
        return _("Mailbox %(address)s", address=row.name)
