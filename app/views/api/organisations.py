"""Organisations by API: one's own, and for the desk all."""

from __future__ import annotations

from typing import ClassVar

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from app.access import sees_organisation
from app.accounts.mail_domains import UnfitDomain, fitting, set_domains
from app.extensions import db
from app.models.organisation import Organisation, OrganisationDomain
from app.views.admin.settings import NotSaved
from app.views.api import relations
from app.views.api.asked import Filterable
from app.views.api.bodies import OrganisationChange
from app.views.api.fields import WithFields, fill
from app.views.api.refusals import Unfit
from app.views.api.resource import Resource
from app.views.api.schemas import OrganisationSchema, item_of
from app.views.api.writing import Changeable, Given
from app.views.desk.grid import visible


class OrganisationApi(WithFields, Changeable):
    owner = "organisation"
    resource_name = "organisation"
    datamodel = Resource.over(Organisation)
    clause = staticmethod(sees_organisation)
    base_filters = visible(sees_organisation)
    include_route_methods: ClassVar[set[str]] = {*Resource.include_route_methods, "put", "file"}
    list_model_schema, show_model_schema = OrganisationSchema(), item_of(OrganisationSchema)
    edit_model_schema = OrganisationChange()
    list_columns = show_columns = list(OrganisationSchema._declared_fields)
    eager = (joinedload(Organisation.domains), joinedload(Organisation.calendar))
    filterable = {
        "id": Filterable(Organisation.id),
        "name": Filterable(Organisation.name),
        "domains": Filterable(OrganisationDomain.domain, by=(Organisation.id, OrganisationDomain.organisation_id)),
        "calendar": Filterable(Organisation.calendar_id, relation=True),
        "created_at": Filterable(Organisation.created_at),
    }
    sortable = {"id": Organisation.id, "name": Organisation.name}

    def change(self, pk: int, given: Given) -> None:
        """What its page changes, for those who may open it."""
        organisation = relations.organisation(pk)
        if "name" in given:
            organisation.name = _free(given["name"], organisation)
        if "domains" in given:
            try:
                set_domains(organisation, fitting(given["domains"], organisation_id=organisation.id))
            except UnfitDomain as error:
                raise Unfit({"domains": str(error)}) from error
        if "calendar" in given:
            organisation.calendar = relations.calendar(given["calendar"])
        if "fields" in given:
            fill(organisation, self.owner, given["fields"])
        try:
            db.session.flush()
        except IntegrityError as error:
            raise NotSaved from error


def _free(name: str, organisation: Organisation) -> str:
    """The name, unless another organisation has it. Raises Unfit."""
    holder = db.session.scalar(select(Organisation.id).where(Organisation.name == name))
    if holder not in (None, organisation.id):
        raise Unfit({"name": _("This is taken already.")})
    return name
