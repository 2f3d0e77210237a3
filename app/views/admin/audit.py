"""The audit log, to be read and taken along, never changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from flask import request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement

from app.access import sees_records
from app.events.audit import AuditKind, printable, write_down
from app.events.transaction import transaction
from app.extensions import db
from app.models.audit import AuditEntry
from app.models.ranges import Order, Rows
from app.views.admin.audit_words import KINDS, VIAS, details
from app.views.admin.names import called
from app.views.csv_file import csv_answer
from app.views.desk.filters import day_in
from app.views.desk.grid import GridView, visible
from app.views.doors import requires

AT_ONCE = 500  # rows that an export reads at a time


class AuditModelView(GridView):
    route_base = "/desk/audit"
    datamodel = GridView.over(AuditEntry)
    clause = staticmethod(sees_records)
    base_filters = visible(sees_records)
    include_route_methods = {"list", "show", "export"}
    order = Order(AuditEntry.id, AuditEntry.id)
    list_title = _l("Audit log")
    hint = _l("Who did what, when and from where. Nobody can change or remove an entry.")
    text_filter = _l("Who: how the address begins")
    add_columns = edit_columns = ["id"]
    label_columns = {
        "id": _l("Entry"),
        "created_at": _l("When"),
        "who": _l("Who"),
        "kind": _l("What"),
        "about": _l("About"),
        "details": _l("Details"),
        "address": _l("Network address"),
        "via": _l("Came in by"),
    }
    list_columns = ["created_at", "who", "kind", "about", "details", "address"]
    show_columns = ["created_at", "who", "kind", "about", "details", "address", "via"]
    formatters_columns = {
        "kind": lambda row: called(KINDS, row.kind),
        "via": lambda row: called(VIAS, row.via),
        "details": lambda row: details(row.data),
    }

    @expose("/export")
    @requires("export")
    def export(self) -> ResponseReturnValue:
        """All the rows that the address's filters let through, as CSV. That somebody took them is itself an entry."""
        with transaction():
            filters = {printable(name): printable(value) for name, value in request.args.items()}
            write_down(AuditKind.EXPORTED, about="audit", filters=filters)
        head = [self.label_columns[name] for name in ("id", *self.show_columns)]
        return csv_answer("audit", head, self._all_cells())

    def rows(self) -> Rows:
        rows = super().rows()
        kind, address = request.args.get("kind", ""), _text("address")
        since, until = day_in(request.args.get("since", "")), day_in(request.args.get("until", ""))
        conditions: list[ColumnElement[bool] | None] = [
            AuditEntry.kind == kind if kind in list(AuditKind) else None,
            AuditEntry.address == address if address else None,
            AuditEntry.created_at >= since if since else None,
            AuditEntry.created_at < until + timedelta(days=1) if until else None,
        ]
        return rows.where(*(condition for condition in conditions if condition is not None))

    def narrowed_by(self, words: str) -> ColumnElement[bool]:
        return AuditEntry.who.startswith(words.lower(), autoescape=True)

    def choices(self) -> list[tuple[str, Any, list[tuple[str, Any]]]]:
        return [("kind", _l("What"), [(str(code), words) for code, words in KINDS.items()])]

    def inputs(self) -> list[tuple[str, Any, str]]:
        return [
            ("address", _l("Network address"), "text"),
            ("since", _l("From day"), "date"),
            ("until", _l("To day"), "date"),
        ]

    def whole(self) -> list[tuple[Any, str]]:
        asked = urlencode([(name, value) for name, value in request.args.items(multi=True) if value])
        return [(_("Download as CSV"), self.address(f"export?{asked}"))] if self.offers("export") else []

    def title_of(self, row: AuditEntry) -> str:
        return _("Entry %(id)s", id=row.id)

    def _all_cells(self) -> Iterator[Sequence[Any]]:
        """The cells of each row, the newest first; no statement stays open while somebody downloads."""
        asked, oldest = self.rows(), None
        while True:
            part = asked if oldest is None else asked.where(AuditEntry.id < oldest)
            found = db.session.scalars(part.read(self.order, AT_ONCE)).all()
            for row in found:
                yield [row.id, *(self._cell(row, name) for name in self.show_columns)]
            db.session.expunge_all()
            if len(found) < AT_ONCE:
                return
            oldest = found[-1].id

    def _cell(self, row: AuditEntry, name: str) -> Any:
        return row.created_at.isoformat(timespec="seconds") if name == "created_at" else self.value(row, name)


def _text(name: str) -> str:
    return request.args.get(name, "").replace("\x00", "").strip()[:200]
