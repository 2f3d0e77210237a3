"""Companies that are served."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import joinedload, selectinload
from wtforms import SelectField

from app.access import sees_organisation
from app.models.organisation import Organisation, OrganisationDomain
from app.models.ranges import Order
from app.views.admin.fields import REQUIRED, DomainsField, Free, text
from app.views.admin.product_groups import calendar_choices
from app.views.admin.settings import SettingsView
from app.views.desk.filled import FilledView
from app.views.desk.grid import visible


def _id_or_none(value: Any) -> int | None:
    return int(value) if str(value).isdecimal() else None


def own_calendar_choices() -> list[tuple[Any, Any]]:
    """None, or one of the calendars."""
    return [("", _("That of the product group")), *calendar_choices()]


class OrganisationModelView(FilledView, SettingsView):
    owner = "organisation"
    include_route_methods = {*SettingsView.include_route_methods, "fields"}
    route_base = "/desk/organisations"
    datamodel = SettingsView.over(Organisation)
    clause = staticmethod(sees_organisation)
    base_filters = visible(sees_organisation)
    order = Order(Organisation.name, Organisation.id, descending=False)
    eager = (selectinload(Organisation.domains), joinedload(Organisation.calendar))
    list_title = _l("Organisations")
    add_title = _l("Add an organisation")
    edit_title = _l("Change the organisation")
    text_filter = _l("How the name or a mail domain begins")
    label_columns = {"name": _l("Name"), "domains": _l("Mail domains"), "created_at": _l("Added")}
    label_columns |= {"calendar": _l("Own calendar")}
    list_columns = ["name", "domains", "created_at"]
    show_columns = ["name", "domains", "calendar", "created_at"]
    add_columns = edit_columns = ["name", "domains", "calendar_id"]
    add_form_extra_fields = edit_form_extra_fields = {
        "name": text(_l("Name"), REQUIRED, Free(Organisation.name), longest=200),
        "domains": DomainsField(
            _l("Mail domains"),
            description=_l("One a line. Whoever confirms an address in exactly this domain joins the organisation."),
        ),
        "calendar_id": SelectField(
            _l("Own calendar"),
            coerce=_id_or_none,
            choices=own_calendar_choices,
            description=_l("Working hours agreed with this company, instead of those of the product group."),
        ),
    }
    formatters_columns = {"domains": lambda row: ", ".join(sorted(domain.domain for domain in row.domains))}

    def narrowed_by(self, words: str) -> ColumnElement[bool]:
        return or_(
            Organisation.name.istartswith(words, autoescape=True),
            Organisation.domains.any(OrganisationDomain.domain.istartswith(words, autoescape=True)),
        )

    def downloads(self, row: Organisation) -> list[tuple[Any, str]]:
        return [(_("Customers"), f"/desk/customers/list/?organisation={row.id}")]
