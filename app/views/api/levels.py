"""Service levels by API: the desk reads them, administrators write them."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from app.access import sees_level
from app.calendar.errors import CalendarError
from app.desk.level_rules import alike, check_hours, promises_nothing, twin_of
from app.extensions import db
from app.models.level import ServiceLevel, TermKind
from app.views.admin.calendar_forms import complaint
from app.views.admin.settings import NotSaved
from app.views.api import relations
from app.views.api.asked import Filterable
from app.views.api.bodies import LevelChange, NewLevel
from app.views.api.refusals import Unfit
from app.views.api.resource import Resource
from app.views.api.schemas import LevelSchema, item_of
from app.views.api.writing import Changeable, Given, Postable
from app.views.desk.grid import visible


class ServiceLevelApi(Changeable, Postable):
    resource_name = "service_level"
    datamodel = Resource.over(ServiceLevel)
    clause = staticmethod(sees_level)
    base_filters = visible(sees_level)
    include_route_methods: ClassVar[set[str]] = {*Postable.include_route_methods, "put"}
    list_model_schema, show_model_schema = LevelSchema(), item_of(LevelSchema)
    add_model_schema, edit_model_schema = NewLevel(), LevelChange()
    list_columns = show_columns = list(LevelSchema._declared_fields)
    eager = (joinedload(ServiceLevel.product_group), joinedload(ServiceLevel.organisation))
    filterable = {
        "id": Filterable(ServiceLevel.id),
        "name": Filterable(ServiceLevel.name),
        "priority": Filterable(ServiceLevel.priority),
        "product_group": Filterable(ServiceLevel.product_group_id, relation=True),
        "organisation": Filterable(ServiceLevel.organisation_id, relation=True),
        "active": Filterable(ServiceLevel.active),
    }
    sortable = {"id": ServiceLevel.id, "name": ServiceLevel.name}

    def add(self, given: Given, _prepared: Any) -> ServiceLevel:
        level = ServiceLevel(active=True)
        _fill(level, given)
        return level

    def change(self, pk: int, given: Given) -> None:
        _fill(relations.service_level(pk), given)


def _fill(level: ServiceLevel, given: Given) -> None:
    """Write the keys into the level, as its page does. Raises Missing, Unfit, NotSaved."""
    said = dict(given)
    with db.session.no_autoflush:  # half of a level is none
        if "product_group" in said:
            level.product_group = relations.any_product_group(said.pop("product_group"))
        if "organisation" in said:
            organisation_id = said.pop("organisation")
            level.organisation = None if organisation_id is None else relations.organisation(organisation_id)
        for name, value in said.items():
            setattr(level, name, value)
        _check(level)
    db.session.add(level)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise NotSaved from error


def _check(level: ServiceLevel) -> None:
    """The rules of the level's page. Raises Unfit."""
    if not any(level.minutes(kind) for kind in TermKind):
        raise Unfit({f"{kind}_minutes": promises_nothing() for kind in TermKind})
    holder = db.session.scalar(select(ServiceLevel.id).where(ServiceLevel.name == level.name))
    if holder not in (None, level.id):
        raise Unfit({"name": _("This is taken already.")})
    group_id = level.product_group.id if level.product_group else None
    organisation_id = level.organisation.id if level.organisation else None
    twin = twin_of(level.priority, group_id, organisation_id, but=level.id) if level.active else None
    if twin is not None:
        raise Unfit({"priority": alike(twin)})
    try:
        check_hours(group_id, level.organisation)
    except CalendarError as error:
        raise Unfit({"product_group": complaint(error)}) from error
