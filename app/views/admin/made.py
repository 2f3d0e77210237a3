"""What administrators made, as the search of all settings finds it: by its names in every language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from app.access import manages_product_group
from app.content import types
from app.extensions import db
from app.locale import called, language
from app.models import definitions
from app.models.all import CalendarRecord, ProductGroup, State
from app.models.named import Named
from app.views import visitor

MOST_SHOWN = 10  # of one page


@dataclass(frozen=True)
class Made:
    """One thing: all that it is called, what the reader calls it, and its page."""

    names: tuple[str, ...]
    label: str
    url: str


def _fields() -> Iterator[Made]:
    for owner, owned in definitions.published(db.session()).fields.items():
        for field in owned:
            if field.is_live:
                names = (*field.labels.values(), field.name)
                yield Made(
                    names,
                    field.label(language()),
                    _page("FieldsView", f"/desk/fields/{field.id}", f"/desk/fields/?owner={owner}"),
                )


def _types() -> Iterator[Made]:
    for row in types.all_types():
        yield _named(row, _page("ContentTypesView", f"/desk/content-types/{row.code}", "/desk/content-types/"))


def _states() -> Iterator[Made]:
    for row in db.session.scalars(select(State).order_by(State.position, State.code)):
        yield _named(row, _page("StatesView", f"/desk/states/{row.code}", "/desk/states/"))


def _calendars() -> Iterator[Made]:
    for key, name in db.session.execute(select(CalendarRecord.id, CalendarRecord.name).order_by(CalendarRecord.name)):
        yield Made(
            (name,), name, _page("CalendarModelView", f"/desk/calendars/edit/{key}", f"/desk/calendars/show/{key}")
        )


def _product_groups() -> Iterator[Made]:
    own = select(ProductGroup).where(manages_product_group(visitor.standing())).order_by(ProductGroup.position)
    for row in db.session.scalars(own):
        edit, show = (f"/desk/product-groups/{way}/{row.id}" for way in ("edit", "show"))
        yield Made((row.name, *row.names.values()), called(row), _page("ProductGroupModelView", edit, show))


def _page(view: str, changed: str, read: str) -> str:
    """Where it is changed, or for who may not where it is read."""
    return changed if visitor.may("can_edit", view) else read


def _named(row: Named, url: str) -> Made:
    return Made((row.name_pl, row.name_en, *(row.names or {}).values()), row.name(language()), url)


MADE: Mapping[str, Callable[[], Iterator[Made]]] = {
    "FieldsView": _fields,
    "ContentTypesView": _types,
    "StatesView": _states,
    "CalendarModelView": _calendars,
    "ProductGroupModelView": _product_groups,
}
