"""Tickets are found by the text of their PDFs; a hostile one costs a bounded time of nobody who waits."""

from __future__ import annotations

import io
import zlib

import pytest
from flask import current_app
from pypdf import PdfReader, PdfWriter

from app.extensions import db
from app.models.ticket import Attachment
from app.search import pdf
from tests.search.conftest import ANNA, KAROL, STRANGER, Desk
from tests.search.test_fields import attach


@pytest.fixture
def filled(desk: Desk) -> Desk:
    desk.ticket("Pismo")
    desk.index()
    return desk


def made(*pages: bytes, packed: bool = False) -> bytes:
    """A PDF whose pages show what these streams draw."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"", b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]
    kids = []
    for drawn in pages:
        body = zlib.compress(drawn, 9) if packed else drawn
        how = b"/Filter/FlateDecode" if packed else b""
        objects.append(b"<</Length %d%s>>stream\n%s\nendstream" % (len(body), how, body))
        kids.append(len(objects) + 1)
        font = b"/Resources<</Font<</F 3 0 R>>>>/MediaBox[0 0 600 800]"
        objects.append(b"<</Type/Page/Parent 2 0 R%s/Contents %d 0 R>>" % (font, len(objects)))
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(b"%d 0 R" % kid for kid in kids))
    whole = b"%PDF-1.4\n" + b"".join(b"%d 0 obj%s\nendobj\n" % each for each in enumerate(objects, start=1))
    return whole + b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n0\n%%%%EOF" % (len(objects) + 1)


def shows(words: bytes) -> bytes:
    return b"BT /F 12 Tf 10 700 Td (" + words + b") Tj ET\n"


def locked(password: str) -> bytes:
    writer, into = PdfWriter(clone_from=PdfReader(io.BytesIO(made(shows(b"przenosnik"))))), io.BytesIO()
    writer.encrypt(user_password=password, owner_password="wlasciciel", algorithm="RC4-128")
    writer.write(into)
    return into.getvalue()


def read(desk: Desk) -> None:
    pdf.read_waiting()
    desk.index()


def test_a_ticket_is_found_by_the_words_of_its_pdf(filled: Desk) -> None:
    attach(filled, 1001, "Umowa.PDF", made(shows(b"Nasz przenosnik stoi")))
    assert filled.numbers("przenośnik") == []
    assert current_app.extensions["redis"].exists("bilety:asked:read_files") or pdf.is_waiting()
    read(filled)
    assert not pdf.is_waiting()
    (hit,) = filled.ask("przenośniki", ANNA).hits
    assert any(marked for _text, marked in hit.excerpt), "the passage shows where"
    assert filled.numbers("przenośnik", STRANGER) == []


def test_the_pdf_of_a_note_is_the_desks(filled: Desk) -> None:
    attach(filled, 1001, "cennik.pdf", made(shows(b"przenosnik")), note=True)
    read(filled)
    assert filled.numbers("przenośnik", ANNA) == []
    assert filled.numbers("przenośnik", KAROL) == [1001]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"%PDF-1.4 przenosnik", ""),
        (made(shows(b"przenosnik"))[:-200], None),
        (locked("tajne"), ""),
        (locked(""), "przenosnik"),
        (b"", ""),
    ],
    ids=["none", "cut", "locked", "locked for changes only", "empty"],
)
def test_what_cannot_be_read_says_nothing(content: bytes, text: str | None) -> None:
    said = pdf.text_of(content).strip()
    assert text is None or said == text


def test_a_bomb_is_ended_and_what_stood_before_it_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "SECONDS", 1)
    bomb = made(shows(b"przed bomba"), shows(b"bum") * 600_000, packed=True)
    assert len(bomb) < 200_000
    assert pdf.text_of(bomb).split() == ["przed", "bomba"]


def test_only_pdfs_wait(filled: Desk) -> None:
    attach(filled, 1001, "a.txt", b"tekst")
    assert not pdf.is_waiting()
    attach(filled, 1001, "b.pdf", b"%PDF-1.4")
    db.session.query(Attachment).delete()
    db.session.commit()
    pdf.read_waiting()
