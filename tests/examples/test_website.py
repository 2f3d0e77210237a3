"""The example site renders the knowledge base from the API alone, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from app.content import entries
from app.content.entries import Words, add_entry
from app.content.publishing import publish, withdraw
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.entry import Entry
from app.models.product_group import ProductGroup
from examples.website import website


@pytest.fixture
def asked() -> list[tuple[str, int]]:
    """Every request to the desk, and its status."""
    return []


@pytest.fixture
def site(app: Flask, make_account: Callable[..., int], asked: list[tuple[str, int]]) -> FlaskClient:
    make_account("jan@desk.example", role="consultant", groups=("DYNAMICS",))
    with app.app_context(), transaction():
        group = db.session.get_one(ProductGroup, 1)
        first = write(
            "Drukarka milczy", "## Kabel\n\n![Zdjęcie](/content/files/1/a.png)", groups=[group], tags=["druk"]
        )
        publish(entries.add_variant(first, "en", Words("The printer is silent"), by=jan()), seen=1)
        write("Tylko po polsku", "Treść <script>alert(1)</script>")
        add_entry("article", "pl", Words("Szkic"), by=jan())

    def fetch(path: str, headers: Mapping[str, str]) -> Any:
        with app.test_client().get(path, headers=dict(headers)) as answer:
            asked.append((path, answer.status_code))
            return website.Answer(answer.status_code, answer.headers, answer.data)

    client: FlaskClient = website.create_site("https://desk.example", fetch).test_client()
    return client


def jan() -> Account:
    return db.session.scalars(select(Account).where(Account.email == "jan@desk.example")).one()


def write(title: str, body: str, **more: Any) -> Entry:
    made = add_entry("article", "pl", Words(title, summary="W skrócie", body=body), by=jan(), **more)
    publish(made.source, seen=1)
    return made


def page(site: FlaskClient, path: str) -> Any:
    answer = site.get(path, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    return html.fromstring(answer.text)


def titles(site: FlaskClient, path: str) -> list[str]:
    return [each.text_content().strip() for each in page(site, path).xpath("//h2/a")]


def test_both_languages_are_whole_and_what_stands_in_is_said(site: FlaskClient) -> None:
    assert titles(site, "/pl") == ["Tylko po polsku", "Drukarka milczy"]
    assert titles(site, "/en") == ["Tylko po polsku", "The printer is silent"]
    assert page(site, "/").get("lang") == "pl"
    shown = page(site, "/pl/tylko-po-polsku")
    (english,) = shown.xpath("//nav/a[@lang='en']/@href")
    stands_in = page(site, english)
    assert "not written in English yet" in stands_in.xpath("//*[@role='note']")[0].text_content()
    assert stands_in.xpath("//article")[0].get("lang") == "pl"
    (english,) = page(site, "/pl/drukarka-milczy").xpath("//nav/a[@lang='en']/@href")
    assert page(site, english).xpath("//h1")[0].text_content() == "The printer is silent"


def test_a_text_comes_whole_and_harmless(site: FlaskClient) -> None:
    shown = page(site, "/pl/drukarka-milczy")
    assert shown.xpath("//article/h2")[0].text_content() == "Kabel"
    assert shown.xpath("//img/@src") == ["https://desk.example/content/files/1/a.png"]
    assert titles(site, "/pl?tag=druk") == ["Drukarka milczy"]
    assert "DYNAMICS" in page(site, "/pl").text_content()
    assert not page(site, "/pl/tylko-po-polsku").xpath("//script")


def test_nothing_is_sent_twice_and_all_that_changes_is_seen(
    app: Flask, site: FlaskClient, asked: list[tuple[str, int]]
) -> None:
    for _time in range(2):
        page(site, "/pl/drukarka-milczy")
    assert [status for _path, status in asked] == [200, 304]
    with app.app_context(), transaction():
        text = db.session.get_one(Entry, 1).source
        words = Words("Drukarka nie drukuje", body="Nowe", slug="drukarka-nie-drukuje")
        entries.save(text, words, seen=1, by=jan())
        publish(text, seen=2)
    moved = site.get("/pl/drukarka-milczy")
    assert (moved.status_code, moved.location) == (301, "/pl/drukarka-nie-drukuje")
    assert "Nowe" in page(site, "/pl/drukarka-milczy").text_content()
    with app.app_context(), transaction():
        withdraw(db.session.get_one(Entry, 1).source)
    assert site.get("/pl/drukarka-nie-drukuje").status_code == 404
    assert site.get("/pl/szkic").status_code == 404


def test_a_desk_that_is_away_is_said_so() -> None:
    away = website.create_site("https://desk.example", website.over_the_net("http://127.0.0.1:9"))
    answer = away.test_client().get("/en")
    assert (answer.status_code, "away for a moment" in answer.text) == (502, True)
