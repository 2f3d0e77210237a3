"""The listener's side of the conversation, word by word (RFC 5321, RFC 6152, RFC 6531)."""

from __future__ import annotations

import os
import smtplib
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import select, update

import config
from app.files.store import FileStore
from app.mail import smtpd
from app.mail.receive import Receiver
from app.models.tables import journal, mailbox
from tests.mail.certificates import certificate_for
from tests.mail.dovecot import free_port

MAILBOX = "PomocTARGIT@pomoc.example"
LETTER = b"From: anna@klient.example\r\nSubject: Raport\r\n\r\nNie dziala.\r\n"


@pytest.fixture
def client(port: int) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as server:
        server.ehlo("klient.example")
        yield server


def rows(receiver: Receiver) -> list[SimpleNamespace]:
    with receiver.engine.connect() as connection:
        return [SimpleNamespace(**row._mapping) for row in connection.execute(select(journal).order_by(journal.c.id))]


def kept(receiver: Receiver, settings: config.Settings) -> list[bytes]:
    return [FileStore(settings.data / "files").get(row.sha256) for row in rows(receiver)]


def code(client: smtplib.SMTP, command: str) -> int:
    return client.docmd(command)[0]


def begin(client: smtplib.SMTP, recipient: str = MAILBOX) -> None:
    assert code(client, "MAIL FROM:<anna@klient.example>") == 250
    assert code(client, f"RCPT TO:<{recipient}>") == 250


def test_it_says_what_it_can(client: smtplib.SMTP) -> None:
    assert client.esmtp_features["size"] == "100000"
    assert {"8bitmime", "smtputf8"} <= client.esmtp_features.keys()
    assert "auth" not in client.esmtp_features


@pytest.mark.parametrize(
    ("recipient", "answer"),
    [
        (MAILBOX, 250),
        ("POMOCTARGIT@POMOC.EXAMPLE", 250),
        ("PomocTARGIT+t1001.abcdefghijklmnop@pomoc.example", 250),
        ("PomocTARGIT@pomoc.example.evil.example", 550),
        ("PomocTARGIT", 550),
        ("nobody@pomoc.example", 550),
        ("pomoctargit%pomoc.example@evil.example", 550),
        ("' OR 1=1 --@pomoc.example", 550),
    ],
)
def test_whose_letters_are_taken(client: smtplib.SMTP, recipient: str, answer: int) -> None:
    client.docmd("MAIL FROM:<anna@klient.example>")
    refused = 553 if " " in recipient else answer
    assert code(client, f"RCPT TO:<{recipient}>") in (answer, refused)


def test_a_deactivated_mailbox_takes_nothing(client: smtplib.SMTP, receiver: Receiver) -> None:
    with receiver.engine.begin() as connection:
        connection.execute(update(mailbox).where(mailbox.c.address == MAILBOX.lower()).values(active=False))
    client.docmd("MAIL FROM:<anna@klient.example>")
    assert code(client, f"RCPT TO:<{MAILBOX}>") == 550


def test_a_size_over_the_limit_is_refused_before_the_letter_is_sent(client: smtplib.SMTP, receiver: Receiver) -> None:
    assert code(client, "MAIL FROM:<anna@klient.example> SIZE=100001") == 552
    assert code(client, "MAIL FROM:<anna@klient.example> SIZE=100001") == 552
    (row,) = rows(receiver)
    assert (row.outcome, row.reason, row.mailbox_id) == ("rejected", "over_limit", None)
    assert (row.envelope_from, row.sender, row.size) == ("anna@klient.example", "anna@klient.example", 0)


