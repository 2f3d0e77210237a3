"""`run.py init`: schema, roles and, when asked, the preset and the demo desk."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from alembic.util import CommandError
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

import config
from app.processes.preflight import CANNOT_START, cause, guarded
from app.supervisor.stack import RUN

NO_ADMINISTRATOR = (
    "Nobody may set up this desk yet: `python run.py administrator YOUR-ADDRESS` gives you a link to do it."
)


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="run.py init", description="Create or upgrade the database.")
    parser.add_argument("--preset", choices=["cwt"], help="also the desk of the instruction")
    parser.add_argument("--demo", action="store_true", help="then the demo desk, where nobody has an account yet")
    wanted = parser.parse_args(argv)

    def init(settings: config.Settings) -> int:
        from app import create_app
        from app.accounts.appointing import has_administrator
        from app.setup import init

        app = create_app(settings)
        try:
            init(app, preset=wanted.preset)
        except (SQLAlchemyError, CommandError) as error:
            print(f"The database could not be brought up to date: {cause(error)}", file=sys.stderr)
            return CANNOT_START
        if wanted.demo and not _has_accounts(app):
            sys.stdout.flush()
            os.execv(sys.executable, [sys.executable, RUN, "demo"])  # noqa: S606 our own command
        with app.app_context():
            if not has_administrator():
                print(NO_ADMINISTRATOR)
        return 0

    return guarded(init, needs_schema=False)


def _has_accounts(app: Flask) -> bool:
    from app.extensions import db
    from app.models.account import Account

    with app.app_context():
        return db.session.scalar(select(Account.id).limit(1)) is not None
