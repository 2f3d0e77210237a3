"""Letters over the limit that were fetched: the beginning is kept, their senders are told once, machines never."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.mail.receive import Envelope, Receiver
from app.models.journal import JournalEntry
from app.models.tables import mailbox
from tests.mail.letters import letter, sent, text_of, work

TARGIT, PROPHIX = "pomoctargit@pomoc.example", "pomocprophix@pomoc.example"


@pytest.fixture
def fetch(app: Flask, receiver: Receiver) -> Callable[..., None]:
    """fetch(raw) -> as a reader of the mailbox keeps the beginning of a letter over the limit."""

    def fetch(raw: bytes, address: str = TARGIT) -> None:
        with receiver.engine.begin() as connection:
            row = connection.scalar(select(mailbox.c.id).where(mailbox.c.address == address))
            envelope = Envelope((address,), "imap")
            receiver.keep_fetched(connection, row, envelope, receiver.files.put(raw), len(raw), is_whole=False)
        work(app)

    return fetch


def ends(app: Flask) -> list[tuple[str, str | None]]:
    with app.app_context():
        rows = db.session.scalars(select(JournalEntry).order_by(JournalEntry.id))
        return [(row.outcome, row.reason) for row in rows]


def test_its_sender_is_told_and_the_beginning_is_kept(fetch, app: Flask, outgoing: Path) -> None:
    fetch(letter(subject="Zrzuty ekranu"))
    assert ends(app) == [("rejected", "too_large_told")]
    (told,) = sent(outgoing)
    assert (told["To"], told["Subject"]) == ("Anna Nowak <anna@klient.example>", "Odp: Zrzuty ekranu")
    assert (told["Auto-Submitted"], told["In-Reply-To"]) == ("auto-replied", "<1@klient.example>")
    assert told["From"].addresses[0].addr_spec.lower() == TARGIT
    assert "większa niż 25 MiB" in text_of(told)


def test_the_same_letter_is_answered_once_wherever_it_comes(fetch, app: Flask, outgoing: Path) -> None:
    fetch(letter())
    fetch(b"Received: by another way\r\n" + letter(), PROPHIX)
    assert ends(app) == [("rejected", "too_large_told")] * 2
    assert len(sent(outgoing)) == 1


@pytest.mark.parametrize(
    "raw",
    [
        letter(auto_submitted="auto-replied"),
        letter(list_id="<lista.klient.example>"),
        letter(sender="no-reply@klient.example"),
        letter(sender=TARGIT),
        letter().replace(b"From:", b"X-From:"),
    ],
)
def test_nobody_is_told_whom_a_machine_may_not_answer(fetch, app: Flask, outgoing: Path, raw: bytes) -> None:
    fetch(raw)
    assert ends(app) == [("not_sure", "too_large")]
    assert sent(outgoing) == []


def test_an_address_that_got_enough_automatic_letters_gets_no_more(fetch, app: Flask, outgoing: Path) -> None:
    for number in range(6):
        fetch(letter(message_id=f"<{number}@klient.example>"))
    assert [outcome for outcome, _reason in ends(app)] == ["rejected"] * 5 + ["not_sure"]
    assert len(sent(outgoing)) == 5
