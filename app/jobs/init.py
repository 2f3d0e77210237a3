"""`run.py init`: schema, roles and, when asked, the preset."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import config
from app.jobs.preflight import guarded


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="run.py init", description="Create or upgrade the database.")
    parser.add_argument("--preset", choices=["cwt"], help="also the desk of the instruction")
    preset = parser.parse_args(argv).preset

    def init(settings: config.Settings) -> int:
        from app import create_app
        from app.setup import init

        init(create_app(settings), preset=preset)
        return 0

    return guarded(init, needs_schema=False)
