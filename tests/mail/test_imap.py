"""What the answers of an IMAP server come to; a whole server is met in test_collect.py."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from app.mail.imap import Imap, Position
from app.mail.ways import Account

ACCOUNT = Account(
    1, 1, "pomoc@pomoc.example", "imap", "127.0.0.1", 143, "none", "pomoc", None, "INBOX", "", False, 1000
)


class Answers:
    """A client whose server answers in this order."""

    def __init__(self, *answers: dict[int, dict[bytes, Any]]) -> None:
        self.answers: Iterator[dict[int, dict[bytes, Any]]] = iter(answers)

    def fetch(self, _uids: Sequence[int], _parts: Sequence[str]) -> dict[int, dict[bytes, Any]]:
        return next(self.answers)


def raw_of(*answers: dict[int, dict[bytes, Any]]) -> list[bytes | None]:
    way = Imap(ACCOUNT, "key")
    way.client = Answers(*answers)
    return [found.raw for found in way._fetched([7], Position(1, 6), None)]


def test_what_a_server_does_not_give_of_a_letter_is_told_from_one_that_is_gone() -> None:
    there = {7: {b"RFC822.SIZE": 10}}
    assert raw_of(there, {7: {b"SEQ": 1, b"BODY[]": b"From: a@b.example"}}) == [b"From: a@b.example"]
    assert raw_of(there, {7: {b"SEQ": 1, b"BODY[]": None}}) == [b""], "it waits for a consultant"
    assert raw_of(there, {}) == [None], "somebody removed it meanwhile"
    assert raw_of({}) == [None]
