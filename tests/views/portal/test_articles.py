"""Articles are read by whom they are for, in the reader's language or honestly in another."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.content import entries, types
from app.content.entries import Readers, Words, save
from app.content.publishing import publish, withdraw
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.entry import Entry, Variant, Visibility
from tests.browsing import Visitor
from tests.people import add_account, group_named


@pytest.fixture
def written(app: Flask) -> dict[str, int]:
    """Two published articles by their ids: for everybody in both languages, for signed-in customers in Polish."""
    with app.app_context(), transaction():
        types.add_built_in_types()
        olga = add_account("olga@pomoc.example", role="editor")
        add_account("anna@klient.example")
        public = entries.add_entry(
            "article", "pl", Words("Łódź", "Skrót", "## Dalej"), by=olga, groups=[group_named("TARGIT")]
        )
        publish(entries.add_variant(public, "en", Words("Boat"), by=olga), seen=1)
        closed = entries.add_entry("article", "pl", Words("Tajne"), by=olga, readers=Readers(Visibility.SIGNED_IN))
        for entry in (public, closed):
            publish(entry.source, seen=1)
        return {"public": public.id, "closed": closed.id}


def editor() -> Account:
    return db.session.scalars(select(Account).where(Account.email == "olga@pomoc.example")).one()


def change(app: Flask, entry_id: int, act: Callable[[Variant], None]) -> None:
    with app.app_context(), transaction():
        act(db.session.get_one(Entry, entry_id).source)


def test_a_stranger_reads_what_is_for_everybody_and_nothing_else(written: dict[str, int], client: Visitor) -> None:
    page = client.get("/articles/").text
    assert "Łódź" in page
    assert "Boat" not in page
    assert "Tajne" not in page
    assert client.page("/articles/pl/lodz").xpath("//article//h2[.='Dalej']")
    assert client.get("/articles/pl/tajne").status_code == client.get("/articles/pl/nie-ma").status_code == 404


def test_a_customer_is_told_when_a_text_is_only_in_another_language(
    written: dict[str, int], browser_of: Callable[[str], Visitor]
) -> None:
    anna = browser_of("anna@klient.example")
    anna.get("/lang/en")
    page = anna.get("/articles/?all=1").text
    assert "Boat" in page
    assert "Łódź" not in page
    assert "Only in this language: Polski" in page
    assert "not written in your language yet" in anna.get("/articles/pl/tajne").text
    assert "not written in your language yet" not in anna.get("/articles/pl/lodz").text  # there is one in English


def test_an_article_is_found_by_its_product_group(written: dict[str, int], client: Visitor, app: Flask) -> None:
    with app.app_context():
        targit, other = group_named("TARGIT").id, group_named("DYNAMICS").id
    assert "Łódź" in client.get(f"/articles/?group={targit}").text
    assert "Łódź" not in client.get(f"/articles/?group={other}").text
    assert client.get("/articles/?group=x&after=y~z").status_code == 200


def test_an_old_address_leads_to_the_new_one_and_a_withdrawn_text_nowhere(
    written: dict[str, int], client: Visitor, app: Flask
) -> None:
    def move(variant: Variant) -> None:
        save(variant, Words("Łódź", slug="nowa-lodz"), seen=1, by=editor())
        publish(variant, seen=2)

    change(app, written["public"], move)
    answer = client.get("/articles/pl/lodz")
    assert (answer.status_code, answer.location) == (301, "/articles/pl/nowa-lodz")
    change(app, written["public"], withdraw)
    assert client.get("/articles/pl/lodz").status_code == 404
    assert "Boat" in client.get("/articles/").text
