"""Shared views of the ticket list. Whose they are stays behind: on the other desk they belong to the desk itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from urllib.parse import parse_qsl, urlencode

from flask_babel import gettext as _
from sqlalchemy import and_, or_, select

from app.desk.saved_views import LONGEST_QUERY
from app.extensions import db
from app.fields import Kind as FieldKind
from app.models import definitions
from app.models.product_group import ProductGroup
from app.models.saved_view import SavedView, SharedWith
from app.transfer.files import Item
from app.transfer.kind import Kind, Unfit

GROUP = "group"  # the filter that names product groups by their keys
OF_ONE_DESK = frozenset({"organisation", "requester", "text"})  # a company, a person, a ticket by its number
FIELD = "field."


class SavedViews(Kind):
    def rows(self) -> Sequence[SavedView]:
        """Those that are shared and name nothing that only this desk has."""
        groups, fields = {str(key) for key in db.session.scalars(select(ProductGroup.id))}, _references()
        with_some = and_(SavedView.shared_with == SharedWith.GROUP, SavedView.product_group_id.is_not(None))
        shared = db.session.scalars(select(SavedView).where(or_(with_some, SavedView.shared_with == SharedWith.DESK)))
        return [row for row in shared if _is_of_every_desk(row.query, groups, fields)]

    def check(self, uid: str, values: Item) -> None:
        super().check(uid, values)
        if len(values["query"]) > LONGEST_QUERY or not _is_of_every_desk(values["query"], None, _references()):
            raise Unfit(_("A view that names a person, an organisation or a ticket is not moved."))
        wanted = {SharedWith.GROUP: True, SharedWith.DESK: False}.get(values["shared_with"])
        if wanted is None or wanted != (values["product_group_id"] is not None):
            raise Unfit(_("It does not say with whom the view is shared."))

    def inside(self, values: Item) -> Iterable[tuple[str, str]]:
        return (("product_group", value) for name, value in parse_qsl(str(values.get("query", ""))) if name == GROUP)

    def freed(self, values: Item, ids: Mapping[str, Mapping[str, str]]) -> Item:
        return self._named(values, ids["product_group"].__getitem__)

    def bound(self, values: Item, ids: Mapping[str, Mapping[str, str]]) -> Item:
        keys = {uid: key for key, uid in ids["product_group"].items()}
        return self._named(values, keys.__getitem__)

    def _named(self, values: Item, called: Callable[[str], str]) -> Item:
        """The values, with product groups in the query called otherwise."""
        if "query" not in values:
            return values
        pairs = [(name, called(value) if name == GROUP else value) for name, value in parse_qsl(values["query"])]
        return {**values, "query": urlencode(pairs)}


def _is_of_every_desk(query: str, groups: set[str] | None, fields: frozenset[str]) -> bool:
    """Whether no filter names a row of one desk. `groups` are the keys of its product groups; None in a file."""
    for name, value in parse_qsl(query):
        if name in OF_ONE_DESK or (name == "assignee" and value.isdecimal()):
            return False
        if name == GROUP and groups is not None and value not in groups:
            return False
        if name.startswith(FIELD) and name.removeprefix(FIELD) in fields:
            return False
    return True


def _references() -> frozenset[str]:
    """Names of the fields of tickets whose values are rows."""
    found = definitions.published(db.session()).all_of("ticket")
    return frozenset(each.name for each in found if each.kind == FieldKind.REFERENCE)
