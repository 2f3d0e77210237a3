"""A whole `python run.py`, as somebody would start it."""

from __future__ import annotations

import os
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import psutil

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = ("BILETY_", "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "MAIL_")
PATIENCE = 60.0


def environment(data: Path, **more: str) -> dict[str, str]:
    """This process's environment without any setting of Bilety, then free ports and these settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    ports = {"BILETY_PORT": str(free_port()), "BILETY_INTAKE_PORT": str(free_port())}
    return {**kept, "BILETY_DATA": str(data), **ports, **more}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(*arguments: str, env: Mapping[str, str], stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """A command of run.py, to its end."""
    command = [sys.executable, str(ROOT / "run.py"), *arguments]
    return subprocess.run(command, env=env, input=stdin, capture_output=True, timeout=PATIENCE, check=False)


def until(condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Look again and again until it holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "It did not happen in time."
        time.sleep(0.05)


class Stack:
    """The stack on ports of its own, and what a test may ask of it."""

    def __init__(self, data: Path, *, ready: str = "Ctrl-C", patience: float = PATIENCE, **settings: str) -> None:
        """Start it and wait until it has said `ready`."""
        self.data = data
        self.environment = environment(data, **settings)
        self.output = data.with_suffix(".output")
        self.seen: dict[int, psutil.Process] = {}
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, str(ROOT / "run.py")],
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            until(lambda: self.process.poll() is not None or ready in self.said(), patience)
            assert self.process.poll() is None, self.said()
        except AssertionError:
            self.end()
            raise

    def said(self) -> str:
        return self.output.read_text()

    def processes(self) -> list[psutil.Process]:
        """The supervisor and all below it that live."""
        parent = psutil.Process(self.process.pid)
        found = [process for process in (parent, *parent.children(recursive=True)) if is_alive(process)]
        self.seen.update((process.pid, process) for process in found)
        return found

    def part(self, name: str) -> list[psutil.Process]:
        """The processes of `Valkey`, `serve` or `intake`, the oldest first."""
        word = "valkey-server" if name == "Valkey" else f"run.py {name}"
        found = [process for process in self.processes() if word in " ".join(_arguments(process))]
        return sorted(found, key=lambda process: process.create_time())

    def get(self, path: str, host: str = "localhost") -> tuple[int, str]:
        """Status and body of a page; 0 while nobody answers."""
        try:
            with urlopen(f"http://{host}:{self.environment['BILETY_PORT']}{path}", timeout=10) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def send(self, raw: bytes, to: str) -> None:
        """Hand a letter to the intake."""
        with smtplib.SMTP("127.0.0.1", int(self.environment["BILETY_INTAKE_PORT"]), timeout=10) as connection:
            connection.sendmail("anna@klient.example", [to], raw)

    def letters(self) -> list[Path]:
        return sorted((self.data / "outgoing").glob("*.eml"))

    def left(self) -> list[psutil.Process]:
        """What was once seen below the supervisor and still lives."""
        return [process for process in self.seen.values() if is_alive(process)]

    def end(self) -> None:
        """Leave nothing running, whatever the test did."""
        if self.process.poll() is None:
            self.processes()
            self.process.kill()
            self.process.wait()
        for process in self.left():
            process.kill()


def is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _arguments(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []
