"""The first steps towards any server. Light: no Flask."""

from __future__ import annotations

import socket

from app.mail.trouble import of_network

CONNECT_SECONDS = 10.0


def resolve(host: str, port: int) -> str:
    """The addresses that the name stands for. Raises Troubled."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise of_network(error) from error
    return ", ".join(dict.fromkeys(str(address[4][0]) for address in found))


def reach(host: str, port: int) -> str:
    """Where somebody takes our connection. Raises Troubled."""
    try:
        with socket.create_connection((host, port), CONNECT_SECONDS) as found:
            return f"{found.getpeername()[0]}:{port}"
    except OSError as error:
        raise of_network(error) from error
