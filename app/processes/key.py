"""`run.py key`: whether this machine's SECRET_KEY is that of the database, and how another one takes its place."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

import config
from app.processes.preflight import guarded

REPLACED = """SECRET_KEY is replaced: restart every process with it. {people} people lost the app or the recovery codes
of their second step, and everybody is signed out and sets a new password by the letter that the sign-in page sends.
Passwords of mail servers are typed anew at the mailboxes."""


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="run.py key", description="The SECRET_KEY that the database belongs to.")
    parser.add_argument("--replace", action="store_true", help="this machine's key is the database's from now on")
    if parser.parse_args(argv).replace:
        return guarded(_replace, needs_key=False)
    return guarded(_tell)


def _tell(_settings: config.Settings) -> int:
    print("SECRET_KEY is the one that the database belongs to.")
    return 0


def _replace(settings: config.Settings) -> int:
    from app import create_app
    from app.setup import replace_key

    people = replace_key(create_app(settings))
    if people is None:
        print("SECRET_KEY is already the one that the database belongs to: nothing was changed.", file=sys.stderr)
    else:
        print(REPLACED.format(people=people))
    return 0
