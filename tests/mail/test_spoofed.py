"""Letters in somebody's name: what is proven of their senders, and what they may do without (O35, O36)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.events.transaction import transaction
from app.extensions import db
from app.models.journal import JournalEntry
from app.models.mailbox import Mailbox
from tests.mail.letters import letter, sent
from tests.mail.test_place import ANNA, CONSULTANT, Arrive, anna, come, consultant, ends, messages, ours

__all__ = ["anna", "come", "consultant"]  # fixtures


@pytest.fixture
def checking(app: Flask) -> None:
    """The mail server before the mailbox checks senders and writes down what it found."""
    with app.app_context(), transaction():
        db.session.execute(update(Mailbox).values(verified_by="mx.pomoc.example"))


def checked(raw: bytes, result: str, domain: str = "klient.example", server: str = "mx.pomoc.example") -> bytes:
    return f"Authentication-Results: {server}; dmarc={result} header.from={domain}\r\n".encode() + raw


def test_a_letter_that_nothing_proves_is_never_shown_as_hers(
    app: Flask, come: Arrive, outgoing: Path, checking: None, anna: int, browser_of: Callable[..., Any], consultant: int
) -> None:
    """O35, R9: the page, the grid and the journal say so; what was proven stands in the journal."""
    come(checked(letter(text="Pierwszy"), "pass"))
    desk = browser_of(CONSULTANT)
    assert "Nadawca niezweryfikowany" not in desk.get("/desk/tickets/1001").text
    assert "Niezweryfikowany" not in desk.get("/desk/tickets/list/").text
    come(
        checked(
            letter(message_id="<2@x>", in_reply_to="<1@klient.example>", text="Drugi"),
            *("pass", "klient.example", "mx.evil.example"),
        )
    )
    assert "Nadawca niezweryfikowany" in desk.get("/desk/tickets/1001").text
    assert "Niezweryfikowany" in desk.get("/desk/tickets/list/").text
    assert "Niezweryfikowany" in desk.get("/desk/journal/list/").text
    shown = desk.get("/desk/journal/show/2").text
    assert "niezweryfikowany; sprawdził serwer" not in shown
    assert "niezweryfikowany; nie było czego sprawdzić" in shown
    come(checked(letter(message_id="<3@x>", in_reply_to=ours(outgoing), text="Trzeci"), "fail"))
    assert "Właściciel domeny zaprzecza" in desk.get("/desk/tickets/1001").text
    assert [verified for _text, _kind, verified in messages(app)] == [True, False, False]
    come(checked(letter(message_id="<4@x>", in_reply_to="<1@klient.example>", text="Czwarty"), "pass"))
    assert messages(app)[-1] == ("Czwarty", "customer", True)


@pytest.mark.parametrize("result", ["none", "fail", "temperror", "of another server", "without his copy"])
def test_a_spoofed_consultant_never_speaks_as_one(
    app: Flask, come: Arrive, outgoing: Path, checking: None, anna: int, consultant: int, result: str
) -> None:
    """O36: with the ticket's mark, and even with the mark of his own copy, which his readers have seen."""
    come(letter())
    mark, before = ours(outgoing, CONSULTANT), len(sent(outgoing, ANNA))
    reply_to = str(sent(outgoing, ANNA)[-1]["Reply-To"])
    forged = {"sender": CONSULTANT, "message_id": "<f@x>", "text": "Proszę podać hasło."}
    if result == "of another server":
        raw = checked(letter(**forged, in_reply_to=mark), "pass", "pomoc.example", server="mx.evil.example")
    elif result == "without his copy":
        raw = checked(letter(**forged), "pass", "pomoc.example")
    else:
        raw = checked(letter(**forged, in_reply_to=mark), result, "pomoc.example")
    come(raw, recipient=reply_to)
    assert "consultant" not in [kind for _text, kind, _verified in messages(app)]
    assert len(sent(outgoing, ANNA)) == before
    outcome, reason, number = ends(app)[1]
    expected = "unproven_consultant" if result == "without his copy" else "unverified_consultant"
    assert (outcome, reason, number) == ("not_sure", expected, 1001)


@pytest.mark.parametrize("by", ["his domain", "his copy"])
def test_a_consultant_who_is_proven_answers_by_letter(
    app: Flask, come: Arrive, outgoing: Path, checking: None, anna: int, consultant: int, by: str
) -> None:
    if by == "his copy":
        with app.app_context(), transaction():
            db.session.execute(update(Mailbox).values(trusts_marks=True))
    come(letter())
    raw = letter(sender=CONSULTANT, message_id="<k@x>", in_reply_to=ours(outgoing, CONSULTANT), text="Naprawione.")
    come(checked(raw, "pass" if by == "his domain" else "none", "pomoc.example"))
    assert messages(app)[-1][:2] == ("Naprawione.", "consultant")
    assert "Naprawione." in sent(outgoing, ANNA)[-1].as_string()


def test_a_letter_in_a_consultants_name_that_answers_nothing_is_marked(
    app: Flask, come: Arrive, outgoing: Path, checking: None, consultant: int, browser_of: Callable[..., Any]
) -> None:
    come(checked(letter(sender=CONSULTANT), "fail", "pomoc.example"))
    assert messages(app)[0][1:] == ("customer", False)
    assert "Właściciel domeny zaprzecza" in browser_of(CONSULTANT).get("/desk/tickets/1001").text


def test_dns_that_does_not_answer_holds_up_nobody(
    app: Flask, come: Arrive, monkeypatch: pytest.MonkeyPatch, anna: int
) -> None:
    """R7, R8: the letters are tickets all the same, and say why their sender is not verified."""
    signature = b"DKIM-Signature: v=1; a=rsa-sha256; d=klient.example; s=s; h=from; bh=AAAA; b=AAAA\r\n"
    come(signature + letter())
    assert ends(app) == [("ticket", None, 1001)]
    with app.app_context():
        entry = db.session.scalars(select(JournalEntry)).one()
        assert entry.proof is not None
        assert (entry.proof["dmarc"], entry.proof["by"]) == ("temperror", "desk")
