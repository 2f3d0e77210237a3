"""An administrator says in sentences what roles may do; it holds at once, and nobody gives more than he has."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask_jwt_extended import create_access_token
from sqlalchemy import select

from app.accounts.join import BiletySecurityManager
from app.extensions import db
from app.models.account import Account, Role
from app.setup import sync_roles
from tests.browsing import Visitor, text_of
from tests.views.admin.conftest import Browser

SHEET = "//form[@class='sheet']"
NIGHT = {"name_pl": "Nocny dyżur", "name_en": "Night duty"}


def boxes(browser: Visitor, code: str) -> dict[str, bool]:
    """The boxes of the role's page that can be ticked, and whether they are."""
    found = browser.page(f"/desk/roles/{code}").xpath("//input[@name='ability' and not(@disabled)]")
    return {box.get("value"): box.get("checked") is not None for box in found}


def ticked(browser: Visitor, code: str) -> set[str]:
    return {name for name, is_ticked in boxes(browser, code).items() if is_ticked}


def save(browser: Visitor, code: str, abilities: set[str], **values: str) -> str:
    return browser.submit(f"/desk/roles/{code}", {"ability": sorted(abilities), **values}, form=SHEET).text


def press(browser: Visitor, code: str, act: str) -> str:
    return browser.submit(f"/desk/roles/{code}", {}, form=f"//form[contains(@action, '/{act}')]").text


def roles_of(app: Flask, account_id: int) -> set[str]:
    with app.app_context():
        return {role.name for role in db.session.get_one(Account, account_id).roles}


@pytest.fixture
def night(app: Flask, adam: Visitor, people: dict[str, int]) -> str:
    """A copy of the consultant's role, held by Jan."""
    adam.submit("/desk/roles/consultant/copy", NIGHT)
    adam.submit(f"/desk/staff/edit/{people['jan']}", {"roles": ["night-duty"]})
    return "night-duty"


@pytest.fixture
def helper(make_account: Callable[..., int], adam: Visitor, browser_of: Browser) -> Visitor:
    """Somebody whose copy of the administrator's role may only keep the people of the desk, the roles and texts."""
    adam.submit("/desk/roles/administrator/copy", {"name_pl": "Kadry", "name_en": "People office"})
    save(adam, "people-office", {"staff", "roles", "write_entries", "publish_entries", "translate"})
    make_account("kadry@desk.example", role="people-office")
    return browser_of("kadry@desk.example")


def test_the_list_says_who_holds_what(adam: Visitor, night: str, people: dict[str, int]) -> None:
    rows = {row.xpath(".//a")[0].get("href"): text_of(row) for row in adam.page("/desk/roles/").xpath("//tbody/tr")}
    assert "Nocny dyżur" in rows["/desk/roles/night-duty"]
    assert "1 konto" in rows["/desk/roles/night-duty"]
    assert "0 kont" in rows["/desk/roles/consultant"]
    held = text_of(adam.page("/desk/staff/list/?role=night-duty").xpath("//main")[0])
    assert "jan@desk.example" in held
    assert "adam@desk.example" not in held
    assert "Nocny dyżur" in held


def test_a_copy_shows_the_same_rows_as_what_it_was_copied_from(
    app: Flask, night: str, browser_of: Browser, people: dict[str, int]
) -> None:
    jan = browser_of("jan@desk.example")
    jan.page("/desk/tickets/list/")
    with app.app_context():
        account = db.session.get_one(Account, people["jan"])
        assert account.role_kinds == {"consultant"}
    jan.page("/desk/audit/list/", status=403)
    jan.page("/desk/states/", status=403)


def test_what_is_taken_away_or_given_holds_from_the_next_click(
    app: Flask, adam: Visitor, night: str, browser_of: Browser
) -> None:
    jan = browser_of("jan@desk.example")
    jan.page("/desk/journal/list/")
    held = ticked(adam, night)
    save(adam, night, held - {"mail"} | {"states"})
    jan.page("/desk/journal/list/", status=403)
    assert "/desk/journal/list/" not in jan.get("/desk/tickets/list/").text
    jan.page("/desk/states/")
    jan.page("/desk/tags/list/")
    assert ticked(adam, night) == held - {"mail"} | {"states"}


