"""`run.py web`: gunicorn with one process of threads (docs/decisions/0002)."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

import config
from app.processes.preflight import guarded
from app.supervisor.children import die_with_parent

MEMORY = Path("/dev/shm")  # noqa: S108 a heartbeat file must not wait for a disk


class Server(BaseApplication):
    """gunicorn with our options and nobody else's: it reads no file, no argument and no variable."""

    def __init__(self, settings: config.Settings, made: Callable[[], Flask]) -> None:
        self.settings, self.made = settings, made
        super().__init__()

    def load_config(self) -> None:
        for name, value in options(self.settings).items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self.made()


def main() -> int:
    return guarded(_serve)


def options(settings: config.Settings) -> dict[str, Any]:
    """How gunicorn serves these settings."""
    return {
        "bind": [_address(host, settings.port) for host in hosts(settings.host, settings.port)],
        "worker_class": "gthread",
        "workers": 1,
        "threads": settings.web_threads,
        "control_socket_disable": True,
        "limit_request_line": 8190,  # the most that gunicorn takes: fifty filters of a list by API
        "keepalive": 15,
        "timeout": 120,
        "graceful_timeout": 10,
        "loglevel": "warning",
        "errorlog": "-",
        "worker_tmp_dir": str(MEMORY) if MEMORY.is_dir() else tempfile.gettempdir(),
        "post_fork": _post_fork,
    }


def hosts(host: str, port: int) -> list[str]:
    """The addresses to listen on: `localhost` may mean either loopback address, so the default takes both."""
    return [host, "::1"] if host == "127.0.0.1" and _can_listen("::1", port) else [host]


def _serve(settings: config.Settings) -> int:
    from app import create_app

    Server(settings, lambda: create_app(settings)).run()
    return 0


def _post_fork(_server: object, worker: Any) -> None:
    """A worker whose master was killed must not outlive it."""
    die_with_parent(worker.ppid)


def _address(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _can_listen(host: str, port: int) -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            return True
    except OSError:
        return False
