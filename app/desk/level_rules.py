"""What administrators may not promise: nothing at all, the same twice, or something in hours that never come."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from app.calendar.clock import next_open_moment
from app.desk.clocks import calendar_of, record_for
from app.extensions import db
from app.models.level import ServiceLevel
from app.models.organisation import Organisation
from app.models.product_group import ProductGroup
from app.models.types import utc_now


def twin_of(
    priority: str | None, product_group_id: int | None, organisation_id: int | None, *, but: int | None = None
) -> str | None:
    """The name of another active level for exactly the same tickets: nobody could say which holds."""
    query = select(ServiceLevel.name).where(
        ServiceLevel.priority.is_not_distinct_from(priority),
        ServiceLevel.product_group_id.is_not_distinct_from(product_group_id),
        ServiceLevel.organisation_id.is_not_distinct_from(organisation_id),
        ServiceLevel.id != (but or 0),
        ServiceLevel.active,
    )
    return db.session.scalar(query.limit(1))


def alike(name: str) -> str:
    """What is said of such a level."""
    return _("The level %(name)s is for exactly the same tickets.", name=name)


def promises_nothing() -> str:
    """What is said of a level without any time."""
    return _("Promise at least one of the three times.")


def check_hours(product_group_id: int | None, organisation: Organisation | None) -> None:
    """Raises CalendarError where what is promised would be counted by hours that never come."""
    chosen = ProductGroup.id == product_group_id if product_group_id else ProductGroup.active
    groups = db.session.scalars(select(ProductGroup).where(chosen))
    for record in {record_for(group, organisation) for group in groups}:
        next_open_moment(calendar_of(record), utc_now())
