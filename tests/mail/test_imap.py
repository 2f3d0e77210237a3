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
    """A client whose server answers in this order, and holds the letters with these UIDs."""

    def __init__(self, there: list[int], *answers: dict[int, dict[bytes, Any]]) -> None:
        self.there = there
        self.answers: Iterator[dict[int, dict[bytes, Any]]] = iter(answers)

    def noop(self) -> None:
        """Nothing to tell."""

    def search(self, _criteria: Sequence[str]) -> list[int]:
        return self.there

    def fetch(self, _uids: Sequence[int], _parts: Sequence[str]) -> dict[int, dict[bytes, Any]]:
        return next(self.answers)


def raw_of(*answers: dict[int, dict[bytes, Any]], there: list[int] | None = None) -> list[bytes | None]:
    way = Imap(ACCOUNT, "key")
    way.client = Answers(there or [], *answers)
    return [found.raw for found in way._fetched([7], Position(1, 6), None)]


def test_what_a_server_does_not_give_of_a_letter_is_told_from_one_that_is_gone() -> None:
    told, nil = {7: {b"RFC822.SIZE": 10}}, {7: {b"SEQ": 1, b"BODY[]": None}}
    assert raw_of(told, {7: {b"SEQ": 1, b"BODY[]": b"From: a@b.example"}}) == [b"From: a@b.example"]
    assert raw_of(told, nil, there=[7]) == [b""], "it waits for a consultant"
    assert raw_of(told, nil) == [None], "somebody removed it meanwhile"
    assert raw_of(told, {}) == [None]
    assert raw_of({}) == [None]
