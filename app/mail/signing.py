"""Our signature under letters that go out (RFC 6376), so that readers' servers know them from forged ones."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import dkim

import config

# Listed twice, so that nobody can add a second one (RFC 6376 section 8.15).
TWICE = (b"from", b"to", b"subject", b"date", b"reply-to", b"message-id", b"in-reply-to", b"references")
ONCE = (b"auto-submitted", b"mime-version")


class NotSigned(Exception):
    """The key cannot be used: the letters wait until the setting is mended."""


def signature(raw: bytes, sender: str, settings: config.Settings) -> bytes:
    """The header to stand before the letter, for the domain that it comes from; nothing where no key is set.

    Raises NotSigned.
    """
    if settings.dkim_key is None:
        return b""
    domain = sender.rpartition("@")[2].encode("idna")
    named = {line.partition(b":")[0].lower() for line in raw.partition(b"\r\n\r\n")[0].split(b"\r\n")}
    try:
        key = _key(settings.dkim_key)
        signed = [*TWICE, *(name for name in (*TWICE, *ONCE) if name in named)]
        return bytes(dkim.sign(raw, settings.dkim_selector.encode(), domain, key, include_headers=signed))
    except (OSError, ValueError, dkim.DKIMException) as error:
        raise NotSigned(f"BILETY_DKIM_KEY cannot be used: {error}") from error


@lru_cache(maxsize=1)
def _key(path: Path) -> bytes:
    return path.read_bytes()
