"""Companies that are served."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import selectinload

from app.access import sees_organisation
from app.models.organisation import Organisation, OrganisationDomain
from app.models.ranges import Order
from app.views.admin.fields import REQUIRED, DomainsField, Free, text
from app.views.admin.settings import SettingsView
from app.views.desk.grid import visible


class OrganisationModelView(SettingsView):
    route_base = "/desk/organisations"
    datamodel = SettingsView.over(Organisation)
    clause = staticmethod(sees_organisation)
    base_filters = visible(sees_organisation)
    order = Order(Organisation.name, Organisation.id, descending=False)
    eager = (selectinload(Organisation.domains),)
    list_title = _l("Organisations")
    add_title = _l("Add an organisation")
    edit_title = _l("Change the organisation")
    text_filter = _l("How the name or a mail domain begins")
    label_columns = {"name": _l("Name"), "domains": _l("Mail domains"), "created_at": _l("Added")}
    list_columns = ["name", "domains", "created_at"]
    show_columns = ["name", "domains", "created_at"]
    add_columns = edit_columns = ["name", "domains"]
    add_form_extra_fields = edit_form_extra_fields = {
        "name": text(_l("Name"), REQUIRED, Free(Organisation.name), longest=200),
        "domains": DomainsField(
            _l("Mail domains"),
            description=_l("One a line. Whoever confirms an address in exactly this domain joins the organisation."),
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
