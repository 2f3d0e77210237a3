"""Saved views by API: one's own kept, changed and deleted, shared ones by the rules of their page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlencode

from flask import Response
from flask_babel import gettext as _
from marshmallow import Schema
from marshmallow import fields as kinds
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.datastructures import MultiDict

from app.access import changes_view, sees_view
from app.content.documents import etag_of
from app.desk import saved_views
from app.desk.errors import DeskError
from app.extensions import db
from app.models.saved_view import SavedView, SharedWith
from app.views import visitor
from app.views.api import relations
from app.views.api.asked import Filterable
from app.views.api.body import Body, Code, Line, RowId, Words
from app.views.api.matching import Matched
from app.views.api.refusals import Missing, Unfit
from app.views.api.resource import Resource
from app.views.api.schemas import NAMED, Named, NamedGroup, item_of
from app.views.api.writing import Changeable, Given, Postable, Removable
from app.views.desk import columns, field_filters
from app.views.desk.asked import kept_of, opened
from app.views.desk.grid import visible


class SavedViewChange(Body):
    """What a view shows, and who may open it; only the keys that are given change. `query` is what the address of the
    list of tickets has after its question mark."""

    name = Line(saved_views.LONGEST_NAME, least=1)
    query = Words(saved_views.LONGEST_QUERY)
    shared_with = Code(*SharedWith)
    product_group = RowId(allow_none=True)


class NewSavedView(SavedViewChange):
    """A view more."""

    name = Line(saved_views.LONGEST_NAME, least=1, required=True)
    query = Words(saved_views.LONGEST_QUERY, required=True)


class SavedViewSchema(Schema):
    """A list of tickets under a name. `left_out` tells of what kinds (filter, order, column) the view asks for more, by
    fields that are gone or not open to this account."""

    id = kinds.Integer()
    name = kinds.String()
    query = kinds.String()
    left_out = kinds.List(kinds.String(), dump_default=[])
    owner = kinds.Nested(Named, allow_none=True, metadata={"description": "Null for one from another desk"})
    shared_with = kinds.String(metadata={"description": "nobody, group (who sees its tickets) or desk"})
    product_group = kinds.Nested(NamedGroup, allow_none=True)


class SavedViewApi(Matched, Changeable, Postable, Removable):
    resource_name = "saved_view"
    datamodel = Resource.over(SavedView)
    clause = staticmethod(sees_view)
    base_filters = visible(sees_view)
    include_route_methods: ClassVar[set[str]] = {*Postable.include_route_methods, "put", "delete"}
    list_model_schema, show_model_schema = SavedViewSchema(), item_of(SavedViewSchema)
    add_model_schema, edit_model_schema = NewSavedView(), SavedViewChange()
    list_columns = show_columns = list(SavedViewSchema._declared_fields)
    eager = (joinedload(SavedView.owner).load_only(*NAMED), joinedload(SavedView.product_group))
    filterable = {
        "id": Filterable(SavedView.id),
        "name": Filterable(SavedView.name),
        "owner": Filterable(SavedView.owner_id, relation=True),
        "shared_with": Filterable(SavedView.shared_with),
        "product_group": Filterable(SavedView.product_group_id, relation=True),
    }
    sortable = {"id": SavedView.id, "name": SavedView.name}

    def plain(self, schema: Schema, rows: Sequence[Any]) -> list[dict[str, Any]]:
        """A view names no field that its reader may not see: its query is the one that the list would show him."""
        return [
            each | {"query": shown.query, "left_out": sorted(set(shown.left_out))}
            for each, shown in zip(super().plain(schema, rows), map(opened, rows), strict=True)
        ]

    def etag(self, row: SavedView) -> str:
        """Of what this account is shown: so it tells nothing of a field that is not open to it."""
        return etag_of("saved_view", *map(str, (row.id, row.name, opened(row).query, *_sharing(row))))

    def item(self, pk: Any) -> Response:
        response = super().item(pk)
        return self.marked(pk, response, db.session.get_one(SavedView, pk)) if response.status_code == 200 else response

    def add(self, given: Given, _prepared: Any) -> SavedView:
        me, standing = visitor.account(), visitor.standing()
        sharing = _shared(given, (SharedWith.NOBODY, None))
        return saved_views.keep(given["name"], _query(given["query"]), sharing, by=me, standing=standing)

    def change(self, pk: int, given: Given) -> None:
        view = self._locked(pk)
        name, query = given.get("name", view.name), _query(given["query"]) if "query" in given else view.query
        sharing = _shared(given, _sharing(view))
        saved_views.change(view, visitor.standing(), name=name, query=query, sharing=sharing)

    def remove(self, pk: int) -> None:
        """The tickets that it shows stay as they are."""
        db.session.delete(self._locked(pk))

    def _locked(self, pk: int) -> SavedView:
        """The view, if this account may change it and it is still what was read. Raises Missing, Unmatched, Stale."""
        wanted = select(SavedView).where(SavedView.id == pk, changes_view(visitor.standing()))
        row = db.session.scalar(wanted.with_for_update(of=SavedView)) if relations.possible([pk]) else None
        if row is None:
            raise Missing
        self.check(pk, row)
        return row


def _sharing(view: SavedView) -> saved_views.Sharing:
    return view.shared_with, view.product_group_id


def _shared(given: Given, before: saved_views.Sharing) -> saved_views.Sharing:
    """With whom it is to be shared; a product group belongs to one kind of sharing only. Raises Unfit, Missing."""
    shared_with = given.get("shared_with", before[0])
    if shared_with != SharedWith.GROUP:
        if given.get("product_group") is not None:
            raise Unfit({"product_group": _("Only a view that is shared with a product group has one.")})
        return shared_with, None
    group_id = given.get("product_group", before[1])
    if group_id is None:
        raise Unfit({"product_group": _("This key is needed.")})
    if group_id != before[1]:
        relations.any_product_group(group_id)
    return shared_with, group_id


def _query(text: str) -> str:
    """The query as the list keeps it. Raises Unfit for what the list does not know or does not offer this account: left
    out in silence, the view would show what nobody asked for."""
    given: MultiDict[str, str] = MultiDict(parse_qsl(text))
    kept = kept_of(given)
    if unknown := set(given) - {name for name, _value in kept}:
        raise Unfit({"query": _("There is no filter “%(name)s” in the list of tickets.", name=sorted(unknown)[0][:60])})
    asked: MultiDict[str, str] = MultiDict(kept)
    try:
        field_filters.conditions(asked)
    except DeskError as error:
        raise Unfit({"query": str(error)}) from error
    if unknown := set(asked.getlist(columns.COLUMN)) - {column.code for column in columns.every()}:
        raise Unfit({"query": _("There is no column “%(name)s” here.", name=sorted(unknown)[0][:60])})
    return urlencode(kept)
