"""`run.py calls`: calls of the telephone exchange from a CSV file, or a new secret for its hook."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import config
from app.processes.preflight import guarded


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="run.py calls", description="Calls of the telephone exchange.")
    act = parser.add_mutually_exclusive_group(required=True)
    act.add_argument("file", nargs="?", type=Path, help="a CSV file of calls")
    act.add_argument("--new-secret", action="store_true", help="print a new secret for POST /hooks/calls")
    given = parser.parse_args(argv)
    return guarded(_new_secret if given.new_secret else lambda settings: _take(settings, given.file))


def _new_secret(settings: config.Settings) -> int:
    from app import create_app
    from app.desk.incoming_calls import new_secret
    from app.events.transaction import transaction

    with create_app(settings).app_context(), transaction():
        print(new_secret())
    return 0


def _take(settings: config.Settings, file: Path) -> int:
    from app import create_app
    from app.desk.call_files import NoCallFile, TooManyCalls, take_file

    try:
        content = file.read_bytes()
    except OSError as error:
        print(f"{file} cannot be read: {error.strerror}", file=sys.stderr)
        return 1
    with create_app(settings).app_context():
        try:
            taken = take_file(content)
        except (NoCallFile, TooManyCalls) as error:
            print(error, file=sys.stderr)
            return 1
    for sentence in taken.refused:
        print(sentence, file=sys.stderr)
    print(f"{taken.new} new, {taken.known} known, {len(taken.refused)} refused")
    return 1 if taken.refused else 0
