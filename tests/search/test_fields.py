"""field:value in a search, filters by who asked and when, and what stands in attached files."""

from __future__ import annotations

import io
import time
import zipfile
from datetime import UTC, datetime

import pytest
from flask import current_app

from app.desk import tickets
from app.desk.content import Contribution, StoredFile
from app.events.transaction import transaction
from app.extensions import db
from app.files.store import FileStore
from app.models.ticket import Channel, StateKind, Ticket
from app.search.attached import LARGEST_PART
from app.search.document import Question
from app.search.fields import narrowed
from app.search.from_database import from_database
from tests.search.conftest import ANNA, KAROL, OLGA, PIOTR, STRANGER, Desk


@pytest.fixture
def filled(desk: Desk) -> Desk:
    desk.ticket("Faktura nie drukuje", by=ANNA)
    desk.ticket("Faktura bez stopki", by=PIOTR, group="TARGIT")
    desk.ticket("Invoice is late", "No invoice came.", by=PIOTR)
    desk.change(1002, status=StateKind.OPEN, arrived_at=datetime(2025, 3, 4, tzinfo=UTC))
    desk.change(1003, language="en")
    desk.index()
    return desk


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("faktura produkt:targit", {1002}), ("faktura produkt:TARGIT", {1002}), ("produkt:dynamics", {1001, 1003}),
        ("faktura -produkt:targit", {1001, 1003}), ("faktura status:open", {1002}),
        ("produkt:dyn -status:open", {1001, 1003}),
        ("faktura data:2025", {1002}), ("faktura data:2025-03", {1002}), ("faktura data:2025-04", set()),
        ("typ:bilet faktura", {1001, 1002, 1003}), ("jezyk:en faktura", {1003}), ("lang:english invoice", {1003}),
        ("autor:piotr faktura", {1002, 1003}), ("od:piotr@klient.example", {1002, 1003}), ("autor:nikt faktura", set()),
        ("produkt:", set()), ("autor:Nowak", set()),
    ],
)  # fmt: skip
def test_fields_narrow(filled: Desk, typed: str, found: set[int]) -> None:
    assert set(filled.numbers(typed)) == found


def test_a_field_without_such_a_value_is_searched_as_words(filled: Desk) -> None:
    assert 1002 in filled.numbers("status:stopka")


def test_filters_are_counted(filled: Desk) -> None:
    facets = filled.ask("faktura").facets
    assert facets["authors"] == {str(filled.ids[ANNA]): 1, str(filled.ids[PIOTR]): 2}
    assert facets["dates"]["2025-03"] == 1
    assert filled.numbers("faktura", filters={"authors": str(filled.ids[ANNA])}) == [1001]
    assert filled.numbers("faktura", filters={"dates": "2025"}) == [1002]


def test_what_is_meant_keeps_the_fields_beside_it(filled: Desk) -> None:
    answer = filled.ask("produkt:targit stpoki")
    assert answer.suggestion == "produkt:targit stopki"
    assert [hit.ticket.number for hit in answer.hits] == [1002]


def attach(desk: Desk, number: int, name: str, content: bytes, *, note: bool = False) -> None:
    with transaction():
        ticket = db.session.query(Ticket).filter_by(number=number).one()
        files: FileStore = current_app.extensions["files"]
        kept = StoredFile(name, len(content), "application/octet-stream", files.put(content))
        said = Contribution("W załączniku.", Channel.PORTAL, files=(kept,))
        if note:
            tickets.note(ticket, said, by=desk.account(KAROL))
        else:
            tickets.customer_reply(ticket, said, by=desk.account(ANNA))
    desk.index()


def packed(**parts: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name.replace("__", "/") + ".xml", text)
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("zestawienie.csv", "kod;nazwa\n7;przenośnik taśmowy\n".encode("cp1250")),
        ("log.txt", "błąd: przenośnik stoi\n".encode()),
        ("log.txt", "\ufeffprzenośnik stoi".encode("utf-16")),
        ("strona.html", "<p>Nasz <b>przenośnik</b></p><script>var ukryte</script>".encode()),
        ("umowa.docx", packed(word__document="<w:p><w:t>Przenośnik</w:t></w:p><w:p><w:t>i &amp; reszta</w:t></w:p>")),
        ("ceny.xlsx", packed(xl__sharedStrings="<si><t>przenośniki</t></si>")),
        ("pismo.odt", packed(content="<text:p>przenośnika</text:p>")),
        ("przenośnik.pdf", b"%PDF-1.4"),
    ],
)
def test_files_are_found_by_their_words(filled: Desk, name: str, content: bytes) -> None:
    attach(filled, 1001, name, content)
    (hit,) = filled.ask("przenosnik").hits
    assert hit.ticket is not None
    assert hit.ticket.number == 1001
    assert any(marked for _text, marked in hit.excerpt), "the passage shows where"
    assert filled.numbers("przenośnik", by=STRANGER) == []
    assert filled.numbers("ukryte") == []


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"\xff\xfe\x00"])
@pytest.mark.parametrize("name", ["a.docx", "a.txt", "a.html"])
def test_a_file_that_is_none_is_found_by_its_name(filled: Desk, name: str, content: bytes) -> None:
    attach(filled, 1001, f"zepsuty-{name}", content or b" ")
    assert filled.numbers("zepsuty") == [1001]


def test_a_bomb_is_only_begun(filled: Desk) -> None:
    attach(filled, 1001, "bomba.docx", packed(word__document="<w:t>bum</w:t>" + " " * 50_000_000))
    assert filled.numbers("bum") == [1001]


@pytest.mark.parametrize("piece", ["<script ", "<br "])
@pytest.mark.parametrize("name", ["a.html", "a.docx"])
def test_marks_that_never_end_cost_no_more_than_text(filled: Desk, name: str, piece: str) -> None:
    """What its sender may repeat is read once: it took an hour of the processor for 4 MiB, packed into 20 KB."""
    begun = time.process_time()
    text = "ogonek " + piece * (LARGEST_PART // len(piece))
    attach(filled, 1001, name, packed(word__document=text) if name == "a.docx" else text.encode())
    assert filled.numbers("ogonek") == [1001]
    assert time.process_time() - begun < 5


def test_files_of_notes_are_the_desks(filled: Desk) -> None:
    attach(filled, 1001, "tajne-umowy.txt", b"wewnetrzny cennik", note=True)
    assert filled.numbers("cennik", by=ANNA) == []
    assert filled.numbers("tajne-umowy.txt", by=ANNA) == []
    assert filled.numbers("cennik", by=KAROL) == [1001]
    assert filled.numbers("cennik", by=OLGA) == []


def test_fields_work_while_the_database_answers(filled: Desk) -> None:
    standing = filled.standing(ANNA)
    question = narrowed(Question("faktura produkt:targit data:2025", None))
    hits, partial = from_database(question, standing, "pl")
    assert ([hit.ticket.number for hit in hits if hit.ticket], partial) == ([1002], False)
