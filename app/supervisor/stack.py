"""`python run.py`: Valkey, database, web, worker, intake and timetable, watched until Ctrl-C."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

import config
from app.supervisor import valkey
from app.supervisor.children import Child

LOOK_EVERY = 0.2
VALKEY_PATIENCE = 15.0
WEB_PATIENCE = 60.0
RUN = str(Path(__file__).resolve().parent.parent.parent / "run.py")


class CannotStart(RuntimeError):
    """Why the stack cannot start, in one sentence that says what to mend."""


def run(settings: config.Settings) -> int:
    """Run everything until SIGINT or SIGTERM; 0 when it was stopped, 1 when it could not start."""
    stopping = _catch_signals()
    children: list[Child] = []
    try:
        with _sole_owner(settings):
            _check_port("BILETY_PORT", settings.host, settings.port)
            _check_port("BILETY_INTAKE_PORT", settings.intake_host, settings.intake_port)
            _start(settings, children, stopping)
            while not stopping:
                for child in children:
                    child.mend(time.monotonic())
                time.sleep(LOOK_EVERY)
    except (CannotStart, valkey.NoValkey) as error:
        if not stopping:
            print(error, file=sys.stderr)
            return 1
    finally:
        for child in reversed(children):
            child.stop()
    print("Bilety has stopped.", flush=True)
    return 0


def _start(settings: config.Settings, children: list[Child], stopping: list[int]) -> None:
    environment = {**os.environ, "BILETY_DATA": str(settings.data), "PYTHONUNBUFFERED": "1"}
    if settings.embedded_valkey:
        valkey.prepare_socket(settings)
        _begin(children, Child("Valkey", valkey.command(settings), environment))
        _wait_until(lambda: valkey.answers(settings), VALKEY_PATIENCE, "Valkey did not answer in time.", stopping)
    _run_once("init", "--preset", "cwt")
    if settings.demo:
        _run_once("demo")
    python = (sys.executable, RUN)
    _begin(children, Child("The worker", (*python, "worker"), environment))
    _begin(children, Child("The mail intake", (*python, "intake", "--cron"), environment))
    _begin(children, Child("The web server", (*python, "web"), environment))
    _wait_until(lambda: _answers(settings), WEB_PATIENCE, "The web server did not answer in time.", stopping)
    if not stopping:
        _greet(settings)


def _begin(children: list[Child], child: Child) -> None:
    child.start()
    children.append(child)


def _run_once(*arguments: str) -> None:
    """A command that must succeed first; it has said by itself why it did not."""
    if subprocess.run([sys.executable, RUN, *arguments], check=False).returncode:  # noqa: S603 our own command
        raise CannotStart(f"Nothing was started, because `run.py {arguments[0]}` failed.")


def _greet(settings: config.Settings) -> None:
    print(f"Bilety is at {settings.base_url}. Letters come in at {settings.intake_host}:{settings.intake_port}.")
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


def _wait_until(condition: Callable[[], bool], seconds: float, otherwise: str, stopping: list[int]) -> None:
    end = time.monotonic() + seconds
    while not condition() and not stopping:
        if time.monotonic() > end:
            raise CannotStart(otherwise)
        time.sleep(0.05)


def _answers(settings: config.Settings) -> bool:
    try:
        with socket.create_connection((_reachable(settings.host), settings.port), timeout=1):
            return True
    except OSError:
        return False


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 what the administrator set


def _check_port(setting: str, host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotStart(
                f"Port {port} of {host} cannot be used ({error.strerror}): stop what uses it, or set {setting}."
            ) from None


@contextlib.contextmanager
def _sole_owner(settings: config.Settings) -> Iterator[None]:
    """Make the data folder, see that it can be written, and that no other stack runs on it."""
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
        lock = (settings.data / "run.lock").open("w")
    except OSError as error:
        raise CannotStart(
            f"The folder {settings.data} cannot be written ({error.strerror}): mend its rights, or set BILETY_DATA."
        ) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(f"Bilety already runs on {settings.data}: stop it first, or set BILETY_DATA.") from None
        yield
