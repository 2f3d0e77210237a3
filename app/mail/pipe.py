"""`run.py intake --pipe`: one letter from standard input into the journal, for an MTA's pipe transport."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from sqlalchemy.exc import SQLAlchemyError

import config
from app.mail.receive import Envelope, Receiver


def main(argv: Sequence[str]) -> int:
    """Keep the letter on standard input. Exit 75 (EX_TEMPFAIL) tells the MTA to try again, 65 that it is too large."""
    parser = argparse.ArgumentParser(prog="run.py intake --pipe", description="Keep one letter from standard input.")
    parser.add_argument("--recipient", required=True, action="append", help="the address it was sent to; may repeat")
    parser.add_argument("--sender", default=os.environ.get("SENDER"), help="the envelope's sender, where known")
    wanted = parser.parse_args(argv)
    try:
        settings = config.read()
        raw = sys.stdin.buffer.read(settings.letter_limit + 1)
        if len(raw) > settings.letter_limit:
            return _refuse(os.EX_DATAERR, f"The letter is larger than {settings.letter_limit} bytes.")
        if not _has_database(settings):
            return _refuse(os.EX_TEMPFAIL, "There is no database yet: run `python run.py init` first.")
        receiver = Receiver(settings)
        try:
            receiver.keep(raw, Envelope(tuple(wanted.recipient), transport="pipe", sender=wanted.sender))
        finally:
            receiver.close()
    except (OSError, SQLAlchemyError, config.BadSetting) as error:
        return _refuse(os.EX_TEMPFAIL, f"The letter could not be kept: {error}")
    return os.EX_OK


def _has_database(settings: config.Settings) -> bool:
    """SQLite would make an empty file where there is none."""
    return settings.given_database is not None or (settings.data / "bilety.db").exists()


def _refuse(code: int, sentence: str) -> int:
    print(sentence.splitlines()[0], file=sys.stderr)
    return code
