"""Letters that go out under our signature."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask

import config
from app.mail.parse import understand
from app.mail.signing import NotSigned, signature
from tests.mail.letters import arrive, letter, sent
from tests.mail.test_proof import key, private, public

__all__ = ["key"]  # a fixture


@pytest.fixture
def signing(app: Flask, settings: config.Settings, key: rsa.RSAPrivateKey, tmp_path: Path) -> config.Settings:
    """The settings with a key of the desk's own."""
    path = tmp_path / "dkim.pem"
    path.write_bytes(private(key))
    return replace(settings, dkim_key=path, dkim_selector="bilety")


def holds(raw: bytes, key: rsa.RSAPrivateKey) -> bool:
    asked = {b"bilety._domainkey.pomoc.example.": public(key)}
    return bool(dkim.verify(raw, dnsfunc=lambda name, timeout=0: asked.get(name)))


def test_a_letter_bears_the_signature_of_its_senders_domain(
    app: Flask, signing: config.Settings, outgoing: Path, key: rsa.RSAPrivateKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, "settings", signing)
    arrive(app, signing, letter(sender="Zażółć Gęślą <anna@klient.example>", subject="Żółć"))
    assert sent(outgoing)
    for path in outgoing.glob("*.eml"):
        raw = path.read_bytes()
        assert holds(raw, key)
        assert not holds(raw.replace(b"\r\nTo: ", b"\r\nTo: x@y.example, ", 1), key)
        assert not holds(raw.replace(b"MIME-Version", b"Subject: Inny\r\nMIME-Version", 1), key)
        assert understand(raw).sender is not None


def test_without_a_key_nothing_is_signed_and_a_broken_one_makes_letters_wait(
    settings: config.Settings, tmp_path: Path
) -> None:
    assert signature(letter(), "pomoc@pomoc.example", settings) == b""
    broken = tmp_path / "broken.pem"
    broken.write_text("no key")
    for path in (broken, tmp_path / "missing.pem"):
        with pytest.raises(NotSigned, match="BILETY_DKIM_KEY"):
            signature(letter(), "pomoc@pomoc.example", replace(settings, dkim_key=path))
