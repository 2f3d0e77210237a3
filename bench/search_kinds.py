"""Kinds of query alone, each asked by one and by eight at once: our engine beside a plain full-text index of the same
tickets. Whoosh beside SQLite FTS5; with `--postgresql` our PostgreSQL beside its own GIN of the configuration 'simple'.

`python -m bench search-kinds [--postgresql] [--messages N ...] [--keep FOLDER]`

Alone under SQLite a question is measured in processor time, else on the clock: a server works in other processes, and
what it and we took of the processors is told as a mean.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from threading import Barrier
from typing import Any

import psycopg
from flask import Flask

from app.demo.words import COMMON, RARE
from app.search.document import Question
from bench.desks import CUSTOMER, Desk, desk, in_own_process, named, workshop
from bench.measure import Figure, report
from tests import databases

PER_TICKET = 3  # messages of a made-up ticket, about
ROUNDS, AT_ONCE = 20, (1, 8)
BAR, TIMES = 100.0, 10.0  # ms of a customer's p95; under Whoosh so many times the plain index, if that is more
TEXTS = "SELECT t.id, {vector} FROM {desk}ticket t JOIN {desk}message m ON m.ticket_id = t.id GROUP BY t.id"
FTS5 = "CREATE VIRTUAL TABLE found USING fts5(said, content='', tokenize='unicode61 remove_diacritics 2')"
MATCH = "SELECT rowid FROM found WHERE found MATCH ? ORDER BY rank LIMIT 10"
RANKED = "SELECT id FROM plain_search, {query}('simple', %s) q WHERE said @@ q ORDER BY ts_rank(said, q) DESC LIMIT 10"
Asking = Callable[[], Callable[[], object]]  # made in the thread that asks


@dataclass(frozen=True)
class Kind:
    """As typed into our box, and as the plain indexes want it."""

    name: str
    ours: str
    fts5: str
    gin: str
    parser: str = "websearch_to_tsquery"


KINDS = (
    Kind("common word", COMMON["pl"], COMMON["pl"], COMMON["pl"]),
    Kind("rare word", RARE["pl"], RARE["pl"], RARE["pl"]),
    Kind("two words", *3 * (f"{COMMON['pl']} raport",)),
    Kind("phrase", *3 * ('"nie działa"',)),
    Kind("beginning", "fakt*", "fakt*", "fakt:*", "to_tsquery"),
)


def main(argv: Sequence[str] = ()) -> int:
    """Make the desks and measure each in a process of its own."""
    parser = argparse.ArgumentParser(prog="python -m bench search-kinds", description=__doc__)
    parser.add_argument("--messages", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--postgresql", action="store_true", help="on a PostgreSQL of its own")
    parser.add_argument("--keep", metavar="FOLDER", help="keep the desks there and use them again")
    given = parser.parse_args(argv)
    with workshop(given.keep) as folder:
        return max(_one(folder, each // PER_TICKET, given.postgresql) for each in given.messages)


def _one(folder: Path, size: int, on_postgresql: bool) -> int:
    if not on_postgresql:
        return in_own_process("bench.search_kinds", desk(folder, size))
    name = f"{size}-postgresql"
    with databases.server(_data(folder / name)) as url:
        return in_own_process("bench.search_kinds", desk(folder, size, name=name, database=url))


def _measure(made: Desk) -> int:
    from app.access import search_terms, standing_of
    from app.accounts.registration import find_account
    from app.extensions import db

    app = made.application()
    with app.app_context():
        figures = _built(app, made)
        account = find_account(CUSTOMER)
        reach = search_terms(standing_of(db.session(), account)) if account else frozenset()
    for at_once in AT_ONCE:
        clock = time.perf_counter if made.database or at_once > 1 else time.process_time
        for kind in KINDS:
            askings: dict[str, Asking] = {
                _plain(made): partial(_by_gin, made, kind) if made.database else partial(_by_fts5, made, kind),
                "the desk": partial(_by_ours, Question(kind.ours, None, internal=True, faceted=False)),
                "a customer": partial(_by_ours, Question(kind.ours, reach, faceted=False)),
            }
            most = BAR
            for who, asking in askings.items():
                before = _processors(made)
                took = _times(app, asking, at_once, clock)
                busy = 1000 * (_processors(made) - before) / (len(took) + at_once)  # Each has asked once before.
                name, ended = f"{kind.name}, {who}, {at_once} at once", statistics.quantiles(took, n=20)[-1]
                if who == _plain(made) and not made.database:
                    most = max(BAR, TIMES * ended)
                bar = most if who == "a customer" and at_once == 1 else None
                figures.append(Figure(f"{name}, p50", statistics.median(took), "ms"))
                figures.append(Figure(f"{name}, p95", ended, "ms", at_most=bar))
                figures.append(Figure(f"{name}, processors", busy, "ms"))
    return report(f"Search of {made.size} tickets, {'PostgreSQL' if made.database else 'Whoosh'}", *figures)


def _plain(made: Desk) -> str:
    return "GIN" if made.database else "FTS5"


def _processors(made: Desk) -> float:
    """Seconds that we, the server and its children have taken of the processors."""
    ours = time.process_time()
    if not made.database:
        return ours
    server = (_data(made.folder) / "postmaster.pid").read_text().split()[0]
    told = [path.read_text().rpartition(")")[2].split() for path in Path("/proc").glob("[0-9]*/stat") if path.exists()]
    children = sum(int(ticks) for one in told if one[1] == server for ticks in one[11:13])
    ended = sum(int(ticks) for ticks in Path(f"/proc/{server}/stat").read_text().rpartition(")")[2].split()[13:15])
    return ours + (children + ended) / os.sysconf("SC_CLK_TCK")


def _data(folder: Path) -> Path:
    """Where a PostgreSQL keeps the desk of that folder."""
    return folder.with_name(f"{folder.name}-data")


def _times(app: Flask, asking: Asking, at_once: int, clock: Callable[[], float]) -> list[float]:
    """Milliseconds of every question."""
    together = Barrier(at_once)

    def ask(_number: int) -> list[float]:
        with app.app_context():
            act = asking()
            act()
            together.wait()
            return [_clocked(act, clock) for _round in range(ROUNDS)]

    with ThreadPoolExecutor(at_once) as pool:
        return list(chain.from_iterable(pool.map(ask, range(at_once))))


def _clocked(act: Callable[[], object], clock: Callable[[], float]) -> float:
    begin = clock()
    act()
    return 1000 * (clock() - begin)


def _by_ours(question: Question) -> Callable[[], object]:
    from app.search.engine import engine

    return partial(engine().search, question)


def _by_fts5(made: Desk, kind: Kind) -> Callable[[], object]:
    opened = sqlite3.connect(made.folder / "fts5.db")
    return lambda: opened.execute(MATCH, (kind.fts5,)).fetchall()


def _by_gin(made: Desk, kind: Kind) -> Callable[[], object]:
    opened, statement = psycopg.connect(made.database), RANKED.format(query=kind.parser)
    return lambda: opened.execute(statement.encode(), (kind.gin,)).fetchall()


def _built(app: Flask, made: Desk) -> list[Figure]:
    """Both indexes made, if they are not there yet; how long it took on the clock, and how large they are."""
    from app.search.engine import engine
    from app.search.rebuild import rebuild

    ours, theirs = made.folder / "ours-took", made.folder / "theirs-took"
    if not engine().is_healthy():
        ours.unlink(missing_ok=True)
    figures = [Figure("our index, made", made.size / _took(ours, partial(rebuild, app)), "tickets/s")]
    make = partial(_make_gin if made.database else _make_fts5, made)
    figures.append(Figure(f"{_plain(made)}, made", made.size / _took(theirs, make), "tickets/s"))
    sizes = _postgresql_sizes(made) if made.database else _sizes(made)
    return [
        *figures,
        *(
            Figure(f"{name}, size", size / 2**20, "MiB")
            for name, size in zip(("our index", _plain(made)), sizes, strict=True)
        ),
    ]


def _took(path: Path, make: Callable[[], Any]) -> float:
    """Seconds that making it took; made now where it is not there yet."""
    if not path.exists():
        begin = time.perf_counter()
        make()
        path.write_text(str(time.perf_counter() - begin))
    return float(path.read_text())


def _make_fts5(made: Desk) -> None:
    path = made.folder / "fts5.db"
    path.unlink(missing_ok=True)
    fresh = sqlite3.connect(path)
    fresh.execute(FTS5)
    fresh.execute("ATTACH ? AS desk", (str(made.folder / "bilety.db"),))
    texts = TEXTS.format(desk="desk.", vector="t.subject || ' ' || group_concat(m.text, ' ')")
    with fresh:
        fresh.execute(f"INSERT INTO found(rowid, said) {texts}")
    fresh.close()


def _make_gin(made: Desk) -> None:
    texts = TEXTS.format(desk="", vector="to_tsvector('simple', t.subject || ' ' || string_agg(m.text, ' ')) AS said")
    with psycopg.connect(made.database, autocommit=True) as opened:
        for statement in (
            "DROP TABLE IF EXISTS plain_search",
            f"CREATE TABLE plain_search AS {texts}",
            "CREATE INDEX ON plain_search USING gin (said)",
            "VACUUM ANALYZE plain_search, search_document",  # as the server does by itself a minute later
        ):
            opened.execute(statement.encode())


def _sizes(made: Desk) -> tuple[int, int]:
    index = made.settings.data / "index"
    files = (index / (index / "current").read_text().strip()).iterdir()
    return sum(file.stat().st_size for file in files), (made.folder / "fts5.db").stat().st_size


def _postgresql_sizes(made: Desk) -> tuple[int, ...]:
    size = "SELECT pg_total_relation_size('search_document'), pg_total_relation_size('plain_search')"
    with psycopg.connect(made.database) as opened:
        return tuple(opened.execute(size).fetchone() or ())


if __name__ == "__main__":
    sys.exit(_measure(named(sys.argv[1:])))