def test_another_process_sees_the_change_too(
    app: Flask, adam: Visitor, night: str, browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    jan = browser_of("jan@desk.example")
    jan.page("/desk/journal/list/")
    monkeypatch.setattr(BiletySecurityManager, "forget_permissions", lambda _self: pytest.fail("Nobody told us."))
    save(adam, night, {"calls"})
    jan.page("/desk/journal/list/", status=403)


def test_what_shows_customers_data_must_be_meant(app: Flask, adam: Visitor, night: str) -> None:
    held = ticked(adam, night)
    page = save(adam, night, held | {"change_customers"})
    assert "understood" in page
    assert "change_customers" not in ticked(adam, night)
    answer = adam.post(
        f"/desk/roles/{night}",
        data={
            "ability": sorted(held | {"change_customers"}),
            "understood": "y",
            **NIGHT,
            "csrf_token": adam.page(f"/desk/roles/{night}").xpath("//input[@name='csrf_token']/@value")[0],
        },
    )
    assert answer.status_code == 303
    assert ticked(adam, night) == held | {"change_customers"}
    save(adam, "auditor", {"audit", "letters"})
    assert ticked(adam, "auditor") == {"audit", "letters"}


def test_a_name_is_taken_in_any_case_with_polish_letters_too(app: Flask, adam: Visitor) -> None:
    adam.submit("/desk/roles/consultant/copy", {"name_pl": "Śledczy", "name_en": "Detective"})
    page = adam.submit("/desk/roles/consultant/copy", {"name_pl": "śLEDCZY", "name_en": "Sleuth"}).text
    assert "Inna rola już się tak nazywa" in page
    with app.app_context():
        assert db.session.scalar(select(Role.id).where(Role.name == "sleuth")) is None


def test_boxes_that_the_role_does_not_offer_give_nothing(adam: Visitor, night: str, browser_of: Browser) -> None:
    save(adam, night, {"calls", "audit", "staff", "roles", "no such thing"})
    assert ticked(adam, night) == {"calls"}
    browser_of("jan@desk.example").page("/desk/staff/list/", status=403)


def test_shipped_roles_are_changed_and_set_back_and_an_upgrade_keeps_the_choice(
    app: Flask, adam: Visitor, browser_of: Browser
) -> None:
    shipped = ticked(adam, "customer")
    assert shipped == {"write_tickets", "lead_colleagues"}
    save(adam, "customer", {"lead_colleagues"})
    anna = browser_of("anna@klient.example")
    with app.app_context():
        sync_roles()
    anna.page("/tickets/new", status=403)
    anna.page("/tickets/")
    press(adam, "customer", "reset")
    assert ticked(adam, "customer") == shipped
    anna.page("/tickets/new")
    assert not adam.page("/desk/roles/customer").xpath("//form[contains(@action, '/reset')]")


def test_own_roles_are_renamed_and_removed_once_nobody_holds_them(
    app: Flask, adam: Visitor, night: str, people: dict[str, int]
) -> None:
    save(adam, night, {"mail"}, name_pl="Noc", name_en="Night")
    assert "Noc" in text_of(adam.page("/desk/roles/"))
    token = adam.page("/desk/roles/").xpath("//input[@name='csrf_token']/@value")[0]
    assert not adam.page(f"/desk/roles/{night}").xpath("//form[contains(@action, '/remove')]")
    for code in (night, "consultant"):
        adam.post(f"/desk/roles/{code}/remove", data={"csrf_token": token})
        adam.page(f"/desk/roles/{code}")
    adam.submit(f"/desk/staff/edit/{people['jan']}", {"roles": ["consultant"]})
    press(adam, night, "remove")
    adam.page(f"/desk/roles/{night}", status=404)


@pytest.mark.parametrize("names", [{"name_pl": "NOCNY dyżur"}, {"name_en": "night DUTY"}, {"name_en": "auditor"}])
def test_a_name_that_another_role_has_is_refused(adam: Visitor, night: str, names: dict[str, str]) -> None:
    typed = {"name_pl": "Inna", "name_en": "Other"} | names
    answer = adam.submit("/desk/roles/auditor/copy", typed)
    assert "alert-danger" in answer.text
    assert typed["name_pl"] in answer.text


def test_names_without_latin_letters_make_a_code_too(app: Flask, adam: Visitor) -> None:
    for number in range(2):
        adam.submit("/desk/roles/editor/copy", {"name_pl": f"Ж{number}", "name_en": f"ж{'ж' * number}"})
    with app.app_context():
        assert {"role", "role-2"} <= set(db.session.scalars(select(Role.name)))


def test_the_administrators_role_stays_whole(adam: Visitor) -> None:
    assert boxes(adam, "administrator") == {}
    token = adam.page("/desk/roles/").xpath("//input[@name='csrf_token']/@value")[0]
    adam.post("/desk/roles/administrator", data={"csrf_token": token, "ability": ["calls"]})
    adam.post("/desk/roles/administrator/reset", data={"csrf_token": token})
    adam.page("/desk/audit/list/")
    adam.page("/desk/roles/")


def test_nobody_gives_or_takes_more_than_he_has(
    app: Flask, adam: Visitor, helper: Visitor, people: dict[str, int]
) -> None:
    helper.page("/desk/audit/list/", status=403)
    token = helper.page("/desk/roles/").xpath("//input[@name='csrf_token']/@value")[0]
    answer = helper.post(
        "/desk/roles/people-office",
        data={
            **{"csrf_token": token, "ability": ["staff", "roles", "audit"], "understood": "y"},
            **{"name_pl": "Kadry", "name_en": "People office"},
        },
    )
    assert "alert-danger" in answer.text
    helper.page("/desk/audit/list/", status=403)
    for role in ("administrator", "auditor"):
        wanted = {"roles": [role]}
        assert "alert-danger" in helper.submit(f"/desk/staff/edit/{people['tom']}", wanted).text
    assert roles_of(app, people["tom"]) == {"translator"}
    helper.submit(f"/desk/staff/edit/{people['tom']}", {"roles": ["translator", "editor"]})
    assert roles_of(app, people["tom"]) == {"translator", "editor"}
    answer = helper.get(f"/desk/staff/edit/{people['adam']}")
    assert answer.location.endswith(f"/desk/staff/show/{people['adam']}")
    helper.post(f"/desk/staff/edit/{people['adam']}", data={"csrf_token": token, "roles": ["editor"]})
    assert roles_of(app, people["adam"]) == {"administrator"}


def test_the_last_administrator_stays_one_even_against_somebody_with_the_same_rights(
    app: Flask, adam: Visitor, make_account: Callable[..., int], browser_of: Browser, people: dict[str, int]
) -> None:
    adam.submit("/desk/roles/administrator/copy", {"name_pl": "Druga", "name_en": "Second"})
    make_account("druga@desk.example", role="second")
    with app.app_context():
        db.session.scalars(select(Role).where(Role.name == "second")).one().abilities = None  # everything
        db.session.commit()
    second = browser_of("druga@desk.example")
    for values in ({"roles": ["editor"]}, {"active": None}):
        second.submit(f"/desk/staff/edit/{people['adam']}", values)
        assert roles_of(app, people["adam"]) == {"administrator"}
    make_account("nowy@desk.example", role="administrator")
    second.submit(f"/desk/staff/edit/{people['adam']}", {"roles": ["editor"]})
    assert roles_of(app, people["adam"]) == {"editor"}


def test_a_customers_role_is_chosen_on_his_page(
    app: Flask, adam: Visitor, people: dict[str, int], browser_of: Browser
) -> None:
    adam.submit("/desk/roles/customer/copy", {"name_pl": "Czytelnik", "name_en": "Reader"})
    save(adam, "reader", set())
    adam.submit(f"/desk/customers/edit/{people['anna']}", {"roles": "reader"})
    assert roles_of(app, people["anna"]) == {"reader"}
    anna = browser_of("anna@klient.example")
    anna.page("/tickets/")
    anna.page("/tickets/new", status=403)
    assert "anna@klient.example" in text_of(adam.page("/desk/customers/list/?role=reader"))


def test_changes_are_in_the_audit_log_in_words(adam: Visitor, night: str) -> None:
    save(adam, night, ticked(adam, night) - {"mail"} | {"times"})
    shown = text_of(adam.page("/desk/audit/list/?kind=rights"))
    assert "night-duty" in shown
    assert "roles: consultant → night-duty" in shown or "night-duty" in shown
    row = next(text for text in map(text_of, adam.page("/desk/audit/list/").xpath("//tbody/tr")) if "kalendarz" in text)
    assert "night-duty" in row


def test_auditors_read_the_roles_and_nobody_else_opens_them(people: dict[str, int], browser_of: Browser) -> None:
    audyt = browser_of("audyt@desk.example")
    assert boxes(audyt, "consultant") == {}
    audyt.page("/desk/roles/")
    audyt.page("/desk/roles/consultant/copy", status=403)
    assert not audyt.page("/desk/roles/consultant").xpath("//main//button")
    for email in ("jan@desk.example", "anna@klient.example", "tom@desk.example"):
        browser_of(email).page("/desk/roles/", status=403)
    audyt.page("/desk/roles/public", status=404)


def test_the_api_lets_a_role_do_no_more_than_its_pages(app: Flask, helper: Visitor, people: dict[str, int]) -> None:
    with app.app_context():
        account = db.session.scalars(select(Account).where(Account.email == "kadry@desk.example")).one()
        headers = {"Authorization": f"Bearer {create_access_token(identity=str(account.id))}"}
    client = app.test_client()
    put = {
        name: client.put(f"/api/v1/account/{people[name]}", json={"active": False}, headers=headers).status_code
        for name in ("anna", "adam", "tom")
    }
    assert put == {"anna": 403, "adam": 403, "tom": 200}
