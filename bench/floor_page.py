"""The floor of a list page: Flask, one indexed query by SQLAlchemy Core, a compiled template, nobody signed in.

Served like the desk (same gunicorn, same threads), over the same database, with as many rows and cells.
`python -m bench.floor_page CELLS` serves it at BILETY_PORT.
"""

from __future__ import annotations

import sys
from typing import Any

from flask import Flask
from sqlalchemy import ColumnClause, UnaryExpression, column, create_engine, select, table

import config
from app.processes.web import Server

COLUMNS: tuple[str, ...] = (
    *("number", "subject", "status", "priority", "product_group_id", "requester_id", "organisation_id", "channel"),
    *("language", "arrived_at", "counts_as_received_at", "updated_at"),
)
ROWS = 25
PAGE = """<!doctype html><title>{{ title }}</title><h1>{{ title }}</h1><table>
{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</table>"""


def bare_app(database: str, cells: int) -> Flask:
    """An application of one page."""
    app = Flask(__name__)
    template = app.jinja_env.from_string(PAGE)
    engine = create_engine(database)
    columns: list[ColumnClause[Any]] = [column(name) for name in COLUMNS[:cells]]
    newest: list[UnaryExpression[Any]] = [column(name).desc() for name in ("updated_at", "id")]
    query = select(*columns).select_from(table("ticket")).order_by(*newest).limit(ROWS)

    @app.get("/")
    def page() -> str:
        with engine.connect() as connection:
            return template.render(title="Tickets", rows=connection.execute(query).all())

    return app


if __name__ == "__main__":
    settings = config.read()
    Server(settings, lambda: bare_app(settings.database_url, int(sys.argv[1]))).run()
