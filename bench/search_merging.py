"""How soon a written message is found while the segments of a whole Whoosh index are merged beside it.

`python -m bench search-merging [--messages N] [--keep FOLDER]`

Every half second a message is written and sought until it is found, first without and then with a merge of all
segments into one, by another process.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from app.search.document import Document, Key, Question
from app.search.whoosh import merging
from app.search.whoosh.engine import WhooshEngine
from bench.desks import ROOT, desk, environment, workshop
from bench.measure import Figure, report
from bench.search_kinds import PER_TICKET

QUIET, PAUSE = 20, 0.5
BAR = 2.0  # seconds


def main(argv: Sequence[str] = ()) -> int:
    """Measure on a copy of a desk's index and print."""
    parser = argparse.ArgumentParser(prog="python -m bench search-merging", description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--keep", metavar="FOLDER", help="keep the desk there and use it again")
    given = parser.parse_args(argv)
    with workshop(given.keep) as folder:
        made = desk(folder, given.messages // PER_TICKET)
        index, copy = made.settings.data / "index", made.folder / "merged-index"
        if not WhooshEngine(index).is_healthy():
            command = [sys.executable, str(ROOT / "run.py"), "search", "--rebuild"]
            subprocess.run(command, env=environment(made), check=True)
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(index, copy)
        try:
            return _measure(WhooshEngine(copy), copy)
        finally:
            shutil.rmtree(copy)


def _measure(engine: WhooshEngine, folder: Path) -> int:
    quiet = [_found_after(engine, number) for number in range(QUIET)]
    count = sum(each.doc_count() for each in engine._open()._read_toc().segments)
    begin = time.perf_counter()
    child = subprocess.Popen([sys.executable, "-m", "bench.search_merging", str(folder)], cwd=ROOT)
    beside = []
    while child.poll() is None:
        beside.append(_found_after(engine, QUIET + len(beside)))
    took = time.perf_counter() - begin
    return report(
        f"A message written every {PAUSE} s and found, while {count} documents are merged",
        Figure("without a merge, p50", statistics.median(quiet), "s"),
        Figure("without a merge, longest", max(quiet), "s"),
        Figure("the merge", took, "s"),
        Figure("beside it, p50", statistics.median(beside), "s"),
        Figure("beside it, longest", max(beside), "s", at_most=BAR),
    )


def _found_after(engine: WhooshEngine, number: int) -> float:
    """Seconds until a message that begins to be written is found."""
    key, word = Key("ticket", 10**8 + number), f"świeże{'abcdefghij'[number % 10]}"
    begin = time.perf_counter()
    engine.write([Document(key, "ticket", f"Sprawa {word}", word, frozenset({"public"}))])
    while key not in [hit for hit, _score in engine.search(Question(word, None, limit=1000)).hits]:
        time.sleep(0.01)
    took = time.perf_counter() - begin
    time.sleep(PAUSE)
    return took


def _merge(folder: str) -> None:
    merging.LARGE = 10**9
    WhooshEngine(Path(folder)).tidy()


if __name__ == "__main__":
    _merge(sys.argv[1])
