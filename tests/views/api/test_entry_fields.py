"""The fields of content types by API: written with a text, delivered with what is published, by the rights of each."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from sqlalchemy import select

from app.accounts import keys
from app.content.types import Switches, add_type
from app.desk import field_sets
from app.events.transaction import transaction
from app.extensions import db
from app.fields import Definition, Kind
from app.models.account import Account
from app.models.account_key import AccountKey, Scope
from tests.browsing import Visitor
from tests.fields.samples import SAMPLES, a_field
from tests.views.api.conftest import Program

Programs = Callable[..., Program]
OWNER = "entry:known_issue"
SINCE = a_field("text", "since", owner=OWNER, filterable=True, required=True)
FIRMS = a_field("number", "firms", owner=OWNER, filterable=True)
AREAS = a_field("choices", "areas", owner=OWNER, filterable=True)
INSIDE = a_field("text", "inside", owner=OWNER, read_by=("consultant",))
LOG = a_field("file", "log", owner=OWNER)
NEW: dict[str, Any] = {"type": "known_issue", "language": "pl", "title": "Wydruk pusty"}
ALL = {"since": "24.3", "firms": 3, "areas": ["small"], "inside": "u Kowalskiego"}


@pytest.fixture(autouse=True)
def published(app: Flask, desk: None) -> None:
    with app.app_context(), transaction():
        add_type("known_issue", name_pl="Znany błąd", name_en="Known issue", switches=Switches())
        field_sets.publish([SINCE, FIRMS, AREAS, INSIDE, LOG], reason="próba", by=None)


@pytest.fixture
def editor(program: Programs) -> Program:
    return program("adam@desk.example")


def write(editor: Program, title: str = "Wydruk pusty", **fields: Any) -> dict[str, Any]:
    """A published entry; its text."""
    made = editor.post("entry/", {**NEW, "title": title, "fields": {**ALL, **fields}})
    assert made.status_code == 201, made.text
    text = made.json["result"]["texts"][0]
    done = editor.post(f"text/{text['id']}/publish", headers={"If-Match": '"1"'})
    assert done.status_code == 200, done.text
    return done.json["result"]


def titles(program: Program, **asked: Any) -> list[str]:
    answer = program.get("content/known_issue/", **asked)
    assert answer.status_code == 200, answer.text
    return [each["title"] for each in answer.json["result"]]


def test_what_is_written_is_delivered_to_whom_may_read_it(editor: Program, program: Programs) -> None:
    text = write(editor)
    assert text["fields"] == {**ALL, "log": None}
    public = {"since": "24.3", "firms": 3, "areas": ["small"], "log": None}
    for path in ("content/known_issue/2", "content/known_issue/pl/wydruk-pusty"):
        assert program().get(path).json["result"]["fields"] == public
        assert program("jan@desk.example").get(path).json["result"]["fields"]["inside"] == "u Kowalskiego"
    listed = program().get("content/known_issue/", columns="id,fields").json["result"]
    assert listed == [{"id": 2, "fields": public}]
    assert "fields" not in program().get("content/article/1").json["result"]


def test_a_draft_changes_nothing_for_readers_and_versions_keep_their_values(editor: Program, program: Programs) -> None:
    text = write(editor)
    changed = editor.put(f"text/{text['id']}", {"fields": {"firms": 4}}, headers={"If-Match": '"1"'})
    assert (changed.json["result"]["version"], changed.json["result"]["fields"]["firms"]) == (2, 4)
    assert changed.json["result"]["title"] == "Wydruk pusty"
    assert program().get("content/known_issue/2").json["result"]["fields"]["firms"] == 3
    versions = editor.get(f"text/{text['id']}/versions").json["result"]
    assert [each["fields"]["firms"] for each in versions] == [4, 3]
    assert editor.put(f"text/{text['id']}", {"fields": {"firms": 5}}, headers={"If-Match": '"1"'}).status_code == 412


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"since": "24.3", "nothing": 1}, {"fields.nothing"}),
        ({"since": "24.3", "firms": "dużo"}, {"fields.firms"}),
        ({}, {"fields.since"}),
        ({"since": "24.3", "areas": ["old"]}, {"fields.areas"}),
    ],
)
def test_what_does_not_fit_is_refused_by_name(editor: Program, given: Any, errors: set[str]) -> None:
    refused = editor.post("entry/", {**NEW, "fields": given})
    assert (refused.status_code, set(refused.json["errors"])) == (422, errors)
    assert editor.list("entry")["count"] == 1


def test_lists_are_filtered_by_fields(editor: Program, program: Programs) -> None:
    write(editor)
    write(editor, "Wydruk krzywy", since="25.1", firms=9, areas=["large", "small"])
    write(editor, "Nie drukuje", since="25.1", firms=1, areas=["large"])
    reader = program()
    assert set(titles(reader, **{"fields.since": "25.1"})) == {"Wydruk krzywy", "Nie drukuje"}
    assert titles(reader, **{"fields.since": "25.1", "fields.firms_gt": "3"}) == ["Wydruk krzywy"]
    assert set(titles(reader, **{"fields.areas": "small"})) == {"Wydruk krzywy", "Wydruk pusty"}
    assert titles(reader, **{"fields.since": "99"}) == []


def test_lists_are_sorted_by_a_field_page_after_page(editor: Program, program: Programs) -> None:
    numbers = {"Ą": 10, "B": 9, "C": None, "D": 9, "E": 100, "F": 2}
    for title, firms in numbers.items():
        write(editor, title, firms=firms, since=f"Ł{title}")
    reader = program()

    def walked(sort: str) -> list[str]:
        found: list[str] = []
        after: dict[str, str] = {}
        while True:
            answer = reader.get("content/known_issue/", sort=sort, page_size="2", columns="title", **after)
            assert answer.status_code == 200, answer.text
            found += [each["title"] for each in answer.json["result"]]
            if answer.json["next"] is None:
                return found
            after = {"after": answer.json["next"]}

    assert walked("fields.firms") == ["F", "B", "D", "Ą", "E"]
    assert walked("-fields.firms") == ["E", "Ą", "D", "B", "F"]
    assert walked("fields.since") == ["Ą", "B", "C", "D", "E", "F"]
    assert reader.get("content/known_issue/", sort="fields.firms").json["count"] == 5
    for wrong in ("fields.inside", "fields.nothing", "-fields.log", "fields.areas"):
        refused = reader.get("content/known_issue/", sort=wrong)
        assert (refused.status_code, set(refused.json["errors"])) == (422, {"sort"}), wrong
    for wrong in ("x~1", "NaN~1", "[]~1", "1e400~1", '"\\u0000"~1', "9~x"):
        refused = reader.get("content/known_issue/", sort="fields.firms", after=wrong)
        assert (refused.status_code, set(refused.json["errors"])) == (422, {"after"}), wrong


@pytest.mark.parametrize("name", ["fields.inside", "fields.nothing", "fields.log", "fields.since_gt"])
def test_no_filter_is_offered_by_what_is_hidden_or_has_none(program: Programs, name: str) -> None:
    refused = program().get("content/known_issue/", **{name: "u Kowalskiego"})
    assert (refused.status_code, set(refused.json["errors"])) == (422, {name})


def test_a_change_of_the_fields_changes_the_etag(app: Flask, editor: Program, program: Programs) -> None:
    write(editor)
    paths = ("content/known_issue/", "content/known_issue/2")
    before = {path: program().get(path).headers["ETag"] for path in paths}
    assert all(program().get(path, headers={"If-None-Match": etag}).status_code == 304 for path, etag in before.items())
    renamed = SINCE.changed(name="version_from", old_names={"since": "2999-01-01"})
    with app.app_context(), transaction():
        field_sets.publish([renamed], reason="próba", by=None)
    for path, etag in before.items():
        assert program().get(path, headers={"If-None-Match": etag}).status_code == 200
    told = program().get(paths[1]).json["result"]["fields"]
    assert (told["since"], told["version_from"]) == ("24.3", "24.3")


def test_the_schema_of_the_type_fits_every_answer(editor: Program, program: Programs) -> None:
    write(editor)
    for reader in (program(), editor):
        schema = reader.get("content/known_issue/schema/read").json
        Draft202012Validator(schema).validate(reader.get("content/known_issue/2").json["result"])
        assert ("inside" in schema["properties"]["fields"]["properties"]) == (reader is editor)
    create = Draft202012Validator(editor.get("content/known_issue/schema/create").json)
    create.validate({**NEW, "fields": ALL})
    assert not create.is_valid({**NEW, "fields": {**ALL, "firms": "dużo"}})
    assert not create.is_valid({**NEW, "fields": {"firms": 3}})
    assert "fields" not in program().get("content/article/schema/read").json["properties"]


def test_the_description_has_the_addresses_of_the_type_as_they_are_and_no_more_than_is_read(
    app: Flask, editor: Program, program: Programs
) -> None:
    write(editor)
    renamed = FIRMS.changed(name="companies", old_names={"firms": "2999-01-01"})
    with app.app_context(), transaction():
        field_sets.publish([renamed], reason="próba", by=None)
    for reader, knows in ((program("anna@klient.example"), False), (editor, True)):
        document = reader.get("_openapi").json
        asked = document["paths"]["/api/v1/content/known_issue/"]["get"]["parameters"]
        filters = {each["name"]: "deprecated" in each for each in asked if "." in each.get("name", "")}
        by_number = {f"fields.companies{end}": False for end in ("", "_gt", "_lt")}
        by_number |= {f"fields.firms{end}": True for end in ("", "_gt", "_lt")}
        assert filters == {"fields.since": False, "fields.areas": False, **by_number}
        sort = next(each for each in asked if each.get("name") == "sort")["schema"]["enum"]
        assert "-fields.since" in sort
        text = document["components"]["schemas"]["Content.known_issue"]
        assert ("inside" in text["properties"]["fields"]["properties"]) == knows
        Draft202012Validator(text).validate(reader.get("content/known_issue/").json["result"][0])


def test_readers_find_values_and_files_on_the_page(editor: Program, client: Visitor) -> None:
    write(editor, log={"name": "log.txt", "content": base64.b64encode(b"brak papieru").decode()})
    address = "/content/known_issue/pl/wydruk-pusty"
    page = client.page(address)
    facts = page.xpath("//article//dl")[0].text_content()
    assert "24.3" in facts
    assert "u Kowalskiego" not in page.text_content()
    (link,) = page.xpath("//article//dl//a/@href")
    with client.get(link) as answer:
        assert answer.data == b"brak papieru"
    assert client.get(f"{address}/file/{INSIDE.id}").status_code == 404
    with client.get("/api/v1/content/known_issue/2/file/log") as answer:
        assert answer.data == b"brak papieru"
    for name in ("inside", "since", "none"):
        assert client.get(f"/api/v1/content/known_issue/2/file/{name}").status_code == 404


@pytest.mark.parametrize("kind", SAMPLES)
def test_every_kind_of_field_goes_through_writing_delivery_and_schema(
    app: Flask, editor: Program, program: Programs, kind: Kind
) -> None:
    sample = SAMPLES[kind]
    field: Definition = a_field(kind, "special", owner=OWNER)
    with app.app_context(), transaction():
        field_sets.publish([field], reason="próba", by=None)
    write(editor, special=sample.kept)
    told = program().get("content/known_issue/2").json["result"]
    assert told["fields"]["special"] == sample.kept
    Draft202012Validator(program().get("content/known_issue/schema/read").json).validate(told)


def test_a_key_that_filters_or_sorts_by_a_field_is_written_down(app: Flask, editor: Program) -> None:
    write(editor)
    with app.app_context(), transaction():
        account = db.session.scalars(select(Account).where(Account.email == "adam@desk.example")).one()
        _key, text = keys.make(account, name="strona", scope=Scope.READ, lives=keys.LIVES[30])
    website = Program(app.test_client(), text)
    website.get("content/known_issue/", **{"fields.firms_gt": "1", "sort": "-fields.since"})
    with app.app_context():
        assert set(db.session.scalars(select(AccountKey.asked_fields)).one() or ()) == {FIRMS.id, SINCE.id}
