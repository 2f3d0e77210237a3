"""One parent that has imported the application, and processes forked from it that share its memory."""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping

from flask import Flask

import config
from app.events.holders import let_go
from app.supervisor.children import die_with_parent

log = logging.getLogger(__name__)

LOOK_EVERY = 0.2
PAUSE_SECONDS = 1.0
PATIENCE = 12.0  # The supervisor waits for the parent a little longer.

Members = Mapping[str, Callable[[], None]]  # by the name that a person reads
Running = dict[int, str]


def application_to_fork(settings: config.Settings) -> Flask:
    """The application with no connection open, and in memory that its children can share.

    Python's collector writes into all that it looks at, which copies the parent's pages; the holes that it leaves
    in them would be filled by each child for itself.
    """
    gc.disable()
    from app import create_app

    app = create_app(settings)
    _close_connections(app)
    gc.freeze()
    gc.enable()
    return app


def keep_running(members: Members, settings: config.Settings) -> int:
    """Fork a process for each, and again whenever one ends, until somebody wants us to stop; the exit code."""
    stopping: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda caught, _frame: stopping.append(caught))
    running: Running = {}
    while not stopping:
        for name in members.keys() - running.values():
            running[_fork(name, members[name])] = name
        time.sleep(LOOK_EVERY)
        if _reap(running, settings) and not stopping:
            time.sleep(PAUSE_SECONDS)
    _stop(running, settings)
    return 0


def _fork(name: str, member: Callable[[], None]) -> int:
    parent = os.getpid()
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        die_with_parent(parent)
        member()
        code = 0
    except SystemExit as end:  # gunicorn's way to stop
        code = end.code if isinstance(end.code, int) else 1
    except Exception:  # The process's outermost edge.
        log.exception("%s failed", name)
    finally:
        os._exit(code)


def _reap(running: Running, settings: config.Settings) -> bool:
    """Forget the processes that have ended, and free what they held; whether one of them ended badly."""
    badly = False
    for child, name in list(running.items()):
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            del running[child]
            if status:
                badly = True
                let_go(settings.database_url, child)
                print(f"{name} ended badly; it starts again.", file=sys.stderr)
    return badly


def _stop(running: Running, settings: config.Settings) -> None:
    """Let each end what it does; for those that do not, others take over what they held."""
    for child in running:
        os.kill(child, signal.SIGTERM)
    end = time.monotonic() + PATIENCE
    while running and time.monotonic() < end:
        time.sleep(0.05)
        _reap(running, settings)
    for child in running:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        let_go(settings.database_url, child)


def _close_connections(app: Flask) -> None:
    """A connection must not be shared by two processes."""
    from app.extensions import db

    with app.app_context():
        db.session.remove()
        db.engine.dispose()
