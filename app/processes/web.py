"""`run.py web`: gunicorn with one process of threads (docs/decisions/0002)."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import config
from app.processes.preflight import guarded

ROOT = Path(__file__).resolve().parent.parent.parent


def main() -> int:
    return guarded(_become_gunicorn)


def command(settings: config.Settings) -> list[str]:
    """gunicorn's command line."""
    gunicorn = [sys.executable, "-m", "gunicorn", "--chdir", str(ROOT)]
    gunicorn += ["--config", str(ROOT / "deploy" / "gunicorn.conf.py"), "--threads", str(settings.web_threads)]
    for host in hosts(settings.host, settings.port):
        gunicorn += ["--bind", f"[{host}]:{settings.port}" if ":" in host else f"{host}:{settings.port}"]
    return [*gunicorn, "app:create_app()"]


def hosts(host: str, port: int) -> list[str]:
    """The addresses to listen on: `localhost` may mean either loopback address, so the default takes both."""
    return [host, "::1"] if host == "127.0.0.1" and _can_listen("::1", port) else [host]


def _can_listen(host: str, port: int) -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            return True
    except OSError:
        return False


def _become_gunicorn(settings: config.Settings) -> int:
    arguments = command(settings)
    os.environ["BILETY_DATA"] = str(settings.data)  # gunicorn changes the folder
    sys.stdout.flush()
    os.execv(arguments[0], arguments)  # noqa: S606 our own command
