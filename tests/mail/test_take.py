"""From the journal to the ticket, and back to the sender."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

import config
from app.extensions import db
from app.models.account import Account
from app.models.event import Letter
from app.models.journal import JournalEntry
from app.models.ticket import Message, Ticket
from tests.mail.letters import arrive, letter, sent, text_of, trust_copies, work


@pytest.fixture
def consultant(make_account: Callable[..., int]) -> int:
    return make_account("konsultant@pomoc.example", role="consultant", groups=("TARGIT",), name="Jan Kos")


def entries(app: Flask) -> list[tuple[str, str | None, int | None]]:
    with app.app_context():
        rows = db.session.scalars(select(JournalEntry).order_by(JournalEntry.id))
        return [(row.outcome, row.reason, row.ticket.number if row.ticket else None) for row in rows]


def tickets(app: Flask) -> list[tuple[int, str, str]]:
    with app.app_context():
        return [(row.number, row.subject, row.status) for row in db.session.scalars(select(Ticket).order_by(Ticket.id))]


def test_a_letter_becomes_a_ticket_and_is_acknowledged(
    app: Flask, settings: config.Settings, outgoing: Path, consultant: int
) -> None:
    arrive(app, settings, letter())
    assert entries(app) == [("ticket", None, 1001)]
    assert tickets(app) == [(1001, "Raport nie działa", "new")]
    acknowledgement, invitation = sorted(
        sent(outgoing, "anna@klient.example"), key=lambda mail: mail["Auto-Submitted"], reverse=True
    )
    assert str(acknowledgement["Subject"]).startswith("[#1001]")
    assert acknowledgement["Auto-Submitted"] == "auto-replied"
    assert acknowledgement["In-Reply-To"] == "<1@klient.example>"
    assert "pomoctargit+t1001." in str(acknowledgement["Reply-To"]).lower()
    assert "/confirm/" in text_of(invitation)
    assert "raport sprzedaży jest pusty" in text_of(sent(outgoing, "konsultant@pomoc.example")[0])


def test_a_reply_to_the_acknowledgement_lands_in_its_ticket(
    app: Flask, settings: config.Settings, outgoing: Path
) -> None:
    """S20, by each of the marks alone."""
    arrive(app, settings, letter())
    acknowledgement = next(mail for mail in sent(outgoing) if mail["Auto-Submitted"] == "auto-replied")
    arrive(
        app,
        settings,
        letter(subject="Odp: coś", message_id="<2@klient.example>", in_reply_to=acknowledgement["Message-ID"]),
    )
    arrive(
        app,
        settings,
        letter(subject="coś", message_id="<3@klient.example>"),
        recipient=str(acknowledgement["Reply-To"]),
    )
    arrive(app, settings, letter(subject=f"Odp: {acknowledgement['Subject']}", message_id="<4@klient.example>"))
    arrive(app, settings, letter(subject="Odp: x", message_id="<5@klient.example>", references="<1@klient.example>"))
    assert entries(app)[1:] == [("message", None, 1001)] * 4


def test_a_stranger_cannot_enter_a_ticket_by_its_number(app: Flask, settings: config.Settings) -> None:
    arrive(app, settings, letter())
    arrive(
        app, settings, letter(sender="obcy@inny.example", subject="Re: [#1001] Raport", message_id="<2@inny.example>")
    )
    assert entries(app) == [("ticket", None, 1001), ("ticket", None, 1002)]


def test_a_stranger_with_our_mark_is_heard_but_not_trusted_and_told_nothing(
    app: Flask, settings: config.Settings, outgoing: Path
) -> None:
    arrive(app, settings, letter())
    acknowledgement = next(mail for mail in sent(outgoing) if mail["Auto-Submitted"] == "auto-replied")
    arrive(
        app,
        settings,
        letter(
            sender="kolega@klient.example", message_id="<2@klient.example>", in_reply_to=acknowledgement["Message-ID"]
        ),
    )
    with app.app_context():
        assert [message.verified for message in db.session.scalars(select(Message).order_by(Message.id))] == [
            True,
            False,
        ]
    assert sent(outgoing, "kolega@klient.example") == []


def test_the_same_letter_twice_is_shown_once(app: Flask, settings: config.Settings) -> None:
    arrive(app, settings, b"Received: from a\r\n" + letter())
    arrive(app, settings, b"Received: from b\r\n" + letter(), recipient="PomocPROPHIX@pomoc.example")
    assert entries(app) == [("ticket", None, 1001), ("message", "twice", 1001)]
    assert len(tickets(app)) == 1


def test_a_reused_message_id_with_other_words_is_a_letter_of_its_own(app: Flask, settings: config.Settings) -> None:
    arrive(app, settings, letter())
    arrive(app, settings, letter(text="Coś innego"))
    assert [outcome for outcome, _reason, _number in entries(app)] == ["ticket", "ticket"]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (letter(sender=""), "no_sender"),
        (b"", "no_sender"),
        (bytes(range(256)) * 20, "no_sender"),
        (letter(subject="Automatyczna odpowiedź: urlop", auto_submitted="auto-replied"), "automatic_alone"),
    ],
)
def test_what_cannot_be_placed_waits_with_its_reason(
    app: Flask, settings: config.Settings, outgoing: Path, raw: bytes, reason: str
) -> None:
    arrive(app, settings, raw)
    assert entries(app) == [("not_sure", reason, None)]
    assert sent(outgoing) == []


def test_an_automatic_answer_is_filed_and_neither_answered_nor_reopening(
    app: Flask, settings: config.Settings, outgoing: Path
) -> None:
    arrive(app, settings, letter())
    before = len(sent(outgoing))
    acknowledgement = next(mail for mail in sent(outgoing) if mail["Auto-Submitted"] == "auto-replied")
    arrive(
        app,
        settings,
        letter(
            subject="Jestem na urlopie",
            message_id="<2@klient.example>",
            auto_submitted="auto-replied",
            in_reply_to=acknowledgement["Message-ID"],
        ),
    )
    assert entries(app)[1][0] == "automatic"
    assert len(sent(outgoing)) == before


def test_our_own_letter_that_comes_back_makes_no_loop(app: Flask, settings: config.Settings, outgoing: Path) -> None:
    arrive(app, settings, letter())
    arrive(app, settings, next(iter(outgoing.glob("*.eml"))).read_bytes())
    assert entries(app)[1] == ("rejected", "own_letter", None)


def test_a_consultant_speaks_by_letter_only_in_answer_to_his_own_copy(
    app: Flask, settings: config.Settings, outgoing: Path, consultant: int
) -> None:
    trust_copies(app)
    arrive(app, settings, letter())
    own_copy = sent(outgoing, "konsultant@pomoc.example")[0]
    customers = next(mail for mail in sent(outgoing, "anna@klient.example") if mail["Auto-Submitted"] == "auto-replied")
    forged = letter(sender="konsultant@pomoc.example", message_id="<f@x.example>", in_reply_to=customers["Message-ID"])
    arrive(app, settings, forged)
    arrive(
        app,
        settings,
        letter(
            sender="konsultant@pomoc.example",
            message_id="<k@pomoc.example>",
            in_reply_to=own_copy["Message-ID"],
            text="Już działa.",
        ),
    )
    assert entries(app)[1:] == [("not_sure", "unproven_consultant", 1001), ("message", None, 1001)]
    assert "Już działa." in text_of(sent(outgoing, "anna@klient.example")[-1])


def test_a_letter_that_breaks_the_filing_does_not_hold_up_the_next(
    app: Flask, settings: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.mail.place import Clerk

    real = Clerk.place

    def broken_once(self: Clerk, entry: JournalEntry, reading: object) -> object:
        if entry.subject == "zepsuty":
            raise ZeroDivisionError
        return real(self, entry, reading)  # type: ignore[arg-type]

    monkeypatch.setattr(Clerk, "place", broken_once)
    arrive(app, settings, letter(subject="zepsuty"))
    arrive(app, settings, letter(subject="dobry", message_id="<2@klient.example>"))
    assert [(outcome, reason) for outcome, reason, _number in entries(app)] == [
        ("not_sure", "failed"),
        ("ticket", None),
    ]


def test_a_deactivated_sender_opens_no_door(
    app: Flask, settings: config.Settings, make_account: Callable[..., int]
) -> None:
    anna = make_account("anna@klient.example")
    with app.app_context():
        db.session.get_one(Account, anna).active = False
        db.session.commit()
    arrive(app, settings, letter())
    assert entries(app) == [("not_sure", "sender_deactivated", None)]


def test_running_everything_twice_sends_nothing_twice(app: Flask, settings: config.Settings, outgoing: Path) -> None:
    arrive(app, settings, letter())
    before = len(sent(outgoing))
    work(app)
    with app.app_context():
        assert {row.state for row in db.session.scalars(select(Letter))} == {"sent"}
    assert len(sent(outgoing)) == before