@pytest.mark.parametrize("ending", [b"a" * 70 + b"\r\n", b"a"])
def test_of_a_letter_over_the_limit_the_beginning_is_kept_once(
    client: smtplib.SMTP, receiver: Receiver, settings: config.Settings, ending: bytes
) -> None:
    """However often it is tried, and also where the whole of it is one line."""
    large = LETTER + b"..hidden\r\n" + ending * (150_000 // len(ending)) + b"\r\n.\r\n"
    for _again in range(2):
        begin(client)
        assert code(client, "DATA") == 354
        client.send(large)
        assert client.getreply()[0] == 552
    begin(client)
    (row,) = rows(receiver)
    assert (row.outcome, row.reason, row.envelope_from) == ("rejected", "over_limit", "anna@klient.example")
    assert (row.recipient, row.sender, row.subject) == (MAILBOX, "anna@klient.example", "Raport")
    (head,) = kept(receiver, settings)
    assert head.startswith(LETTER + b".hidden\r\n")
    assert 60_000 < len(head) == row.size <= 2**16


def test_that_a_letter_was_too_large_is_said_only_once_it_is_kept(
    client: smtplib.SMTP, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Receiver, "keep_refused", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
    assert code(client, "MAIL FROM:<anna@klient.example> SIZE=100001") == 451
    assert rows(receiver) == []
    assert code(client, "MAIL FROM:<anna@klient.example> SIZE=100000") == 250


def test_eight_bit_letters_come_as_they_are(
    client: smtplib.SMTP, receiver: Receiver, settings: config.Settings
) -> None:
    raw = b"Subject: x\r\n\r\n" + bytes(byte for byte in range(1, 256) if byte not in (10, 13)) + b"\r\n"
    client.sendmail("anna@klient.example", [MAILBOX], raw, mail_options=["BODY=8BITMIME"])
    assert kept(receiver, settings) == [raw]


def test_addresses_beyond_ascii_are_taken(client: smtplib.SMTP, receiver: Receiver) -> None:
    client.sendmail("łukasz@żółw.example", [MAILBOX], LETTER, mail_options=["SMTPUTF8"])
    assert [row.envelope_from for row in rows(receiver)] == ["łukasz@żółw.example"]


def test_a_sender_in_bytes_that_are_no_text_loses_no_letter(client: smtplib.SMTP, receiver: Receiver) -> None:
    client.send(b"MAIL FROM:<\xb3ukasz@klient.example>\r\n")
    assert client.getreply()[0] == 250
    assert code(client, f"RCPT TO:<{MAILBOX}>") == 250
    assert client.data(LETTER)[0] == 250
    assert len(rows(receiver)) == 1


def test_a_recipient_in_bytes_that_are_no_text_is_unknown(client: smtplib.SMTP) -> None:
    client.docmd("MAIL FROM:<anna@klient.example>")
    client.send(b"RCPT TO:<\xb3ukasz\x00@pomoc.example>\r\n")
    assert 500 <= client.getreply()[0] < 560


def test_lines_that_begin_with_a_dot_stay_whole(
    client: smtplib.SMTP, receiver: Receiver, settings: config.Settings
) -> None:
    raw = b"Subject: x\r\n\r\n.\r\n..\r\n.koniec\r\n"
    client.sendmail("anna@klient.example", [MAILBOX], raw)
    assert kept(receiver, settings) == [raw]


def test_a_bare_line_feed_ends_no_letter(client: smtplib.SMTP, receiver: Receiver) -> None:
    """Otherwise a second letter could be smuggled in behind the first one's back."""
    begin(client)
    assert code(client, "DATA") == 354
    smuggled = b"\n.\nMAIL FROM:<evil@x.example>\nRCPT TO:<" + MAILBOX.encode() + b">\nDATA\nSubject: y\n\r\n"
    client.send(LETTER + smuggled + b".\r\n")
    assert client.getreply()[0] == 250
    assert [row.envelope_from for row in rows(receiver)] == ["anna@klient.example"]


def test_a_line_of_any_length_is_taken(client: smtplib.SMTP, receiver: Receiver, settings: config.Settings) -> None:
    raw = b"Subject: x\r\n\r\n" + b"x" * 90_000 + b"\r\n"
    client.sendmail("anna@klient.example", [MAILBOX], raw)
    assert kept(receiver, settings) == [raw]


def test_many_recipients_of_one_mailbox_are_one_delivery(client: smtplib.SMTP, receiver: Receiver) -> None:
    client.docmd("MAIL FROM:<anna@klient.example>")
    answers = [code(client, f"RCPT TO:<PomocTARGIT+{number}@pomoc.example>") for number in range(102)]
    assert answers == [250] * 100 + [452] * 2
    assert client.data(LETTER)[0] == 250
    assert len(rows(receiver)) == 1


def test_two_letters_in_one_conversation_and_one_that_was_taken_back(client: smtplib.SMTP, receiver: Receiver) -> None:
    begin(client)
    client.rset()
    assert code(client, "DATA") == 503
    for number in range(2):
        client.sendmail("anna@klient.example", [MAILBOX], b"Subject: %d\r\n\r\nx\r\n" % number)
    assert len(rows(receiver)) == 2


def test_a_connection_that_breaks_leaves_nothing(port: int, receiver: Receiver) -> None:
    """No 250 was said, so the sender will try again."""
    server = smtplib.SMTP("127.0.0.1", port, timeout=10)
    server.ehlo("x")
    begin(server)
    server.docmd("DATA")
    server.send(LETTER)
    server.close()
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as again:
        again.sendmail("anna@klient.example", [MAILBOX], LETTER)
    assert len(rows(receiver)) == 1


@pytest.mark.parametrize(
    "fault", [UnicodeEncodeError("utf-8", "x", 0, 1, "no"), RuntimeError("secret path"), OSError(5)]
)
def test_whatever_goes_wrong_the_sender_is_asked_to_try_again(
    client: smtplib.SMTP, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    """A 5xx would make the sender's server give the letter up; and no answer tells what broke."""

    def broken(*_: object) -> list[int]:
        raise fault

    begin(client)
    monkeypatch.setattr(Receiver, "keep", broken)
    status, words = client.data(LETTER)
    assert status == 451
    assert b"secret" not in words
    monkeypatch.undo()
    client.sendmail("anna@klient.example", [MAILBOX], LETTER)
    assert len(rows(receiver)) == 1


def test_a_database_that_is_away_asks_to_try_again_already_at_the_recipient(
    client: smtplib.SMTP, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> int:
        raise RuntimeError("no database")

    monkeypatch.setattr(Receiver, "mailbox_of", away)
    client.docmd("MAIL FROM:<anna@klient.example>")
    assert code(client, f"RCPT TO:<{MAILBOX}>") == 451


def test_too_many_connections_of_one_address_are_sent_away_until_others_end(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtpd, "MOST_OF_ONE", 2)
    first, second = (smtplib.SMTP("127.0.0.1", port, timeout=10) for _ in range(2))
    for _again in range(2):
        with pytest.raises(smtplib.SMTPConnectError) as refusal:
            smtplib.SMTP("127.0.0.1", port, timeout=10)
        assert refusal.value.smtp_code == 421
    first.quit()
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as third:
        assert third.noop()[0] == 250
    second.quit()


@pytest.fixture
def delivery(app: Flask, settings: config.Settings) -> Iterator[smtplib.LMTP]:
    """A connection to the LMTP listener, which takes letters up to 1,000 bytes."""
    port, other = free_port(), free_port()
    stop = smtpd.start(replace(settings, intake_port=other, lmtp_port=port, letter_limit=1_000))
    try:
        with smtplib.LMTP("127.0.0.1", port) as client:
            yield client
    finally:
        stop()


def replies(client: smtplib.LMTP, number: int) -> list[int]:
    return [client.getreply()[0] for _ in range(number)]


def test_by_lmtp_every_recipient_that_was_taken_is_answered(delivery: smtplib.LMTP, receiver: Receiver) -> None:
    """RFC 2033 section 4.2."""
    assert code(delivery, "EHLO x") == 500
    delivery.ehlo("mta.example")
    assert code(delivery, "MAIL FROM:<anna@klient.example>") == 250
    wanted = ["PomocTARGIT+a@pomoc.example", "nikt@pomoc.example", "PomocPROPHIX@pomoc.example"]
    assert [code(delivery, f"RCPT TO:<{each}>") for each in wanted] == [250, 550, 250]
    assert code(delivery, "DATA") == 354
    delivery.send(LETTER + b".\r\n")
    assert replies(delivery, 2) == [250, 250]
    assert code(delivery, "NOOP") == 250  # and not once more
    assert sorted((row.transport, row.recipient) for row in rows(receiver)) == [
        ("lmtp", "PomocPROPHIX@pomoc.example"),
        ("lmtp", "PomocTARGIT+a@pomoc.example"),
    ]


def test_by_lmtp_a_refusal_is_said_for_every_recipient_too(
    delivery: smtplib.LMTP, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery.ehlo("mta.example")
    assert code(delivery, "DATA") == 503
    for letter, status in ((b"x\r\n" * 1_000, 552), (LETTER, 451)):
        begin(delivery)  # type: ignore[arg-type]
        assert code(delivery, "RCPT TO:<PomocPROPHIX@pomoc.example>") == 250
        monkeypatch.setattr(Receiver, "keep", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
        assert code(delivery, "DATA") == 354
        delivery.send(letter + b".\r\n")
        assert replies(delivery, 2) == [status, status]
    assert code(delivery, "NOOP") == 250
    assert sorted((row.outcome, row.recipient) for row in rows(receiver)) == [
        ("rejected", "PomocPROPHIX@pomoc.example"),
        ("rejected", MAILBOX),
    ]


def test_starttls_shows_our_certificate_also_a_renewed_one(
    app: Flask, settings: config.Settings, receiver: Receiver, tmp_path: Path
) -> None:
    port = free_port()
    files = tmp_path / "certificate.pem", tmp_path / "key.pem"
    for number in range(2):
        for path, content in zip(files, certificate_for("localhost"), strict=True):
            path.write_bytes(content)
        os.utime(files[0], (number + 1, number + 1))
        if number == 0:
            chosen = replace(settings, intake_port=port, intake_certificate=files[0], intake_key=files[1])
            stop = smtpd.start(chosen)
        with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
            client.ehlo("klient.example")
            client.starttls(context=ssl.create_default_context(cafile=str(files[0])))
            client.sendmail("anna@klient.example", [MAILBOX], LETTER)
    stop()
    assert len(rows(receiver)) == 2


def test_a_certificate_that_cannot_be_read_is_said_at_the_start(settings: config.Settings, tmp_path: Path) -> None:
    with pytest.raises(config.BadSetting, match="BILETY_INTAKE_CERTIFICATE"):
        smtpd.start(replace(settings, intake_port=free_port(), intake_certificate=tmp_path / "none.pem"))
