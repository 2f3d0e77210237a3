"""`run.py demo`: the demo desk, or tickets by the thousand."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from flask import Flask

import config
from app.demo.desk import FILE, seed
from app.demo.people import Card


def main(argv: Sequence[str], settings: config.Settings | None = None) -> int:
    """Seed the demo desk where there is no account yet; with --tickets add that many made-up tickets."""
    parser = argparse.ArgumentParser(prog="run.py demo", description=main.__doc__)
    parser.add_argument("--tickets", type=_count, metavar="N", help="add N tickets with three messages each")
    parser.add_argument("--seed", type=int, default=1, help="another number makes other tickets (default 1)")
    wanted = parser.parse_args(argv)
    app = _application(settings)
    if wanted.tickets is None:
        _show(seed(app), app)
        return 0
    from app.demo.bulk import make_tickets

    make_tickets(app, wanted.tickets, seed=wanted.seed)
    print("Search does not know these tickets yet: python run.py search --rebuild", file=sys.stderr)
    return 0


def _application(settings: config.Settings | None) -> Flask:
    from app import create_app

    return create_app(settings)


def _show(cards: list[Card], app: Flask) -> None:
    if not cards:
        print("There are accounts already, so the demo desk was not added.", file=sys.stderr)
        return
    width = max(len(card["email"]) for card in cards)
    for card in cards:
        print(f"{card['role']:14} {card['email']:{width}} {card['password']}  {card['language']}")
    print(f"These accounts are kept in {app.extensions['settings'].data / FILE}.")


def _count(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= 10_000_000:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1 to 10000000")
    return int(text)
