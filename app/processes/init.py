"""`run.py init`: schema, roles and, when asked, the preset and the demo desk."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from flask import Flask

import config
from app.processes.preflight import guarded
from app.supervisor.stack import RUN


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="run.py init", description="Create or upgrade the database.")
    parser.add_argument("--preset", choices=["cwt"], help="also the desk of the instruction")
    parser.add_argument("--demo", action="store_true", help="then the demo desk, where nobody has an account yet")
    wanted = parser.parse_args(argv)

    def init(settings: config.Settings) -> int:
        from app import create_app
        from app.setup import init

        app = create_app(settings)
        init(app, preset=wanted.preset)
        if wanted.demo and not _has_accounts(app):
            sys.stdout.flush()
            os.execv(sys.executable, [sys.executable, RUN, "demo"])  # noqa: S606 our own command
        return 0

    return guarded(init, needs_schema=False)


def _has_accounts(app: Flask) -> bool:
    from sqlalchemy import select

    from app.extensions import db
    from app.models.account import Account

    with app.app_context():
        return db.session.scalar(select(Account.id).limit(1)) is not None
