"""The desk's list filtered and sorted by fields, at size, through the pages themselves: how long the database takes;
and how long others wait to write while the indexes are built.

`python -m bench fields [--tickets N] [--keep FOLDER]`
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import threading
import time
from collections.abc import Sequence
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import bindparam, event, func, select, update

from app.desk import field_indexes, field_sets
from app.events.transaction import transaction
from app.extensions import db
from app.fields import Definition, Kind, Option, stored
from app.models.definitions import published
from app.models.desk_setting import DeskSetting
from app.models.ticket import Ticket
from bench.desks import CONSULTANT, desk, in_own_process, named, workshop
from bench.measure import Figure, report
from bench.statements import _sign_in

TICKETS, ROUNDS, FAR, CHUNK = 100_000, 15, 20, 5_000
QUICK, SLOW, WAIT = 5.0, 50.0, 6_000.0  # ms, as the bars have it
KINDS = tuple(Option(f"o{number}", {"pl": f"Opcja {number}", "en": f"Option {number}"}) for number in range(10))
RARE = Option("rare", {"pl": "Rzadka", "en": "Rare"})
OLDEST = 0.05  # the part of the tickets that alone has it


def main(argv: Sequence[str] = ()) -> int:
    """Measure, print, and answer 0 when every bar holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=TICKETS)
    parser.add_argument("--keep")
    given = parser.parse_args(argv)
    with workshop(given.keep) as folder:
        return in_own_process("bench.fields", desk(folder, given.tickets))


def fields() -> list[Definition]:
    """A choice, a number, a date, several choices and a text, filled in on every ticket."""
    said = {"labels": {"pl": "Pole", "en": "Field"}, "filterable": True}
    return [
        Definition("1" * 32, "ticket", Kind.CHOICE, "b_choice", options=(*KINDS, RARE), **said),
        Definition("2" * 32, "ticket", Kind.NUMBER, "b_number", **said),
        Definition("3" * 32, "ticket", Kind.DATE, "b_date", **said),
        Definition("4" * 32, "ticket", Kind.CHOICES, "b_several", options=KINDS, **said),
        Definition("5" * 32, "ticket", Kind.TEXT, "b_text", **said),
    ]


def measure(app: Flask, size: int, password: str) -> int:
    with app.app_context():
        if published(db.session()).by_id("1" * 32) is None:
            _fill(size)
            with transaction():
                field_sets.publish(fields(), reason="bench", by=None)
        building, longest = _build(app)
    browser = app.test_client()
    _sign_in(browser, CONSULTANT, password)
    figures = [Figure("building five indexes", building, "s")]
    figures.append(Figure("longest other write", longest, "ms", at_most=WAIT))
    clock = _Clock(app)
    for name, asked, most in (
        ("one filter, the usual order", "field.b_choice=o3", QUICK),
        ("a sort", "sort=field.b_date", QUICK),
        ("a filter, another sort", "field.b_choice=o3&sort=field.b_date", SLOW),
        ("three filters", "field.b_choice=o3&field.b_number.from=100&field.b_number.to=300&field.b_several=o2", SLOW),
        ("one of several choices", "field.b_several=o4", SLOW),
        ("a text", "field.b_text=tekst 77", SLOW),
        ("found only in the oldest 5 %", "field.b_choice=rare", SLOW),
    ):
        figures.append(Figure(name, clock.median(browser, f"/desk/tickets/list/?{asked}"), "ms", at_most=most))
        far = _far(browser, f"/desk/tickets/list/?{asked}")
        if far:
            figures.append(Figure(f"{name}, page {FAR}", clock.median(browser, far), "ms", at_most=most))
    return report(f"SQL of a page by fields, p50, {size} tickets", *figures)


class _Clock:
    """The time that statements take."""

    def __init__(self, app: Flask) -> None:
        self.spent = self.began = 0.0
        with app.app_context():
            event.listen(db.engine, "before_cursor_execute", self._begin)
            event.listen(db.engine, "after_cursor_execute", self._end)

    def median(self, browser: FlaskClient, path: str) -> float:
        times = []
        for _round in range(ROUNDS):
            self.spent = 0.0
            answer = browser.get(path)
            if answer.status_code != 200:
                raise RuntimeError(f"{path}: {answer.status}")
            times.append(self.spent * 1000)
        return statistics.median(times)

    def _begin(self, *_: Any) -> None:
        self.began = time.perf_counter()

    def _end(self, *_: Any) -> None:
        self.spent += time.perf_counter() - self.began


def _fill(size: int) -> None:
    rng, definitions = random.Random(1), fields()
    most = db.session.scalar(select(func.max(Ticket.id))) or 0
    for first in range(0, most + 1, CHUNK):
        made = ((row_id, _values(rng, row_id, size)) for row_id in range(first, first + CHUNK))
        rows = [{"of": row_id, "fields": stored(definitions, values)} for row_id, values in made]
        with transaction():
            table = Ticket.__table__
            statement = update(table).where(table.c.id == bindparam("of")).values(fields=bindparam("fields"))
            db.session.connection().execute(statement, rows)


def _values(rng: random.Random, row_id: int, size: int) -> dict[str, Any]:
    old = row_id < size * OLDEST
    return {
        "1" * 32: "rare" if old and rng.random() < OLDEST else f"o{rng.randrange(10)}",
        "2" * 32: rng.randrange(1_000),
        "3" * 32: f"20{rng.randrange(20, 27)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}",
        "4" * 32: sorted({f"o{rng.randrange(10)}", f"o{rng.randrange(10)}"}),
        "5" * 32: f"tekst {rng.randrange(5_000)}",
    }


def _build(app: Flask) -> tuple[float, float]:
    """Seconds that the indexes took, and the longest wait of a write beside it, in milliseconds."""
    done, longest = threading.Event(), 0.0

    def build() -> None:
        with app.app_context():
            field_indexes.bring_up_to_date()
            db.session.remove()
        done.set()

    builder, began = threading.Thread(target=build), time.perf_counter()
    builder.start()
    while not done.wait(0.01):
        begin = time.perf_counter()
        with transaction():
            db.session.merge(DeskSetting(name="bench", value=str(begin)))
        longest = max(longest, time.perf_counter() - begin)
    builder.join()
    return time.perf_counter() - began, longest * 1000


def _far(browser: FlaskClient, path: str) -> str:
    """The address of a page far on; empty where there are not so many."""
    for _page in range(FAR - 1):
        links = html.fromstring(browser.get(path).text).xpath("//a[@rel='next']/@href")
        if not links:
            return ""
        path = links[0]
    return path


if __name__ == "__main__":
    made = named(sys.argv[1:])
    sys.exit(measure(made.application(), made.size, made.password(CONSULTANT)))
