"""No page mixes its languages: no English sentence of the catalogs on Polish pages, and the reverse."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from lxml import html
from lxml.html import HtmlElement

from app.catalogs.sources import sources
from tests.browsing import Visitor

OWN_SOURCES = ("/desk/translations", "/translate", "/desk/glossary")  # they show both languages on purpose
READ = "//body//text()[not(ancestor::script or ancestor::style)] | //@aria-label | //@placeholder | //@title"


def sentences(language: str) -> set[str]:
    """What a page of the other language may not say: sentences that are said otherwise in it, by at least two words."""
    found = set()
    for source in sources().values():
        english, polish = source.forms, source.shipped_in("pl")
        own, other = (polish, english) if language == "pl" else (english, polish)
        found |= {" ".join(text.split()) for text in other if len(text.split()) > 1 and "%" not in text} - set(own)
    said = {" ".join(text.split()) for source in sources().values() for text in source.shipped_in(language)}
    return found - said


def spoken(page: HtmlElement) -> Iterator[str]:
    for text in page.xpath(READ):
        yield " ".join(str(text).split())


def paths(app: Flask) -> list[str]:
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments]
    found = {rule.rule for rule in rules if not rule.rule.startswith(("/api/", "/static", *OWN_SOURCES))}
    return sorted(found)


@pytest.mark.parametrize("language", ["pl", "en"])
def test_pages_speak_one_language(
    app: Flask,
    client: Visitor,
    make_account: Callable[..., int],
    browser_of: Callable[[str], Visitor],
    language: str,
) -> None:
    make_account("adam@desk.example", role="administrator", locale=language)
    make_account("anna@klient.example", organisation="Klient", sharing="manager", locale=language)
    foreign, wrong, pages = sentences(language), [], 0
    assert len(foreign) > 1_500
    for browser in (client, browser_of("adam@desk.example"), browser_of("anna@klient.example")):
        browser.get(f"/lang/{language}")
        for path in paths(app):
            with browser.get(path) as answer:
                if answer.mimetype == "text/html" and answer.status_code in (200, 403, 404) and answer.data.strip():
                    pages += 1
                    wrong += [f"{path}: {text}" for text in spoken(html.fromstring(answer.text)) if text in foreign]
    assert not wrong, "\n".join(sorted(set(wrong)))
    assert pages > 60


def test_the_look_finds_a_foreign_word(client: Visitor) -> None:
    client.get("/lang/en")
    assert sum(text in sentences("pl") for text in spoken(client.page("/contact"))) > 5
