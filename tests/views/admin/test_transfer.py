"""Settings go from desk to desk by a page: downloaded, compared, answered, applied whole (C8)."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.events.transaction import transaction
from app.extensions import db
from app.models.all import AuditEntry, ProductGroup, Tag
from tests.browsing import Visitor

PAGE = "/desk/config/"


@pytest.fixture(autouse=True)
def tagged(app: Flask, people: dict[str, int]) -> None:
    with app.app_context(), transaction():
        db.session.add(Tag(name="pilne"))


def settings(adam: Visitor) -> dict[str, Any]:
    answer = adam.get(f"{PAGE}export")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=bilety-")
    whole: dict[str, Any] = json.loads(answer.text)
    return whole


def compared(adam: Visitor, whole: Any, **answers: str) -> Any:
    """The page of the plan, once that file was chosen."""
    text = whole if isinstance(whole, str) else json.dumps(whole)
    answer = adam.submit(PAGE, {"file": (io.BytesIO(text.encode()), "desk.json"), **answers})
    return adam_page(answer.text)


def adam_page(text: str) -> Any:
    from lxml import html

    return html.fromstring(text)


def renamed(whole: dict[str, Any], before: str, after: str) -> dict[str, Any]:
    (uid,) = (uid for uid, row in whole["items"]["product_group"].items() if row["name"] == before)
    whole["items"]["product_group"][uid]["name"] = after
    return whole


def names(app: Flask) -> set[str]:
    with app.app_context():
        return set(db.session.scalars(select(ProductGroup.name)))


def test_what_is_compared_is_shown_and_applied_after_a_look(app: Flask, adam: Visitor) -> None:
    page = compared(adam, renamed(settings(adam), "TARGIT", "TARGIT 365"))
    assert "TARGIT" in page.xpath("//del")[0].text_content()
    assert "TARGIT 365" in page.xpath("//ins")[0].text_content()
    assert "TARGIT 365" not in names(app)
    (form,) = page.xpath("//form[@action='/desk/config/apply']")
    assert "TARGIT 365" not in names(app)
    adam.send(form, PAGE, {})
    assert "TARGIT 365" in names(app)
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry is not None
        assert (entry.about, entry.who) == ("config", "adam@desk.example")
    assert not compared(adam, settings(adam)).xpath("//form[@action='/desk/config/apply']")


def test_what_changed_since_the_look_is_looked_at_again(app: Flask, adam: Visitor) -> None:
    page = compared(adam, renamed(settings(adam), "TARGIT", "TARGIT 365"))
    with app.app_context(), transaction():
        db.session.add(Tag(name="nowy"))
    (form,) = page.xpath("//form[@action='/desk/config/apply']")
    again = adam_page(adam.send(form, PAGE, {}).text)
    assert "TARGIT 365" not in names(app)
    assert "nowy" in again.text_content()
    (form,) = again.xpath("//form[@action='/desk/config/apply']")
    adam.send(form, PAGE, {})
    assert "TARGIT 365" in names(app)


@pytest.mark.parametrize(("answer", "expected"), [("same", {"Targit"}), ("new", {"TARGIT", "Targit"})])
def test_what_may_be_the_same_is_asked(app: Flask, adam: Visitor, answer: str, expected: set[str]) -> None:
    whole = settings(adam)
    groups = whole["items"]["product_group"]
    (uid,) = (uid for uid, row in groups.items() if row["name"] == "TARGIT")
    other = {"f" * 32: {**groups[uid], "name": "Targit", "menu_digit": "9"}}
    whole["items"] = {"product_group": groups | other}
    if answer == "same":
        del whole["items"]["product_group"][uid]
    page = compared(adam, whole)
    if answer == "same":
        assert not page.xpath("//form[@action='/desk/config/apply']")
        (form,) = page.xpath("//form[@action='/desk/config/plan'][.//input[@type='radio']]")
        page = adam_page(adam.send(form, PAGE, {f"answer.product_group:{'f' * 32}": uid}).text)
    (form,) = page.xpath("//form[@action='/desk/config/apply']")
    adam.send(form, PAGE, {})
    assert names(app) & {"TARGIT", "Targit"} == expected


@pytest.mark.parametrize("text", ["", "{", '{"bilety": 99, "items": {}}', '{"bilety": 1, "items": {"field": []}}'])
def test_what_is_no_file_is_said_so(adam: Visitor, text: str) -> None:
    page = compared(adam, text)
    assert page.xpath("//*[@role='alert']")
    assert not page.xpath("//form[@action='/desk/config/apply']")


def test_what_this_desk_cannot_take_is_named_and_cannot_be_applied(adam: Visitor) -> None:
    whole = settings(adam)
    whole["items"]["tag"]["d" * 32] = {"name": 7}
    page = compared(adam, whole)
    assert "7" in page.xpath("//section[@aria-labelledby='refused']")[0].text_content()
    assert not page.xpath("//form[@action='/desk/config/apply']")


def test_nobody_applies_another_file_than_was_compared(app: Flask, adam: Visitor) -> None:
    page = compared(adam, renamed(settings(adam), "TARGIT", "TARGIT 365"))
    (form,) = page.xpath("//form[@action='/desk/config/apply']")
    compared(adam, settings(adam))
    assert adam.send(form, PAGE, {}).status_code == 422
    assert "TARGIT 365" not in names(app)


def test_who_only_looks_downloads_and_changes_nothing(browser_of: Callable[[str], Visitor]) -> None:
    auditor = browser_of("audyt@desk.example")
    assert settings(auditor)["items"]["tag"]
    assert not auditor.page(PAGE).xpath("//input[@type='file']")
    assert auditor.post(f"{PAGE}plan").status_code in (302, 400, 403)
