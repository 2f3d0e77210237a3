"""`run.py web`: gunicorn with one process of threads (docs/decisions/0002)."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import config
from app.jobs.preflight import guarded

ROOT = Path(__file__).resolve().parent.parent.parent


def main() -> int:
    return guarded(_become_gunicorn)


def command(settings: config.Settings) -> list[str]:
    """gunicorn's command line."""
    return [
        *(
            sys.executable,
            "-m",
            "gunicorn",
            "--chdir",
            str(ROOT),
            "--config",
            str(ROOT / "deploy" / "gunicorn.conf.py"),
        ),
        *(
            "--bind",
            f"[{settings.host}]:{settings.port}" if ":" in settings.host else f"{settings.host}:{settings.port}",
        ),
        *("--threads", str(settings.web_threads), "app:create_app()"),
    ]


def _become_gunicorn(settings: config.Settings) -> int:
    arguments = command(settings)
    os.environ["BILETY_DATA"] = str(settings.data)  # gunicorn changes the folder
    sys.stdout.flush()
    os.execv(arguments[0], arguments)  # noqa: S606 our own command
