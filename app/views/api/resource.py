"""What every resource of the API shares: FAB's ModelRestApi, read strictly, by keyset, under the access rule."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

from flask import Response, request
from flask_appbuilder.api import ModelRestApi, expose, permission_name, protect
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_babel import gettext as _
from marshmallow import Schema
from sqlalchemy import ColumnElement, ScalarSelect, Select, select
from sqlalchemy.orm.interfaces import ORMOption

from app.access import Standing
from app.extensions import db
from app.models.ranges import Order, Rows, key_of
from app.views import visitor
from app.views.api.asked import (
    ITEM_KEYS,
    LAST_ROW,
    LIST_KEYS,
    Asked,
    Column,
    Filterable,
    Refused,
    arguments,
    linked,
    read_columns,
    read_list,
    value_for,
)
from app.views.api.description import Described, with_row_answers
from app.views.api.list_schema import columns_schema, list_schema
from app.views.listing import COUNT_LIMIT, TooBroad, keys_of_indexed, rows_of


class Resource(Described, ModelRestApi):
    """GET of a list and of an item. Only tokens open it: a browser's cookie does not."""

    include_route_methods: ClassVar[set[str]] = {"get_list", "get"}
    allow_browser_login = False
    clause: Callable[[Standing], ColumnElement[bool]]
    listed: Callable[[Standing], Rows] | None = None  # the same rows for a list, where they are reached by several ways
    filterable: ClassVar[dict[str, Filterable]]
    sortable: ClassVar[dict[str, Column]]
    eager: tuple[ORMOption, ...] = ()
    is_matched: ClassVar[bool] = False  # whether a change names the state that it changes (matching.py)
    key_type: ClassVar[str] = "integer"  # of the key by which a row is asked for, as OpenAPI calls it
    add_columns: ClassVar[list[str]] = ["id"]  # There is no way to add or edit; FAB would list every column.
    edit_columns: ClassVar[list[str]] = ["id"]
    search_columns: ClassVar[list[str]] = ["id"]

    @classmethod
    def over(cls, model: type[Any]) -> SQLAInterface:
        return SQLAInterface(model, db.session)

    def filters(self) -> Mapping[str, Any]:
        """What this account may filter by."""
        return self.filterable

    def orders(self) -> Mapping[str, Any]:
        """What it may sort by."""
        return self.sortable

    def named(self, args: Mapping[str, Any]) -> None:
        """A list is asked for with these arguments, which fit."""

    @expose("/", methods=["GET"])
    @protect()
    @permission_name("get")
    def get_list(self) -> Response:
        """A page of the rows that the account may see.
        ---
        get:
          parameters:
          - in: query
            name: q
            description: What to list, as JSON or rison
          - in: query
            name: after
            description: The cursor that an earlier answer gave as next
            schema:
              type: string
              minLength: 3
          responses:
            200:
              description: A page
              content:
                application/json:
                  schema:
                    type: object
                    required: [count, count_capped, ids, list_columns, next, order_columns, result]
                    properties:
                      count:
                        type: integer
                        description: How many rows there are, counted up to 10,000; by fields up to 1,000 or less
                      count_capped:
                        type: boolean
                        description: Whether there are more than that
                      ids:
                        type: array
                        items:
                          type: '{{self.key_type}}'
                      list_columns:
                        type: array
                        items:
                          type: string
                      next:
                        type: ['string', 'null']
                        description: The cursor of the next page, to be given as after
                      order_columns:
                        type: array
                        items:
                          type: string
                      result:
                        type: array
                        items:
                          $ref: '#/components/schemas/{{self.__class__.__name__}}.get_list'
            400:
              $ref: '#/components/responses/400'
        """
        try:
            args = arguments(request, LIST_KEYS)
            asked = read_list(
                args,
                request.args.get("after"),
                columns=tuple(self.list_columns),
                filterable=self.filters(),
                sortable=self.orders(),
            )
            self.named(args)
            rows, (count, is_capped), more = self._rows(asked)
        except Refused as refusal:
            return self.response_400(message=str(refusal))
        following = _cursor(_order(asked, self.datamodel.obj), rows[-1]) if more else None
        answer = self.response(
            200,
            count=count,
            count_capped=is_capped,
            ids=[key_value(row) for row in rows],
            list_columns=asked.columns,
            next=following,
            order_columns=list(self.orders()),
            result=self._shown(rows, asked.columns),
        )
        return linked(answer, following)

    @expose("/<int:pk>", methods=["GET"])
    @protect()
    @permission_name("get")
    def get(self, pk: int) -> Response:
        """One row that the account may see.
        ---
        get:
          parameters:
          - in: path
            name: pk
            required: true
            schema:
              type: '{{self.key_type}}'
          - in: query
            name: q
            description: Which columns to show, as JSON or rison
          responses:
            200:
              description: The row
              content:
                application/json:
                  schema:
                    type: object
                    required: [id, result, show_columns]
                    properties:
                      id:
                        type: '{{self.key_type}}'
                      result:
                        $ref: '#/components/schemas/{{self.__class__.__name__}}.get'
                      show_columns:
                        type: array
                        items:
                          type: string
            400:
              $ref: '#/components/responses/400'
        """
        return self.item(pk)

    def item(self, pk: Any) -> Response:
        """The answer that shows one row."""
        try:
            columns = read_columns(arguments(request, ITEM_KEYS), tuple(self.show_columns))
        except Refused as refusal:
            return self.response_400(message=str(refusal))
        found = self.shown(pk)
        if found is None:
            return self.response_404()
        return self.response(200, id=pk, result={name: found[name] for name in columns}, show_columns=columns)

    def shown(self, pk: Any) -> dict[str, Any] | None:
        """The row of that id as this account sees it; None where it does not."""
        row_id = key_of(self.datamodel.obj)
        wanted = value_for(row_id, pk, "id")
        if wanted is None:
            return None
        query = select(self.datamodel.obj).where(row_id == wanted, type(self).clause(visitor.standing()))
        row = db.session.scalars(query.options(*self.eager)).unique().one_or_none()
        return None if row is None else self.plain(self.show_model_schema, [row])[0]

    def plain(self, schema: Schema, rows: Sequence[Any]) -> list[dict[str, Any]]:
        """The rows as JSON has them."""
        found: list[dict[str, Any]] = schema.dump(rows, many=True)
        return found

    def response_400(self, message: str | None = None) -> Response:
        return self.response(400, message=message or _("This request was not understood"))

    def response_401(self) -> Response:
        return self.response(401, message=_("Sign in first."))

    def response_403(self) -> Response:
        return self.response(403, message=_("You may not do this"))

    def response_404(self) -> Response:
        return self.response(404, message=_("There is no such thing, or it is not open to you."))

    def _rows(self, asked: Asked) -> tuple[Sequence[Any], tuple[int, bool], bool]:
        """The rows of the page, how many there are and whether that was counted to the end, and whether more follow."""
        model, standing = self.datamodel.obj, visitor.standing()
        listed = type(self).listed
        rows = listed(standing) if listed else Rows(model, (type(self).clause(standing),))
        order = _order(asked, model)
        after = None if asked.after is None else _position(asked, order)
        indexed = [condition.indexed for condition in asked.conditions if condition.indexed is not None]
        indexed += [order.indexed] if order.indexed is not None else []
        if indexed:
            return self._narrowed(rows.narrowed(indexed), asked, order, after)
        if order.read is not None:
            rows = rows.where(order.column.is_not(None))
        if asked.has_spans:
            query, total = _within_spans(rows, asked, order, after)
            found = db.session.scalars(query.options(*self.eager)).unique().all() if total else []
            return found[: asked.size], (min(total, LAST_ROW), total > LAST_ROW), len(found) > asked.size
        rows = rows.where(*(condition.plain for condition in asked.conditions))
        shown, count = rows if after is None else rows.where(order.beyond(*after)), rows.count(LAST_ROW + 1)
        query = shown.keys(order, asked.size + 1, offset=asked.offset).add_columns(count)
        keys = db.session.execute(query).all()
        total = keys[0][-1] if keys else self._count(asked, count)
        counted = min(total, LAST_ROW), total > LAST_ROW
        return rows_of(model, keys[: asked.size], self.eager), counted, len(keys) > asked.size

    def _narrowed(
        self, rows: Rows, asked: Asked, order: Order, after: tuple[Any, Any] | None
    ) -> tuple[Sequence[Any], tuple[int, bool], bool]:
        """The same of a list by fields, found as the desk's is. Raises Refused."""
        rows = rows.where(*(condition.aside for condition in asked.conditions if condition.indexed is None))
        is_first = after is None and not asked.offset
        try:
            keys = keys_of_indexed(rows, order, after, asked.size + 1, offset=asked.offset)
            told = keys if keys or is_first else keys_of_indexed(rows, order, None, 1)
        except TooBroad as error:
            raise Refused(error.sentence) from error
        more, count = len(keys) > asked.size, told[0][-1] if told else 0
        if count is None:  # Only this page tells.
            counted = asked.offset + min(len(keys), asked.size), more or not is_first
        else:
            counted = min(count, COUNT_LIMIT), count > COUNT_LIMIT
        return rows_of(rows.model, keys[: asked.size], self.eager), counted, more

    def _count(self, asked: Asked, count: ScalarSelect[int]) -> int:
        """How many rows there are, where the page has none: none at all if it is the first."""
        is_first = asked.after is None and not asked.offset
        return 0 if is_first else db.session.scalar(select(count)) or 0

    def _shown(self, rows: Sequence[Any], columns: Sequence[str]) -> list[dict[str, Any]]:
        return [{name: row[name] for name in columns} for row in self.plain(self.list_model_schema, rows)]

    def operation_helper(self, operations: dict[str, Any], func: Callable[..., Any], **rest: Any) -> None:
        """What the docstrings leave open: the type of this resource's key, and what its lists can be asked for."""
        super().operation_helper(operations=operations, func=func, **rest)
        filled = json.loads(json.dumps(operations).replace("{{self.key_type}}", self.key_type))
        for method, operation in filled.items():
            is_matched = self.is_matched and (method in ("put", "delete") or func.__name__.startswith("act_"))
            row = f"{type(self).__name__}.get"
            operation["responses"] = with_row_answers(operation["responses"], row, self.key_type)
            if is_matched:
                operation["parameters"].append("If-Match")
            if self.is_matched and func.__name__ == "get":
                operation["responses"]["304"] = {"description": "It is what If-None-Match names"}
        for parameter in filled.get("get", {}).get("parameters", ()):
            if parameter["name"] == "q":
                listed = list_schema(self.list_columns, self.filterable, self.sortable)
                schema = listed if func.__name__ == "get_list" else columns_schema(self.show_columns)
                parameter["content"] = {"application/json": {"schema": schema}}
        operations.update(filled)


