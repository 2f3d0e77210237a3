"""Websites read what is published: each no more than its account may, unchanged things without a body."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select

from app.content import entries
from app.content.documents import make_missing
from app.content.entries import Readers, Words
from app.content.publishing import publish, withdraw
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.delivered import Delivered
from app.models.entry import ContentType, Entry, Visibility
from app.models.organisation import Membership, Organisation
from app.models.product_group import ProductGroup
from app.models.types import utc_now
from tests.views.api.conftest import Program
from tests.views.statements import counted

Programs = Callable[..., Program]
ENTRIES = ("Pierwszy", "Drugi", "Trzeci")
ANNA, EWA, JAN = "anna@klient.example", "ewa@inny.example", "jan@desk.example"


def account(email: str) -> Account:
    return db.session.scalars(select(Account).where(Account.email == email)).one()


def entry(number: int) -> Entry:
    return db.session.get_one(Entry, number)


def write(kind: str, title: str, readers: Readers | None = None, **more: Any) -> Entry:
    """A published entry in Polish."""
    words = Words(title, body="# Krok\n\n*Ważne*")
    made = entries.add_entry(kind, "pl", words, by=account(JAN), readers=readers, **more)
    publish(made.source, seen=1)
    return made


@pytest.fixture
def shelf(app: Flask, desk: None) -> None:
    """Beside article 1 of the desk three notices (2-4): for everyone, one company, the desk.

    Notice 2 is in English too, of DYNAMICS, and tagged. Article 5 is a draft.
    """
    with app.app_context(), transaction():
        group = db.session.get_one(ProductGroup, 1)
        first = write("notice", ENTRIES[0], groups=[group], tags=["Drukarki", "sieć"])
        company = db.session.scalars(select(Organisation).where(Organisation.name == "Klient")).one()
        write("notice", ENTRIES[1], Readers(Visibility.ORGANISATIONS, (company,)))
        write("notice", ENTRIES[2], Readers(Visibility.CONSULTANTS))
        publish(entries.add_variant(first, "en", Words("First"), by=account(JAN)), seen=1)
        entries.add_entry("article", "pl", Words("Szkic"), by=account(JAN))


def titles(program: Program, kind: str = "notice", **values: Any) -> list[str]:
    return [each["title"] for each in listed(program, kind, **values)["result"]]


def listed(program: Program, kind: str = "notice", **values: Any) -> dict[str, Any]:
    answer = program.get(f"content/{kind}/", **values)
    assert answer.status_code == 200, answer.text
    return answer.json


def errors(program: Program, path: str, **values: Any) -> set[str]:
    answer = program.get(path, **values)
    assert answer.status_code == 422, answer.text
    return set(answer.json["errors"])


def test_a_text_is_told_whole(desk: None, program: Programs) -> None:
    shown = program().get("content/article/1").json["result"]
    times = shown.pop("published_at"), shown.pop("first_published_at")
    assert times[0] == times[1]
    assert shown == {
        "id": 1,
        "type": "article",
        "language": "pl",
        "source_language": "pl",
        "version": 1,
        "title": "Drukarka nie drukuje",
        "summary": "Co sprawdzić najpierw",
        "body": "## Kabel\n\nSprawdź *kabel*.",
        "html": "<h2>Kabel</h2>\n<p>Sprawdź <em>kabel</em>.</p>\n",
        "address": "drukarka-nie-drukuje",
        "addresses": {"pl": "drukarka-nie-drukuje"},
        "tags": [],
        "product_groups": [],
    }


def test_everybody_reads_what_he_may(shelf: None, program: Programs) -> None:
    seen = {email: titles(program(email), sort="published_at") for email in (None, ANNA, EWA, JAN)}
    assert seen == {None: [ENTRIES[0]], ANNA: [*ENTRIES[:2]], EWA: [ENTRIES[0]], JAN: [*ENTRIES]}
    for number, readers in ((2, {None, ANNA, EWA, JAN}), (3, {ANNA, JAN}), (4, {JAN})):
        for email in (None, ANNA, EWA, JAN):
            good = 200 if email in readers else 404
            assert program(email).get(f"content/notice/{number}").status_code == good
            address = f"content/notice/pl/{ENTRIES[number - 2].lower()}"
            assert program(email).get(address).status_code == good
    counts = {email: listed(program(email))["count"] for email in (None, ANNA, JAN)}
    assert counts == {None: 1, ANNA: 2, JAN: 3}


def test_articles_are_rows_like_others(shelf: None, program: Programs) -> None:
    row = program(ANNA).list("article")["result"][0]
    assert (row["entry"], row["title"], row["language"]) == (1, "Drukarka nie drukuje", "pl")
    assert program(ANNA).where("article", "address", "eq", "drukarka-nie-drukuje") == [row["id"]]
    assert program().get("article/").status_code == 401


def test_a_wrong_key_or_token_is_refused_and_not_taken_for_nobodys(shelf: None, app: Flask) -> None:
    for wrong in ("x", "bilety_x"):
        answer = Program(app.test_client(), wrong).get("content/notice/")
        assert answer.status_code == 401, answer.text


def test_drafts_withdrawn_texts_the_bin_and_unknown_types_are_not_there(
    app: Flask, shelf: None, program: Programs
) -> None:
    nobody = program()
    assert titles(nobody, "article") == ["Drukarka nie drukuje"]
    assert nobody.get("content/article/5").status_code == 404
    assert nobody.get("content/article/2").status_code == 404, "a notice is no article"
    assert nobody.get("content/nothing/").status_code == 404
    assert nobody.get("content/article/99999999999").status_code == 404
    with app.app_context(), transaction():
        withdraw(entry(1).source)
        entries.put_in_bin(entry(2))
    assert (titles(nobody, "article"), titles(nobody)) == ([], [])
    assert nobody.get("content/article/1").status_code == 404
    with app.app_context(), transaction():
        entries.take_out_of_bin(entry(2))
    assert titles(nobody) == [ENTRIES[0]]


def test_a_type_of_an_administrator_is_served_at_once(app: Flask, desk: None, program: Programs) -> None:
    with app.app_context(), transaction():
        db.session.add(ContentType(code="licence", name_pl="Licencja", name_en="Licence"))
        db.session.flush()
        write("licence", "Licencja roczna")
    assert titles(program(), "licence") == ["Licencja roczna"]


def test_the_language_is_chosen_and_its_fallback_named(shelf: None, program: Programs) -> None:
    jan = program(JAN)
    english = listed(jan, language="en", sort="first_published_at")
    assert [each["title"] for each in english["result"]] == [*ENTRIES[1:], "First"]
    assert (english["language"], english["fallbacks"]) == ("en", {"3": "pl", "4": "pl"})
    assert titles(jan, language="en", fallback="none") == ["First"]
    one = jan.get("content/notice/3", language="en").json
    assert (one["language"], one["fallback"]) == ("en", "pl")
    assert jan.get("content/notice/3", language="en", fallback="none").status_code == 404
    assert jan.get("content/notice/2", language="en").json["result"]["addresses"] == {"en": "first", "pl": "pierwszy"}


def test_what_stands_in_is_withdrawn_and_another_takes_its_place(app: Flask, shelf: None, program: Programs) -> None:
    with app.app_context(), transaction():
        withdraw(entry(2).source)
    found = listed(program(), language="pl")
    assert (found["fallbacks"], found["result"][0]["addresses"]) == ({"2": "en"}, {"en": "first"})


def test_lists_are_filtered(shelf: None, program: Programs) -> None:
    jan = program(JAN)
    assert titles(jan, tag="Drukarki") == titles(jan, product_group="1") == titles(jan, id="2,99") == [ENTRIES[0]]
    assert titles(jan, product_group="2") == titles(jan, address="nic") == []
    assert titles(jan, address="trzeci") == [ENTRIES[2]]
    later = (utc_now() + timedelta(hours=1)).isoformat()
    assert titles(jan, published_at_gt=later) == []
    assert len(titles(jan, published_at_lt=later, first_published_at_lt=later)) == 3


def test_pages_lead_to_each_other_and_count_the_same(shelf: None, program: Programs) -> None:
    jan, after, seen = program(JAN), {}, []
    for _page in range(3):
        found = listed(jan, page_size="1", **after)
        assert (found["count"], found["count_capped"]) == (3, False)
        seen += found["ids"]
        after = {"after": found["next"]}
    assert (seen, found["next"]) == ([4, 3, 2], None)


def test_columns_and_expansions_are_chosen(app: Flask, shelf: None, program: Programs) -> None:
    found = listed(program(), columns="title,product_groups", expand="product_groups")
    assert found["result"] == [{"title": ENTRIES[0], "product_groups": [{"id": 1, "name": "DYNAMICS"}]}]
    with app.app_context(), transaction():
        db.session.get_one(ProductGroup, 1).names = {"en": "Ledgers"}
    found = listed(program(), columns="product_groups", expand="product_groups", _l_="en")
    assert found["result"][0]["product_groups"][0]["name"] == "Ledgers"
    one = program().get("content/notice/2", columns="id").json
    assert one["result"] == {"id": 2}


def test_what_is_not_known_or_cannot_be_is_refused_by_name(shelf: None, program: Programs) -> None:
    nobody = program()
    for wrong in (
        {"titel": "x"},
        {"visibility": "consultants"},
        {"language": "de"},
        {"sort": "body"},
        {"columns": "title,password"},
        {"expand": "author"},
        {"page_size": "101"},
        {"after": "x"},
        {"id": "1,x"},
        {"product_group": "x"},
        {"published_at_gt": "wczoraj"},
    ):
        assert errors(nobody, "content/notice/", **wrong) == set(wrong), wrong
    assert errors(nobody, "content/notice/2", sort="published_at") == {"sort"}
    assert nobody.get("content/notice/?language=pl&language=en").json["errors"].keys() == {"language"}


def test_an_address_that_it_once_had_leads_on(app: Flask, shelf: None, program: Programs) -> None:
    with app.app_context(), transaction():
        source = entry(2).source
        entries.save(source, Words("Pierwszy", slug="nowy-adres"), seen=1, by=account(JAN))
        publish(source, seen=2)
    answer = program().get("content/notice/pl/pierwszy")
    assert (answer.status_code, answer.location) == (301, "/api/v1/content/notice/pl/nowy-adres")
    answer = program().get("content/notice/pl/pierwszy?columns=title,id")
    assert answer.location == "/api/v1/content/notice/pl/nowy-adres?columns=title,id"
    assert program().get("content/notice/pl/nowy-adres").json["result"]["version"] == 2


PATHS = ("content/notice/", "content/notice/2", "content/notice/pl/pierwszy", "content/notice/2?columns=title")


@pytest.mark.parametrize("email", [None, ANNA, JAN])
def test_what_has_not_changed_is_not_sent_again(app: Flask, shelf: None, program: Programs, email: str | None) -> None:
    """At most three statements a read, two where nothing has changed."""
    reader = program(email)
    for path in (*PATHS, "content/notice/?expand=product_groups"):
        reader.get(path)
        with counted(app) as sent:
            whole = reader.get(path)
        assert len(sent) <= 3, (path, sent)
        etag = whole.headers["ETag"]
        with counted(app) as sent:
            again = reader.get(path, headers={"If-None-Match": f'"x", W/{etag}'})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", etag), path
        assert len(sent) <= 2, (path, sent)
        with counted(app) as sent:
            assert reader.get(path, headers={"If-None-Match": '"x"'}).status_code == 200
        assert len(sent) <= 3, (path, sent)
        assert (whole.headers["Cache-Control"], whole.headers["Vary"][:13]) == ("private, no-cache", "Authorization")


def test_nor_is_a_schema(shelf: None, program: Programs) -> None:
    path = "content/notice/schema/read"
    whole = program().get(path)
    again = program().get(path, headers={"If-None-Match": whole.headers["ETag"]})
    assert (whole.status_code, again.status_code, again.data) == (200, 304, b"")
    assert set(program().get(f"{path}?colums=title").json["errors"]) == {"colums"}


def test_whatever_changes_for_readers_changes_the_etag(app: Flask, shelf: None, program: Programs) -> None:
    def etags() -> list[str]:
        return [program(EWA).get(path).headers["ETag"] for path in PATHS[:2]]

    def published() -> None:
        entries.save(entry(2).source, Words("Pierwszy!"), seen=1, by=account(JAN))
        publish(entry(2).source, seen=2)

    def tagged() -> None:
        entries.set_tags(entry(2), ["inne"])

    def grouped() -> None:
        entry(2).groups = []

    seen = [etags()]
    for change in (published, tagged, grouped):
        with app.app_context(), transaction():
            change()
        seen.append(etags())
    assert all(before[place] != after[place] for before, after in pairwise(seen) for place in (0, 1))
    with app.app_context(), transaction():
        entries.set_readers(entry(3), Readers(Visibility.SIGNED_IN))
    assert etags()[0] != seen[-1][0]
    before = etags()
    with app.app_context(), transaction():
        entries.save(entry(2).source, Words("Szkic"), seen=2, by=account(JAN))
    assert etags() == before, "a draft changes nothing for readers"


def test_who_joins_a_company_gets_its_list_though_nothing_was_published(
    app: Flask, shelf: None, program: Programs, make_account: Callable[..., int]
) -> None:
    make_account("ola@klient.example")
    ola = program("ola@klient.example")
    etag = ola.get("content/notice/").headers["ETag"]
    with app.app_context(), transaction():
        company = db.session.scalars(select(Organisation).where(Organisation.name == "Klient")).one()
        db.session.add(Membership(account=account("ola@klient.example"), organisation=company))
    assert ola.get("content/notice/", headers={"If-None-Match": etag}).status_code == 200


def test_what_was_published_before_there_were_documents_gets_one(app: Flask, shelf: None, program: Programs) -> None:
    with app.app_context(), transaction():
        db.session.execute(delete(Delivered))
    assert program().get("content/article/1").status_code == 404
    with app.app_context(), transaction():
        assert make_missing() == 4
    assert program().get("content/article/1").status_code == 200
