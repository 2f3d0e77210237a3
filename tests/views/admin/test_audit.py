"""Who watches over the desk reads what happened, narrows it, and takes it along."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.desk.field_sets import publish
from app.events.audit import AuditKind, write_down
from app.events.transaction import transaction
from app.events.watch import RIGHTS, SETTINGS
from app.extensions import db
from app.models.account import Account
from app.models.audit import AuditEntry
from app.views.admin.audit_words import TABLES
from tests.browsing import Visitor, text_of
from tests.fields.samples import a_field
from tests.people import PASSWORD
from tests.views.admin.conftest import Browser
from tests.views.statements import counted

LIST = "/desk/audit/list/"


@pytest.fixture
def entries(app: Flask, people: dict[str, int]) -> Callable[[], list[AuditEntry]]:
    def read() -> list[AuditEntry]:
        with app.app_context():
            return list(db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)))

    return read


def told(browser: Visitor, **asked: str) -> list[list[str]]:
    """The rows of the list as a reader sees them."""
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    rows = browser.page(f"{LIST}?{query}").xpath("//tbody/tr")
    return [[text_of(cell) for cell in row.xpath("td")] for row in rows]


def test_an_administrators_change_is_told(adam: Visitor, people: dict[str, int]) -> None:
    adam.submit(f"/desk/staff/edit/{people['jan']}", {"roles": ["consultant", "editor"]})
    ((_when, who, what, about, details, address),) = told(adam)
    assert (who, what, about, address) == ("adam@desk.example", "Zmiana uprawnień", "jan@desk.example", "127.0.0.1")
    assert "roles: – → editor" in details


def test_signing_in_failing_and_out_are_told_with_the_address(
    app: Flask, make_account: Callable[..., int], adam: Visitor
) -> None:
    make_account("ola@klient.example", password=PASSWORD)
    ola = Visitor(app)
    for email, password in (
        ("OLA@klient.example", "nie to"),
        ("nikt@klient.example", "nie to"),
        ("Moje-hasło-w-złym-polu", "nie to"),
        ("ola@klient.example", PASSWORD),
    ):
        ola.post(
            "/login",
            data={"email": email, "password": password, "csrf_token": token_of(ola)},
            environ_overrides={"REMOTE_ADDR": "10.9.8.7"},
        )
    ola.submit("/", {}, form="//form[@action='/logout']")
    rows = told(adam, address="10.9.8.7")
    assert [(row[1], row[2]) for row in rows] == [
        ("ola@klient.example", "Logowanie"),
        ("?", "Nieudane logowanie"),
        ("nikt@klient.example", "Nieudane logowanie"),
        ("ola@klient.example", "Nieudane logowanie"),
    ]
    assert [row[1:3] for row in told(adam, kind="signed_out")] == [["ola@klient.example", "Wylogowanie"]]


def token_of(browser: Visitor) -> str:
    return str(browser.page("/login").xpath("//main//input[@name='csrf_token']/@value")[0])


@pytest.fixture
def many(app: Flask, people: dict[str, int]) -> None:
    with app.app_context(), transaction():
        for number in range(60):
            write_down(AuditKind.EXPORTED, who=f"osoba{number:02}@klient.example", about="audit")
        write_down(AuditKind.SIGN_IN_FAILED, who="zly@zly.example", about='=HYPERLINK("http://zly.example")', how="+1")


def test_the_list_is_narrowed_by_who_what_when_and_where(many: None, adam: Visitor) -> None:
    assert len(told(adam)) == 25
    assert [row[1] for row in told(adam, text="OSOBA5")] == [
        f"osoba{number}@klient.example" for number in range(59, 49, -1)
    ]
    assert [row[1] for row in told(adam, kind="sign_in_failed")] == ["zly@zly.example"]
    assert told(adam, since="2001-01-01", until="2001-01-02") == []
    assert told(adam, address="10.0.0.1") == []
    assert len(told(adam, kind="nic", since="x", until="9999-99-99", address="%00")) == 25


def test_the_file_holds_every_row_and_no_formula(
    many: None, adam: Visitor, entries: Callable[[], list[AuditEntry]]
) -> None:
    with adam.get("/desk/audit/export?text=") as answer:
        assert answer.mimetype == "text/csv"
        assert answer.headers["Content-Disposition"] == 'attachment; filename="audit.csv"'
        body = answer.text
    assert body.startswith("\ufeff")
    head, newest, failed, *_rest = rows = list(csv.reader(io.StringIO(body[1:]), delimiter=";"))
    assert head[:4] == ["Wpis", "Kiedy", "Kto", "Co"]
    assert newest[2:4] == ["adam@desk.example", "Eksport"]
    assert failed[4:6] == ['\'=HYPERLINK("http://zly.example")', "Sposób: +1"]
    assert len(rows) == 63
    assert entries()[-1].data == {"filters": {"text": ""}}


def test_an_export_is_narrowed_as_the_list_was(many: None, adam: Visitor) -> None:
    link = adam.page(f"{LIST}?kind=sign_in_failed").xpath("//a[contains(@href,'/desk/audit/export')]/@href")[0]
    with adam.get(str(link)) as answer:
        assert len(answer.text.splitlines()) == 2


def test_only_who_sees_everything_reads_the_log(people: dict[str, int], browser_of: Browser) -> None:
    statuses = {
        name: [browser_of(f"{name}@{place}.example").get(path).status_code for path in (LIST, "/desk/audit/export")]
        for name, place in (("audyt", "desk"), ("jan", "desk"), ("tom", "desk"), ("anna", "klient"))
    }
    assert statuses == {"audyt": [200, 200], "jan": [403, 403], "tom": [403, 403], "anna": [403, 403]}


@pytest.mark.parametrize("path", ["add", "edit/1", "delete/1"])
def test_there_is_no_page_that_changes_it(many: None, adam: Visitor, path: str) -> None:
    assert adam.get(f"/desk/audit/{path}").status_code == 404
    assert adam.post(f"/desk/audit/{path}").status_code in (400, 404)


def test_an_entry_has_its_page(many: None, adam: Visitor) -> None:
    assert "osoba00@klient.example" in text_of(adam.page("/desk/audit/show/1"))


def test_the_list_takes_five_statements_at_most(many: None, app: Flask, adam: Visitor) -> None:
    adam.page(LIST)
    with counted(app) as sent:
        adam.page(f"{LIST}?text=o&kind=exported&address=x&since=2026-01-01")
    assert len(sent) <= 5, sent


def test_a_changed_password_is_told(app: Flask, make_account: Callable[..., int], adam: Visitor) -> None:
    make_account("ola@klient.example", password=PASSWORD)
    ola = Visitor(app)
    ola.submit("/login", {"email": "ola@klient.example", "password": PASSWORD})
    new = "Granatowe-niebo-9-gwiazd"
    ola.submit("/change", {"password": PASSWORD, "new_password": new, "new_password_confirm": new})
    assert [row[1] for row in told(adam, kind="password_changed")] == ["ola@klient.example"]


def test_published_fields_are_told_and_every_watched_table_has_a_name(app: Flask, adam: Visitor) -> None:
    with app.test_request_context():
        account = db.session.scalars(select(Account).where(Account.email == "adam@desk.example")).unique().one()
        with transaction():
            publish([a_field("text", "pokoj")], reason="Numer pokoju", by=account)
    ((_when, who, what, about, details, _address),) = told(adam, kind="settings")
    assert (who, what, about) == ("adam@desk.example", "Zmiana ustawień", "pokoj")
    assert "Pola" in details
    assert "Numer pokoju" in details
    assert {*RIGHTS, *SETTINGS, "field_set", "hook", "content_type"} <= TABLES.keys()
