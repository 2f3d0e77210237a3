"""People are invited, changed and shut out."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models.account import Account
from app.models.event import Letter
from tests.browsing import Visitor, text_of
from tests.views.admin.conftest import Browser


def account(app: Flask, email: str) -> Account:
    with app.app_context():
        found = db.session.scalars(select(Account).where(Account.email == email)).one()
        found.role_kinds, found.memberships, found.assignments  # noqa: B018 loaded here, read later
        return found


def test_a_consultant_is_invited_by_letter(app: Flask, adam: Visitor) -> None:
    values = {"email": "Nowy@desk.example", "first_name": "Nowy", "roles": ["consultant"], "assignments": ["1:answer"]}
    answer = adam.submit("/desk/staff/add", values)
    assert "nowy@desk.example" in answer.text
    made = account(app, "nowy@desk.example")
    assert (made.role_kinds, made.password) == (frozenset({"consultant"}), None)
    assert [place.product_group_id for place in made.assignments] == [1]
    with app.app_context():
        assert db.session.scalars(select(Letter.template).where(Letter.account_id == made.id)).all() == ["activation"]


def test_a_customer_is_invited_into_his_organisation(app: Flask, adam: Visitor) -> None:
    adam.submit("/desk/customers/add", {"email": "nowy@klient.example", "memberships": "Klient"})
    made = account(app, "nowy@klient.example")
    assert made.role_kinds == {"customer"}
    assert len(made.memberships) == 1


def test_an_invitation_that_cannot_be_is_refused(adam: Visitor) -> None:
    for values in (
        {"email": "ANNA@klient.example"},
        {"email": "to nie adres"},
        {"email": "x@klient.example", "memberships": "Nikt"},
    ):
        assert "alert-danger" in adam.submit("/desk/customers/add", values).text
    assert "alert-danger" in adam.submit("/desk/staff/add", {"email": "x@desk.example", "roles": []}).text


def test_customers_and_staff_are_kept_apart(adam: Visitor, people: dict[str, int]) -> None:
    customers, staff = text_of(adam.page("/desk/customers/list/")), text_of(adam.page("/desk/staff/list/"))
    assert "anna@klient.example" in customers
    assert "jan@desk.example" not in customers
    assert "jan@desk.example" in staff
    assert "anna@klient.example" not in staff
    adam.page(f"/desk/customers/edit/{people['jan']}", status=404)
    adam.page(f"/desk/customers/show/{people['adam']}", status=404)
    adam.page(f"/desk/staff/edit/{people['anna']}", status=404)


def test_customers_are_found_by_address_name_and_organisation(adam: Visitor) -> None:
    for words in ("anna@", "nowa", "klie"):
        shown = text_of(adam.page(f"/desk/customers/list/?text={words}"))
        assert "anna@klient.example" in shown
        assert "ewa@inny.example" not in shown


def test_a_deactivated_customer_is_out_at_once(
    app: Flask, adam: Visitor, browser_of: Browser, people: dict[str, int]
) -> None:
    anna = browser_of("anna@klient.example")
    anna.page("/tickets/")
    adam.submit(f"/desk/customers/edit/{people['anna']}", {"active": None})
    assert "/login" in anna.get("/tickets/").location


def test_name_and_organisation_can_be_changed(app: Flask, adam: Visitor, people: dict[str, int]) -> None:
    adam.submit(f"/desk/customers/edit/{people['anna']}", {"last_name": "Zielona", "memberships": "Inny"})
    shown = text_of(adam.page(f"/desk/customers/show/{people['anna']}"))
    assert "Anna Zielona" in shown
    assert "Inny" in shown
    assert "Klient (" not in shown


def test_roles_and_product_groups_can_be_changed(app: Flask, adam: Visitor, people: dict[str, int]) -> None:
    adam.submit(
        f"/desk/staff/edit/{people['jan']}", {"roles": ["consultant", "editor"], "assignments": ["2:answer", "3:see"]}
    )
    jan = account(app, "jan@desk.example")
    assert jan.role_kinds == {"consultant", "editor"}
    assert {place.product_group_id for place in jan.assignments} == {2, 3}


def test_an_administrator_cannot_shut_himself_out(app: Flask, adam: Visitor, people: dict[str, int]) -> None:
    for values in ({"active": None}, {"roles": ["consultant"]}):
        assert "alert-danger" in adam.submit(f"/desk/staff/edit/{people['adam']}", values).text
    kept = account(app, "adam@desk.example")
    assert kept.active
    assert kept.role_kinds == {"administrator"}
