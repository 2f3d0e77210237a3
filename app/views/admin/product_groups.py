"""Product groups: their consultants, calendars and telephone digits."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from wtforms import BooleanField, IntegerField, SelectField
from wtforms.validators import NumberRange, Optional, Regexp

from app.access import manages_product_group
from app.extensions import db
from app.models.product_group import Assigning, Assignment, CalendarRecord, ProductGroup
from app.models.ranges import Order
from app.views import reference
from app.views.admin.fields import REQUIRED, Free, consultants_field, level_of, text
from app.views.admin.settings import SettingsView
from app.views.desk.grid import visible

ASSIGNING: dict[str, Any] = {
    Assigning.HAND: _l("By hand"),
    Assigning.TURNS: _l("To the consultants in turn"),
    Assigning.LOAD: _l("To whoever has the fewest open tickets"),
}


def calendar_choices() -> list[tuple[int, str]]:
    """The calendars; there are few."""
    rows = db.session.execute(select(CalendarRecord.id, CalendarRecord.name).order_by(CalendarRecord.name))
    return [(row_id, name) for row_id, name in rows]


def assigning_choices() -> list[tuple[str, str]]:
    """The ways in which a new ticket gets its consultant."""
    return [(way, str(words)) for way, words in ASSIGNING.items()]


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
        "assigning": _l("A new ticket is given"),
        "position": _l("Position"),
    }
    list_columns = ["name", "menu_digit", "calendar", "mailboxes", "assignments", "active"]
    show_columns = ["name", "menu_digit", "calendar", "mailboxes", "assignments", "assigning", "position", "active"]
    add_columns = edit_columns = ["name", "menu_digit", "calendar_id", "assignments", "assigning", "position", "active"]
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
        "assigning": SelectField(
            _l("A new ticket is given"), choices=assigning_choices, description=_l("Whoever is away is left out.")
        ),
        "position": IntegerField(_l("Position"), default=0, validators=[NumberRange(0, 9999)]),
        "active": BooleanField(
            _l("Active"), default=True, description=_l("Customers can choose it, and its consultants see new tickets.")
        ),
    }
    formatters_columns = {
        "assigning": lambda row: ASSIGNING[row.assigning],
        "mailboxes": lambda row: ", ".join(sorted(mailbox.name for mailbox in row.mailboxes)),
        "assignments": lambda row: ", ".join(sorted(level_of(place, place.account.name) for place in row.assignments)),
    }

    def post_add(self, item: ProductGroup) -> None:
        reference.forget()

    post_update = post_add
