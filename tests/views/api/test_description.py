"""The description is whole and right: every route stands in it, and what it says is what happens."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from sqlalchemy import select

from app.content.types import Switches, add_type
from app.desk import field_sets
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.entry import PublishedText
from app.models.hook import Hook
from app.models.intake_rule import IntakeRule
from app.models.invitation import Invitation
from app.models.level import ServiceLevel
from app.models.organisation import Organisation
from app.models.saved_view import SavedView
from app.models.ticket import Attachment, Message, StateKind, Ticket
from app.views.api.acts import ACTS
from app.views.api.description import REFERENCE
from tests.fields.samples import a_field
from tests.views.api.conftest import Program
from tests.views.api.described import Description, description_of, template_of
from tests.views.statements import counted

Programs = Callable[..., Program]
Operation = dict[str, Any]
WORDS = {"pl": "Piętro", "en": "Floor"}
TOWN = a_field("text", "town")
OWNERS = ("ticket", "organisation", "account", "entry:article")
NEW_FILE = {"name": "a.txt", "content": "YQ=="}
# A good body for every operation that takes one, on the desk of conftest.py.
BODIES: dict[str, Any] = {
    "ticket_post": {"subject": "Raport", "text": "Opis", "product_group": 1, "files": [NEW_FILE]},
    "ticket_put": {"subject": "Inny", "priority": "high", "status": "open", "assignee": 3},
    "message_post": {"ticket": 1, "text": "Odpowiedź", "kind": "consultant", "then": "waiting_customer"},
    "attachment_post": {"message": 1, **NEW_FILE},
    "journal_post": {"recipient": "pomocdynamics@pomoc.example", "content": "U3ViamVjdDogYQoKYg=="},
    "account_put": {"first_name": "Jan", "timezone": "Europe/Warsaw", "organisations": [{"id": 1, "sharing": "own"}]},
    "organisation_put": {"name": "Klient", "domains": ["klient.example"], "calendar": 1},
    "service_level_post": {"name": "Pilny", "priority": "urgent", "first_minutes": 30, "organisation": None},
    "service_level_put": {"warn_percent": 50, "solution_minutes": 480},
    "invitation_post": {"email": "ola@partner.example", "organisation": 1, "language": "en", "sharing": "own"},
    "role_post": {"like": 1, "name_pl": "Kopia", "name_en": "Copy", "understood": True},
    "role_put": {"understood": True},
    "entry_post": {"type": "article", "language": "pl", "title": "Skaner", "body": "Włącz.", "tags": ["skaner"]},
    "entry_put": {"tags": ["drukarki"], "product_groups": [1], "visibility": "signed_in"},
    "text_post": {"entry": 1, "language": "en", "title": "The printer does not print"},
    "text_put": {"title": "Drukarka milczy", "body": "Sprawdź kabel."},
    "content_type_post": {"code": "licence", "name_pl": "Licencja", "name_en": "Licence", "writers": ["consultant"]},
    "content_type_put": {"name_en": "Piece", "reviewed": True},
    "definition_post": {"owner": "ticket", "kind": "text", "name": "floor", "labels": WORDS, "reason": "bo tak"},
    "definition_put": {"labels": WORDS, "reason": "bo tak"},
    "hook_post": {"name": "Magazyn", "url": "https://hook.example/x", "events": ["entry.published"]},
    "hook_put": {"active": False},
    "hook_rotate": {},
    "intake_rule_post": {"name": "Oferty", "act": "reject", "words": "Nie kupujemy.", "subject": "oferta"},
    "intake_rule_put": {"position": 5, "mailbox": 1, "priority": None},
    "saved_view_post": {"name": "Pilne", "query": "state=new&sort=due", "shared_with": "group", "product_group": 1},
    "saved_view_put": {"name": "Pilne dziś"},
    "ticket_act_assign": {"assignee": 3},
    "ticket_act_priority": {"priority": "low"},
    "ticket_act_move": {"status": "waiting_customer"},
    "ticket_act_resolve": {},
    "ticket_act_close": {},
    "ticket_act_accept": {},
    "ticket_act_reopen": {},
    "ticket_act_merge": {"into": 4},
    "ticket_act_move-message": {"message": 7, "into": 4},
    "ticket_act_split": {"message": 7, "subject": "Osobna sprawa"},
    "ticket_act_link": {"other": 2, "kind": "parent"},
    "ticket_act_let-in": {"email": "ewa@inny.example"},
    "ticket_act_confidential": {"confidential": True},
    "ticket_act_unlink": {"other": 2, "kind": "parent"},
    "security_login": {"username": "nobody@klient.example", "password": "x", "provider": "db", "refresh": True},
}
WITHOUT_TOKEN = {"security_login", "security_refresh"}
OPEN = {
    "content_get_list",
    "content_get",
    "content_file",
    "content_at",
    "content_schema",
}  # nobody has to say who he is
KEYS = {"state": "new", "content_type": "article"}  # of rows that are not asked for by a number
CONTENT = {"{type_code}": "article", "{language}": "pl", "{kind}": "read", "{address}": "drukarka-nie-drukuje"}


@pytest.fixture
def description(app: Flask) -> Description:
    return description_of(app)


def operations(description: Description) -> Iterator[tuple[str, str, Operation]]:
    """Path, method and operation of all that is described for accounts."""
    for path, methods in description.document["paths"].items():
        if path.startswith("/hooks/"):
            continue
        for method, operation in methods.items():
            yield path, method, operation


def test_every_route_is_described_and_nothing_else(app: Flask, description: Description) -> None:
    routed = {
        (template_of(rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(("/api/", "/hooks/"))
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    described = {(path, method) for path, methods in description.document["paths"].items() for method in methods}
    assert described == routed
    assert len(routed) > 30


def test_every_schema_is_one_and_every_reference_leads_somewhere(description: Description) -> None:
    whole = json.dumps(description.document)
    for kind, name in REFERENCE.findall(whole):
        assert description.at(f"#/components/{kind}/{name}")
    assert "{{" not in whole
    assert "nullable" not in whole  # a word of OpenAPI 3.0
    for schema in _schemas(description.document):
        Draft202012Validator.check_schema(schema)


def _schemas(part: Any) -> Iterator[Any]:
    if isinstance(part, dict):
        if "schema" in part:
            yield part["schema"]
        yield from part.get("components", {}).get("schemas", {}).values()
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _schemas(inner)


def test_every_operation_is_named_and_says_what_it_needs(description: Description) -> None:
    names = [operation["operationId"] for _path, _method, operation in operations(description)]
    assert len(names) == len(set(names))
    for path, method, operation in operations(description):
        assert operation["summary"], path
        assert operation["tags"], path
        assert ("security" in operation) == (operation["operationId"] != "security_login"), path
        parameters = [
            description.at(each["$ref"]) if "$ref" in each else each for each in operation.get("parameters", [])
        ]
        named = {parameter["name"]: parameter for parameter in parameters}
        assert ("{pk}" in path) == ("pk" in named), path
        assert all(parameter.get("required") for parameter in parameters if parameter["in"] == "path"), path
        assert ("Idempotency-Key" in named) == (method == "post" and "/security/" not in path), path
        assert ("requestBody" in operation) == (method in ("post", "put") and not path.endswith("/refresh")), path


def test_every_operation_answers_as_it_is_described(
    app: Flask, desk: None, description: Description, program: Programs
) -> None:
    adam, nobody = program("adam@desk.example"), program()
    with app.app_context(), transaction():
        db.session.get_one(Attachment, 1).sha256 = app.extensions["files"].put(b"bytes")
        db.session.get_one(Message, 1).author_id = 5  # Adam, since one attaches to one's own messages
        db.session.add(ServiceLevel(name="Zwykły", first_minutes=60))
        db.session.add(Invitation(account_id=1))
        db.session.add(Hook(name="CRM", url="https://crm.example", events=["ticket.created"], secret=""))
        add_type("piece", name_pl="Część", name_en="Part", switches=Switches())
        logs = [a_field("file", "log", owner=owner).changed(id=f"{number}" * 32) for number, owner in enumerate(OWNERS)]
        field_sets.publish([TOWN, *logs], reason="próba", by=None)
        sha256 = app.extensions["files"].put(b"bytes")
        kept = {"name": "log.txt", "size": 5, "content_type": "text/plain", "sha256": sha256}
        for number, model in enumerate((Ticket, Organisation, Account, PublishedText)):
            db.session.scalars(select(model).order_by(*model.__table__.primary_key)).first().fields = {
                f"{number}" * 32: kept
            }
        db.session.add(IntakeRule(name="Hurt", act="automatic", sender="@hurt.example"))
        db.session.add(SavedView(name="Moje", query="state=new", owner_id=5, shared_with="nobody"))
    for path, method, operation in sorted(operations(description), key=lambda each: each[1] == "delete"):
        name = operation["operationId"]
        if "_act_" in name:
            continue
        address = path.removeprefix("/api/v1/").replace("{pk}", KEYS.get(path.split("/")[3], "1"))
        for name_of, value in CONTENT.items():
            address = address.replace(name_of, value)
        address = address.replace("{name}", "log").replace("{owner}", "ticket").replace("{field_id}", TOWN.id)
        if name == "content_type_delete":
            address = "content_type/piece"
        body = BODIES[name] if "requestBody" in operation else None
        if body is not None:
            _fits_its_body(description, path, method, body)
        query = {"q": None, "_l_": "en"} if method == "get" else {}
        if name == "search_get":
            query = {"q": "raport"}
        answer = _ask(adam, method, address, body, query, _match(adam, operation, address))
        good = "401" if name in WITHOUT_TOKEN else next(iter(operation["responses"]))
        assert str(answer.status_code) == good, f"{name}: {answer.status_code} {answer.text[:300]}"
        if name not in WITHOUT_TOKEN | OPEN:
            assert _ask(nobody, method, address, body, query).status_code == 401
        answer.close()


@pytest.mark.parametrize("act", ACTS)
def test_every_act_answers_as_it_is_described(
    app: Flask, desk: None, description: Description, program: Programs, act: str
) -> None:
    """With a good body an act succeeds; one that has none in BODIES yet tells what it needs."""
    adam, path = program("adam@desk.example"), f"/api/v1/ticket/{{pk}}/{act}"
    body = BODIES.get(f"ticket_act_{act}")
    if body is None:
        assert adam.post(f"ticket/1/{act}", {"none_such": 1}).json["errors"]["none_such"]
        return
    program("anna@klient.example").post("message/", {"ticket": 1, "text": "Jeszcze coś innego"})
    program("anna@klient.example").post("ticket/", BODIES["ticket_post"])  # number four
    with app.app_context(), transaction():
        db.session.get_one(Ticket, 1).status = StateKind.RESOLVED if act in ("accept", "reopen") else StateKind.OPEN
    if act == "unlink":
        adam.post("ticket/1/link", BODIES["ticket_act_link"])
    _fits_its_body(description, path, "post", body)
    assert program().post(f"ticket/1/{act}", body).status_code == 401
    assert adam.post(f"ticket/999/{act}", body).status_code == 404
    answer = adam.post(f"ticket/1/{act}", body)
    assert answer.status_code == 200, answer.text


def _fits_its_body(description: Description, path: str, method: str, body: Any) -> None:
    """The good body is good by the description, and one with another key is not."""
    pointer = f"/paths/{path.replace('/', '~1')}/{method}/requestBody/content/application~1json/schema"
    description.fits(pointer, body)
    with pytest.raises(Exception, match="none_such"):
        description.fits(pointer, {**body, "none_such": 1})


def _match(program: Program, operation: Operation, address: str) -> dict[str, str]:
    """The header by which a change names what it changes, where it must."""
    must = {"$ref": "#/components/parameters/If-Match"} in operation.get("parameters", [])
    return {"If-Match": program.get(address).headers["ETag"]} if must else {}


def _ask(
    program: Program, method: str, address: str, body: Any, query: dict[str, Any], headers: dict[str, str] | None = None
) -> Any:
    if method == "delete":
        return program.delete(address, headers=headers)
    if method == "get":
        return program.get(address, **{name: value for name, value in query.items() if value})
    return program.put(address, body, headers=headers) if method == "put" else program.post(address, body)


LISTED = (
    *"content_type entry text".split(),
    *"account article attachment calendar call event intake_rule journal mailbox message".split(),
    *"hook organisation product_group saved_view service_level state ticket".split(),
)


@pytest.mark.parametrize("resource", LISTED)
def test_a_list_takes_what_its_schema_says(
    app: Flask, desk: None, description: Description, program: Programs, resource: str
) -> None:
    """Every column, filter and order that is described is answered, and by at most five statements."""
    adam = program("adam@desk.example")
    parameter = description.document["paths"][f"/api/v1/{resource}/"]["get"]["parameters"][0]
    pointer = f"/paths/~1api~1v1~1{resource}~1/get/parameters/0/content/application~1json/schema"
    schema = parameter["content"]["application/json"]["schema"]["properties"]
    asked: list[dict[str, Any]] = [{"columns": [name]} for name in schema["columns"]["items"]["enum"]]
    asked += [
        {"order_column": name, "order_direction": direction}
        for name in schema["order_column"]["enum"]
        for direction in schema["order_direction"]["enum"]
    ]
    for each in schema["filters"]["items"]["oneOf"]:
        name, value = each["properties"]["col"]["const"], _example(each["properties"]["value"])
        asked += [{"filters": [{"col": name, "opr": opr, "value": value}]} for opr in each["properties"]["opr"]["enum"]]
    for q in asked:
        description.fits(pointer, q)
        with counted(app) as sent:
            assert adam.get(f"{resource}/", q).status_code == 200, q
        assert len(sent) <= 5, (q, sent)
        again = adam.client.get(f"/api/v1/{resource}/", query_string={"q": json.dumps(q)}, headers=adam.headers)
        assert again.status_code == 200, q


def _example(schema: dict[str, Any]) -> Any:
    if schema.get("format") == "date-time":
        return "2026-03-02T10:00:00Z"
    return {"boolean": True}.get(str(schema["type"]), 1)


@pytest.mark.parametrize(
    ("path", "q", "parameters", "name"),
    [
        ("ticket/", None, {"status": "new"}, "status"),
        ("ticket/", None, {"page_size": "5"}, "page_size"),
        ("ticket/", {"filter": []}, {}, "filter"),
        ("ticket/", {"order": "id"}, {}, "order"),
        ("ticket/", {"filters": [{"col": "id", "opr": "eq", "value": 1, "or": 1}]}, {}, "or"),
        ("ticket/1", {"filters": []}, {}, "filters"),
        ("ticket/1", None, {"columns": "id"}, "columns"),
    ],
)
def test_what_is_not_known_is_refused_by_its_name(
    desk: None, program: Programs, path: str, q: Any, parameters: dict[str, str], name: str
) -> None:
    """A filter that is left out in silence would show every row."""
    answer = program("jan@desk.example").get(path, q, _l_="en", **parameters)
    assert answer.status_code == 400
    assert answer.json["message"].startswith(f"There is no {name} here")


def test_labels_that_other_clients_ask_for_are_left_out(desk: None, program: Programs) -> None:
    assert program("jan@desk.example").get("ticket/", {"keys": ["none"]}).status_code == 200
