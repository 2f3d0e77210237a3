"""The envelope of a fetched letter is told from its header, whatever stands in it."""

from __future__ import annotations

import time

import pytest

from app.mail.delivered import envelope_of
from app.mail.ways import Account

OWN = "pomoc@pomoc.example"
ACCOUNT = Account(1, 1, OWN, "imap", "imap.pomoc.example", 993, "tls", "pomoc", None, "INBOX", "", False, 10**6)


@pytest.mark.parametrize(
    ("header", "recipient"),
    [
        (b"To: Pomoc <Pomoc@pomoc.example>", "Pomoc@pomoc.example"),
        (b"To: inny@klient.example\r\nCc: a@b.example,\r\n pomoc+t1.abc@pomoc.example", "pomoc+t1.abc@pomoc.example"),
        (b"Delivered-To: pomoc@pomoc.example\r\nX-Original-To: pomoc+x@pomoc.example", "pomoc+x@pomoc.example"),
        (b'To: "pomoc+a@pomoc.example" <inny@klient.example>', "pomoc+a@pomoc.example"),
        (b"To: xpomoc@pomoc.example, pomoc@pomoc.example.evil.example, a@pomoc@pomoc.example", OWN),
        (b"Subject: x", OWN),
    ],
)
def test_the_recipient_is_an_address_of_the_mailbox(header: bytes, recipient: str) -> None:
    assert envelope_of(header + b"\r\n\r\nx", ACCOUNT).recipients == (recipient,)


@pytest.mark.parametrize(
    ("header", "sender"),
    [
        (b"Return-Path: <anna@klient.example>", "anna@klient.example"),
        (b"Return-Path: <>", ""),
        (b"From: anna@klient.example", None),
    ],
)
def test_the_sender_is_the_return_path(header: bytes, sender: str | None) -> None:
    assert envelope_of(header + b"\r\n\r\nx", ACCOUNT).sender == sender


@pytest.mark.parametrize("part", [b"(", b"<a@b>,", b'"', b"a", b"@", b"a@", b"\\", b"=?utf-8?q?=00?= ", b"\xff"])
def test_no_header_stops_the_mailbox(part: bytes) -> None:
    begun = time.monotonic()
    for name in (b"To", b"Return-Path"):
        assert envelope_of(name + b": " + part * 200_000 + b"\r\n\r\nx", ACCOUNT).recipients == (OWN,)
    assert time.monotonic() - begun < 5
