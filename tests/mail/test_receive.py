"""A letter is in the journal, durably, before anybody says that it was taken."""

from __future__ import annotations

import io
import os
import smtplib
from dataclasses import replace
from types import SimpleNamespace

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

import config
from app.files.store import FileStore
from app.mail import pipe
from app.mail.receive import Envelope, Receiver, base_address
from app.models.tables import journal

LETTER = (
    b"From: Anna <anna@klient.example>\r\nTo: PomocTARGIT@pomoc.example\r\n"
    b"Subject: Raport\r\n\r\nNie dzia\xc5\x82a.\r\n"
)


def rows(receiver: Receiver) -> list[SimpleNamespace]:
    with receiver.engine.connect() as connection:
        return [SimpleNamespace(**row._mapping) for row in connection.execute(select(journal).order_by(journal.c.id))]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("PomocTARGIT@pomoc.example", "pomoctargit@pomoc.example"),
        ("<pomoctargit+t1001.abc@POMOC.example>", "pomoctargit@pomoc.example"),
        ("no address", "@no address"),
    ],
)
def test_a_mailbox_takes_letters_for_its_plus_addresses(written: str, meant: str) -> None:
    assert base_address(written) == meant


def test_the_bytes_and_the_row_are_kept_as_they_came(receiver: Receiver, settings: config.Settings) -> None:
    receiver.keep(LETTER, Envelope(("PomocTARGIT+x@pomoc.example",), "smtp", "anna@klient.example", "127.0.0.1"))
    (row,) = rows(receiver)
    assert (row.outcome, row.recipient, row.size) == ("waiting", "PomocTARGIT+x@pomoc.example", len(LETTER))
    assert row.mailbox_id is not None
    assert FileStore(settings.data / "files").get(row.sha256) == LETTER


def test_a_letter_to_two_mailboxes_is_two_deliveries(receiver: Receiver) -> None:
    receiver.keep(
        LETTER,
        Envelope(("PomocTARGIT@pomoc.example", "PomocTARGIT+t1.x@pomoc.example", "PomocPROPHIX@pomoc.example"), "smtp"),
    )
    assert sorted(row.recipient for row in rows(receiver)) == [
        "PomocPROPHIX@pomoc.example",
        "PomocTARGIT+t1.x@pomoc.example",
    ]


def test_a_letter_by_smtp_is_answered_250_with_its_row_committed(port: int, receiver: Receiver) -> None:
    with smtplib.SMTP("127.0.0.1", port) as server:
        server.sendmail("anna@klient.example", ["PomocTARGIT@pomoc.example"], LETTER)
        assert [row.envelope_from for row in rows(receiver)] == ["anna@klient.example"]


def test_the_null_path_is_kept_as_such(port: int, receiver: Receiver) -> None:
    with smtplib.SMTP("127.0.0.1", port) as server:
        server.sendmail("", ["PomocTARGIT@pomoc.example"], LETTER)
    assert [row.envelope_from for row in rows(receiver)] == [""]


def test_a_recipient_that_is_no_mailbox_is_refused_and_the_others_are_served(port: int, receiver: Receiver) -> None:
    with smtplib.SMTP("127.0.0.1", port) as server:
        refused = server.sendmail("a@b.example", ["nobody@pomoc.example", "PomocTARGIT@pomoc.example"], LETTER)
    assert refused["nobody@pomoc.example"][0] == 550
    assert len(rows(receiver)) == 1


def test_a_letter_over_the_limit_is_refused_by_its_size(port: int, receiver: Receiver) -> None:
    with smtplib.SMTP("127.0.0.1", port) as server, pytest.raises(smtplib.SMTPResponseException) as refusal:
        server.sendmail("a@b.example", ["PomocTARGIT@pomoc.example"], b"Subject: x\r\n\r\n" + b"x" * 200_000)
    assert refusal.value.smtp_code == 552
    assert [(row.outcome, row.reason) for row in rows(receiver)] == [("rejected", "over_limit")]


def test_a_journal_that_cannot_be_written_asks_to_try_again(
    port: int, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def disk_is_full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileStore, "put", disk_is_full)
    with smtplib.SMTP("127.0.0.1", port) as server, pytest.raises(smtplib.SMTPDataError) as refusal:
        server.sendmail("a@b.example", ["PomocTARGIT@pomoc.example"], LETTER)
    assert refusal.value.smtp_code == 451
    assert rows(receiver) == []


def piped(monkeypatch: pytest.MonkeyPatch, settings: config.Settings, raw: bytes, recipient: str) -> int:
    monkeypatch.setattr(config, "read", lambda: settings)
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
    return pipe.main(["--recipient", recipient])


def test_the_pipe_keeps_any_bytes(
    monkeypatch: pytest.MonkeyPatch, settings: config.Settings, receiver: Receiver
) -> None:
    assert piped(monkeypatch, settings, bytes(range(256)), "PomocTARGIT@pomoc.example") == os.EX_OK
    assert piped(monkeypatch, settings, b"", "nobody@elsewhere.example") == os.EX_OK
    assert [(row.transport, row.mailbox_id is None) for row in rows(receiver)] == [("pipe", False), ("pipe", True)]


def test_the_pipe_tells_the_mta_to_try_again_when_the_letter_was_not_kept(
    monkeypatch: pytest.MonkeyPatch,
    settings: config.Settings,
    receiver: Receiver,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def locked(*_: object) -> None:
        raise OperationalError("INSERT", {}, Exception("database is locked"))

    monkeypatch.setattr(Receiver, "keep", locked)
    assert piped(monkeypatch, settings, LETTER, "PomocTARGIT@pomoc.example") == os.EX_TEMPFAIL == 75
    assert "could not be kept" in capsys.readouterr().err


def test_the_pipe_refuses_what_is_too_large_for_good(
    monkeypatch: pytest.MonkeyPatch, settings: config.Settings, receiver: Receiver
) -> None:
    small = replace(settings, letter_limit=10)
    for _again in range(2):
        assert piped(monkeypatch, small, LETTER, "PomocTARGIT@pomoc.example") == os.EX_DATAERR
    assert [(row.outcome, row.reason) for row in rows(receiver)] == [("rejected", "over_limit")]


def test_a_line_longer_than_the_standard_asks_for_is_taken(port: int, receiver: Receiver) -> None:
    """RFC 5321 section 4.5.3.1.6 names 1000 octets; mail programs send whole paragraphs as one line."""
    long_line = LETTER + b"a" * 50_000 + b"\r\n"
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as connection:
        connection.sendmail("anna@klient.example", ["PomocTARGIT@pomoc.example"], long_line)
    (row,) = rows(receiver)
    assert row.size == len(long_line)
