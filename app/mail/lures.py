"""Addresses in letters: pictures of other servers that may be asked for, and links that lead where they do not say."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qs, urlsplit

from publicsuffixlist import PublicSuffixList

LONGEST_SHOWN = 300
# An address that stands alone: what is written around one, such as "look at pomoc.example", names no place to go.
ADDRESS = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[a-z]{2,24}(?::\d+)?(?:[/?#]\S*)?", re.I)
MAIL_ADDRESS = re.compile(r"[^\s@]+@(?:[\w-]+\.)+[a-z]{2,24}", re.I)
PLAIN_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]", re.ASCII)
# Servers that pass readers on to the address in one of their parameters, put there by the gateway of a reader.
PASSING_ON = {".safelinks.protection.outlook.com": "url", "www.google.com": "q"}
OF_THE_WEB = re.compile(r"(https?):[/\\]*", re.I)
LATIN_END = "\u024f"


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False)


def picture_address(address: str) -> str | None:
    """Where a picture may be asked for: by https, at a public name. None for networks of the reader's own."""
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return None
    is_public = PLAIN_HOST.fullmatch(host) and _suffixes().privatesuffix(host)
    if parts.scheme.lower() not in ("http", "https") or "@" in parts.netloc or port not in (None, 80, 443):
        return None
    return f"https://{host}{parts.path}{'?' if parts.query else ''}{parts.query}" if is_public else None


def misleading(words: str, address: str) -> str | None:
    """The host that a link leads to, where its words name another one, or look like what they are not; else None."""
    words = " ".join(words.split())[:LONGEST_SHOWN]
    try:
        parts = urlsplit(_as_browsers_read(address.strip()))
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    if parts.scheme.lower() == "mailto":
        return _other_mailbox(words, parts.path)
    if parts.scheme.lower() not in ("http", "https") or not host:
        return None
    if "@" in parts.netloc or _is_foreign(host):
        return _plain(host)
    shown = _host_of(words)
    if shown is None or _is_same(shown, host) or _is_same(shown, _passed_on_to(host, parts.query)):
        return None
    return _plain(host)


def _as_browsers_read(address: str) -> str:
    """On the web a backslash is a slash, and any number of them stands before the host (WHATWG URL, section 4.4)."""
    before = re.split("[?#]", address, maxsplit=1)[0]
    found = OF_THE_WEB.sub(r"\1://", before.replace("\\", "/"))
    return found + address[len(before) :] if OF_THE_WEB.match(address) else address


def _other_mailbox(words: str, path: str) -> str | None:
    address = path.partition("?")[0].lower()
    found = MAIL_ADDRESS.fullmatch(words)
    return address[:LONGEST_SHOWN] if found and found.group().lower() != address and "@" in address else None


def _host_of(words: str) -> str | None:
    """The host that words name, where they are nothing but an address."""
    if MAIL_ADDRESS.fullmatch(words):
        return words.rpartition("@")[2].lower()
    if not ADDRESS.fullmatch(words):
        return None
    try:
        host = urlsplit(words if "//" in words else f"//{words}").hostname or ""
    except ValueError:
        return None
    return host.lower() if _suffixes().publicsuffix(host.lower()) else None


def _is_same(shown: str, host: str) -> bool:
    return bool(host) and (shown == host or _domain(shown) == _domain(host))


def _domain(host: str) -> str:
    return str(_suffixes().privatesuffix(_plain(host)) or host)


def _passed_on_to(host: str, query: str) -> str:
    for end, name in PASSING_ON.items():
        if host.endswith(end):
            try:
                return (urlsplit(parse_qs(query).get(name, [""])[0]).hostname or "").lower()
            except ValueError:
                return ""
    return ""


def _is_foreign(host: str) -> bool:
    """Whether a name has letters that are not Latin: some of them look as if they were."""
    return any(letter > LATIN_END for letter in _spelled(host))


def _spelled(host: str) -> str:
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host


def _plain(host: str) -> str:
    """The name in letters that look like nothing else (RFC 3492)."""
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host.encode("ascii", "backslashreplace").decode("ascii")
