"""`run.py intake --pipe`: one letter from standard input into the journal, for an MTA's pipe transport."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

import config
from app.mail.receive import Envelope, Receiver


def main(argv: Sequence[str]) -> int:
    """Keep the letter on standard input. Exit 75 (EX_TEMPFAIL) tells the MTA to try again, 65 that it is too large.

    An MTA returns the letter to its sender for most other codes, so nothing that goes wrong here ends with one.
    """
    parser = argparse.ArgumentParser(prog="run.py intake --pipe", description="Keep one letter from standard input.")
    parser.add_argument("--recipient", required=True, action="append", help="the address it was sent to; may repeat")
    parser.add_argument("--sender", default=os.environ.get("SENDER"), help="the envelope's sender, where known")
    try:
        return _keep(parser.parse_args(argv))
    except SystemExit as end:
        return os.EX_TEMPFAIL if end.code else os.EX_OK
    except Exception as error:  # Whatever it is, the letter was not kept and must come again.
        return _refuse(os.EX_TEMPFAIL, f"The letter could not be kept: {str(error) or type(error).__name__}")


def _keep(wanted: argparse.Namespace) -> int:
    settings = config.read()
    raw = sys.stdin.buffer.read(settings.letter_limit + 1)
    if not _has_database(settings):
        return _refuse(os.EX_TEMPFAIL, "There is no database yet: run `python run.py init` first.")
    receiver = Receiver(settings)
    envelope = Envelope(tuple(wanted.recipient), transport="pipe", sender=wanted.sender)
    try:
        if len(raw) > settings.letter_limit:
            receiver.keep_refused(raw, envelope)
            return _refuse(os.EX_DATAERR, f"The letter is larger than {settings.letter_limit} bytes.")
        receiver.keep(raw, envelope)
    finally:
        receiver.close()
    return os.EX_OK


def _has_database(settings: config.Settings) -> bool:
    """SQLite would make an empty file where there is none."""
    return settings.given_database is not None or (settings.data / "bilety.db").exists()


def _refuse(code: int, sentence: str) -> int:
    print(sentence.splitlines()[0], file=sys.stderr)
    return code
