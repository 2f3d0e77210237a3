"""Values in bulk: a file is checked on the real rows without a trace, carried out, stopped, and repeated safely."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.content.types import Switches, add_type
from app.desk import field_sets, tickets
from app.desk.content import Contribution
from app.desk.field_values import fill
from app.events.transaction import transaction
from app.extensions import db
from app.fields import Kind, as_text, clean
from app.files import xlsx
from app.imports import runs
from app.imports.cells import value_of
from app.models.account import Account
from app.models.entry import Variant
from app.models.event import Letter
from app.models.import_run import ImportRun, ImportState
from app.models.organisation import Organisation
from app.models.product_group import ProductGroup
from app.models.ticket import Channel, Ticket
from tests.browsing import Visitor
from tests.fields.samples import SAMPLES, a_field

LIST = "/desk/imports/"
TOWN = a_field("text", "town", owner="organisation", most=20)
SIZE = a_field("choice", "size", owner="organisation")
CODE = a_field("text", "code", owner="organisation")
SHOE = a_field("number", "shoe", owner="account")
STAGE = a_field("choice", "stage")
SINCE = a_field("text", "since", owner="entry:known_issue", required=True)


@pytest.fixture(autouse=True)
def house(app: Flask, make_account: Callable[..., int]) -> None:
    make_account("anna@klient.example", organisation="Klient")
    make_account("adam@desk.example", role="administrator")
    with app.app_context():
        with transaction():
            add_type("known_issue", name_pl="Znany błąd", name_en="Known issue", switches=Switches())
            field_sets.publish([TOWN, SIZE, CODE, SHOE, STAGE, SINCE], reason="próba", by=None)
        with transaction():
            anna, group = account("anna@klient.example"), db.session.scalars(select(ProductGroup)).first()
            said = Contribution(text="Nie działa", channel=Channel.PORTAL)
            tickets.open_ticket(requester=anna, product_group=group, subject="Raport", contribution=said, by=anna)


@pytest.fixture
def adam(browser_of: Callable[[str], Visitor]) -> Visitor:
    return browser_of("adam@desk.example")


def account(email: str) -> Account:
    return db.session.scalars(select(Account).where(Account.email == email)).one()


def sheet(*rows: Any, separator: str = ";", encoding: str = "utf-8-sig") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows(rows)
    return text.getvalue().encode(encoding)


def sent(adam: Visitor, owner: str, content: bytes, name: str = "dane.csv") -> Any:
    """The address of the import, or the page that says what is wrong."""
    answer = adam.submit(LIST, {"owner": owner, "file": (io.BytesIO(content), name)}, follow=False)
    return answer.location if answer.status_code == 303 else answer


def checked(app: Flask, adam: Visitor, owner: str, content: bytes, *, known_by: str = "", name: str = "d.csv") -> str:
    address = sent(adam, owner, content, name)
    assert isinstance(address, str), address.text
    adam.submit(address, {"known_by": known_by} if known_by else {}, form="//form[contains(@action, '/check')]")
    work(app)
    return address


def imported(app: Flask, adam: Visitor, owner: str, content: bytes, **more: str) -> None:
    address = checked(app, adam, owner, content, **more)
    adam.submit(address, {}, form="//form[contains(@action, '/run')]")
    work(app)


def work(app: Flask) -> None:
    with app.app_context():
        runs.go_on()


def last() -> ImportRun:
    return db.session.scalars(select(ImportRun).order_by(ImportRun.id.desc())).first() or pytest.fail("none")


def figures() -> tuple[str, int, int, int, int]:
    run = last()
    return run.state, run.added, run.changed, run.same, run.refused


def company(name: str) -> Organisation | None:
    return db.session.scalars(select(Organisation).where(Organisation.name == name)).one_or_none()


COMPANIES = sheet(
    ["name", "domains", "town", "size"],
    ["Klient", "", "Łódź", "Duży"],
    ["Nowa S.A.", "nowa.example, n.example", "Kraków", "small"],
    ["Zła", "", "x" * 30, "ogromny"],
    ["Klient", "", "Gdańsk", ""],
)


def test_a_check_leaves_no_trace_and_says_row_column_and_reason(app: Flask, adam: Visitor) -> None:
    address = checked(app, adam, "organisation", COMPANIES)
    with app.app_context():
        assert figures() == (ImportState.CHECKED, 1, 1, 0, 2)
        found = {(each["row"], each["column"]) for each in last().problems}
        assert found == {(4, "town"), (4, "size"), (5, "name")}
        assert company("Nowa S.A.") is None
        assert not (company("Klient") or pytest.fail("none")).fields
    page = adam.page(address).text_content()
    assert "ogromny" in page
    assert "size" in adam.get(f"{address}/problems.csv").text


def test_what_was_checked_is_done_and_repeating_it_doubles_nothing(app: Flask, adam: Visitor) -> None:
    imported(app, adam, "organisation", COMPANIES)
    with app.app_context():
        assert figures() == (ImportState.DONE, 1, 1, 0, 2)
        new = company("Nowa S.A.") or pytest.fail("none")
        assert new.fields[TOWN.id] == "Kraków"
        assert new.fields[SIZE.id] == "small"
        assert sorted(each.domain for each in new.domains) == ["n.example", "nowa.example"]
        assert (company("Klient") or pytest.fail("none")).fields[SIZE.id] == "large"
    imported_again = checked(app, adam, "organisation", COMPANIES)
    with app.app_context():
        assert figures() == (ImportState.CHECKED, 0, 0, 2, 2)
    assert not adam.page(imported_again).xpath("//form[contains(@action, '/run')]")


def test_a_row_is_found_by_any_field_that_names_one(app: Flask, adam: Visitor) -> None:
    imported(app, adam, "organisation", sheet(["name", "code"], ["Jeden", "A1"], ["Dwa", "B2"], ["Trzy", "B2"]))
    by_code = sheet(["code", "town", "name"], ["A1", "Sopot", "Jeden sp. z o.o."], ["B2", "Hel", ""])
    imported(app, adam, "organisation", by_code, known_by="code")
    with app.app_context():
        assert figures() == (ImportState.DONE, 0, 1, 0, 1)
        assert (company("Jeden sp. z o.o.") or pytest.fail("none")).fields[TOWN.id] == "Sopot"


def test_customers_come_without_a_letter_and_people_of_the_desk_stay_as_they_are(app: Flask, adam: Visitor) -> None:
    rows = sheet(
        ["email", "first_name", "last_name", "organisation", "shoe", "language"],
        ["Ola@Klient.example", "Ola", "Nowak", "Klient", "38", "en"],
        ["adam@desk.example", "Zły", "", "", "", ""],
        ["nikt", "", "", "", "", ""],
        ["ewa@klient.example", "", "", "Nieznana", "", "de"],
    )
    imported(app, adam, "account", rows)
    with app.app_context():
        assert figures() == (ImportState.DONE, 1, 0, 0, 3)
        ola = account("ola@klient.example")
        assert (ola.name, ola.locale, ola.fields[SHOE.id]) == ("Ola Nowak", "en", 38)
        assert [each.organisation.name for each in ola.memberships] == ["Klient"]
        assert account("adam@desk.example").first_name != "Zły"
        assert db.session.scalar(select(func.count()).select_from(Letter)) == 0


def test_fields_of_tickets_change_and_no_ticket_is_added(app: Flask, adam: Visitor) -> None:
    imported(app, adam, "ticket", sheet(["number", "stage"], ["1001", "Mały"], ["4711", "small"]))
    with app.app_context():
        assert figures() == (ImportState.DONE, 0, 1, 0, 1)
        ticket = db.session.scalars(select(Ticket)).one()
        assert ticket.fields[STAGE.id] == "small"


def test_entries_come_as_drafts_in_versions(app: Flask, adam: Visitor) -> None:
    rows = sheet(["address", "title", "body", "since", "tags"], ["pusty", "Pusty wydruk", "Opis", "24.3", "druk, sieć"])
    imported(app, adam, "entry:known_issue", rows)
    again = sheet(["address", "title", "since"], ["pusty", "Wydruk pusty", ""], ["inny", "Inny", ""])
    imported(app, adam, "entry:known_issue", again)
    with app.app_context():
        assert figures() == (ImportState.DONE, 0, 1, 0, 1)
        assert {each["column"] for each in last().problems} == {"since"}
        text = db.session.scalars(select(Variant)).one()
        assert (text.title, text.body, text.version, text.fields[SINCE.id]) == ("Wydruk pusty", "Opis", 2, "24.3")
        assert sorted(tag.name for tag in text.entry.tags) == ["druk", "sieć"]


def test_an_import_is_stopped_and_gone_on_with(app: Flask, adam: Visitor) -> None:
    rows = sheet(["name"], *([f"Firma {number}"] for number in range(120)))
    address = checked(app, adam, "organisation", rows)
    with app.app_context():
        with transaction():
            runs.carry_out(last())
        run_id, table = last().id, runs.read(rows)
        assert runs._step(run_id, table)
    adam.submit(address, {}, form="//form[contains(@action, '/stop')]")
    work(app)
    with app.app_context():
        assert (last().state, last().at) == (ImportState.STOPPED, 50)
        assert company("Firma 99") is None
    adam.submit(address, {}, form="//form[contains(@action, '/run')]")
    work(app)
    with app.app_context():
        assert figures() == (ImportState.DONE, 70, 0, 50, 0)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x00\x01", "CSV"),
        (b"", "pierwszy wiersz"),
        (sheet(["name", "name"], ["a", "b"]), "pierwszy wiersz"),
        (sheet(["name", "kolor"], ["a", "b"]), "kolor"),
        (sheet(["town"], ["a"]), ""),
        (sheet(["domains"], ["a"]), "który wiersz jest którym"),
        (b"PK\x03\x04zepsuty", "XLSX"),
        (b'name;town\n"a" b;c\nd;"e\n', "wiersza 2 pliku"),
        (sheet(["name"], *([str(number)] for number in range(20_001))), "20"),
    ],
)
def test_what_is_no_such_file_is_said_so(app: Flask, adam: Visitor, content: bytes, said: str) -> None:
    answer = sent(adam, "organisation", content)
    if not said:
        assert isinstance(answer, str)  # a field may name the row
        return
    assert answer.status_code == 422
    assert said.lower() in answer.text.lower()


def test_a_sheet_of_a_spreadsheet_and_of_polish_windows_is_read(app: Flask, adam: Visitor) -> None:
    with xlsx.write([["name", "town"], ["Żółta", "'=1+1"], ["Biała", "Łódź"]]) as written:
        book = written.read()
    imported(app, adam, "organisation", book, name="d.xlsx")
    windows = sheet(["name", "town"], ["Źrebię", "Świdnica"], separator=",", encoding="cp1250")
    imported(app, adam, "organisation", windows)
    with app.app_context():
        assert (company("Biała") or pytest.fail("none")).fields[TOWN.id] == "Łódź"
        assert (company("Źrebię") or pytest.fail("none")).fields[TOWN.id] == "Świdnica"


def test_rows_are_counted_as_the_spreadsheet_counts_them(app: Flask, adam: Visitor) -> None:
    """Also behind rows that are empty, which XLSX leaves out; and names are one line, whatever a cell holds."""
    text = 'name;town\r\n;\r\n\r\n"Dwa\r\nwiersze";Łódź\r\nZła;' + "x" * 30
    cell = '<row r="{0}"><c t="inlineStr"><is><t>{1}</t></is></c><c t="inlineStr"><is><t>{2}</t></is></c></row>'
    rows = [(1, "name", "town"), (4, "Trzy &#10;wiersze", "Łódź"), (5, "Zła", "x" * 30)]
    cells = "".join(cell.format(*row) for row in rows)
    part = f'<worksheet xmlns="{xlsx.MAIN}"><sheetData>{cells}</sheetData></worksheet>'
    with io.BytesIO() as file:
        with zipfile.ZipFile(file, "w") as package:
            package.writestr("xl/worksheets/sheet1.xml", part)
        book = file.getvalue()
    for content in (text.encode("utf-16"), book):
        imported(app, adam, "organisation", content)
        with app.app_context():
            assert figures() == (ImportState.DONE, 1, 0, 0, 1)
            assert [(each["row"], each["column"]) for each in last().problems] == [(5, "town")]
    with app.app_context():
        assert company("Dwa wiersze")
        assert company("Trzy wiersze")


def test_a_time_is_read_as_a_spreadsheet_keeps_it() -> None:
    assert value_of(a_field("datetime"), "46356.6041666667", zone="Europe/Warsaw") == "2026-11-30T13:30:00+00:00"
    assert value_of(a_field("date"), "46356", zone="Europe/Warsaw") == "2026-11-30"


@pytest.mark.parametrize("kind", SAMPLES)
@pytest.mark.parametrize("language", ["pl", "en"])
def test_what_is_exported_is_understood_again(kind: Kind, language: str) -> None:
    field, kept = a_field(kind), SAMPLES[kind].kept
    for text in (
        as_text(field, kept, language, zone="Europe/Warsaw"),
        ", ".join(kept) if isinstance(kept, list) else "",
    ):
        if text:
            assert clean(field, value_of(field, text, zone="Europe/Warsaw")) == kept


def test_a_customer_has_no_such_page(browser_of: Callable[[str], Visitor]) -> None:
    assert browser_of("anna@klient.example").get(LIST).status_code in (302, 403)


@pytest.mark.parametrize("tongue", ["pl", "en"])
def test_what_an_export_writes_an_import_reads(app: Flask, adam: Visitor, tongue: str) -> None:
    """With the labels of fields above the columns; what belongs to no field is left out, and said so."""
    with app.app_context(), transaction():
        field_sets.publish([a_field("file", "log", labels={"pl": "Dziennik", "en": "Log"})], reason="próba", by=None)
        ticket = db.session.scalars(select(Ticket)).one()
        fill(ticket, {STAGE.id: "large"}, by=account("adam@desk.example"))
    exported = adam.get(f"/desk/tickets/export?_l_={tongue}").data
    with app.app_context(), transaction():
        fill(db.session.scalars(select(Ticket)).one(), {STAGE.id: None}, by=account("adam@desk.example"))
    imported(app, adam, "ticket", exported)
    with app.app_context():
        assert figures() == (ImportState.DONE, 0, 1, 0, 0)
        assert db.session.scalars(select(Ticket)).one().fields[STAGE.id] == "large"


def test_a_word_that_may_be_two_columns_is_asked_back_by_their_names(app: Flask, adam: Visitor) -> None:
    with app.app_context(), transaction():
        field_sets.publish([STAGE.changed(labels={"pl": "Stan", "en": "Stage"})], reason="próba", by=None)
    for head, told in (("Stan", "Stan (stage)"), ("Stage;stage", "Stage, stage (stage)")):
        answer = sent(adam, "ticket", sheet(["Numer", *head.split(";")], ["1001", "large", "large"]))
        assert told in answer.text
    assert isinstance(sent(adam, "ticket", sheet(["numer", "STAGE"], ["1001", "large"])), str)
