"""Accounts and organisations by API: one's own, and what administrators may change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.catalogs import translating
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.audit import AuditEntry
from app.models.organisation import Sharing
from tests import people
from tests.browsing import Visitor
from tests.views.api.conftest import Program

Programs = Callable[..., Program]
ANNA, EWA, JAN, ADAM = 1, 2, 3, 5  # in the order in which the desk is made


@pytest.fixture
def anna(desk: None, program: Programs) -> Program:
    return program("anna@klient.example")


@pytest.fixture
def adam(desk: None, program: Programs) -> Program:
    return program("adam@desk.example")


def test_an_account_shows_itself_and_no_secret(anna: Program) -> None:
    assert anna.get(f"account/{ANNA}").json["result"] == {
        "id": ANNA,
        "email": "anna@klient.example",
        "first_name": "Anna",
        "last_name": "Nowak",
        "telephone": None,
        "fields": {},
        "language": "pl",
        "timezone": None,
        "active": True,
        "roles": ["customer"],
        "organisations": [{"id": 1, "name": "Klient", "sharing": "organisation", "product_groups": []}],
        "product_groups": [],
    }


def test_everybody_sees_his_own_account_and_the_desk_all(desk: None, program: Programs) -> None:
    for email, seen in (("anna@klient.example", 1), ("tom@desk.example", 1), ("jan@desk.example", 6)):
        assert program(email).list("account")["count"] == seen, email


def test_one_changes_what_is_ones_own(app: Flask, anna: Program) -> None:
    change = {
        "first_name": "Anna Maria",
        "last_name": "Lis",
        "telephone": "+48 00 000 00 01",
        "language": "en",
        "timezone": "Europe/London",
    }
    answer = anna.put(f"account/{ANNA}", change)
    assert answer.status_code == 200
    assert {name: answer.json["result"][name] for name in change} == change
    assert anna.put(f"account/{ANNA}", {"telephone": "", "timezone": None}).json["result"]["timezone"] is None
    with app.app_context():
        assert db.session.get_one(Account, ANNA).locale == "en"


def test_a_language_that_was_added_can_be_chosen_once_it_is_offered(app: Flask, anna: Program) -> None:
    assert anna.put(f"account/{ANNA}", {"language": "uk"}).status_code == 422
    with app.app_context(), transaction():
        translating.add_language("uk")
    answer = anna.put(f"account/{ANNA}", {"language": "uk"})
    assert (answer.status_code, answer.json["result"]["language"]) == (200, "uk")


@pytest.mark.parametrize("values", [{"active": False}, {"organisations": []}, {"organisations": [{"id": 2}]}])
def test_what_only_administrators_set_is_refused_by_its_name(anna: Program, values: dict[str, Any]) -> None:
    answer = anna.put(f"account/{ANNA}", {"first_name": "Ania", **values})
    assert (answer.status_code, set(answer.json["errors"])) == (422, set(values))
    assert anna.get(f"account/{ANNA}").json["result"]["first_name"] == "Anna"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("email", "x@klient.example"),
        ("password", "x"),
        ("roles", ["administrator"]),
        ("roles", ["customer", "consultant"]),
        ("roles", ["public"]),
        ("roles", []),
        ("roles", "customer"),
        ("product_groups", [{"id": 1, "level": "answer"}]),
        ("id", 2),
        ("fs_uniquifier", "x"),
        ("confirmed_at", None),
        ("first_name", "a" * 65),
        ("first_name", "a\r\nBcc: x@y.example"),
        ("last_name", None),
        ("telephone", "abc"),
        ("telephone", 5),
        ("language", "de"),
        ("language", None),
        ("timezone", "Mars/Base"),
        ("timezone", "../etc/passwd"),
        ("timezone", 1),
        ("active", "yes"),
        ("active", 1),
        ("organisations", 5),
        ("organisations", [{"id": 1, "sharing": "everything"}]),
        ("organisations", [{"id": 1}, {"id": 1}]),
    ],
)
def test_a_wrong_value_is_refused_by_its_name(adam: Program, key: str, value: Any) -> None:
    answer = adam.put(f"account/{ANNA}", {key: value})
    assert answer.status_code == 422
    assert [name.partition(".")[0] for name in answer.json["errors"]] == [key]


def test_a_foreign_account_and_a_missing_one_answer_alike(anna: Program) -> None:
    for ask in (anna.get, lambda path: anna.put(path, {"first_name": "X"})):
        answers = [ask(f"account/{pk}") for pk in (EWA, 999, 2**31, 2**70)]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.text for answer in answers}) == 1


def test_a_consultant_sees_customers_and_changes_none(desk: None, program: Programs) -> None:
    jan = program("jan@desk.example")
    assert jan.get(f"account/{ANNA}").status_code == 200
    assert jan.put(f"account/{ANNA}", {"first_name": "X"}).status_code == 403
    assert jan.put(f"account/{JAN}", {"first_name": "Janusz"}).status_code == 200


def test_who_is_deactivated_loses_every_door_at_once(
    app: Flask, adam: Program, anna: Program, browser_of: Callable[[str], Visitor]
) -> None:
    browser = browser_of("anna@klient.example")
    assert adam.put(f"account/{ANNA}", {"active": False}).json["result"]["active"] is False
    assert browser.get("/tickets/").status_code == 302
    assert anna.get(f"account/{ANNA}").status_code == 401
    with app.app_context():
        last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert (last.kind, last.who, last.about, last.via) == (
            "rights",
            "adam@desk.example",
            "anna@klient.example",
            "token",
        )


def test_an_administrator_cannot_shut_himself_out(adam: Program) -> None:
    answer = adam.put(f"account/{ADAM}", {"active": False})
    assert (answer.status_code, set(answer.json["errors"])) == (422, {"active"})


def test_organisations_of_an_account_are_replaced(adam: Program, anna: Program) -> None:
    answer = adam.put(f"account/{ANNA}", {"organisations": [{"id": 2, "sharing": "manager"}]})
    (place,) = answer.json["result"]["organisations"]
    assert (place["name"], place["sharing"]) == ("Inny", "manager")
    chosen = {"id": 2, "sharing": "groups", "product_groups": [3, 1]}
    (place,) = adam.put(f"account/{ANNA}", {"organisations": [chosen]}).json["result"]["organisations"]
    assert (place["sharing"], sorted(place["product_groups"])) == ("groups", [1, 3])
    for wrong in ({"product_groups": []}, {"sharing": "own"}):
        refused = adam.put(f"account/{ANNA}", {"organisations": [chosen | wrong]})
        assert (refused.status_code, set(refused.json["errors"])) == (422, {"product_groups"})
    adam.put(f"account/{ANNA}", {"organisations": [{"id": 2, "sharing": "manager"}]})
    assert anna.get("account/1").status_code == 401  # who leaves an organisation signs in anew
    again = adam.put(f"account/{ANNA}", {"organisations": [{"id": 1}, {"id": 2}]})
    assert {place["name"]: place["sharing"] for place in again.json["result"]["organisations"]} == {
        "Klient": "organisation",
        "Inny": "manager",
    }
    missing = adam.put(f"account/{ANNA}", {"organisations": [{"id": 1}, {"id": 999}]})
    assert (missing.status_code, set(missing.json["errors"])) == (404, {"organisations"})


@pytest.mark.parametrize(
    ("column", "operator", "value", "ids"),
    [
        ("id", "eq", 2, [2]),
        ("email", "eq", "ewa@inny.example", [EWA]),
        ("first_name", "eq", "Jan", [JAN]),
        ("last_name", "eq", "Lis", [EWA]),
        ("telephone", "eq", "1", []),
        ("language", "eq", "en", []),
        ("timezone", "eq", "Europe/Warsaw", []),
        ("active", "eq", False, []),
        ("organisations", "rel_o_m", 1, [ANNA]),
        ("product_groups", "rel_o_m", 1, [JAN]),
        ("product_groups", "rel_o_m", 2**40, []),
    ],
)
def test_accounts_can_be_filtered(adam: Program, column: str, operator: str, value: Any, ids: list[int]) -> None:
    assert adam.where("account", column, operator, value) == ids


def test_secrets_cannot_be_filtered_or_shown(adam: Program) -> None:
    """Attack case O09."""
    for name in ("password", "fs_uniquifier", "tf_totp_secret", "mf_recovery_codes", "username"):
        assert adam.get("account/", {"filters": [{"col": name, "opr": "eq", "value": "a"}]}).status_code == 400
        assert adam.get("account/", {"columns": [name]}).status_code == 400


def test_an_organisation_is_seen_by_its_own_people_and_the_desk(desk: None, program: Programs) -> None:
    anna = program("anna@klient.example")
    assert anna.list("organisation")["ids"] == [1]
    assert anna.get("organisation/2").text == anna.get("organisation/999").text
    assert anna.put("organisation/1", {"name": "Moja"}).status_code == 403
    assert program("jan@desk.example").list("organisation")["ids"] == [1, 2]


def test_an_administrator_changes_an_organisation(adam: Program) -> None:
    change = {"name": "Klient SA", "domains": ["@Klient.example", "żółw.example"], "calendar": 1}
    shown = adam.put("organisation/1", change).json["result"]
    assert (shown["name"], shown["calendar"]) == ("Klient SA", {"id": 1, "name": "CWT"})
    assert sorted(shown["domains"]) == ["klient.example", "xn--w-uga1v8h.example"]
    assert adam.where("organisation", "domains", "eq", "klient.example") == [1]
    assert adam.put("organisation/1", {"calendar": None, "domains": []}).json["result"]["domains"] == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("id", 5),
        ("name", ""),
        ("name", "Inny"),
        ("name", "a\nb"),
        ("domains", ["gmail.com"]),
        ("domains", ["not a domain"]),
        ("domains", ["inny.example"]),
        ("domains", "klient.example"),
        ("created_at", "2026-01-01"),
    ],
)
def test_what_an_organisation_cannot_be_is_refused_by_its_name(adam: Program, key: str, value: Any) -> None:
    adam.put("organisation/2", {"domains": ["inny.example"]})
    answer = adam.put("organisation/1", {key: value})
    assert (answer.status_code, set(answer.json["errors"])) == (422, {key})


def test_a_calendar_that_is_none_is_missing(adam: Program) -> None:
    answer = adam.put("organisation/1", {"calendar": 999})
    assert (answer.status_code, set(answer.json["errors"])) == (404, {"calendar"})


def test_a_colleague_who_sees_his_own_only_still_sees_the_organisation(
    app: Flask, desk: None, make_account: Callable[..., int], program: Programs
) -> None:
    make_account("own@klient.example", organisation="Klient", sharing=Sharing.OWN)
    assert program("own@klient.example").list("organisation")["ids"] == [1]
    assert people.PASSWORD not in program("own@klient.example").get("account/").text


def test_levels_and_roles_of_the_desk_are_read_and_set(app: Flask, adam: Program) -> None:
    levels = [{"id": 1, "level": "manage"}, {"id": 3, "level": "see"}]
    answer = adam.put(f"account/{JAN}", {"product_groups": levels, "roles": ["consultant", "editor"]})
    shown = adam.get(f"account/{JAN}").json["result"]
    assert answer.json["result"] == shown
    assert [{key: place[key] for key in ("id", "level")} for place in shown["product_groups"]] == levels
    assert set(shown["roles"]) == {"consultant", "editor"}
    adam.put(f"account/{JAN}", {"product_groups": [{"id": 3, "level": "answer"}]})
    assert adam.get(f"account/{JAN}").json["result"]["product_groups"][0]["level"] == "answer"
    with app.app_context():
        told = db.session.scalars(select(AuditEntry).where(AuditEntry.kind == "rights")).all()
        assert {"ab_user", "assignment"} <= {entry.data["table"] for entry in told}


@pytest.mark.parametrize(
    ("key", "value", "status"),
    [
        ("product_groups", [{"id": 999, "level": "see"}], 404),
        ("product_groups", [{"id": 2**70, "level": "see"}], 404),
        ("product_groups", [{"id": 1, "level": "rule"}], 422),
        ("product_groups", [{"id": 1}], 422),
        ("product_groups", [{"id": 1, "level": "see"}, {"id": 1, "level": "manage"}], 422),
        ("product_groups", 5, 422),
        ("roles", [], 422),
        ("roles", ["nobody"], 422),
        ("roles", ["public"], 422),
        ("roles", ["customer"], 422),
        ("roles", ["consultant", "customer"], 422),
    ],
)
def test_a_wrong_level_or_role_is_refused_by_its_name(adam: Program, key: str, value: Any, status: int) -> None:
    before = adam.get(f"account/{JAN}").json["result"]
    answer = adam.put(f"account/{JAN}", {"first_name": "Inny", key: value})
    assert answer.status_code == status
    assert [name.partition(".")[0] for name in answer.json["errors"]] == [key]
    assert adam.get(f"account/{JAN}").json["result"] == before


def test_an_administrator_stays_one_by_api_too(adam: Program) -> None:
    for change in ({"roles": ["editor"]}, {"active": False}):
        answer = adam.put(f"account/{ADAM}", change)
        assert (answer.status_code, set(answer.json["errors"])) == (422, set(change))
    assert adam.get(f"account/{ADAM}").json["result"]["roles"] == ["administrator"]


def test_nobody_gives_himself_a_level_or_a_role(desk: None, program: Programs) -> None:
    jan = program("jan@desk.example")
    for change in ({"product_groups": [{"id": 2, "level": "manage"}]}, {"roles": ["administrator"]}):
        answer = jan.put(f"account/{JAN}", change)
        assert (answer.status_code, set(answer.json["errors"])) == (422, set(change))
        assert jan.put(f"account/{ADAM}", change).status_code == 403
