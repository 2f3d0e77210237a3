"""An administrator sees what a customer sees, changes nothing meanwhile, and it is written down."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models.account import Account, Role
from app.models.audit import AuditEntry
from tests.access.conftest import SEES, account
from tests.access.test_every_door import Browser, numbers_on, status
from tests.browsing import Visitor

ANNA = "anna@klient.example"


def row_of(app: Flask, email: str) -> int:
    with app.app_context():
        return account(email).id


def view_as(app: Flask, browser: Visitor, email: str) -> int:
    """Press the button on the customer's page."""
    row = row_of(app, email)
    form = f"//form[@action='/desk/view-as/{row}']"
    return browser.submit(f"/desk/customers/show/{row}", {}, form=form).status_code


def token(browser: Visitor) -> str:
    return str(browser.page("/").xpath("//input[@name='csrf_token']/@value")[0])


@pytest.fixture
def viewing(everybody: Flask, browser_of: Browser) -> Visitor:
    browser = browser_of("adam@pomoc.example")
    assert view_as(everybody, browser, ANNA) == 200
    return browser


def told(app: Flask) -> list[tuple[str, str, str]]:
    with app.app_context():
        rows = db.session.scalars(select(AuditEntry).where(AuditEntry.kind == "viewed_as").order_by(AuditEntry.id))
        return [(row.who, row.about, row.data["how"]) for row in rows]


def test_everything_is_as_the_customer_sees_it(everybody: Flask, viewing: Visitor) -> None:
    assert numbers_on(viewing.get("/tickets/").text) == SEES[ANNA]
    assert status(viewing, "/tickets/1004") == 404
    assert "ZQXNOTE" not in viewing.get("/tickets/1001").text
    for path in ("/desk/", "/desk/tickets/list/", "/desk/why/", "/desk/staff/list/", "/desk/audit/list/"):
        assert status(viewing, path) == 403
    hits = viewing.get("/api/v1/search/?q=raport").json["result"]
    assert {hit["id"] + 1000 for hit in hits} == SEES[ANNA]
    assert ANNA in viewing.page("/").xpath("//div[@class='viewing']")[0].text_content()


def test_nothing_can_be_changed(everybody: Flask, viewing: Visitor) -> None:
    csrf = token(viewing)
    with everybody.app_context():
        before = db.session.get_one(Account, row_of(everybody, ANNA)).locale
    for rule in everybody.url_map.iter_rules():
        for method in (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}:
            if rule.endpoint == "ViewingView.end" or rule.rule.startswith("/api/"):
                continue
            path = re.sub(r"<any\((\w+).*?>", r"\1", rule.rule)
            path = re.sub(r"<[^>]+>", "1001", path)
            answer = viewing.open(path, method=method, data={"csrf_token": csrf, "text": "x", "act": "x"})
            assert answer.status_code == 403, (rule.endpoint, method)
    viewing.get("/lang/en?next=/")
    with everybody.app_context():
        assert db.session.get_one(Account, row_of(everybody, ANNA)).locale == before


def test_no_button_and_no_link_is_offered_that_would_be_refused(viewing: Visitor) -> None:
    """They are shown switched off, and the banner says why."""
    for path in (
        "/",
        "/tickets/",
        "/tickets/1001",
        "/tickets/new?group=1",
        "/profile/",
        "/contact",
        "/search?q=raport",
    ):
        page = viewing.page(path)
        posting = "//form[translate(@method, 'POST', 'post')='post']"
        assert page.xpath(f"{posting}[not(@inert)]/@action") == ["/desk/view-as/end"], path
        links = {str(href).partition("#")[0] for href in page.xpath("//header//a/@href | //main//a/@href")}
        for href in sorted(links):
            if href.startswith("/") and not href.startswith("/lang/"):
                assert status(viewing, href) != 403, (path, href)
    assert "wyłączone" in viewing.page("/tickets/1001").xpath("//div[@class='viewing']")[0].text_content()


def test_the_customers_own_keys_stay_private(viewing: Visitor) -> None:
    for path in ("/change", "/verify", "/profile/keys/"):
        assert viewing.get(path).status_code == 403, path


def test_it_ends_by_one_click_and_is_written_down(everybody: Flask, viewing: Visitor) -> None:
    answer = viewing.submit("/tickets/", {}, form="//form[@action='/desk/view-as/end']")
    assert answer.request.path == f"/desk/customers/show/{row_of(everybody, ANNA)}"
    assert not viewing.page("/desk/").xpath("//div[@class='viewing']")
    assert told(everybody) == [("adam@pomoc.example", ANNA, "begun"), ("adam@pomoc.example", ANNA, "ended")]


@pytest.mark.parametrize(
    "email", ["jan@pomoc.example", "audyt@pomoc.example", "adam@pomoc.example", "tom@pomoc.example"]
)
def test_nobody_of_the_desk_is_viewed(everybody: Flask, browser_of: Browser, email: str) -> None:
    browser = browser_of("adam@pomoc.example")
    answer = browser.post(f"/desk/view-as/{row_of(everybody, email)}", data={"csrf_token": token(browser)})
    assert answer.status_code == 404
    assert told(everybody) == []


@pytest.mark.parametrize("email", ["jan@pomoc.example", "audyt@pomoc.example", "piotr@klient.example"])
def test_only_administrators_view(everybody: Flask, browser_of: Browser, email: str) -> None:
    browser = browser_of(email)
    answer = browser.post(f"/desk/view-as/{row_of(everybody, ANNA)}", data={"csrf_token": token(browser)})
    assert answer.status_code == 403


def test_a_view_ends_when_its_customer_is_one_no_more(everybody: Flask, viewing: Visitor) -> None:
    with everybody.app_context():
        role = db.session.scalars(select(Role).where(Role.name == "administrator")).one()
        account(ANNA).roles = [role]
        db.session.commit()
    assert not viewing.page("/").xpath("//div[@class='viewing']")
    assert "adam@pomoc.example" in viewing.get("/").text
