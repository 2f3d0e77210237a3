"""`run.py intake --pipe` as an MTA calls it: a process, its standard input, its exit code (sysexits.h)."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

import config
from app.extensions import db
from app.models.journal import JournalEntry
from tests.mail.letters import letter, work
from tests.run.stack import environment, run

MAILBOX = "PomocTARGIT@pomoc.example"


@pytest.fixture
def env(app: Flask, settings: config.Settings) -> dict[str, str]:
    """The environment of this test's desk."""
    assert settings.given_redis
    return environment(settings.data, DATABASE_URL=settings.database_url, REDIS_URL=settings.given_redis)


def piped(env: Mapping[str, str], raw: bytes, *arguments: str) -> tuple[int, str]:
    done = run("intake", "--pipe", *arguments, env=env, stdin=raw)
    assert done.stdout == b""
    return done.returncode, done.stderr.decode()


def outcomes(app: Flask) -> list[tuple[str, str | None, str | None]]:
    with app.app_context():
        rows = db.session.scalars(select(JournalEntry).order_by(JournalEntry.id))
        return [(row.outcome, row.reason, row.envelope_from) for row in rows]


def test_a_piped_letter_becomes_a_ticket(app: Flask, env: dict[str, str]) -> None:
    given = piped(env, letter(), "--recipient", MAILBOX, "--sender", "anna@klient.example")
    assert given == (os.EX_OK, "")
    work(app)
    assert outcomes(app) == [("ticket", None, "anna@klient.example")]


def test_several_recipients_and_the_senders_of_the_mta(app: Flask, env: dict[str, str]) -> None:
    """Postfix names the sender in the environment; an address that is no mailbox of ours waits for somebody."""
    both = ("--recipient", "nikt@pomoc.example", "--recipient", MAILBOX)
    assert piped({**env, "SENDER": "anna@klient.example"}, letter(), *both)[0] == os.EX_OK
    work(app)
    assert sorted(outcomes(app)) == [
        ("not_sure", "unknown_mailbox", "anna@klient.example"),
        ("ticket", None, "anna@klient.example"),
    ]


@pytest.mark.parametrize("raw", [b"", b"\x00\xff" * 1000])
def test_any_bytes_are_kept(app: Flask, env: dict[str, str], raw: bytes) -> None:
    assert piped(env, raw, "--recipient", MAILBOX)[0] == os.EX_OK
    work(app)
    assert [outcome for outcome, *_rest in outcomes(app)] == ["not_sure"]


def test_a_letter_over_the_limit_is_refused_for_good(app: Flask, env: dict[str, str]) -> None:
    code, said = piped({**env, "BILETY_LETTER_LIMIT": "10"}, letter(), "--recipient", MAILBOX)
    assert code == os.EX_DATAERR
    assert len(said.splitlines()) == 1
    assert outcomes(app) == [("rejected", "over_limit", None)]


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize(
    "broken",
    [
        {"DATABASE_URL": ""},  # no database was made yet
        {"DATABASE_URL": f"postgresql://x@127.0.0.1:{closed_port()}/x"},
        {"DATABASE_URL": "nonsense"},
        {"BILETY_DATA": "/dev/null/x"},
        {"BILETY_LETTER_LIMIT": "a lot"},
    ],
)
def test_whatever_is_wrong_here_the_mta_tries_again(
    app: Flask, env: dict[str, str], tmp_path: Path, broken: dict[str, str]
) -> None:
    changed = {**env, "BILETY_DATA": str(tmp_path), **broken}
    code, said = piped(changed, letter(), "--recipient", MAILBOX)
    assert code == os.EX_TEMPFAIL == 75
    assert len(said.splitlines()) == 1, said
    assert "Traceback" not in said


@pytest.mark.parametrize("arguments", [(), ("--recipient",), ("--nonsense",)])
def test_a_call_that_is_mistyped_loses_no_letter_either(env: dict[str, str], arguments: tuple[str, ...]) -> None:
    """The MTA would return the letter to its sender for any other code."""
    code, said = piped(env, letter(), *arguments)
    assert code == os.EX_TEMPFAIL
    assert "--recipient" in said


def test_valkey_is_not_needed(app: Flask, env: dict[str, str]) -> None:
    assert piped({**env, "REDIS_URL": "unix:///nowhere/at/all.sock"}, letter(), "--recipient", MAILBOX)[0] == os.EX_OK
    assert outcomes(app) == [("waiting", None, None)]
