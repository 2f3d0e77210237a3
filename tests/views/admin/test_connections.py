"""An administrator says by which account a mailbox is read, tests it, and sees how it goes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.events.transaction import transaction
from app.extensions import db
from app.models.audit import AuditEntry
from app.models.mail_connection import MailConnection
from app.models.mailbox import Mailbox
from app.models.types import utc_now
from app.sealed import unseal
from tests.browsing import Visitor, text_of
from tests.views.admin.conftest import Browser

SECRET = "tajne hasło 1"
GOOD = {"host": "imap.pomoc.example", "port": "993", "username": "pomoc@pomoc.example", "secret": SECRET}
FORM = "//main//form[.//input[@name='host']]"


@pytest.fixture
def mailbox(app: Flask) -> int:
    with app.app_context():
        return db.session.scalars(select(Mailbox.id).where(Mailbox.address == "pomoctargit@pomoc.example")).one()


@pytest.fixture
def address(mailbox: int) -> str:
    return f"/desk/mailboxes/connection/{mailbox}/in"


def kept(app: Flask) -> MailConnection | None:
    with app.app_context():
        return db.session.scalars(select(MailConnection)).one_or_none()


def change(app: Flask, **values: Any) -> None:
    with app.app_context(), transaction():
        db.session.execute(update(MailConnection).values(**values))


def test_the_secret_is_kept_sealed_and_shown_nowhere(app: Flask, adam: Visitor, address: str, mailbox: int) -> None:
    answer = adam.submit(address, GOOD, form=FORM)
    row = kept(app)
    assert row is not None
    assert SECRET not in row.secret
    assert unseal(row.secret, app.extensions["settings"].secret_key) == SECRET
    told = answer.text + adam.get(address).text + adam.get(f"/api/v1/mailbox/{mailbox}").text
    told += adam.get("/desk/audit/list/").text
    with app.app_context():
        told += str([entry.data for entry in db.session.scalars(select(AuditEntry))])
    assert SECRET not in told
    assert row.secret not in told
    assert "imap.pomoc.example" in told


def test_an_empty_secret_keeps_the_one_that_is_kept_but_sends_it_to_no_other_server(
    app: Flask, adam: Visitor, address: str
) -> None:
    adam.submit(address, GOOD, form=FORM)
    before = kept(app)
    change(app, cursor="1:7:0:0", trouble="sign_in", said="no")
    adam.submit(address, {"move_to": "Przetworzone"}, form=FORM)
    row = kept(app)
    assert (row.secret, row.cursor, row.trouble) == (before.secret, "1:7:0:0", None)
    answer = adam.submit(address, {"host": "evil.example"}, form=FORM)
    assert "alert-danger" in answer.text
    assert kept(app).host == "imap.pomoc.example"
    adam.submit(address, {"host": "imap2.pomoc.example", "secret": "inne"}, form=FORM)
    assert (kept(app).host, kept(app).cursor) == ("imap2.pomoc.example", None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"host": ""},
        {"host": "imap.pomoc.example/x"},
        {"port": "0"},
        {"port": "x"},
        {"secret": ""},
        {"security": "none"},
        {"folder": ""},
        {"move_to": "INBOX"},
        {"username": ""},
        {"way": "pop3", "signs_in": "oauth", "authority": "a.example", "client_id": "1"},
        {"way": "pop3", "folder": "Inny"},
    ],
)
def test_what_cannot_be_is_refused_and_nothing_typed_is_lost(
    app: Flask, adam: Visitor, address: str, wrong: dict[str, str]
) -> None:
    answer = adam.submit(address, {**GOOD, "move_to": "Gotowe", **wrong}, form=FORM)
    assert "alert-danger" in answer.text
    assert all(value in answer.text for value in {**GOOD, **wrong}.values() if value not in (SECRET,))
    assert SECRET not in answer.text
    assert kept(app) is None


def test_the_test_says_what_failed_and_who_can_mend_it(app: Flask, adam: Visitor, address: str, mailbox: int) -> None:
    adam.submit(address, GOOD | {"host": "localhost", "port": "1", "security": "none"}, form=FORM)
    page = f"/desk/mailboxes/show/{mailbox}"
    answer = adam.submit(page, {}, form="//main//form[contains(@action, '/test')]")
    assert "Serwer nie odpowiada." in answer.text
    assert "zapora" in answer.text
    english = adam.post(f"{address}/test?_l_=en", headers={"Accept-Language": "en"})
    assert english.status_code == 400  # only by the form


def test_the_mailbox_tells_how_reading_goes(app: Flask, adam: Visitor, address: str, mailbox: int) -> None:
    adam.submit(address, GOOD, form=FORM)
    page = f"/desk/mailboxes/show/{mailbox}"
    assert "Jeszcze nieczytana" in text_of(adam.page(page))
    change(app, trouble="sign_in", said="AUTHENTICATIONFAILED")
    shown = text_of(adam.page(page))
    assert "Serwer nas nie wpuścił." in shown
    assert "AUTHENTICATIONFAILED" in shown


def test_letters_go_out_by_a_server_of_the_mailbox(app: Flask, adam: Visitor, mailbox: int) -> None:
    address = f"/desk/mailboxes/connection/{mailbox}/out"
    adam.submit(address, {"host": "smtp.pomoc.example"}, form=FORM)  # which asks for no user
    row = kept(app)
    assert (row.direction, row.way, row.port, row.username, row.secret) == ("out", "smtp", 587, "", None)
    answer = adam.submit(address, {"username": "pomoc"}, form=FORM)
    assert "alert-danger" in answer.text
    adam.submit(address, {"username": "pomoc", "secret": SECRET}, form=FORM)
    assert "smtp.pomoc.example:587" in text_of(adam.page(f"/desk/mailboxes/show/{mailbox}"))
    adam.submit(address, {"username": ""}, form=FORM)
    assert kept(app).secret is None


def test_a_mailbox_of_microsoft_365_counts_the_days_of_its_secret(
    app: Flask, adam: Visitor, address: str, mailbox: int
) -> None:
    graph = {"way": "graph", "username": "pomoc@firma.example", "secret": SECRET}
    answer = adam.submit(address, graph, form=FORM)
    assert answer.text.count("is-invalid") == 2  # tenant and application
    soon = utc_now().date() + timedelta(days=3)
    whole = graph | {"authority": "firma.example", "client_id": "1-2-3", "secret_expires_on": soon.isoformat()}
    adam.submit(address, whole, form=FORM)
    row = kept(app)
    assert (row.host, row.port, row.security, row.signs_in) == ("graph.microsoft.com", 443, "tls", "oauth")
    page = f"/desk/mailboxes/show/{mailbox}"
    assert "wygasa za 3 dni" in text_of(adam.page(page))
    change(app, secret_expires_on=soon - timedelta(days=5))
    assert "Klucz tajny klienta wygasł." in text_of(adam.page(page))
    change(app, secret_expires_on=soon + timedelta(days=50))
    assert "wygas" not in text_of(adam.page(page))
    answer = adam.submit(address, {"client_id": "4-5-6"}, form=FORM)
    assert "alert-danger" in answer.text  # another application's secret


def test_only_who_may_change_mailboxes_comes_here(browser_of: Browser, people: dict[str, int], address: str) -> None:
    for email in ("anna@klient.example", "jan@desk.example", "audyt@desk.example"):
        assert browser_of(email).get(address).status_code == 403
    assert browser_of("adam@desk.example").get("/desk/mailboxes/connection/99999/in").status_code == 404
