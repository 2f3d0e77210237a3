"""Invitations by API: the desk's and those of a company's managers, each in its bounds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.events.transaction import transaction
from app.extensions import db
from app.models.event import Letter
from tests import people
from tests.views.api.conftest import Program

Programs = Callable[..., Program]
OLA = "ola@partner.example"


@pytest.fixture
def companies(app: Flask, desk: None) -> None:
    with app.app_context(), transaction():
        people.add_account("szef@klient.example", organisation="Klient", sharing="manager")
        people.add_account("iwo@inny.example", organisation="Inny", sharing="manager")
        people.add_account("iga@desk.example", role="consultant", groups=("TARGIT",), level="manage")


def letters(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count(Letter.id)).where(Letter.template == "activation")) or 0


def test_a_consultant_invites_once_again_and_takes_it_back(app: Flask, companies: None, program: Programs) -> None:
    jan = program("jan@desk.example")
    wanted = {"email": OLA, "name": "Ola Nowak", "organisation": 1, "language": "en"}
    first, again = (jan.post("invitation/", wanted, key="one") for _time in range(2))
    assert (first.status_code, first.json) == (201, again.json)
    made = first.json["result"]
    assert (made["email"], made["name"], made["state"], made["organisation"]["name"]) == (
        *(OLA, "Ola Nowak", "invited"),
        "Klient",
    )
    assert letters(app) == 1
    assert jan.post(f"invitation/{made['id']}/again").json["result"]["state"] == "invited"
    assert letters(app) == 2
    assert jan.post(f"invitation/{made['id']}/withdraw").json["result"]["state"] == "withdrawn"
    assert jan.post(f"invitation/{made['id']}/withdraw").status_code == 422
    assert jan.where("invitation", "email", "eq", OLA) == [made["id"]]
    assert jan.where("invitation", "organisation", "rel_o_m", 1) == [made["id"]]
    assert program("audyt@desk.example").get(f"invitation/{made['id']}").status_code == 200
    assert program("audyt@desk.example").post(f"invitation/{made['id']}/again").status_code == 403


def test_a_manager_invites_into_his_company_and_sees_only_its_invitations(
    app: Flask, companies: None, program: Programs
) -> None:
    boss, iwo = program("szef@klient.example"), program("iwo@inny.example")
    mine = boss.post("invitation/", {"email": OLA, "sharing": "groups", "product_groups": [1]}).json["result"]
    assert (mine["organisation"]["name"], mine["product_groups"]) == ("Klient", [1])
    assert (boss.list("invitation")["ids"], iwo.list("invitation")["count"]) == ([mine["id"]], 0)
    for path in (f"invitation/{mine['id']}", "invitation/999"):
        assert iwo.get(path).status_code == 404
        for act in ("again", "withdraw", "approve"):
            assert iwo.post(f"{path}/{act}").status_code == 404
    assert boss.post(f"invitation/{mine['id']}/approve").status_code == 403
    assert boss.post(f"invitation/{mine['id']}/withdraw").json["result"]["state"] == "withdrawn"
    foreign = [iwo.post("invitation/", {"email": OLA, "organisation": row}) for row in (1, 999)]
    assert [(answer.status_code, answer.json) for answer in foreign] == [(404, foreign[0].json)] * 2


def test_a_manager_is_told_the_same_of_a_known_and_an_unknown_address(companies: None, program: Programs) -> None:
    boss = program("szef@klient.example")
    known, unknown = (
        boss.post("invitation/", {"email": email}).json["result"] for email in ("iwo@inny.example", "nikt@inny.example")
    )
    assert {name for name in known if known[name] != unknown[name]} <= {"id", "email", "created_at", "expires_at"}


@pytest.mark.parametrize("email", ["anna@klient.example", "tom@desk.example"])
def test_who_manages_nothing_invites_nobody(app: Flask, companies: None, program: Programs, email: str) -> None:
    somebody = program(email)
    assert somebody.list("invitation")["count"] == 0
    assert somebody.post("invitation/", {"email": OLA, "organisation": 1}).status_code == 403
    assert letters(app) == 0


@pytest.mark.parametrize(
    ("wrong", "keys"),
    [
        ({"email": "nikt"}, {"email"}),
        ({"email": "anna@klient.example", "organisation": 1}, {"email"}),  # a member already
        ({"email": "anna@klient.example"}, {"email"}),  # she has an account
        ({"sharing": "manager"}, {"sharing"}),  # who manages no product group makes no managers
        ({"sharing": "groups"}, {"product_groups"}),
        ({"product_groups": [1]}, {"product_groups"}),
        ({"language": "de"}, {"language"}),
        ({"state": "accepted"}, {"state"}),
        ({"role": "administrator"}, {"role"}),
    ],
)
def test_what_cannot_be_invited_is_refused_by_its_key(
    app: Flask, companies: None, program: Programs, wrong: dict[str, Any], keys: set[str]
) -> None:
    answer = program("jan@desk.example").post("invitation/", {"email": OLA, **wrong})
    assert (answer.status_code, set(answer.json["errors"])) == (422, keys)
    assert letters(app) == 0


def test_groups_and_companies_that_are_not_there(companies: None, program: Programs) -> None:
    jan = program("jan@desk.example")
    wanted = {"email": OLA, "sharing": "groups", "product_groups": [1, 999]}
    assert set(jan.post("invitation/", wanted).json["errors"]) == {"product_groups"}
    assert set(jan.post("invitation/", {"email": OLA, "organisation": 999}).json["errors"]) == {"organisation"}


def test_who_manages_a_product_group_makes_managers(companies: None, program: Programs) -> None:
    made = program("iga@desk.example").post("invitation/", {"email": OLA, "organisation": 1, "sharing": "manager"})
    assert (made.status_code, made.json["result"]["sharing"]) == (201, "manager")
