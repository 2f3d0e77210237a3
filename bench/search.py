"""Search for a common and a rare word, as a page of the portal's and the desk's readers; and the making of the index.

`python -m bench search [--keep FOLDER] [--small]`
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack

from app.demo.words import COMMON, RARE
from bench.browser import Browser
from bench.desks import CONSULTANT, CUSTOMER, RUN, Desk, desk, environment, served, workshop
from bench.measure import Figure, report
from bench.pages import MIDDLE, SMALL, Pages, by_turns

DONE = "indexed"  # a file beside the index: how long it took to make


def main(argv: Sequence[str] = ()) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench search", description=__doc__)
    parser.add_argument("--small", action="store_true", help="the desk of 1,000 tickets only")
    parser.add_argument("--keep", metavar="FOLDER", help="keep the desks there and use them again")
    parser.add_argument("--rounds", type=int, default=20, help="how often each word is asked for (default 20)")
    wanted = parser.parse_args(argv)
    sizes = (SMALL,) if wanted.small else (SMALL, MIDDLE)
    with workshop(wanted.keep) as folder, ExitStack() as stack:
        desks = [desk(folder, size) for size in sizes]
        making = [Figure(f"index of {made.size} tickets made", made.size / _index(made), "/s") for made in desks]
        pages: Pages = {}
        for made in desks:
            pages |= _of(made, stack.enter_context(served(made)))
        medians = by_turns(pages, wanted.rounds, warm_up=2)
    figures = [Figure(name, seconds * 1000, "ms") for name, seconds in medians.items()]
    return report(f"Search: median of {wanted.rounds} each, by turns", *making, *figures)


def _index(made: Desk) -> float:
    """Seconds that the index took; made now where it is not there yet."""
    path = made.folder / DONE
    if not path.exists():
        begin = time.perf_counter()
        subprocess.run([sys.executable, RUN, "search", "--rebuild"], env=environment(made), check=True)
        path.write_text(str(time.perf_counter() - begin))
    return float(path.read_text())


def _of(made: Desk, address: str) -> Pages:
    consultant, customer = Browser(address), Browser(address)
    consultant.sign_in(CONSULTANT, made.password(CONSULTANT))
    customer.sign_in(CUSTOMER, made.password(CUSTOMER))
    words = {"common": COMMON["pl"], "rare": RARE["pl"], "unknown": "xyzzyx"}
    return {
        f"{kind} word, {who}, {made.size} tickets": _asking(browser, word)
        for who, browser in (("consultant", consultant), ("customer", customer))
        for kind, word in words.items()
    }


def _asking(browser: Browser, word: str) -> Callable[[], bytes]:
    return lambda: browser.get(f"/search?q={word}")
