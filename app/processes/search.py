"""`run.py search`: the index anew, or how well search finds."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

import config
from app.processes.preflight import guarded


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="run.py search", description="The search index.")
    act = parser.add_mutually_exclusive_group(required=True)
    act.add_argument("--rebuild", action="store_true", help="build the search index anew")
    act.add_argument(
        "--golden", nargs=2, metavar=("DOCS", "QUERIES"), help="measure on JSON lines in a throw-away desk"
    )
    parser.add_argument("--engine", choices=["whoosh", "postgresql"], default="whoosh", help="with --golden")
    given = parser.parse_args(argv)
    if given.rebuild:
        return guarded(_rebuild)
    from app.processes.golden import golden

    return golden(*given.golden, engine=given.engine)


def _rebuild(settings: config.Settings) -> int:
    from app import create_app
    from app.search.rebuild import rebuild

    count = rebuild(create_app(settings), told=_tell)
    print(f"{count} tickets are indexed.", file=sys.stderr)
    return 0


def _tell(count: int) -> None:
    print(f"{count} ...", file=sys.stderr)
