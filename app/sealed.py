"""Secrets of others that must be read again: kept sealed, so that the database alone gives none of them away."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PURPOSE = b"bilety: secrets of mail servers"


class Unreadable(ValueError):
    """What was sealed cannot be opened: SECRET_KEY is another one than it was."""


def seal(secret: str, key: str) -> str:
    """The secret, encrypted and signed by a key made from SECRET_KEY (HKDF, RFC 5869; Fernet)."""
    return _box(key).encrypt(secret.encode()).decode("ascii")


def unseal(sealed: str, key: str) -> str:
    """The secret again. Raises Unreadable."""
    try:
        return _box(key).decrypt(sealed).decode()
    except InvalidToken as error:
        raise Unreadable from error


@lru_cache(maxsize=4)
def _box(key: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(key.encode())
    return Fernet(urlsafe_b64encode(derived))
