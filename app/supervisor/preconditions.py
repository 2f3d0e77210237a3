"""What must hold before anything is started; each failure is one sentence that says what to mend."""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import config


class CannotStart(RuntimeError):
    """Why the stack cannot start, in one sentence; no sentence where a child has already said it."""


@contextlib.contextmanager
def sole_owner(settings: config.Settings) -> Iterator[None]:
    """Make the data folder, see that it can be written, and that no other stack runs on it."""
    try:
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
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


def check_ports(settings: config.Settings) -> None:
    """Raise CannotStart when the web's or the intake's port cannot be had."""
    _check_port("BILETY_HOST", "BILETY_PORT", settings.host, settings.port)
    _check_port("BILETY_INTAKE_HOST", "BILETY_INTAKE_PORT", settings.intake_host, settings.intake_port)


def check_redis(settings: config.Settings) -> None:
    """Raise CannotStart when nobody listens at REDIS_URL. Later it may go away and come back."""
    parts = urlsplit(settings.redis_url)
    try:
        if parts.scheme == "unix":
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(parts.path)
        else:
            socket.create_connection((parts.hostname or "localhost", parts.port or 6379), timeout=5).close()
    except (OSError, ValueError) as error:
        shown = config.without_password(settings.redis_url)
        raise CannotStart(f"Nobody answers at {shown} ({error}): start that server, or mend REDIS_URL.") from None


def _check_port(host_setting: str, port_setting: str, host: str, port: int) -> None:
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError:
        raise CannotStart(f"{host_setting} is no address of this machine: {host!r}.") from None
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            why = (error.strerror or os.strerror(error.errno or 0)).lower()
            raise CannotStart(
                f"Port {port} of {host} cannot be used ({why}): stop what uses it, or set {port_setting}."
            ) from None
