"""`run.py administrator ADDRESS`: the first administrator of a desk, or one for whom no other is left to ask."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from flask_babel import force_locale

import config
from app.processes.preflight import CANNOT_START, guarded

DONE = """{email} is an administrator. Within {hours} hours the owner sets a password here, once:

  {address}
"""


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="run.py administrator", description="Make somebody an administrator.")
    parser.add_argument("address", help="the e-mail address that signs in")
    typed = parser.parse_args(argv).address
    return guarded(lambda settings: _appoint(typed, settings))


def _appoint(typed: str, settings: config.Settings) -> int:
    from app import create_app
    from app.accounts.addresses import BadAddress, understood
    from app.accounts.appointing import appoint
    from app.accounts.errors import Deactivated
    from app.accounts.links import LIVES
    from app.doctor import language
    from app.events.transaction import transaction
    from app.locale import DEFAULT_LANGUAGE

    with create_app(settings).app_context(), force_locale(language()):
        try:
            email = understood(typed)
            with transaction():
                purpose, path = appoint(email, DEFAULT_LANGUAGE)
        except (BadAddress, Deactivated) as error:
            print(error, file=sys.stderr)
            return CANNOT_START
    hours = LIVES[purpose].total_seconds() // 3600
    print(DONE.format(email=email, hours=int(hours), address=f"{settings.base_url}{path}"))
    return 0
