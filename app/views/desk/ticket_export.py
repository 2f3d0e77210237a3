"""The desk's list of tickets as CSV or XLSX, with the fields that its reader may read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from flask import Response, request
from flask_babel import gettext as _

from app.access.fields import fields_of
from app.events.audit import AuditKind, printable, write_down
from app.events.transaction import transaction
from app.extensions import db
from app.locale import called, language
from app.models.ranges import Order, Rows
from app.models.ticket import Ticket
from app.views import visitor
from app.views.desk.columns import BUILT_IN, Column, fields_in
from app.views.desk.field_filters import TICKETS, cells
from app.views.reference import state_choices

AT_ONCE = 500  # rows that are read at a time
NEWEST = Order(Ticket.id, Ticket.id)


Answer = Callable[[str, Sequence[Any], Iterable[Sequence[Any]]], Response]


def export(rows: Rows, eager: Sequence[Any], answer: Answer) -> Response:
    """All that may be read of all the rows, the newest first, as a file of that kind."""
    fields = [each for each in fields_of(db.session(), visitor.standing(), TICKETS.owner) if each.in_export]
    named = [Column(code, "") for code in BUILT_IN if code != "due"]
    return export_seen(rows, NEWEST, [*named, *(Column("", "", each) for each in fields)], eager, answer)


def export_seen(rows: Rows, order: Order, columns: Sequence[Column], eager: Sequence[Any], answer: Answer) -> Response:
    """The rows in that order with these columns, as a file. That somebody took them is an entry of the audit log."""
    with transaction():
        filters = {printable(name): printable(value) for name, value in request.args.items()}
        write_down(AuditKind.EXPORTED, about="tickets", filters=filters)
    heads = [[each.field.label(language())] if each.field else _heads()[each.code] for each in columns]
    return answer("tickets", [_("Number"), _("Subject"), *chain(*heads)], _lines(rows, order, eager, columns))


def heads_besides() -> list[str]:
    """What stands over the columns that are neither the number nor a field, in the language of now."""
    return [_("Subject"), *chain(*_heads().values())]


def _lines(rows: Rows, order: Order, eager: Sequence[Any], columns: Sequence[Column]) -> Iterator[Sequence[Any]]:
    """No statement stays open while somebody downloads."""
    states, last = dict(state_choices(language())), None
    fields = fields_in(columns)
    while True:
        part = rows if last is None else rows.where(order.beyond(*last))
        found = db.session.scalars(part.read(order, AT_ONCE).options(*eager)).unique().all()
        texts = cells(found, fields)
        for row in found:
            own, values = iter(texts[row.id]), _values(row, states)
            parts = [[next(own)] if each.field else values[each.code] for each in columns]
            yield [row.number, row.subject, *chain(*parts)]
        if len(found) < AT_ONCE:
            return
        last = (order.value_of(found[-1]), found[-1].id)
        db.session.expunge_all()


def _heads() -> dict[str, list[str]]:
    """What stands over the built-in columns; some are two in a file."""
    one = {code: [str(label)] for code, label in BUILT_IN.items()}
    return {
        **one,
        "customer": [_("Organisation"), _("Reported by")],
        "arrived": [_("Arrived"), _("Counts as received")],
    }


def _values(row: Ticket, states: dict[str, str]) -> dict[str, list[Any]]:
    return {
        "state": [states.get(row.status, row.status)],
        "priority": [row.priority],
        "group": [called(row.product_group)],
        "customer": [row.organisation.name if row.organisation else "", row.requester.name],
        "assignee": [row.assignee.name if row.assignee else ""],
        "arrived": [_instant(row.arrived_at), _instant(row.counts_as_received_at)],
        "due": [_instant(row.due_at)],
        "updated": [_instant(row.updated_at)],
    }


def _instant(instant: datetime | None) -> str:
    return instant.isoformat(timespec="seconds") if instant else ""
