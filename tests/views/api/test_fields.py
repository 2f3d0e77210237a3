"""Custom fields by API: by name, by rights, refused by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from sqlalchemy import select

from app.accounts import keys
from app.desk import field_indexes, field_sets
from app.desk.field_preview import preview
from app.events.transaction import transaction
from app.extensions import db
from app.fields import Definition
from app.models.account import Account
from app.models.account_key import Scope
from app.models.definitions import published as published_set
from tests.fields.samples import a_field
from tests.views.api.conftest import Program
from tests.views.statements import counted

Programs = Callable[..., Program]
TOWN = a_field("text", "town", most=20)
PRICE = a_field("money", "price", read_by=("consultant",))
STAGE = a_field("choice", "stage", write_by=("consultant",))
NEW: dict[str, Any] = {"subject": "Raport", "text": "Opis", "product_group": 1}

pytestmark = pytest.mark.usefixtures("desk")


@pytest.fixture(autouse=True)
def published(app: Flask, desk: None) -> None:
    publish(app, TOWN, PRICE, STAGE)


def publish(app: Flask, *fields: Definition) -> None:
    with app.app_context(), transaction():
        field_sets.publish(fields, reason="próba", by=None)


def test_each_reader_gets_the_fields_that_he_may_read(program: Programs) -> None:
    anna, jan = program("anna@klient.example"), program("jan@desk.example")
    assert jan.put("ticket/1", {"fields": {"town": "Łódź", "price": "5", "stage": "small"}}).status_code == 200
    assert jan.get("ticket/1").json["result"]["fields"] == {"town": "Łódź", "price": "5.00", "stage": "small"}
    assert anna.get("ticket/1").json["result"]["fields"] == {"town": "Łódź", "stage": "small"}
    assert anna.list("ticket")["result"][0]["fields"] == {"town": "Łódź", "stage": "small"}


def test_a_new_ticket_with_fields(program: Programs) -> None:
    made = program("anna@klient.example").post("ticket/", {**NEW, "fields": {"town": "Łódź"}})
    assert (made.status_code, made.json["result"]["fields"]) == (201, {"town": "Łódź", "stage": None})


@pytest.mark.parametrize("name", ["price", "stage", "nothing"])
def test_an_unknown_and_a_forbidden_name_are_refused_alike(program: Programs, name: str) -> None:
    anna = program("anna@klient.example")
    answers = [anna.put("ticket/1", {"fields": {name: "5"}}), anna.post("ticket/", {**NEW, "fields": {name: "5"}})]
    for answer in answers:
        assert answer.status_code == 422
        assert answer.json["errors"] == {f"fields.{name}": "Nie ma takiego pola."}


def test_what_does_not_fit_is_refused_by_its_name_and_nothing_is_done(program: Programs) -> None:
    jan = program("jan@desk.example")
    answer = jan.put("ticket/1", {"subject": "Nowy", "fields": {"town": "x" * 21, "price": True, "stage": "huge"}})
    assert answer.status_code == 422
    assert set(answer.json["errors"]) == {"fields.town", "fields.price", "fields.stage"}
    assert jan.get("ticket/1").json["result"]["subject"] == "Raport DYNAMICS"
    assert jan.put("ticket/1", {"fields": ["town"]}).json["errors"] == {"fields": "To nie jest obiekt."}


def test_an_old_name_answers_and_is_marked(app: Flask, program: Programs) -> None:
    publish(app, TOWN.changed(name="city", old_names={"town": "2999-01-01", "place": "2020-01-01"}))
    jan = program("jan@desk.example")
    jan.put("ticket/1", {"fields": {"town": "Łódź"}})
    shown = jan.get("ticket/1").json["result"]["fields"]
    assert (shown["city"], shown["town"]) == ("Łódź", "Łódź")
    assert "place" not in shown
    properties = fields_schema(jan)["properties"]
    assert (properties["town"]["deprecated"], "deprecated" in properties["city"]) == (True, False)


def test_filters_and_orders_by_fields_are_described(app: Flask, program: Programs) -> None:
    publish(app, TOWN.changed(name="city", filterable=True, old_names={"town": "2999-01-01"}))
    with app.app_context():
        field_indexes.bring_up_to_date()
    jan = program("jan@desk.example")
    asked = jan.get("_openapi").json["paths"]["/api/v1/ticket/"]["get"]["parameters"][0]
    schema = asked["content"]["application/json"]["schema"]["properties"]
    filters = {each["properties"]["col"]["const"]: each for each in schema["filters"]["items"]["oneOf"]}
    assert "deprecated" in filters["fields.town"]["properties"]["value"]
    assert "deprecated" not in filters["fields.city"]["properties"]["value"]
    assert {"fields.city", "fields.town"} <= set(schema["order_column"]["enum"])


def test_the_description_is_true_to_definitions_and_to_the_readers_rights(app: Flask, program: Programs) -> None:
    anna, jan = program("anna@klient.example"), program("jan@desk.example")
    assert set(fields_schema(jan)["properties"]) == {"town", "price", "stage"}
    assert set(fields_schema(jan, "post")["properties"]) == {"town", "price", "stage"}
    publish(app, TOWN.changed(required=True))
    post = jan.get("_openapi").json["components"]["schemas"]["TicketApi.post"]
    assert "fields" in post["required"]
    assert post["properties"]["fields"]["required"] == ["town"]
    Draft202012Validator(fields_schema(jan)).validate(jan.get("ticket/1").json["result"]["fields"])
    assert anna.post("ticket/", NEW).json["errors"] == {"fields.town": "Wypełnij to pole."}


def test_a_file_is_given_by_its_bytes_and_never_by_its_hash_alone(app: Flask, program: Programs) -> None:
    publish(app, a_field("file", "log"))
    anna = program("anna@klient.example")
    stolen = {"name": "x", "size": 1, "content_type": "text/plain", "sha256": "0" * 64}
    assert anna.put("ticket/1", {"fields": {"log": stolen}}).status_code == 422
    assert anna.put("ticket/1", {"fields": {"log": {"name": "a.txt", "content": "YQ=="}}}).status_code == 200
    shown = anna.get("ticket/1").json["result"]["fields"]["log"]
    assert (shown["name"], shown["size"]) == ("a.txt", 1)
    assert anna.put("ticket/1", {"fields": {"log": shown, "town": "Łódź"}}).status_code == 200


def fields_schema(program: Program, part: str = "get") -> dict[str, Any]:
    found: dict[str, Any] = program.get("_openapi").json["components"]["schemas"][f"TicketApi.{part}"]
    return found["properties"]["fields"]


def test_lists_are_filtered_by_fields_whose_index_is_ready(app: Flask, program: Programs) -> None:
    publish(app, TOWN.changed(filterable=True), PRICE.changed(filterable=True))
    jan = program("jan@desk.example")
    jan.put("ticket/1", {"fields": {"town": "Łódź", "price": "5"}})
    asked = {"filters": [{"col": "fields.town", "opr": "eq", "value": "Łódź"}]}
    assert jan.get("ticket/", asked).status_code == 400
    with app.app_context():
        field_indexes.bring_up_to_date()
    assert jan.where("ticket", "fields.town", "eq", "Łódź") == [1]
    assert jan.where("ticket", "fields.town", "eq", "Lublin") == []
    assert jan.where("ticket", "fields.price", "gt", "4.99") == [1]
    assert jan.where("ticket", "fields.price", "lt", "5") == []
    assert jan.get("ticket/", {"filters": [{"col": "fields.town", "opr": "gt", "value": "A"}]}).status_code == 400
    assert jan.get("ticket/", {"filters": [{"col": "fields.price", "opr": "eq", "value": "x"}]}).status_code == 400
    two = {"filters": [*asked["filters"], {"col": "fields.price", "opr": "lt", "value": "6"}]}
    with counted(app) as sent:
        found = jan.list("ticket", two | {"order_column": "fields.price"})
    assert ([found[name] for name in ("ids", "count", "count_capped")], found["next"]) == ([[1], 1, False], None)
    assert len([each for each in sent if "SAVEPOINT" not in each and "set_config" not in each]) <= 5, sent
    assert jan.list("ticket", asked | {"page": 1})["count"] == 1


def test_each_owner_has_its_schemas(app: Flask, program: Programs) -> None:
    publish(app, TOWN.changed(required=True), a_field("text", "secret", read_by=("administrator",)))
    anna, jan = program("anna@klient.example"), program("jan@desk.example")
    found = jan.get("field/ticket", product_group="1").json
    assert (set(found["read"]["properties"]), found["create"]["required"]) == ({"town", "price", "stage"}, ["town"])
    assert set(anna.get("field/ticket").json["change"]["properties"]) == {"town"}
    assert anna.get("field/organisation").json["read"]["properties"] == {}
    assert [anna.get(f"field/{owner}").status_code for owner in ("mailbox", "entry:nothing")] == [404, 404]
    assert jan.get("field/ticket", product_group="x").status_code == 400
    assert jan.get("field/ticket", product_group="999").status_code == 404


def test_lists_are_sorted_by_fields_the_polish_way_page_by_page(app: Flask, program: Programs) -> None:
    publish(app, TOWN.changed(filterable=True), PRICE.changed(filterable=True))
    adam = program("adam@desk.example")
    for number, town in enumerate(("Żory", "Łódź", "Lublin"), start=1):
        adam.put(f"ticket/{number}", {"fields": {"town": town, "price": str(number * 10)}})
    with app.app_context():
        field_indexes.bring_up_to_date()
    for column, direction, wanted in (
        ("fields.town", "asc", [3, 2, 1]),
        ("fields.town", "desc", [1, 2, 3]),
        ("fields.price", "desc", [3, 2, 1]),
    ):
        asked = {"order_column": column, "order_direction": direction, "page_size": 2}
        first = adam.list("ticket", asked)
        assert first["ids"] + adam.list("ticket", asked, after=first["next"])["ids"] == wanted
    assert (
        adam.get("ticket/", {"order_column": "fields.price", "order_direction": "asc"}, after="x~1").status_code == 400
    )


def test_a_proposal_tells_whose_programs_asked_for_the_field_by_its_name(app: Flask, program: Programs) -> None:
    """By a filter, an order or a change; a key that only reads rows is told apart. Once a day is written down."""
    publish(app, TOWN.changed(filterable=True), PRICE.changed(filterable=True))
    with app.app_context():
        field_indexes.bring_up_to_date()
    named = {"filters": [{"col": "fields.town", "opr": "eq", "value": "Łódź"}]}
    asks = key_of(app, "filters")
    for _time in range(2):
        assert asks.get("ticket/", named).status_code == 200
    assert key_of(app, "sorts").get("ticket/", {"order_column": "fields.town"}).status_code == 200
    assert key_of(app, "writes").put("ticket/1", {"fields": {"town": "Łódź"}}).status_code == 200
    assert key_of(app, "reads").get("ticket/").status_code == 200
    with app.app_context():
        found = preview(TOWN, TOWN.changed(most=5), published_set(db.session()))
        assert [name.partition(" (")[0] for name in found.asking] == ["filters", "sorts", "writes"]
        assert [name.partition(" (")[0] for name in found.keys] == ["reads"]
        assert preview(PRICE, PRICE.changed(most="5"), published_set(db.session())).asking == []


def key_of(app: Flask, name: str) -> Program:
    with app.app_context(), transaction():
        account = db.session.scalars(select(Account).where(Account.email == "jan@desk.example")).one()
        _key, text = keys.make(account, name=name, scope=Scope.WRITE, lives=keys.LIVES[30])
    return Program(app.test_client(), text)
