"""Start-up and list pages of a desk with many definitions and types beside the same desk with few, by turns.

`python -m bench definitions [--rounds N]`
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence

from flask.testing import FlaskClient

from app.content.types import Switches, add_type, all_types
from app.desk import field_indexes, field_sets
from app.events.transaction import transaction
from app.fields import Definition, Kind
from bench.desks import CONSULTANT, CUSTOMER, Desk, desk, environment, named, workshop
from bench.measure import Figure, report
from bench.statements import _sign_in

TICKETS, ROUNDS, PAGES = 300, 7, 30
SIZES = {"few": (5, 5), "many": (100, 20)}  # definitions, types
MOST = 1.1
LISTS = {
    "grid": (CONSULTANT, "/desk/tickets/list/"),
    "grid by a field": (CONSULTANT, "/desk/tickets/list/?sort=field.d_0"),
    "customer's list": (CUSTOMER, "/tickets/"),
}


def main(argv: Sequence[str] = ()) -> int:
    """Measure, print, and answer 0 when every bar holds."""
    parser = argparse.ArgumentParser(prog="python -m bench definitions", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = parser.parse_args(argv).rounds
    with workshop(None) as folder:
        desks = {size: desk(folder, TICKETS, name=size) for size in SIZES}
        for made in desks.values():
            _run(made, "publish")
        found = [{size: _run(made, "measure") for size, made in desks.items()} for _round in range(rounds)]
    figures = []
    for place, name in enumerate(("start-up", *LISTS)):
        few, many = (statistics.median(turn[size][place] for turn in found) for size in SIZES)
        figures += [Figure(f"{name}, few", few, "ms"), Figure("  many, times as much", many / few, at_most=MOST)]
    return report(f"processor time with {SIZES['few']} and {SIZES['many']} definitions and types", *figures)


def _run(made: Desk, act: str) -> list[float]:
    """The figures that a process of its own prints."""
    command = [sys.executable, "-m", "bench.definitions", act, str(made.folder), str(made.size)]
    done = subprocess.run(command, env=environment(made), check=True, capture_output=True, text=True)
    return [float(word) for word in done.stdout.split()]


def _publish(made: Desk) -> None:
    definitions, types = SIZES[made.folder.name]
    with made.application().app_context():
        with transaction():
            for number in range(types - len(all_types())):
                add_type(f"type{number}", name_pl=f"Typ {number}", name_en=f"Type {number}", switches=Switches())
            field_sets.publish([_field(number) for number in range(definitions)], reason="bench", by=None)
        field_indexes.bring_up_to_date()


def _field(number: int) -> Definition:
    """Five of tickets that can be filtered by; further ones of tickets, organisations and accounts, a third each."""
    owner = "ticket" if number < 5 else ("ticket", "organisation", "account")[number % 3]
    name = f"d_{number}"
    labels = {"pl": f"Pole {number}", "en": f"Field {number}"}
    return Definition(f"{number + 1:032x}", owner, Kind.NUMBER, name, labels=labels, filterable=number < 5)


def _measure(made: Desk) -> list[float]:
    """Milliseconds of processor time: from the first import to the first page, then the median of each list."""
    app = made.application()
    app.test_client().get("/login")
    figures = [time.process_time() * 1000]
    for email, path in LISTS.values():
        browser = app.test_client()
        _sign_in(browser, email, made.password(email))
        figures.append(statistics.median(_page(browser, path) for _time in range(PAGES)))
    return figures


def _page(browser: FlaskClient, path: str) -> float:
    began = time.thread_time()
    answer = browser.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: {answer.status}")
    return (time.thread_time() - began) * 1000


if __name__ == "__main__":
    act, *rest = sys.argv[1:]
    if act == "publish":
        _publish(named(rest))
    else:
        print(*_measure(named(rest)))
