"""`python run.py`: Valkey, database, web, worker, intake and timetable, watched until Ctrl-C."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import config
from app.supervisor import valkey
from app.supervisor.children import Child
from app.supervisor.preconditions import CannotStart, check_ports, check_redis, sole_owner

LOOK_EVERY = 0.2
VALKEY_PATIENCE = 15.0
WEB_PATIENCE = 60.0
ARENAS = {"MALLOC_ARENA_MAX": "2"}  # glibc's own number is 8 for each core, and each thread of the web would fill one
RUN = str(Path(__file__).resolve().parent.parent.parent / "run.py")
DEMO_ACCOUNTS = "demo-accounts.json"


def run(settings: config.Settings) -> int:
    """Run everything until SIGINT, SIGTERM or SIGHUP; 0 when it was stopped, 1 when it could not start."""
    stopping = _catch_signals()
    children: list[Child] = []
    try:
        with sole_owner(settings):
            try:
                check_ports(settings)
                _start(settings, children, stopping)
                _watch(children, stopping)
            finally:
                for child in reversed(children):
                    child.stop()
    except (CannotStart, valkey.NoValkey) as error:
        if not stopping:
            if str(error):
                print(error, file=sys.stderr)
            return 1
    print("Bilety has stopped.", flush=True)
    return 0


def _start(settings: config.Settings, children: list[Child], stopping: list[int]) -> None:
    """Start the parts in the order in which they need each other."""
    environment = {**ARENAS, **os.environ, "BILETY_DATA": str(settings.data), "PYTHONUNBUFFERED": "1"}
    settings.secret_key  # noqa: B018 a bad one is refused before anything runs
    if settings.embedded_valkey:
        valkey.prepare_socket(settings)
        _begin(children, Child("Valkey", valkey.command(settings), environment))
        _wait_for(children[-1], lambda: valkey.answers(settings), VALKEY_PATIENCE, stopping)
    else:
        check_redis(settings)
    python = (sys.executable, RUN)
    demo = ("--demo",) if settings.demo else ()
    _run_once(children, Child("The set-up", (*python, "init", "--preset", "cwt", *demo), environment), stopping)
    for name, command in (
        ("The mail intake", ("intake", "--cron")),
        ("The application", ("serve",)),
    ):
        if not stopping:
            _begin(children, Child(name, (*python, *command), environment))
    if not stopping:
        _wait_for(children[-1], lambda: _answers(settings), WEB_PATIENCE, stopping)
    if not stopping:
        _greet(settings)


def _watch(children: list[Child], stopping: list[int]) -> None:
    """Mend what ends, until somebody wants us to stop."""
    while not stopping:
        for child in children:
            child.mend()
        time.sleep(LOOK_EVERY)


def _begin(children: list[Child], child: Child) -> None:
    child.start()
    children.append(child)


def _run_once(children: list[Child], child: Child, stopping: list[int]) -> None:
    """A command that must succeed first; when it does not, it has said by itself why."""
    _begin(children, child)
    while child.is_running and not stopping:
        time.sleep(0.05)
    if not stopping and child.wait():
        raise CannotStart
    child.stop()
    children.remove(child)


def _greet(settings: config.Settings) -> None:
    print(f"Bilety is at {settings.base_url}. Letters come in at {settings.intake_host}:{settings.intake_port}.")
    if (settings.data / DEMO_ACCOUNTS).exists():
        print(f"The demo accounts stand in {settings.data / DEMO_ACCOUNTS}.")
    if settings.mail_server is None:
        print(f"No MAIL_SERVER is set: letters that go out are kept in {settings.outgoing}.")
    print("Ctrl-C stops everything.", flush=True)


def _catch_signals() -> list[int]:
    """The list fills when somebody wants us to stop."""
    wanted: list[int] = []

    def remember(number: int, _frame: FrameType | None) -> None:
        wanted.append(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, remember)
    return wanted


def _wait_for(child: Child, answers: Callable[[], bool], seconds: float, stopping: list[int]) -> None:
    """Wait until the child answers. Raises CannotStart when it ends instead, or takes too long."""
    end = time.monotonic() + seconds
    while not stopping and not answers():
        if not child.is_running:
            raise CannotStart(f"{child.name} ended at its start.")
        if time.monotonic() > end:
            raise CannotStart(f"{child.name} did not answer within {seconds:g} s.")
        time.sleep(0.05)


def _answers(settings: config.Settings) -> bool:
    """Whether the web server takes connections; gunicorn listens before its worker is ready, so ask for a page."""
    try:
        with socket.create_connection((_reachable(settings.host), settings.port), timeout=5) as connection:
            connection.sendall(f"GET /healthz HTTP/1.0\r\nHost: {settings.hostname}\r\n\r\n".encode())
            return connection.recv(64).startswith(b"HTTP/")
    except OSError:
        return False


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 what the administrator set
