"""Kinds of query alone, in processor time: our Whoosh engine beside SQLite FTS5, on the same tickets.

`python -m bench search-kinds [--messages N ...] [--keep FOLDER]`
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from app.demo.words import COMMON, RARE
from bench.desks import Desk, desk, in_own_process, named, workshop
from bench.measure import Figure, report

PER_TICKET = 3  # messages of a made-up ticket, about
KINDS = {  # as typed into our box, and as FTS5 wants it
    "common word": (COMMON["pl"], COMMON["pl"]),
    "rare word": (RARE["pl"], RARE["pl"]),
    "two words": (f"{COMMON['pl']} raport", f"{COMMON['pl']} raport"),
    "phrase": ('"nie działa"', '"nie działa"'),
    "beginning": ("fakt*", "fakt*"),
}
FTS5 = "CREATE VIRTUAL TABLE IF NOT EXISTS found USING fts5(said, content='', tokenize='unicode61 remove_diacritics 2')"


def main(argv: Sequence[str] = ()) -> int:
    """Make the desks and measure each in a process of its own."""
    parser = argparse.ArgumentParser(prog="python -m bench search-kinds", description=__doc__)
    parser.add_argument("--messages", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--keep", metavar="FOLDER", help="keep the desks there and use them again")
    given = parser.parse_args(argv)
    with workshop(given.keep) as folder:
        return max(in_own_process("bench.search_kinds", desk(folder, each // PER_TICKET)) for each in given.messages)


def _measure(made: Desk) -> int:
    from app.access import search_terms, standing_of
    from app.accounts.registration import find_account
    from app.extensions import db
    from app.search.document import Question
    from app.search.engine import engine
    from app.search.rebuild import rebuild
    from bench.desks import CUSTOMER

    app = made.application()
    for before in ("index", "fts5"):
        shutil.rmtree(made.settings.data / before, ignore_errors=True)
    begin = time.process_time()
    count = rebuild(app)
    figures = [Figure("Whoosh, documents made", count / (time.process_time() - begin), "/s")]
    fts, seconds = _fts5(made.settings.data)
    figures += [
        Figure("FTS5, documents made", count / seconds, "/s"),
        Figure("Whoosh, size", _size(made.settings.data / "index"), "MiB"),
        Figure("FTS5, size", _size(made.settings.data / "fts5"), "MiB"),
    ]
    with app.app_context():
        account = find_account(CUSTOMER)
        reach = search_terms(standing_of(db.session(), account)) if account else frozenset()
        for name, (ours, theirs) in KINDS.items():
            asked: dict[str, Callable[[], object]] = {
                "Whoosh": partial(engine().search, Question(ours, None, internal=True)),
                "Whoosh, customer": partial(engine().search, Question(ours, reach)),
                "FTS5": partial(_found_by_fts5, fts, theirs),
            }
            figures += [figure for who, act in asked.items() for figure in _timed(f"{name}, {who}", act)]
    return report(f"{count} documents", *figures)


def _found_by_fts5(fts: sqlite3.Connection, text: str) -> list[tuple[int]]:
    return fts.execute("SELECT rowid FROM found WHERE found MATCH ? ORDER BY rank LIMIT 10", (text,)).fetchall()


def _timed(name: str, act: Callable[[], object], rounds: int = 20) -> Iterator[Figure]:
    act()
    took = []
    for _round in range(rounds):
        begin = time.process_time()
        act()
        took.append(1000 * (time.process_time() - begin))
    yield Figure(f"{name}, p50", statistics.median(took), "ms")
    yield Figure(f"{name}, p95", statistics.quantiles(took, n=20)[-1], "ms")


def _fts5(data: Path) -> tuple[sqlite3.Connection, float]:
    """The same tickets in one table of FTS5, and how long it took."""
    (data / "fts5").mkdir(exist_ok=True)
    made = sqlite3.connect(data / "fts5" / "found.db")
    made.execute(FTS5)
    made.execute("ATTACH ? AS desk", (str(next(data.glob("*.db"))),))
    begin = time.process_time()
    with made:
        made.execute(
            "INSERT INTO found(rowid, said) SELECT t.id, t.subject || ' ' || group_concat(m.text, ' ')"
            " FROM desk.ticket t JOIN desk.message m ON m.ticket_id = t.id GROUP BY t.id"
        )
    return made, time.process_time() - begin


def _size(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 2**20


if __name__ == "__main__":
    import sys

    sys.exit(_measure(named(sys.argv[1:])))
