"""Pages under a real server, by kept connections, signed in: how they grow with the desk, and against a bare page.

`python -m bench pages [--million] [--keep FOLDER] [--rounds N]`
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Any
from urllib.parse import quote

from lxml import html
from sqlalchemy import text

from app.models.engine import make_engine
from bench.browser import Browser
from bench.desks import (
    CONSULTANT,
    CUSTOMER,
    ROOT,
    Desk,
    desk,
    environment,
    free_port,
    in_own_process,
    served,
    stop,
    wait_for,
    workshop,
)
from bench.measure import Figure, report

SMALL, MIDDLE, LARGE = 1_000, 100_000, 1_000_000
GRID, LIST = "/desk/tickets/list/", "/tickets/"
GRID_GROWTH, FLOOR_BAR = 1.5, 15.0

Pages = dict[str, Callable[[], object]]


def main(argv: Sequence[str] = ()) -> int:
    """Measure, print, and answer 0 when every bar holds."""
    parser = argparse.ArgumentParser(prog="python -m bench pages", description=__doc__)
    parser.add_argument("--million", action="store_true", help="also a desk of 1,000,000 tickets")
    parser.add_argument("--keep", metavar="FOLDER", help="keep the desks there and use them again")
    parser.add_argument("--rounds", type=int, default=60, help="how often each page is asked for (default 60)")
    wanted = parser.parse_args(argv)
    sizes = (SMALL, MIDDLE, LARGE) if wanted.million else (SMALL, MIDDLE)
    with workshop(wanted.keep) as folder:
        desks = [desk(folder, size) for size in sizes]
        return max(_pages(desks, wanted.rounds), *(in_own_process("bench.statements", made) for made in desks))


def _pages(desks: Sequence[Desk], rounds: int) -> int:
    with ExitStack() as stack:
        pages: Pages = {}
        for made in desks:
            address = stack.enter_context(served(made))
            pages |= {f"{name}, {made.size} tickets": page for name, page in _of(made, address).items()}
        cells = _cells(desks[0], pages)
        bare = Browser(stack.enter_context(_floor(desks[0], cells)))
        pages["bare page"] = lambda: bare.get("/")
        medians = by_turns(pages, rounds)
    figures = [Figure(name, seconds * 1000, "ms") for name, seconds in medians.items()]
    return report(f"Pages: median of {rounds} each, by turns, {cells} cells a row", *figures, *_ratios(medians))


def _ratios(medians: dict[str, float]) -> Iterator[Figure]:
    """What the bars are about: growth from the smallest desk to the largest, and the bare page."""
    small = f", {SMALL} tickets"
    for name in [name.removesuffix(small) for name in medians if name.endswith(small)]:
        for size in (MIDDLE, LARGE):
            if f"{name}, {size} tickets" in medians:
                bar = GRID_GROWTH if name == "grid" and size == LARGE else None
                ratio = medians[f"{name}, {size} tickets"] / medians[name + small]
                yield Figure(f"{name}: {size} / {SMALL} tickets", ratio, at_most=bar)
    for name, seconds in medians.items():
        if name.startswith("grid, "):
            yield Figure(f"{name} / bare page", seconds / medians["bare page"], at_most=FLOOR_BAR)


def _of(made: Desk, address: str) -> Pages:
    """The measured pages of one desk, each with its own signed-in browser."""
    consultant, customer = Browser(address), Browser(address)
    consultant.sign_in(CONSULTANT, made.password(CONSULTANT))
    customer.sign_in(CUSTOMER, made.password(CUSTOMER))
    filtered = f"{GRID}?state=open&group={_group(made)}"
    pages: Pages = {
        "grid": lambda: consultant.get(GRID),
        "grid, filtered": lambda: consultant.get(filtered),
        "customer's list": lambda: customer.get(LIST),
        "ticket of 20 messages": lambda: customer.get(f"/tickets/{made.long_ticket}"),
        "ticket of 20 messages, desk": lambda: consultant.get(f"/desk/tickets/{made.long_ticket}"),
        "new ticket, form and sending": lambda: _report(customer, _group(made)),
    }
    pages |= _api(made, address)
    deep = _deep(made)
    if deep:
        pages["grid beyond row 25,000"] = lambda: consultant.get(deep)
    return pages


API = {  # what a program asks for first, and what it might wait for
    "tickets": "ticket/",
    "tickets, in a state": "ticket/?q=(filters:!((col:status,opr:eq,value:open)))",
    "tickets, changed lately": "ticket/?q=(filters:!((col:updated_at,opr:gt,value:'{lately}')))",
    "tickets, by arrival": "ticket/?q=(filters:!((col:arrived_at,opr:gt,value:'{lately}')),order_column:updated_at)",
    "tickets, by subject": "ticket/?q=(filters:!((col:subject,opr:eq,value:'Nie drukuje')))",
    "messages": "message/?q=(order_direction:desc)",
    "messages, of a kind": "message/?q=(filters:!((col:kind,opr:eq,value:note)))",
    "messages, lately": "message/?q=(filters:!((col:arrived_at,opr:gt,value:'{lately}')))",
    "attachments": "attachment/",
    "events": "event/?q=(order_direction:desc)",
}


def _api(made: Desk, address: str) -> Pages:
    """The first pages of the API's lists, as the consultant's program gets them."""
    program = Browser(address)
    program.bring_token(CONSULTANT, made.password(CONSULTANT))
    lately = (datetime.now(UTC) - timedelta(days=7)).isoformat(timespec="seconds").replace("+00:00", "Z")
    paths = {name: "/api/v1/" + quote(path.format(lately=lately), safe="/?=") for name, path in API.items()}
    return {f"API, {name}": partial(program.get, path) for name, path in paths.items()}


def _report(customer: Browser, group: int) -> None:
    path = f"/tickets/new?group={group}"
    customer.submit(path, {"subject": "Pomiar czasu", "text": "Faktura nie otwiera się od rana. Proszę o pomoc."})


def _group(made: Desk) -> int:
    return int(_scalar(made, "SELECT id FROM product_group WHERE name = 'DYNAMICS'"))


def _deep(made: Desk) -> str | None:
    """The keyset address of the page after row 25,000 of what the consultant sees."""
    person = f"SELECT id FROM ab_user WHERE email = '{CONSULTANT}'"  # noqa: S608 our own words
    groups = f"SELECT product_group_id FROM assignment WHERE account_id = ({person})"  # noqa: S608 our own words
    found = _scalar(
        made,
        "SELECT updated_at || '~' || id FROM ticket "  # noqa: S608 our own words
        f"WHERE product_group_id IN ({groups}) ORDER BY updated_at DESC, id DESC LIMIT 1 OFFSET 25000",
    )
    if found is None:
        return None
    moment, _, row_id = str(found).rpartition("~")
    instant = datetime.fromisoformat(moment).replace(tzinfo=UTC).isoformat().replace("+", "%2B")
    return f"{GRID}?after={instant}~{row_id}"


def _scalar(made: Desk, query: str) -> Any:
    engine = make_engine(made.settings.database_url)
    with engine.connect() as connection:
        found = connection.scalar(text(query))
    engine.dispose()
    return found


def _cells(made: Desk, pages: Pages) -> int:
    """How many cells a row of the grid has; the bare page gets as many."""
    page = pages[f"grid, {made.size} tickets"]()
    assert isinstance(page, bytes)
    rows = html.fromstring(page.decode()).xpath("//main//tbody/tr")
    if len(rows) != 25:
        raise RuntimeError(f"The grid shows {len(rows)} rows instead of 25.")
    return len(rows[0].xpath("./td"))


@contextmanager
def _floor(made: Desk, cells: int) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "bench.floor_page", str(cells)]
    process = subprocess.Popen(command, env=environment(made, BILETY_PORT=str(port)), cwd=ROOT)
    try:
        wait_for(f"http://127.0.0.1:{port}/")
        yield f"http://127.0.0.1:{port}"
    finally:
        stop([process])


def by_turns(pages: Pages, rounds: int, warm_up: int = 5) -> dict[str, float]:
    """Median seconds of each page; every round asks for each once, in another order."""
    taken: dict[str, list[float]] = {name: [] for name in pages}
    order = list(pages)
    random = Random(1)
    for turn in range(rounds + warm_up):
        random.shuffle(order)
        for name in order:
            begin = time.perf_counter()
            pages[name]()
            if turn >= warm_up:
                taken[name].append(time.perf_counter() - begin)
    return {name: statistics.median(seconds) for name, seconds in taken.items()}
