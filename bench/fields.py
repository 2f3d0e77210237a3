"""The desk's list filtered and sorted by fields, at size, through the pages themselves: how long the database takes, in
processor time, which other work hardly lengthens (of PostgreSQL that of its own process and of ours while it is asked);
and how long others wait while an index is built.

`python -m bench fields [--tickets N ...] [--postgresql] [--keep FOLDER]`; with BENCH_SHOW set also every statement.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import Connection, delete, event, func, select, text

from app.desk import field_indexes, field_sets
from app.events.transaction import transaction
from app.extensions import db
from app.fields import Definition, Kind
from app.models.definitions import published
from app.models.desk_setting import DeskSetting
from app.models.field import FieldIndex, FieldValue
from app.models.ticket import Ticket
from bench import filled, waits
from bench.desks import CONSULTANT, Desk, desk, in_own_process, named, workshop
from bench.measure import Figure, report
from bench.statements import _sign_in
from tests import databases

TICKETS, ROUNDS, FAR = 100_000, 9, 400
FIRST = 12  # rounds before, after which PostgreSQL's plans of a page are known
QUICK, SLOW = 5.0, 50.0  # ms, as the bars have it
WAIT = {"sqlite": 6_000.0, "postgresql": 50.0}  # ms
ONLY = os.environ.get("BENCH_ONLY", "")
GRID = "/desk/tickets/list/"
FAR_ON = ("no field", "yes or no", "a number of a wide span", "by a number", "by a text")
CONTROL = "bench_control"
FULL = "filled"  # a file beside the desk: its tickets are all there


def main(argv: Sequence[str] = ()) -> int:
    """Measure, print, and answer 0 when every bar holds."""
    parser = argparse.ArgumentParser(prog="python -m bench fields", description=__doc__)
    parser.add_argument("--tickets", type=int, nargs="+", default=[TICKETS])
    parser.add_argument("--postgresql", action="store_true", help="on a PostgreSQL of its own")
    parser.add_argument("--keep", metavar="FOLDER", help="keep the desks there and use them again")
    given = parser.parse_args(argv)
    code = 0
    with workshop(given.keep) as folder:
        for size in given.tickets:
            with _desk(folder, size, on_postgresql=given.postgresql) as made:
                code = max(code, in_own_process("bench.fields", made))
    return code


@contextmanager
def _desk(folder: Path, size: int, *, on_postgresql: bool) -> Iterator[Desk]:
    """The desk with that many tickets, their values filled in; made where it is not there yet."""
    name = f"fields-{size}" + ("-postgresql" if on_postgresql else "")
    data = folder / f"{name}-data"
    if not (folder / name / FULL).exists():
        for begun in (folder / name, data):
            shutil.rmtree(begun, ignore_errors=True)
    if not on_postgresql:
        yield desk(folder, min(size, filled.SEED), name=name)
        return
    with databases.server(data) as url:
        yield desk(folder, min(size, filled.SEED), name=name, database=url)


def measure(app: Flask, made: Desk, size: int) -> int:
    with app.app_context():
        dialect = db.engine.dialect.name
        _make_ready(made, size)
    browser = app.test_client()
    _sign_in(browser, CONSULTANT, made.password(CONSULTANT))
    clock = _Clock(app)
    figures: list[Figure] = []
    for name, asked, most in _questions():
        if ONLY in name:
            figures += _figures(clock, browser, name, f"{GRID}?{asked}", most)
    for kind in (Kind.TEXT, Kind.CHOICES) if not ONLY else ():
        with app.app_context():
            figures += _beside_an_index(made, kind)
    return report(f"SQL of a page by fields, p50, {size} tickets of 20 values, {dialect}", *figures)


def _questions() -> list[tuple[str, str, float]]:
    """What is asked, as an address, and within how many milliseconds."""
    kinds = [each.kind for each in filled.fields()]
    name = {f"{kind}{count}": filled.fields()[place].name for kind in Kind for count, place in _places(kinds, kind)}
    return [
        ("no field", "", QUICK),
        ("a choice", f"field.{name['choice1']}=o3", QUICK),
        ("yes or no", f"field.{name['yes_no1']}=yes", QUICK),
        ("a number of a wide span", f"field.{name['number1']}.from=100&field.{name['number1']}.to=900", QUICK),
        ("a number of a narrow span", f"field.{name['number1']}.from=500&field.{name['number1']}.to=500", QUICK),
        ("dates of a wide span", f"field.{name['date1']}.from=2021-01-01&field.{name['date1']}.to=2025-12-31", QUICK),
        ("one day", f"field.{name['date1']}.from=2022-02-02&field.{name['date1']}.to=2022-02-02", QUICK),
        ("a number, 2 % of all", f"field.{name['number1']}.from=500&field.{name['number1']}.to=519", QUICK),
        ("a text", f"field.{name['text1']}=żuraw 77", QUICK),
        ("an address", f"field.{name['email1']}=osoba77@firma.example", QUICK),
        *((f"by a {kind}", f"sort=field.{name[f'{kind}1']}", QUICK) for kind in ("number", "date", "money", "text")),
        ("a choice by date", f"field.{name['choice1']}=o3&sort=field.{name['date1']}", SLOW),
        ("a choice by money", f"field.{name['choice2']}=o3&sort=field.{name['money1']}", SLOW),
        ("yes or no by text", f"field.{name['yes_no1']}=yes&sort=field.{name['text1']}", SLOW),
        ("a number by date", f"field.{name['number1']}.from=500&sort=field.{name['date1']}", SLOW),
        ("a narrow number by text", f"field.{name['number1']}.from=998&sort=field.{name['text1']}", SLOW),
        ("a text by date", f"field.{name['text1']}=żuraw 77&sort=field.{name['date1']}", SLOW),
        ("one of several by date", f"field.{name['choices1']}=o4&sort=field.{name['date1']}", SLOW),
        (
            "three filters",
            f"field.{name['choice1']}=o3&field.{name['number1']}.from=100&field.{name['number1']}.to=300"
            f"&field.{name['choices1']}=o2",
            SLOW,
        ),
        ("three choices", f"field.{name['choice1']}=o3&field.{name['choice2']}=o5&field.{name['choice3']}=o7", SLOW),
        (
            "three filters of which one is narrow",
            f"field.{name['choice1']}=o3&field.{name['yes_no1']}=no&field.{name['text1']}=żuraw 77",
            SLOW,
        ),
        ("three filters that nothing meets", f"field.{name['choice1']}=o3&field.{name['number1']}.from=5000"
         f"&field.{name['yes_no1']}=no", SLOW),
        ("one of several choices", f"field.{name['choices1']}=o4", SLOW),
        ("a branch of a tree", f"field.{name['tree1']}=o2", SLOW),
        ("a choice of the oldest 5 % only", f"field.{name['choice1']}=rare", SLOW),
        ("one of several, of the oldest only", f"field.{name['choices1']}=rare", SLOW),
        ("a text of the oldest only", f"field.{name['text1']}=rzadki", SLOW),
        ("a number of the oldest only", f"field.{name['number1']}.from=4000", SLOW),
        ("a choice of the oldest by date", f"field.{name['choice1']}=rare&sort=field.{name['date1']}", SLOW),
        ("one of several, of the oldest, by text", f"field.{name['choices1']}=rare&sort=field.{name['text1']}", SLOW),
        ("a choice and a state", f"field.{name['choice1']}=o3&state=open", SLOW),
        ("a choice of the oldest and a state", f"field.{name['choice1']}=rare&state=new", SLOW),
    ]  # fmt: skip


def _places(kinds: Sequence[Kind], kind: Kind) -> Iterator[tuple[int, int]]:
    return enumerate((place for place, each in enumerate(kinds) if each == kind), 1)


def _figures(clock: _Clock, browser: FlaskClient, name: str, path: str, most: float) -> Iterator[Figure]:
    near, plain, served = clock.medians(browser, path)
    yield Figure(name, near, "ms", at_most=most)
    if served:
        yield Figure("  of it in the server", served, "ms")
    yield Figure("  times a plain query", near / plain)
    far = _far(browser, path) if name in FAR_ON else ""
    if far:
        yield Figure(f"  page {FAR}", clock.medians(browser, far)[0], "ms", at_most=most)


class _Clock:
    """The time that statements take."""

    def __init__(self, app: Flask) -> None:
        self.spent = self.began = self.served = self.served_before = 0.0
        self.longest = (0.0, "")
        self.app = app
        with app.app_context():
            self.group = db.session.scalar(select(func.min(Ticket.product_group_id)))
            event.listen(db.engine, "before_cursor_execute", self._begin)
            event.listen(db.engine, "after_cursor_execute", self._end)

    def medians(self, browser: FlaskClient, path: str) -> tuple[float, float, float]:
        """Milliseconds of the page, and of the newest rows of one product group, asked for by turns; and what of the
        page's the server of PostgreSQL took, the rest being our own asking."""
        pages, plain, served = [], [], []
        for _round in range(FIRST):
            browser.get(path)
        for _round in range(ROUNDS):
            self.spent, self.served, self.longest = 0.0, 0.0, (0.0, "")
            answer = browser.get(path)
            if answer.status_code != 200:
                raise RuntimeError(f"{path}: {answer.status}")
            pages.append(self.spent * 1000)
            served.append(self.served * 1000)
            shown = self.longest
            self.spent = 0.0
            self._plain()
            plain.append(self.spent * 1000)
        if "BENCH_SHOW" in os.environ:
            print(
                f"{path}\n  {statistics.median(pages):.2f} ms, of which {shown[0] * 1000:.2f}: {shown[1]}", flush=True
            )
        return statistics.median(pages), statistics.median(plain), statistics.median(served)

    def _plain(self) -> None:
        table = Ticket.__table__
        newest = select(table).where(table.c.product_group_id == self.group)
        with self.app.app_context(), db.engine.connect() as connection:
            connection.execute(newest.order_by(table.c.updated_at.desc(), table.c.id.desc()).limit(26)).all()

    def _begin(self, connection: Any, *_: Any) -> None:
        self.began, self.served_before = time.thread_time(), _served(connection)

    def _end(self, connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        served = _served(connection) - self.served_before
        took = time.thread_time() - self.began + served
        self.spent += took
        self.served += served
        if took > self.longest[0]:
            self.longest = (took, f"{statement}\n  {parameters}")


def _served(connection: Connection) -> float:
    """Seconds of processor time of the process of PostgreSQL that serves the connection."""
    if connection.dialect.name == "sqlite":
        return 0.0
    server = connection.connection.driver_connection.info.backend_pid  # type: ignore[union-attr]
    return int(Path(f"/proc/{server}/schedstat").read_text().split()[0]) / 1e9


def _make_ready(made: Desk, size: int) -> None:
    """All tickets, their fields published, every index built."""
    if not (made.folder / FULL).exists():
        began = time.perf_counter()
        filled.fill(size)
        print(f"{size} tickets filled in within {time.perf_counter() - began:.0f} s", flush=True)
        (made.folder / FULL).touch()
    if published(db.session()).by_id(filled.fields()[0].id) is None:
        others = [each.changed(filterable=False) for each in published(db.session()).of("ticket")]
        with transaction():
            field_sets.publish([*others, *filled.fields()], reason="bench", by=None)
    began = time.perf_counter()
    field_indexes.bring_up_to_date()
    print(f"indexes up to date within {time.perf_counter() - began:.0f} s", flush=True)


def _beside_an_index(made: Desk, kind: Kind) -> Iterator[Figure]:
    dialect = db.engine.dialect.name
    seconds, found = _rebuild(made, next(each for each in filled.fields() if each.kind == kind))
    yield Figure(f"an index of {kind} built", seconds, "s")
    yield Figure("  longest wait of another write", found.longest, "ms", at_most=WAIT[dialect])
    yield Figure("  a read beside it, times one alone, p50", found.reads)
    if dialect == "postgresql":
        found.told(f"beside an index of {kind}")
        for name, control in zip(("a usual index", "as many bytes"), _controls(made, found.written), strict=True):
            control.told(f"beside {name}")
            yield Figure(f"  times the longest beside {name}", found.longest / control.longest)


def _rebuild(made: Desk, field: Definition) -> tuple[float, waits.Beside]:
    """Seconds that the field's index took in a process of its own, and what was written and read beside it."""
    with transaction():
        row = db.session.get_one(FieldIndex, field.id)
        row.state = field_indexes.FAILED
        db.session.execute(delete(FieldValue).where(FieldValue.field_id == field.id))
    if db.engine.dialect.name == "sqlite":
        db.session.execute(text("PRAGMA busy_timeout=60000"))  # the wait is measured, not cut short
    command = [sys.executable, "-m", "bench.filled", str(made.folder), str(made.size), made.database]
    found = waits.beside(lambda: subprocess.Popen(command), made.size)
    return float(db.session.get_one(DeskSetting, "bench-built").value), found


def _controls(made: Desk, size: int) -> list[waits.Beside]:
    """The same writes beside a usual index made CONCURRENTLY and beside `size` bytes written into a table."""
    plain = f"CREATE INDEX CONCURRENTLY {CONTROL} ON ticket (subject, updated_at, id)"
    bulk = f"CREATE TABLE {CONTROL} AS SELECT repeat('x', 960) FROM generate_series(1, {size // 1000})"  # noqa: S608
    found = []
    for kind, statement in (("INDEX", plain), ("TABLE", bulk)):
        drop = f"DROP {kind} IF EXISTS {CONTROL}"
        _perform(drop)
        found.append(waits.beside(waits.performing(statement), made.size))
        _perform(drop)
    return found


def _perform(statement: str) -> None:
    with transaction():
        db.session.execute(text(statement))


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
    sys.exit(measure(made.application(), made, int(made.folder.name.split("-")[1])))
