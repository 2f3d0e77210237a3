"""A customer without an account does by one word what the portal's buttons do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

import config
from app.desk import tickets
from app.desk.wishes import Wish
from app.events.transaction import transaction
from app.extensions import db
from app.mail.wishes import wish_in
from app.models.account import Account
from app.models.ticket import Message, Ticket
from tests.mail.letters import arrive, letter, sent, text_of

ANNA, JAN = "anna@klient.example", "jan@pomoc.example"


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        *((text, Wish.CLOSE) for text in ("zamknij", "Zamknij.", " ZAMKNIJ!\n", "zamknij :)", "*Close*", "„zamknij”")),
        *((text, Wish.ACCEPT) for text in ("akceptuję", "Akceptuje", "AKCEPTUJĘ!!!", "accept.", "akceptuje\u0328")),
        *((text, Wish.CONFIRM) for text in ("potwierdzam", "Potwierdzam,", "confirm")),
        *(
            (text, Wish.CLOSE)
            for text in (
                *(
                    "zamykam",
                    "Zamykam, dziękuję",
                    "Dziękuję, zamykam.",
                    "Proszę zamknąć",
                    "Dzień dobry, zamknij",
                    "Close, please",
                ),
                *(
                    "Zamknij\n\nPozdrawiam",
                    "Zamykam.\n\nZ poważaniem\nAnna Nowak\nGłówna księgowa\nMłyn Sp. z o.o.\ntel. 22 100 20 30",
                ),
                *(
                    "Witam Panie Janie,\n\nzamykam.\n\nAnna Nowak",
                    "Zamykam\nAnna",
                    "Zamknij. Dzięki, Ania",
                    "Zamknij 👍",
                ),
                *(
                    "Hi Jan,\nplease close.\nBest regards,\nAnna",
                    "Dzień dobry Pani Marto, proszę zamknąć. Pozdrawiam serdecznie",
                ),
            )
        ),
        *((text, Wish.CONFIRM) for text in ("potwierdzam, dziękuję", "Tak, potwierdzam!", "Confirmed. Thanks")),
        *(
            (text, Wish.ACCEPT)
            for text in ("OK, akceptuję", "Ok akceptuję. Miłego dnia!", "Accepted, many thanks\nAnna")
        ),
        *(
            (text, None)
            for text in (
                *("Nie zamykać!", "proszę nie zamykać", "Proszę, nie zamykajcie", "zamknij, ale jutro", "Zamykam\nBob"),
                *("Zamknij okno\nPozdrawiam", "Zamykam. Dziękuję. Czekam na fakturę", "Pozdrawiam\nzamknij drukarkę"),
                *(
                    "Zamykam\n\nPozdrawiam\nAnna\n\nPS. Jeszcze faktura",
                    "do not close",
                    "Don't close",
                    "potwierdzam, zamykam",
                ),
                *(
                    "Zamknij\nPozdrawiam i czekam na fakturę",
                    "Dzień dobry, raport działa, zamykam",
                    "dziękuję",
                    "Pozdrawiam",
                ),
                *(
                    "Zamykam\nPozdrawiam, ale nie zamykajcie",
                    "Zamykam?\nPozdrawiam",
                    "OK",
                    "nie potwierdzam",
                    "Nie, zamknij",
                ),
            )
        ),
        *((text, Wish.REOPEN) for text in ("otwórz ponownie", "Otworz  ponownie.", "OTWÓRZ\nPONOWNIE", "reopen")),
        *(
            (text, None)
            for text in (
                "",
                "nie zamknij",
                "zamknij okno",
                "Dzień dobry, zamknij okno",
                "closed",
                "tak",
                "zamknij?",
                "…",
            )
        ),
        ("zamknij" + " " * 30 + "zamknij", None),
    ],
)
def test_only_a_word_alone_is_a_wish(text: str, wish: Wish | None) -> None:
    assert wish_in(text, "Anna Nowak") == wish


@pytest.fixture
def talk(
    app: Flask, settings: config.Settings, outgoing: Path, make_account: Callable[..., int]
) -> Callable[..., list[tuple[str, str]]]:
    """Anna wrote a letter and has no account; talk(text) -> her next one, a reply: (state, letter)s."""
    make_account(JAN, role="consultant", groups=("TARGIT",))
    arrive(app, settings, letter())
    seen = {"letters": 0, "said": 0}

    def say(text: str, **more: Any) -> list[tuple[str, str]]:
        said = {"in_reply_to": str(sent(outgoing, ANNA)[-1]["Message-ID"]), "subject": "Odp: x", **more}
        seen["letters"], seen["said"] = len(sent(outgoing, ANNA)), seen["said"] + 1
        arrive(app, settings, letter(text=text, message_id=f"<{seen['said']}@x>", **said))
        with app.app_context():
            state = db.session.scalars(select(Ticket)).one().status
        return [(state, text_of(mail)) for mail in sent(outgoing, ANNA)[seen["letters"] :]] or [(state, "")]

    return say


def test_a_word_closes_and_opens_again(app: Flask, outgoing: Path, talk: Callable[..., Any]) -> None:
    assert any("ZAMKNIJ" in text_of(mail) for mail in sent(outgoing, ANNA)), "the letters tell the word"
    assert talk("Zamknij.\n\nPozdrawiam\n\n-- \nAnna Nowak\nKlient")[0][0] == "closed"
    assert talk("otworz ponownie")[0][0] == "open"
    assert talk("Zamknij okno, proszę.")[0][0] == "open", "a sentence is a message"
    with app.app_context():
        jan = db.session.scalars(select(Account).where(Account.email == JAN)).unique().one()
        with transaction():
            tickets.resolve(db.session.scalars(select(Ticket)).one(), by=jan)
    assert talk("AKCEPTUJĘ!")[0][0] == "closed"
    with app.app_context():
        texts = [row.text for row in db.session.scalars(select(Message).order_by(Message.id))]
    assert texts[1:] == ["Zamknij.\n\nPozdrawiam", "otworz ponownie", "Zamknij okno, proszę.", "AKCEPTUJĘ!"]


def test_what_is_not_allowed_is_told_and_changes_nothing(outgoing: Path, talk: Callable[..., Any]) -> None:
    state, told = talk("akceptuję")[0]
    assert state == "new"
    assert "Nie udało się wykonać" in told
    assert "Zaakceptować można tylko" in told
    assert talk("zamknij")[0][0] == "closed"
    state, told = talk("zamknij")[0]
    assert (state, "Nie udało się" in told) == ("closed", True), "the word does not open it as a message would"
    assert "nie ma czego potwierdzać" in " ".join(talk("potwierdzam")[0][1].split())


@pytest.mark.parametrize("text", ["Potwierdzam.", "akceptuję", "reopen"])
def test_where_the_desk_waits_for_the_customer_the_word_is_his_answer(
    app: Flask, talk: Callable[..., Any], text: str
) -> None:
    with app.app_context():
        jan = db.session.scalars(select(Account).where(Account.email == JAN)).unique().one()
        with transaction():
            tickets.move(db.session.scalars(select(Ticket)).one(), to="waiting_customer", by=jan)
    state, told = talk(text)[0]
    assert (state, "Nie udało się" in told) == ("open", False)


@pytest.mark.parametrize(
    "how",
    [
        {"sender": "obcy@nikt.example"},
        {"in_reply_to": "<1@klient.example>"},
        {"in_reply_to": "<x@y>", "subject": "Re: [#1001] x"},
        {"auto_submitted": "auto-replied"},
    ],
)
def test_the_word_of_a_stranger_or_unproven_letter_does_nothing(
    app: Flask, settings: config.Settings, outgoing: Path, talk: Callable[..., Any], how: dict[str, str]
) -> None:
    said = {"in_reply_to": str(sent(outgoing, ANNA)[-1]["Message-ID"]), "message_id": "<z@x>", "text": "zamknij", **how}
    arrive(app, settings, letter(**said))
    with app.app_context():
        assert {ticket.status for ticket in db.session.scalars(select(Ticket))} == {"new"}
