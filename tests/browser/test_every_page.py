"""Every page in both languages at both widths: open to everybody, whole, and looked at.

What only administrators meet is looked at in Polish, whose words are longer; in English too by BILETY_PICTURES.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests.browser import looks, pages
from tests.browser.accessibility import STATEMENT, statement
from tests.browser.desk import Desk
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


LOOKS = [
    pytest.param(shown, language, id=f"{shown.name}-{language}")
    for shown in pages.ALL
    for language in ("pl", "en")
    if language == "pl" or shown not in pages.SETTINGS or os.environ.get("BILETY_PICTURES")
]


@pytest.mark.parametrize(("shown", "language"), LOOKS)
def test_page(
    shown: pages.Shown, language: str, desk: Desk, looking: Callable[[str, str], Visitor], pictures: Path | None
) -> None:
    visitor = looking(shown.by, language)
    page = visitor.page
    answer = page.goto(shown.path.format_map(desk.places))
    assert answer is not None
    assert answer.status == shown.status
    if shown.act:
        shown.act(page)
    found = looks.look(visitor, shown.name, pictures)
    assert not found, "\n".join(found)


def test_every_rule_has_its_page(application: Flask) -> None:
    """A new page must be put into tests/browser/pages.py, where it is looked at."""
    routed = [rule for rule in application.url_map.iter_rules() if "GET" in (rule.methods or ())]
    rules = {rule.endpoint for rule in routed if not rule.rule.startswith("/api/")}
    known = {shown.endpoint for shown in pages.ALL} - {""} | set(pages.NOT_PAGES)
    assert rules - known == set(), "pages that nobody looks at"
    assert known - rules == set(), "pages that are not there any more"


def test_every_look_has_its_name() -> None:
    names = [shown.name for shown in pages.ALL]
    assert len(set(names)) == len(names)


def test_the_statement_of_accessibility_says_what_is_looked_at() -> None:
    """After new pages: python -m tests.browser.accessibility. It may lag a little, and never boasts."""
    kept, now = json.loads(STATEMENT.read_text()), statement()
    assert 0 <= now["pages"] - kept["pages"] <= 20, "run python -m tests.browser.accessibility"
    assert all(kept[name] == now[name] for name in now if name != "pages"), "run python -m tests.browser.accessibility"
