"""How fast search answers: `python -m bench search [--tickets N]` in a throw-away desk of made-up tickets.

DATABASE_URL, when set, must name an empty PostgreSQL database; then that engine is measured.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from flask import Flask
from sqlalchemy import select

import config
from app.access import Standing, standing_of
from app.extensions import db
from app.models.all import Account, Role, Ticket
from app.search.find import find
from app.search.rebuild import rebuild

TURNS = 20
KINDS = {
    "common word": "faktura",
    "two words": "raport drukarka",
    "phrase": '"faktura korygująca"',
    "beginning": "wydruk*",
    "number": "1500",
    "nothing": "zzznothing",
}


def main(argv: Sequence[str]) -> int:
    """Print p50 and p95 by kind of query for a customer and a consultant; always 0, the bars stand in the docs."""
    parser = argparse.ArgumentParser(prog="python -m bench search")
    parser.add_argument("--tickets", type=int, default=1_000)
    wanted = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="bilety-bench-") as folder:
        app = _desk(folder, wanted.tickets)
        begun = time.monotonic()
        rebuild(app)
        spent = time.monotonic() - begun
        print(f"{wanted.tickets} tickets indexed in {spent:.1f} s, {_size(Path(folder) / 'index') / 2**20:.1f} MiB")
        with app.app_context():
            for who, standing in _askers().items():
                for kind, text in KINDS.items():
                    print(f"{who:12} {kind:12} {_measure(text, standing)}")
            db.session.remove()
            db.engine.dispose()
    return 0


def _desk(folder: str, count: int) -> Flask:
    from app import create_app
    from app.demo.bulk import make_tickets
    from app.setup import init

    environ = {"BILETY_DATA": folder, "REDIS_URL": f"unix://{folder}/nobody.sock"}
    app = create_app(config.read({**environ, "DATABASE_URL": os.environ.get("DATABASE_URL", "")}))
    init(app, preset="cwt")
    make_tickets(app, count, seed=1)
    return app


def _askers() -> dict[str, Standing]:
    """A requester of the middle of the desk and a consultant."""
    middle = db.session.scalars(select(Ticket.requester_id).order_by(Ticket.id).offset(500).limit(1)).one()
    consultant = select(Account).join(Account.roles).where(Role.name == "consultant").limit(1)
    return {
        "customer": standing_of(db.session(), db.session.get_one(Account, middle)),
        "consultant": standing_of(db.session(), db.session.scalars(consultant).one()),
    }


def _measure(text: str, standing: Standing) -> str:
    times = []
    for _turn in range(TURNS):
        db.session.expire_all()
        begun = time.perf_counter()
        count = find(text, standing, filters={}).count
        times.append((time.perf_counter() - begun) * 1000)
    times.sort()
    return f"p50 {statistics.median(times):7.1f} ms   p95 {times[int(TURNS * 0.95) - 1]:7.1f} ms   {count} found"


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
