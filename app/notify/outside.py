"""A POST to an address that somebody typed: never to a machine of our own network (attack case O64).

The name is resolved here, every address it has is looked at, and the connection goes to one that was looked at: a name
that answers otherwise a moment later leads nowhere else. Redirects are not followed.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

SECONDS = 10.0  # for each step of the other side's
SECONDS_TOGETHER = 20.0  # who answers by a byte every few seconds does not hold up everybody else's letters
LONGEST_ANSWER = 2000
GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")  # RFC 4291; what lies beyond is translated, local or of no use


class Unsafe(Exception):
    """The address leads into a network that is not public, or is no address of the web."""


class Unanswered(Exception):
    """Nobody answered, or not in time; the text says what happened."""


def check(url: str, *, loopback: bool = False) -> tuple[str, str, int, str]:
    """Scheme, host, port and target of the address. Raises Unsafe."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise Unsafe(url) from None
    if not host or parts.username or parts.scheme not in (("https", "http") if loopback else ("https",)):
        raise Unsafe(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme, host, port or (443 if parts.scheme == "https" else 80), target


def post(url: str, body: bytes, headers: dict[str, str], *, loopback: bool = False) -> int:
    """The status of the answer. Raises Unsafe, Unanswered. `loopback` lets it go to this machine, for tests."""
    scheme, host, port, target = check(url, loopback=loopback)
    address = resolve(host, port, loopback=loopback)
    connection = _connection(scheme, host, port, address)
    ending = threading.Timer(SECONDS_TOGETHER, _end, (connection.sock,))
    ending.start()
    try:
        connection.request("POST", target, body, headers)
        answer = connection.getresponse()
        answer.read(LONGEST_ANSWER)
        return answer.status
    except (OSError, HTTPException) as error:
        raise Unanswered(str(error) or type(error).__name__) from error
    finally:
        ending.cancel()
        connection.close()


def _end(connected: socket.socket) -> None:
    """Whoever reads from it sees its end."""
    with suppress(OSError):
        socket.socket.shutdown(connected, socket.SHUT_RDWR)


def resolve(host: str, port: int, *, loopback: bool = False) -> str:
    """An address of the host. Raises Unsafe where any of its addresses is not public, Unanswered for no such host."""
    try:
        found = [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise Unanswered(str(error)) from error
    if not found or not all(is_public(each, loopback=loopback) for each in found):
        raise Unsafe(host)
    return found[0]


def is_public(text: str, *, loopback: bool = False) -> bool:
    """Whether an IP address is one of the public internet, also where it wraps another one."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(str(address.ipv4_mapped), loopback=loopback)
        if address.sixtofour is not None or address.teredo is not None:
            return False
        if address not in GLOBAL_UNICAST and not address.is_loopback:
            return False
    if address.is_loopback:
        return loopback
    return address.is_global and not address.is_multicast


def _connection(scheme: str, host: str, port: int, address: str) -> HTTPConnection:
    """A connection to that address of the host, by its name in the certificate and in the header."""
    if scheme == "http":
        plain = HTTPConnection(host, port, timeout=SECONDS)
        plain.sock = _socket(address, port)
        return plain
    context = ssl.create_default_context()
    secure = HTTPSConnection(host, port, timeout=SECONDS, context=context)
    try:
        secure.sock = context.wrap_socket(_socket(address, port), server_hostname=host)
    except OSError as error:
        raise Unanswered(str(error)) from error
    return secure


def _socket(address: str, port: int) -> socket.socket:
    try:
        return socket.create_connection((address, port), timeout=SECONDS)
    except OSError as error:
        raise Unanswered(str(error)) from error
