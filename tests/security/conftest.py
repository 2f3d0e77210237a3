"""Two companies and a desk: who must not see what. A is Alpha's and DYNAMICS', B is Beta's and TARGIT's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask_jwt_extended import create_access_token
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.accounts import keys
from app.desk import tickets
from app.desk.content import Contribution, StoredFile
from app.events.transaction import transaction
from app.extensions import db
from app.jobs.drain import drain_in
from app.models.account import Account
from app.models.account_key import Scope
from app.models.product_group import ProductGroup
from app.models.ticket import Attachment, Channel, Message, Ticket
from tests import people
from tests.browsing import Visitor
from tests.views.api.described import description_of

ALICE, ANNA_OF_ALPHA, BOB = "alice@alpha.example", "anna@alpha.example", "bob@beta.example"
CAROL, CECIL, TOM, ROOT = "carol@desk.example", "cecil@desk.example", "tom@desk.example", "root@desk.example"
ZED = "zed@alpha.example"
A1, A2, B1 = 1, 2, 3  # ids; numbers are a thousand more
NOWHERE = 999_999
SECRET = re.compile(r'name="csrf_token"[^>]*|(?<=content=")[^"]*(?=" name="csrf)')
FILE_OF_A1, FILE_OF_NOTE, FILE_OF_B1 = 1, 2, 3
BETA = 2  # the organisation's id


@pytest.fixture
def companies(app: Flask) -> Flask:
    """The people and tickets of the cases, and an index that knows them."""
    with app.app_context(), transaction():
        add = people.add_account
        add(ALICE, organisation="Alpha", sharing="own", name="Alice A")
        add(ANNA_OF_ALPHA, organisation="Alpha", sharing="own", name="Anna A")
        add(BOB, organisation="ZQXBETA", name="ZQXBPERSON B")
        add(CAROL, role="consultant", groups=("DYNAMICS", "TARGIT"), name="Carol C")
        add(CECIL, role="consultant", groups=("TARGIT",), name="Cecil C")
        add(TOM, role="translator")
        add(ROOT, role="administrator")
        add(ZED, registered=False)
        first = _ticket(app, ALICE, "DYNAMICS", "ZQXATITLE1", "ZQXABODY", "zqxa.txt")
        tickets.note(first, _words(app, "ZQXNOTEA5512", "ZQXNOTEATT77.txt"), by=_account(CAROL))
        _ticket(app, ANNA_OF_ALPHA, "DYNAMICS", "Drugie", "Drugie", None)
        other = _ticket(app, BOB, "TARGIT", "ZQXBTITLE7731", "ZQXBBODY", "ZQXBATT9001.txt")
        tickets.note(other, _words(app, "ZQXNOTEB5513", None), by=_account(CAROL))
    drain_in(app, "index")
    return app


def _ticket(app: Flask, email: str, group: str, subject: str, text: str, file: str | None) -> Ticket:
    found = db.session.scalars(select(ProductGroup).where(ProductGroup.name == group)).one()
    who = _account(email)
    return tickets.open_ticket(
        requester=who, product_group=found, subject=subject, contribution=_words(app, text, file), by=who
    )


def _words(app: Flask, text: str, file: str | None) -> Contribution:
    content = f"content of {file}".encode()
    digest = app.extensions["files"].put(content)
    files = [StoredFile(file, len(content), "text/plain", digest)] if file else []
    return Contribution(text=text, channel=Channel.PORTAL, files=files)


def _account(email: str) -> Account:
    return db.session.scalars(select(Account).where(Account.email == email)).unique().one()


@pytest.fixture
def beta_untouched(companies: Flask) -> Iterator[None]:
    """Oracle R5: what belongs to Beta is the same after the case as before."""
    before = _rows_of_beta(companies)
    yield
    assert _rows_of_beta(companies) == before


def _rows_of_beta(app: Flask) -> dict[str, list[str]]:
    with app.app_context():
        db.session.rollback()
        message_ids = select(Message.id).where(Message.ticket_id == B1)
        queries = {
            "ticket": select(Ticket.__table__).where(Ticket.id == B1),
            "message": select(Message.__table__).where(Message.ticket_id == B1),
            "attachment": select(Attachment.__table__).where(Attachment.message_id.in_(message_ids)),
        }
        tables = Ticket.metadata.tables
        queries |= {
            name: select(tables[name]).where(tables[name].c.ticket_id == B1) for name in ("event", "participant")
        }
        queries["membership"] = select(tables["membership"]).where(tables["membership"].c.organisation_id == BETA)
        queries["organisation"] = select(tables["organisation"]).where(tables["organisation"].c.id == BETA)
        queries["tickets"] = select(Ticket.id).where(Ticket.organisation_id == BETA)
        return {name: sorted(repr(row) for row in db.session.execute(query)) for name, query in queries.items()}


class Caller:
    """Somebody with a browser that is signed in and programs with a token and a key; every answer is held to R4."""

    def __init__(self, app: Flask, browser: Visitor, token: str, key: str) -> None:
        self.app, self.browser, self.token, self.key = app, browser, token, key
        self.client = app.test_client()

    def page(self, method: str, path: str, **options: Any) -> TestResponse:
        """By cookie. A POST carries the token against forged forms, as the page's own form does."""
        if method == "post":
            options["data"] = {"csrf_token": self.csrf(), **options.get("data", {})}
        return _sound(self.browser.open(path, method=method.upper(), **options))

    def api(self, method: str, path: str, **options: Any) -> TestResponse:
        """By token; and what was only read, or was refused, once more by key, which must be answered the same."""
        answer = self._ask(self.token, method, path, **options)
        if method == "get" or answer.status_code >= 400:
            with self._ask(self.key, method, path, **options) as again:
                assert (again.status_code, again.get_data()) == (answer.status_code, answer.get_data()), path
        return answer

    def _ask(self, secret: str, method: str, path: str, **options: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {secret}", **options.get("headers", {})}
        rest = {name: value for name, value in options.items() if name != "headers"}
        answer = self.client.open(f"/api/v1/{path}", method=method.upper(), headers=headers, **rest)
        description_of(self.app).check(answer)
        return _sound(answer)

    def csrf(self) -> str:
        return str(self.browser.page("/profile/").xpath("//input[@name='csrf_token']/@value")[0])


def _sound(answer: TestResponse) -> TestResponse:
    """Oracle R4: no error of ours, no trace, no SQL, no path of the machine."""
    assert answer.status_code < 500, answer.text[:500]
    if not answer.direct_passthrough:
        said = answer.get_data().decode("utf-8", "replace")
        for word in ("Traceback", "sqlalchemy", "SELECT ", "site-packages", "/app/"):
            assert word not in said
    return answer


@pytest.fixture
def caller(companies: Flask, browser_of: Callable[[str], Visitor]) -> Callable[[str], Caller]:
    """caller(ALICE) -> her browser and her programs."""

    def make(email: str) -> Caller:
        with companies.app_context():
            token = create_access_token(identity=str(_account(email).id))
        return Caller(companies, browser_of(email), token, key_of(companies, email))

    return make


def key_of(app: Flask, email: str) -> str:
    """A new key of that account, which may write."""
    with app.app_context(), transaction():
        account = _account(email)
        count = len(keys.of(account))
        return keys.make(account, name=f"Program {count}", scope=Scope.WRITE, lives=timedelta(days=30))[1]


@pytest.fixture
def alice(caller: Callable[[str], Caller], beta_untouched: None) -> Caller:
    return caller(ALICE)


def alike(answers: list[TestResponse], status: int = 404) -> None:
    """Oracle R4: a foreign row and one that never was cannot be told apart."""
    assert {answer.status_code for answer in answers} == {status}, [answer.status_code for answer in answers]
    assert len({_without_own_words(answer) for answer in answers}) == 1


def _without_own_words(answer: TestResponse) -> str:
    """The answer without what only repeats the address that was asked for, and without the forms' secrets."""
    text = SECRET.sub("", answer.text)
    for own in (answer.request.path, quote(answer.request.path, safe="")):
        text = text.replace(own, "")
    return text
