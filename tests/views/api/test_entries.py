"""Programs write entries: drafts, reviews, publishing, versions; nobody's words are written over unseen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from sqlalchemy import select

from app.accounts import keys
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.account_key import AccountKey, Scope
from app.models.entry import ContentType
from app.models.types import utc_now
from tests.views.api.conftest import Program
from tests.views.api.described import description_of

Programs = Callable[..., Program]
ADAM, JAN, ANNA, OLGA = "adam@desk.example", "jan@desk.example", "anna@klient.example", "olga@desk.example"
NEW = {"type": "article", "language": "pl", "title": "Skaner", "body": "Włącz skaner.", "tags": ["Skaner"]}


@pytest.fixture
def olga(desk: None, program: Programs, make_account: Callable[..., int]) -> Program:
    make_account(OLGA, role="editor")
    return program(OLGA)


def etag(program: Program, path: str) -> dict[str, str]:
    return {"If-Match": program.get(path).headers["ETag"]}


def added(program: Program, **more: Any) -> dict[str, Any]:
    answer = program.post("entry/", NEW | more)
    assert answer.status_code == 201, answer.text
    return answer.json["result"]


def acted(program: Program, path: str, act: str, body: Any = None) -> dict[str, Any]:
    answer = program.post(f"{path}/{act}", body, headers=etag(program, path))
    assert answer.status_code == 200, answer.text
    return answer.json["result"]


def saved(program: Program, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = program.put(path, body, headers=etag(program, path))
    assert answer.status_code == 200, answer.text
    return answer.json["result"]


def test_an_entry_goes_from_draft_to_readers_and_back(olga: Program, program: Programs) -> None:
    entry = added(olga, product_groups=[1])
    text = f"text/{entry['texts'][0]['id']}"
    site = f"content/article/{entry['id']}"
    assert (entry["texts"][0]["state"], entry["tags"], entry["visibility"]) == ("draft", ["skaner"], "everyone")
    assert program().get(site).status_code == 404
    assert acted(olga, text, "review")["state"] == "review"
    assert acted(olga, text, "publish")["published_version"] == 1
    assert saved(olga, text, {"title": "Skaner sieciowy"})["version"] == 2
    assert program().get(site).json["result"]["title"] == "Skaner", "what is published stays up"
    acted(olga, text, "publish")
    assert program().get(site).json["result"]["title"] == "Skaner sieciowy"
    restored = acted(olga, text, "restore", {"version": 1})
    assert (restored["version"], restored["title"], restored["state"]) == (3, "Skaner", "draft")
    versions = olga.get(f"{text}/versions").json["result"]
    assert [(each["version"], each["title"]) for each in versions] == [
        (3, "Skaner"),
        (2, "Skaner sieciowy"),
        (1, "Skaner"),
    ]
    assert acted(olga, text, "withdraw")["published_version"] is None
    assert program().get(site).status_code == 404


def test_texts_are_scheduled_and_translated(olga: Program) -> None:
    entry = added(olga)
    text = f"text/{entry['texts'][0]['id']}"
    later = (utc_now() + timedelta(days=1)).isoformat()
    assert acted(olga, text, "publish", {"at": later})["state"] == "scheduled"
    assert acted(olga, text, "unschedule")["publish_at"] is None
    english = {"entry": entry["id"], "language": "en", "title": "Scanner"}
    made = olga.post("text/", english).json["result"]
    assert (made["source_version"], made["out_of_date"]) == (1, False)
    saved(olga, text, {"body": "Wyłącz skaner."})
    assert olga.get(f"text/{made['id']}").json["result"]["out_of_date"] is True
    assert saved(olga, f"text/{made['id']}", {"body": "Off.", "translated": True})["out_of_date"] is False
    assert olga.post("text/", english).status_code == 422
    past = olga.post(f"{text}/publish", {"at": "2020-01-01T00:00:00Z"}, headers=etag(olga, text))
    assert past.status_code == 422


def test_the_bin_takes_it_from_readers_and_gives_it_back(olga: Program, program: Programs) -> None:
    entry = added(olga)
    acted(olga, f"text/{entry['texts'][0]['id']}", "publish")
    path, site = f"entry/{entry['id']}", f"content/article/{entry['id']}"
    assert acted(olga, path, "bin")["binned_at"] is not None
    assert program().get(site).status_code == 404
    assert acted(olga, path, "unbin")["binned_at"] is None
    assert program().get(site).status_code == 200


@pytest.mark.parametrize("which", ["entry", "text"])
def test_a_change_names_what_it_changes(olga: Program, which: str) -> None:
    """O60: without If-Match 428; with an old one 412, the current row and its ETag; nothing is written."""
    entry = added(olga)
    path = f"{which}/{entry['id'] if which == 'entry' else entry['texts'][0]['id']}"
    first, second = ({"tags": ["a"]}, {"tags": ["b"]}) if which == "entry" else ({"body": "A"}, {"body": "B"})
    seen = etag(olga, path)
    assert olga.put(path, first).status_code == 428
    assert olga.put(path, first, headers=seen).status_code == 200
    stale = olga.put(path, second, headers=seen)
    assert (stale.status_code, stale.headers["ETag"]) == (412, olga.get(path).headers["ETag"])
    name = next(iter(first))
    assert stale.json["current"][name] == olga.get(path).json["result"][name] == first[name]
    assert olga.put(path, second, headers={"If-Match": stale.headers["ETag"]}).status_code == 200
    act = "bin" if which == "entry" else "review"
    assert olga.post(f"{path}/{act}").status_code == 428
    assert olga.post(f"{path}/{act}", headers=seen).status_code == 412
    again = olga.get(path, headers={"If-None-Match": olga.get(path).headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_same_key_adds_once(olga: Program) -> None:
    first = olga.post("entry/", NEW, key="k")
    assert olga.post("entry/", NEW, key="k").json == first.json
    assert len(olga.where("entry", "type", "eq", "article")) == 2  # and that of the desk


def test_what_is_wrong_is_named(olga: Program) -> None:
    for body, name in (
        ({"title": ""}, "title"),
        ({"language": "de"}, "language"),
        ({"visibility": "all"}, "visibility"),
        ({"odd": 1}, "odd"),
    ):
        answer = olga.post("entry/", NEW | body)
        assert (answer.status_code, set(answer.json["errors"])) == (422, {name})
    for body, name in (({"type": "nothing"}, "type"), ({"product_groups": [99]}, "product_groups")):
        answer = olga.post("entry/", NEW | body)
        assert (answer.status_code, set(answer.json["errors"])) == (404, {name})
    assert olga.post("entry/", NEW | {"visibility": "organisations"}).status_code == 422
    assert olga.post("text/", {"entry": 999, "language": "en", "title": "x"}).json["errors"].keys() == {"entry"}


def test_who_only_suggests_neither_publishes_nor_opens_to_readers(olga: Program, program: Programs) -> None:
    jan = program(JAN)
    mine = added(jan)
    text = f"text/{mine['texts'][0]['id']}"
    assert jan.post(f"{text}/publish", headers=etag(jan, text)).status_code == 403
    assert saved(jan, text, {"body": "Więcej"})["version"] == 2
    assert set(jan.post("entry/", NEW | {"visibility": "everyone"}).json["errors"]) == {"visibility"}
    theirs = added(olga)
    assert jan.get(f"entry/{theirs['id']}").status_code == 404
    assert jan.put(f"text/{theirs['texts'][0]['id']}", {"body": "x"}).status_code == 404
    assert program(ANNA).get("entry/").status_code == 403
    assert program(ANNA).post("entry/", NEW).status_code == 403
    assert program().get("text/").status_code == 401


def test_administrators_make_types_that_are_served_at_once(app: Flask, olga: Program, program: Programs) -> None:
    adam = program(ADAM)
    body = {"code": "known_issue", "name_pl": "Znany błąd", "name_en": "Known issue", "reviewed": False}
    assert olga.post("content_type/", body).status_code == 403
    made = adam.post("content_type/", body)
    assert (made.status_code, made.json["id"], made.json["result"]["built_in"]) == (201, "known_issue", False)
    assert adam.post("content_type/", body).status_code == 422
    kept, change = "content_type/known_issue", {"name_en": "Known bug", "writers": []}
    assert adam.put(kept, change).status_code == 428
    read = {"If-Match": adam.get(kept).headers["ETag"]}
    changed = adam.put(kept, change, headers=read).json["result"]
    stale = adam.put(kept, {"name_en": "x"}, headers=read)
    assert (stale.status_code, stale.json["current"]["name_en"]) == (412, "Known bug")
    assert adam.get(kept, headers={"If-None-Match": stale.headers["ETag"]}).status_code == 304
    assert (changed["name_en"], changed["writers"], changed["translated"]) == ("Known bug", [], True)
    assert adam.put("content_type/none", {"name_en": "x"}).status_code == 404
    entry = added(olga, type="known_issue")
    acted(olga, f"text/{entry['texts'][0]['id']}", "publish")
    assert program().get("content/known_issue/").json["ids"] == [entry["id"]]
    assert adam.delete(kept, headers={"If-Match": stale.headers["ETag"]}).status_code == 422  # it has entries
    assert adam.delete("content_type/article", headers={"If-Match": "*"}).status_code == 422
    adam.post("content_type/", {**body, "code": "empty"})
    assert adam.delete("content_type/empty").status_code == 428
    assert adam.delete("content_type/empty", headers={"If-Match": "*"}).status_code == 204
    assert adam.get("content_type/empty").status_code == 404


def test_each_type_tells_its_schemas(app: Flask, olga: Program, program: Programs) -> None:
    """What is read fits the schema of reading, and what may be sent that of adding."""
    with app.app_context(), transaction():
        db.session.add(ContentType(code="licence", name_pl="Licencja", name_en="Licence"))
    schemas = {kind: program().get(f"content/licence/schema/{kind}").json for kind in ("read", "create", "change")}
    for kind, schema in schemas.items():
        Draft202012Validator.check_schema(schema)
        assert schema["$id"].endswith(f"/api/v1/content/licence/schema/{kind}")
    entry = added(olga, type="licence")
    acted(olga, f"text/{entry['texts'][0]['id']}", "publish")
    read = program().get(f"content/licence/{entry['id']}").json["result"]
    fits = {kind: Draft202012Validator(schema).is_valid for kind, schema in schemas.items()}
    assert fits["read"](read)
    assert fits["create"](NEW | {"type": "licence"})
    assert fits["change"]({"title": "Licencja"})
    assert not fits["read"](read | {"type": "article"})
    assert not fits["create"](NEW)
    assert not fits["change"]({"odd": 1})
    assert program().get("content/nothing/schema/read").status_code == 404


def test_the_description_tells_what_its_reader_may_do(app: Flask, desk: None, program: Programs) -> None:
    told = {email: program(email).get("_openapi").json["paths"] for email in (ADAM, JAN)}
    of_types = {f"/api/v1/content/{code}/{rest}" for code in ("article", "notice", "page") for rest in ("", "{pk}")}
    assert set(told[ADAM]) == set(description_of(app).document["paths"]) | of_types
    assert "post" in told[ADAM]["/api/v1/content_type/"]
    assert "post" not in told[JAN]["/api/v1/content_type/"]
    assert "get" in told[JAN]["/api/v1/content_type/"]


def key_of(app: Flask, email: str, scope: Scope, types: list[str] | None = None) -> tuple[int, Program]:
    with app.app_context(), transaction():
        account = db.session.scalars(select(Account).where(Account.email == email)).one()
        key, text = keys.make(account, name=f"{scope} {types}", scope=scope, lives=keys.LIVES[30], content_types=types)
    return key.id, Program(app.test_client(), text)


def test_a_key_opens_the_types_that_it_was_made_for(app: Flask, olga: Program) -> None:
    article, notice = added(olga), added(olga, type="notice")
    _id, reads = key_of(app, OLGA, Scope.READ, ["notice"])
    _id, writes = key_of(app, OLGA, Scope.WRITE, ["notice"])
    assert reads.get("content/notice/").status_code == 200
    assert reads.get("content/article/").status_code == 403
    assert reads.get("account/").status_code == 403
    assert [row["id"] for row in reads.list("entry")["result"]] == [notice["id"]]
    assert reads.get(f"entry/{article['id']}").status_code == 404
    assert reads.post("entry/", NEW | {"type": "notice"}).status_code == 403
    assert writes.post("entry/", NEW | {"type": "notice"}).status_code == 201
    assert writes.post("entry/", NEW).json["errors"].keys() == {"type"}
    foreign = f"text/{article['texts'][0]['id']}"
    assert writes.put(foreign, {"body": "x"}, headers={"If-Match": '"1"'}).status_code == 404


def test_a_renewed_key_has_a_new_text_and_the_old_one_is_good_for_a_day(app: Flask, desk: None) -> None:
    key_id, old = key_of(app, JAN, Scope.READ)
    with app.app_context(), transaction():
        new = Program(app.test_client(), keys.rotate(db.session.get_one(AccountKey, key_id)))
    assert [each.get("ticket/").status_code for each in (old, new)] == [200, 200]
    with app.app_context(), transaction():
        db.session.get_one(AccountKey, key_id).old_until = utc_now() - timedelta(seconds=1)
    assert [each.get("ticket/").status_code for each in (old, new)] == [401, 200]