def _within_spans(rows: Rows, asked: Asked, order: Order, after: tuple[Any, Any] | None) -> tuple[Select[Any], int]:
    """The query of a page of what lies within spans of time, and the count. Few rows are gathered by their span and
    sorted; of many the first are soon met on the way of the order."""
    within = rows.where(*(condition.plain for condition in asked.conditions))
    total = db.session.scalar(select(within.count(LAST_ROW + 1))) or 0
    if total <= LAST_ROW:
        found = within.gather(order, asked.size + 1, most=LAST_ROW + 1, offset=asked.offset, after=after)
        return rows.of(found, order), total
    met = rows.where(*(condition.aside for condition in asked.conditions))
    shown = met if after is None else met.where(order.beyond(*after))
    return shown.read(order, asked.size + 1, offset=asked.offset), total


def key_value(row: Any) -> Any:
    """By what the row is asked for."""
    return getattr(row, key_of(type(row)).key)


def _order(asked: Asked, model: type[Any]) -> Order:
    """The order that was asked for. One by a field holds only the rows that have a value."""
    if isinstance(asked.order, Order):
        return replace(asked.order, descending=asked.descending)
    return Order(asked.order, key_of(model), asked.descending)


def _cursor(order: Order, row: Any) -> str:
    value = order.value_of(row)
    return f"{value.isoformat() if isinstance(value, datetime) else value}~{key_value(row)}"


def _position(asked: Asked, order: Order) -> tuple[Any, Any]:
    """Where the page begins. Raises Refused for a cursor that is not ours."""
    text, _mark, row_id = (asked.after or "").rpartition("~")
    try:
        position = value_for(order.column, text, "after"), value_for(order.id_column, row_id, "after")
    except Refused:
        position = None, None
    if None in position:
        raise Refused(_("The cursor is not one that an earlier answer gave as next."))
    return position
