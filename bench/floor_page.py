"""The floor of a list page: Flask, one indexed query by SQLAlchemy Core, a compiled template, nobody signed in.

Served like the desk (same gunicorn, same threads), over the same database, with as many rows and cells.
"""

from __future__ import annotations

import os

from flask import Flask
from sqlalchemy import column, create_engine, select, table

COLUMNS = ("number", "subject", "status", "priority", "product_group_id", "requester_id", "organisation_id", "channel")
COLUMNS += ("language", "arrived_at", "counts_as_received_at", "updated_at")
ROWS = 25
PAGE = """<!doctype html><title>{{ title }}</title><h1>{{ title }}</h1><table>
{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</table>"""

app = Flask(__name__)
template = app.jinja_env.from_string(PAGE)
engine = create_engine(f"sqlite:///{os.environ['BENCH_DATABASE']}")
columns = [column(name) for name in COLUMNS[: int(os.environ["BENCH_CELLS"])]]
query = select(*columns).select_from(table("ticket")).order_by(column("updated_at").desc(), column("id").desc())


@app.get("/")
def page() -> str:
    with engine.connect() as connection:
        return template.render(title="Tickets", rows=connection.execute(query.limit(ROWS)).all())
