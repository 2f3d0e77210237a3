"""How many SQL statements a list page asks, counted by a listener at the engine."""

from __future__ import annotations

import os
import re
import sys

from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import event

from app.extensions import db
from bench.desks import CONSULTANT, CUSTOMER, Desk, named
from bench.measure import Figure, report

MOST = 5
LISTS = {
    "grid": (CONSULTANT, "/desk/tickets/list/"),
    "grid, filtered": (CONSULTANT, "/desk/tickets/list/?state=open"),
    "customer's list": (CUSTOMER, "/tickets/"),
    "customer's list, filtered": (CUSTOMER, "/tickets/?state=closed"),
}


def count(made: Desk) -> int:
    """Print the statements of every list page, first (nothing remembered yet) and again; 0 when the bar holds.

    With BENCH_SHOW set, also what they are.
    """
    app = made.application()
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not re.match(r"PRAGMA|BEGIN", statement):
            asked.append(statement)

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
    figures = []
    for name, (email, path) in LISTS.items():
        browser = app.test_client()
        _sign_in(browser, email, made.password(email))
        for turn in ("first", "again"):
            asked.clear()
            answer = browser.get(path)
            if answer.status_code != 200:
                raise RuntimeError(f"{path}: {answer.status}")
            if "BENCH_SHOW" in os.environ:
                print(f"{name}, {turn}", *(" ".join(statement.split()) for statement in asked), sep="\n    ")
            figures.append(Figure(f"{name}, {turn}", len(asked), at_most=MOST))
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    return report(f"SQL statements a page, {made.size} tickets", *figures)


def _sign_in(browser: FlaskClient, email: str, password: str) -> None:
    page = html.fromstring(browser.get("/login").text)
    form = next(form for form in page.forms if "password" in form.fields)
    fields = {name: value for name, value in form.fields.items() if value is not None}
    answer = browser.post("/login", data={**fields, "email": email, "password": password})
    if answer.status_code not in (302, 303):
        raise RuntimeError(f"{email} is not signed in: {answer.status}")


if __name__ == "__main__":
    sys.exit(count(named(sys.argv[1:])))
