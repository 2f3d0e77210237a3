"""One field of every kind, from a customer's form through every door that shows it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask_jwt_extended import create_access_token
from jsonschema import Draft202012Validator
from sqlalchemy import select

from app.desk import field_indexes, field_sets
from app.events.transaction import transaction
from app.extensions import db
from app.fields import Definition, Kind
from app.fields.kinds import FILTERABLE, IN_GRID, RANGED, SEARCHABLE
from app.files import xlsx
from app.mail.values import values
from app.models.account import Account
from app.models.event import Letter
from app.models.field_column import may_sort
from app.models.organisation import Organisation
from app.models.ticket import Ticket
from app.search.index import documents
from app.views.csv_file import harmless
from tests.browsing import Visitor, text_of
from tests.fields.samples import SAMPLES, a_field

Typed = dict[str, Any]
LABELS = {kind: f"Pole {kind}" for kind in Kind}


def fields() -> dict[Kind, Definition]:
    """Every kind that a form types; what an index would need is not asked of more than 16."""
    return {
        kind: a_field(
            kind,
            f"f_{kind}",
            labels={"pl": LABELS[kind], "en": f"Field {kind}"},
            in_grid=kind in IN_GRID,
            searchable=kind in SEARCHABLE,
            filterable=kind in FILTERABLE,
            **({"target": "organisation"} if kind == Kind.REFERENCE else {}),
        )
        for kind in Kind
    }


@pytest.fixture
def asked(app: Flask, make_account: Callable[..., int]) -> dict[Kind, Definition]:
    make_account("anna@klient.example", organisation="Klient", name="Anna Nowak")
    make_account("jan@desk.example", role="consultant", groups=("DYNAMICS",), name="Jan Dynamiczny")
    found = fields()
    with app.app_context(), transaction():
        field_sets.publish(found.values(), reason="próba", by=None)
    return found


@pytest.fixture
def typed(asked: dict[Kind, Definition]) -> Typed:
    """What Anna types: the samples, her company, and a file."""
    values: Typed = {f"f-{asked[kind].id}": sample.typed for kind, sample in SAMPLES.items()}
    return values | {
        f"f-{asked[Kind.REFERENCE].id}": "1",
        f"f-{asked[Kind.FILE].id}": (io.BytesIO("żółw".encode()), "dziennik.txt"),
    }


def plain(text: str) -> str:
    """With plain spaces where numbers and amounts have others."""
    return text.replace("\xa0", " ")


def token(app: Flask, email: str) -> dict[str, str]:
    with app.app_context():
        account = db.session.scalars(select(Account).where(Account.email == email)).one()
        return {"Authorization": f"Bearer {create_access_token(identity=str(account.id))}"}


def kept(asked: dict[Kind, Definition], found: dict[str, Any]) -> Iterator[tuple[Kind, Any, Any]]:
    for kind, sample in SAMPLES.items():
        yield kind, found[asked[kind].name], sample.kept
    yield Kind.REFERENCE, found[asked[Kind.REFERENCE].name], 1


def test_every_kind_from_the_form_to_every_door(
    app: Flask, browser_of: Callable[[str], Visitor], asked: dict[Kind, Definition], typed: Typed
) -> None:
    anna, jan = browser_of("anna@klient.example"), browser_of("jan@desk.example")
    answer = anna.submit("/tickets/new?group=1", {"subject": "Wydruk", "text": "Nie działa", **typed})
    assert answer.request.path == "/tickets/1001", answer.text

    for page in (text_of(anna.page("/tickets/1001")), text_of(jan.page("/desk/tickets/1001"))):  # ticket's pages
        for kind, sample in SAMPLES.items():
            shown = "ważne" if kind == Kind.RICH_TEXT else " ".join(sample.polish.split())
            assert f"{LABELS[kind]}{shown}" in plain(page), kind
        assert f"{LABELS[Kind.REFERENCE]}Klient" in page
        assert f"{LABELS[Kind.FILE]}dziennik.txt" in page
    with anna.get(f"/tickets/1001/file/{asked[Kind.FILE].id}") as file:
        assert (file.data.decode(), file.mimetype) == ("żółw", "text/plain")

    program = app.test_client()  # the API, and what it says of itself
    for email in ("anna@klient.example", "jan@desk.example"):
        headers = token(app, email)
        item = program.get("/api/v1/ticket/1", headers=headers).json["result"]["fields"]
        for kind, found, wanted in kept(asked, item):
            assert found == wanted, kind
        again = program.put("/api/v1/ticket/1", json={"fields": item}, headers=headers)
        assert (again.status_code, again.json["result"]["fields"]) == (200, item)
    schemas = program.get("/api/v1/_openapi", headers=headers).json["components"]["schemas"]
    read, write = (schemas[f"TicketApi.{part}"]["properties"]["fields"] for part in ("get", "put"))
    for schema in (read, write):
        Draft202012Validator.check_schema(schema)
        Draft202012Validator(schema).validate(item)
        assert set(schema["properties"]) == {field.name for field in asked.values()}


def test_what_does_not_fit_comes_back_with_all_that_was_typed(
    browser_of: Callable[[str], Visitor], asked: dict[Kind, Definition], typed: Typed
) -> None:
    nip = f"f-{asked[Kind.NIP].id}"
    answer = browser_of("anna@klient.example").submit(
        "/tickets/new?group=1", {"subject": "Wydruk", "text": "Nie działa", **typed, nip: "1234567890"}
    )
    assert "ostatnia cyfra nie pasuje" in answer.text
    assert "Wybierz pliki ponownie: dziennik.txt" in answer.text
    for kind, sample in SAMPLES.items():
        if kind not in (Kind.NIP, Kind.CHOICE, Kind.CHOICES, Kind.TREE, Kind.YES_NO):
            assert sample.typed[0].strip()[:12] in answer.text, kind
    assert 'value="large" checked' in answer.text
    assert 'value="sales" selected' in answer.text


def test_every_kind_in_the_desks_list_its_export_search_and_letters(
    app: Flask, browser_of: Callable[[str], Visitor], asked: dict[Kind, Definition], typed: Typed
) -> None:
    anna, jan = browser_of("anna@klient.example"), browser_of("jan@desk.example")
    anna.submit("/tickets/new?group=1", {"subject": "Wydruk", "text": "Nie działa", **typed})
    anna.submit("/tickets/new?group=1", {"subject": "Pusty", "text": "Bez szczegółów"})
    with app.app_context():
        field_indexes.bring_up_to_date()

    page = text_of(jan.page("/desk/tickets/list/"))  # columns
    with jan.get("/desk/tickets/export") as answer:  # CSV
        rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))
    head, filled = rows[0], next(row for row in rows if row[1] == "Wydruk")
    with jan.get("/desk/tickets/export.xlsx") as answer:  # XLSX
        sheet = [cells for _number, cells in xlsx.read(answer.data, most=10)]
    assert [[" ".join(harmless(cell).split()) for cell in row] for row in sheet] == [
        [" ".join(cell.split()) for cell in row] for row in rows
    ]
    with app.app_context():
        ticket = db.session.scalars(select(Ticket).where(Ticket.number == 1001)).one()
        (document,) = documents([ticket.id])  # search
        letter = Letter(template="closed", account=ticket.requester, ticket=ticket, reason="")
        said = {name: value() for name, value in values(letter).items()}  # letters
    for kind, sample in SAMPLES.items():
        shown = sample.polish
        assert plain(filled[head.index(LABELS[kind])]) == harmless(shown), kind
        assert plain(said[f"field_{asked[kind].name}"]) == " ".join(shown.split()), kind
        assert not asked[kind].in_grid or " ".join(shown.split()) in plain(page), kind
        assert not asked[kind].searchable or shown in plain(document.body), kind

    for kind, (good, bad) in FILTERS.items():  # filters and orders
        name = f"field.{asked[kind].name}"
        ranged = kind in RANGED
        for value, found in ((good, True), (bad, False)):
            listed = jan.page(f"/desk/tickets/list/?{urlencode({name + ('.from' if ranged else ''): value})}")
            assert ("#1001" in text_of(listed)) is found, (kind, value)
            assert "#1002" not in text_of(listed), kind
        if may_sort(asked[kind]):
            assert "#1001" in text_of(jan.page(f"/desk/tickets/list/?sort={name}")), kind


# A value that finds the sample, and one that does not.
FILTERS = {
    Kind.TEXT: ("Żółta  łódź", "Żółta"),
    Kind.NUMBER: ("1234", "1235"),
    Kind.MONEY: ("1234,50", "1234,51"),
    Kind.DATE: ("2026-11-30", "2026-12-01"),
    Kind.DATETIME: ("2026-11-30T14:30", "2026-11-30T14:31"),
    Kind.YES_NO: ("yes", "no"),
    Kind.CHOICE: ("large", "small"),
    Kind.CHOICES: ("large", "old"),
    Kind.TREE: ("erp", "none"),
    Kind.EMAIL: ("anna@klient.example", "ewa@klient.example"),
    Kind.TELEPHONE: ("22 123 45 67", "22 123 45 68"),
    Kind.URL: ("https://klient.example/a?b=1", "https://klient.example/"),
    Kind.REFERENCE: ("1", "2"),
    Kind.NIP: ("526-000-12-46", "774-00-01-454"),
    Kind.PATTERN: ("FV-0042", "FV-0043"),
}


def test_a_reference_is_typed_by_its_name_and_a_foreign_one_is_none(
    app: Flask, browser_of: Callable[[str], Visitor], asked: dict[Kind, Definition], typed: Typed
) -> None:
    anna, box = browser_of("anna@klient.example"), f"f-{asked[Kind.REFERENCE].id}"
    typed = {name: value for name, value in typed.items() if not isinstance(value, tuple)}
    with app.app_context(), transaction():
        db.session.add(Organisation(name="Obca"))
    for foreign in ("Obca", "Nie ma takiej", "2"):
        refused = anna.submit("/tickets/new?group=1", {"subject": "x", "text": "y", **typed, box: foreign})
        assert refused.request.path == "/tickets/new"
        assert f'value="{foreign}"' in refused.text
    form = anna.page("/tickets/new?group=1")
    assert form.xpath(f"//datalist[@id='{box}-list']/option/@value") == ["Klient"]
    anna.submit("/tickets/new?group=1", {"subject": "Wydruk", "text": "y", **typed, box: "Klient"})
    with app.app_context():
        ticket = db.session.scalars(select(Ticket)).one()
        assert ticket.fields[asked[Kind.REFERENCE].id] == 1
