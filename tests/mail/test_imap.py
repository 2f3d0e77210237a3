"""What the answers of an IMAP server come to; a whole server is met in test_collect.py."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import Any

import pytest

from app.mail.imap import Imap, Position
from app.mail.trouble import Trouble, Troubled
from app.mail.ways import Account
from app.sealed import seal

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


@contextmanager
def server(capability: str, **answers: str) -> Iterator[int]:
    """An IMAP server for one conversation, which gives these answers to these commands."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def speak() -> None:
            with listening.accept()[0] as client, client.makefile("rw", encoding="ascii", newline="\r\n") as stream:
                print(f"* OK [CAPABILITY IMAP4rev1 {capability}] ready", file=stream, flush=True)
                while (line := stream.readline()) and " LOGOUT" not in line:
                    tag, command = line.split()[:2]
                    print(answers.get(command, "TAG OK done").replace("TAG", tag), file=stream, flush=True)

        thread = threading.Thread(target=speak)
        thread.start()
        yield listening.getsockname()[1]
        thread.join(10)


@pytest.mark.parametrize(
    ("capability", "answers", "trouble", "said"),
    [
        ("", {"LOGIN": "TAG NO [AUTHENTICATIONFAILED] Wrong"}, Trouble.SIGN_IN, "[AUTHENTICATIONFAILED] Wrong"),
        ("", {"LOGIN": "TAG NO [UNAVAILABLE] Later"}, Trouble.BUSY, "[UNAVAILABLE] Later"),
        ("LOGINDISABLED", {}, Trouble.TLS, "LOGINDISABLED"),
        ("", {"SELECT": "* OK [READ-ONLY] x\nTAG OK [READ-ONLY] done"}, Trouble.MOVE, "READ-ONLY"),
    ],
)
def test_what_a_server_says_is_told_in_its_own_words(
    capability: str, answers: dict[str, str], trouble: Trouble, said: str
) -> None:
    """A folder that is for reading only is read; that nothing can be moved is said at the end."""
    with server(capability, **answers) as port:
        way = Imap(replace(ACCOUNT, port=port, secret=seal("Haslo-7", "key"), move_to="Gotowe"), "key")
        steps = [take for name, take in way.steps() if name not in ("name", "reach")]
        with closing(way), pytest.raises(Troubled) as troubled:
            [take() for take in steps]
    assert (troubled.value.trouble, troubled.value.said) == (trouble, said)
