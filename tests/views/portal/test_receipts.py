"""Proof of receipt: for who may see the message; checked by anybody; one changed byte fails."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.desk.receipts import NotGenuine, content_sha256, seal, unseal, unseal_file
from app.extensions import db
from app.models.ticket import Message, Ticket
from tests.browsing import Visitor, text_of

Browser = Callable[[str], Visitor]


@pytest.fixture
def anna(make_account: Callable[..., int], browser_of: Browser) -> Visitor:
    make_account("anna@klient.example", name="Anna Nowak")
    make_account("ewa@inny.example", name="Ewa Obca")
    return browser_of("anna@klient.example")


@pytest.fixture
def receipt(app: Flask, anna: Visitor) -> str:
    """The address of the receipt of a ticket that Anna sent by form."""
    anna.submit("/tickets/new?group=1", {"subject": "Raport", "text": "Tajne słowa"})
    with app.app_context():
        ticket = db.session.scalars(select(Ticket)).one()
        message = db.session.scalars(select(Message)).one()
        return f"/tickets/{ticket.number}/receipt/{message.id}"


def test_the_page_leads_from_the_ticket_and_certifies_what_was_sent(receipt: str, anna: Visitor) -> None:
    page = anna.page(receipt.partition("/receipt")[0])
    assert page.xpath(f"//a[@href='{receipt}']")
    said = text_of(anna.page(receipt))
    content = json.dumps(["Raport", "Tajne słowa", []], ensure_ascii=False, separators=(",", ":"))
    assert hashlib.sha256(content.encode()).hexdigest() in said
    assert content_sha256("Raport", "Tajne słowa", []) in said


def test_anybody_checks_it_and_learns_no_name_and_no_word(receipt: str, anna: Visitor, client: Visitor) -> None:
    link = anna.page(receipt).xpath("//main//a[contains(@href, '/receipts/')]/@href")[0]
    said = text_of(client.page(link.partition("8000")[2]))
    assert "jest autentyczne" in said
    for secret in ("Anna", "Nowak", "klient.example", "Tajne", "Raport"):
        assert secret not in said


def test_the_pdf_is_checked_whole(receipt: str, anna: Visitor, client: Visitor) -> None:
    answer = anna.get(f"{receipt}.pdf")
    assert answer.mimetype == "application/pdf"
    content = answer.data
    assert content.startswith(b"%PDF")
    well = client.submit("/receipts/", {"file": (io.BytesIO(content), "receipt.pdf")})
    assert well.status_code == 200
    assert "jest autentyczne" in well.text
    for place in (20, len(content) // 2, len(content) - 3):
        other = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
        assert client.submit("/receipts/", {"file": (io.BytesIO(other), "receipt.pdf")}).status_code == 422


def test_every_changed_letter_of_the_code_fails(app: Flask, receipt: str, anna: Visitor, client: Visitor) -> None:
    word = anna.page(receipt).xpath("//main//a[contains(@href, '/receipts/')]/@href")[0].rpartition("/")[2]
    with app.app_context():
        secret = app.extensions["settings"].secret_key
        assert seal(unseal(word, secret), secret) == word
        for place in range(len(word)):
            with pytest.raises(NotGenuine):
                unseal(word[:place] + ("A" if word[place] != "A" else "B") + word[place + 1 :], secret)
        for nonsense in ("", "ą", "=" * 50, word + "A", word[:-1], word * 100):
            with pytest.raises(NotGenuine):
                unseal(nonsense, secret)
        with pytest.raises(NotGenuine):
            unseal(word, secret + "x")
        with pytest.raises(NotGenuine):
            unseal_file(b"%PDF-1.7", secret)
    assert client.get(f"/receipts/{word[:-2]}xx").status_code == 422
    assert client.submit("/receipts/", {"word": f"http://localhost:8000/receipts/{word}"}).status_code == 200


def test_strangers_find_no_receipt(receipt: str, browser_of: Browser, client: Visitor) -> None:
    ewa = browser_of("ewa@inny.example")
    assert ewa.get(receipt).status_code == 404
    assert ewa.get(f"{receipt}.pdf").status_code == 404
    assert client.get(receipt).status_code == 302
    assert ewa.get("/tickets/999999/receipt/1").status_code == 404
