"""Service levels: what is promised for which tickets, and when somebody is warned."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask_babel import format_percent
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from wtforms import BooleanField, Field, Form, IntegerField, SelectField, StringField, ValidationError
from wtforms.validators import NumberRange, Optional

from app.calendar.errors import CalendarError
from app.desk.level_rules import alike, check_hours, promises_nothing, twin_of
from app.extensions import db
from app.locale import length
from app.mail.names import PRIORITY_NAMES
from app.models.level import WARN_PERCENT, ServiceLevel
from app.models.organisation import Organisation
from app.models.ranges import Order
from app.views.admin.calendar_forms import complaint
from app.views.admin.fields import REQUIRED, Free, clean, text
from app.views.admin.settings import SettingsView
from app.views.reference import group_choices

TIMES = ("first_minutes", "next_minutes", "solution_minutes")
EVERY = ("", _l("Every"))
LONGEST_PROMISE = 600_000  # working minutes


class OrganisationField(StringField):
    """An organisation by its name: there may be thousands, so none are listed. Empty is every one."""

    def process_data(self, value: Any) -> None:
        self.data = value.name if value else ""

    def organisation(self) -> Organisation | None:
        query = select(Organisation).where(Organisation.name == (clean(self.data) or ""))
        return db.session.scalars(query).one_or_none()

    def pre_validate(self, form: Form) -> None:
        if clean(self.data) and self.organisation() is None:
            raise ValidationError(_("There is no organisation named %(name)s.", name=self.data))

    def populate_obj(self, obj: ServiceLevel, _name: str) -> None:
        obj.organisation = self.organisation()


class PromisesSomething:
    """Refuses a level without any time, and one by hours that never come."""

    def __call__(self, form: Form, _field: Field) -> None:
        fields: Any = form
        if not any(fields[name].data or fields[name].errors for name in TIMES):
            raise ValidationError(promises_nothing())
        try:
            check_hours(fields.product_group_id.data, fields.organisation.organisation())
        except CalendarError as error:
            raise ValidationError(complaint(error)) from error


class NoneAlike:
    """Refuses an active level for exactly the tickets of another one: nobody could say which holds."""

    def __call__(self, form: Form, _field: Field) -> None:
        fields: Any = form
        organisation = fields.organisation.organisation()
        meant_for = (fields.priority.data, fields.product_group_id.data, organisation.id if organisation else None)
        name = twin_of(*meant_for, but=getattr(form, "_id", None)) if fields.active.data else None
        if name is not None:
            raise ValidationError(alike(name))


def _none(value: Any) -> str | None:
    return None if value in ("", None, "None") else str(value)


def _id_or_none(value: Any) -> int | None:
    return int(value) if str(value).isdecimal() else None


def in_words(minutes: int | None) -> str:
    return length(timedelta(minutes=minutes)) if minutes else "–"


def minutes(label: Any) -> IntegerField:
    return IntegerField(
        label,
        validators=[Optional(), NumberRange(1, LONGEST_PROMISE)],
        description=_l("Working minutes; empty: no promise."),
    )


class ServiceLevelModelView(SettingsView):
    route_base = "/desk/levels"
    datamodel = SettingsView.over(ServiceLevel)
    order = Order(ServiceLevel.name, ServiceLevel.id, descending=False)
    eager = (joinedload(ServiceLevel.product_group), joinedload(ServiceLevel.organisation))
    list_title = _l("Service levels")
    add_title = _l("Add a service level")
    edit_title = _l("Change the service level")
    hint = _l(
        "Of the levels that fit a ticket the most specific holds: an organisation counts more than a product group,"
        " that more than a priority. What is promised of a ticket stays as it was when the ticket came."
    )
    label_columns = {
        "name": _l("Name"),
        "priority": _l("Priority"),
        "product_group": _l("Product group"),
        "organisation": _l("Organisation"),
        "first_minutes": _l("First answer"),
        "next_minutes": _l("Next answer"),
        "solution_minutes": _l("Solution"),
        "warn_percent": _l("Warns after"),
        "pause_for_third_party": _l("Stands for third parties"),
        "active": _l("Active"),
    }
    list_columns = show_columns = [*label_columns]
    add_columns = edit_columns = [
        *("name", "priority", "product_group_id", "organisation", "first_minutes", "next_minutes"),
        *("solution_minutes", "warn_percent", "pause_for_third_party", "active"),
    ]
    add_form_extra_fields = edit_form_extra_fields = {
        "name": text(_l("Name"), REQUIRED, Free(ServiceLevel.name), NoneAlike(), PromisesSomething(), longest=80),
        "priority": SelectField(_l("Priority"), coerce=_none, choices=[EVERY, *PRIORITY_NAMES.items()]),
        "product_group_id": SelectField(
            _l("Product group"), coerce=_id_or_none, choices=lambda: [EVERY, *group_choices()]
        ),
        "organisation": OrganisationField(_l("Organisation"), description=_l("Its whole name. Empty: every one.")),
        "first_minutes": minutes(_l("First answer")),
        "next_minutes": minutes(_l("Next answer")),
        "solution_minutes": minutes(_l("Solution")),
        "warn_percent": IntegerField(
            _l("Warn after, percent of the time"),
            default=WARN_PERCENT,
            validators=[NumberRange(1, 100)],
            description=_l("100 warns nobody. Warnings and escalations go out in working hours only."),
        ),
        "pause_for_third_party": BooleanField(_l("The clocks also stand while a third party has to act")),
        "active": BooleanField(_l("Active"), default=True, description=_l("Counts for tickets that come from now on.")),
    }
    formatters_columns = {
        "priority": lambda row: PRIORITY_NAMES.get(row.priority, _("Every")),
        "product_group": lambda row: row.product_group or _("Every"),
        "organisation": lambda row: row.organisation or _("Every"),
        "first_minutes": lambda row: in_words(row.first_minutes),
        "next_minutes": lambda row: in_words(row.next_minutes),
        "solution_minutes": lambda row: in_words(row.solution_minutes),
        "warn_percent": lambda row: format_percent(row.warn_percent / 100) if row.warn_percent < 100 else "–",
    }
