"""An administrator keeps organisations, product groups and mailboxes; others read or stay outside."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import select

from app.desk import field_sets
from app.events.transaction import transaction
from app.extensions import db
from app.models.mailbox import Mailbox
from app.models.organisation import Organisation
from app.models.product_group import ProductGroup
from app.views.navigation import DESK
from tests.browsing import Visitor, text_of
from tests.fields.samples import a_field
from tests.views.admin.conftest import Browser
from tests.views.statements import counted

GRIDS = ("organisations", "product-groups", "mailboxes", "customers", "staff", "letters", "journal", "audit")


def rows(app: Flask, query: Any) -> list[Any]:
    with app.app_context():
        return list(db.session.scalars(query))


@pytest.mark.parametrize("grid", GRIDS)
def test_an_administrator_opens_every_grid_in_five_statements(app: Flask, adam: Visitor, grid: str) -> None:
    adam.page(f"/desk/{grid}/list/")
    with counted(app) as sent:
        adam.page(
            f"/desk/{grid}/list/?text=a%00&after=x&before=y&outcome=zzz&mailbox=99999999999&state=x&organisation=x"
        )
    assert len(sent) <= 5, sent


@pytest.mark.parametrize("grid", GRIDS)
def test_an_auditor_reads_every_grid_and_changes_none(browser_of: Browser, people: dict[str, int], grid: str) -> None:
    auditor = browser_of("audyt@desk.example")
    assert not auditor.page(f"/desk/{grid}/list/").xpath("//main//form[@method='post']")
    for path in ("add", "edit/1"):
        assert auditor.get(f"/desk/{grid}/{path}").status_code in (403, 404)


@pytest.mark.parametrize("grid", GRIDS)
@pytest.mark.parametrize("email", ["anna@klient.example", "tom@desk.example"])
def test_customers_and_translators_open_none(
    browser_of: Browser, people: dict[str, int], grid: str, email: str
) -> None:
    assert browser_of(email).get(f"/desk/{grid}/list/").status_code == 403
    assert browser_of(email).get(f"/desk/{grid}/show/1").status_code == 403


@pytest.mark.parametrize("grid", GRIDS)
def test_strangers_sign_in_first(client: Visitor, grid: str) -> None:
    assert "/login" in client.get(f"/desk/{grid}/list/").location


def test_a_consultant_opens_people_and_letters_but_no_settings(jan: Visitor) -> None:
    for grid in ("organisations", "customers", "journal"):
        jan.page(f"/desk/{grid}/list/")
    for path in ("product-groups/add", "mailboxes/list/", "staff/list/", "letters/list/", "customers/edit/1"):
        assert jan.get(f"/desk/{path}").status_code == 403


@pytest.mark.parametrize("path", ["delete/1", "download/x", "action/x/1", "action_post", "api/read"])
@pytest.mark.parametrize("grid", GRIDS)
def test_the_stock_doors_of_the_framework_are_gone(adam: Visitor, grid: str, path: str) -> None:
    assert adam.get(f"/desk/{grid}/{path}").status_code == 404
    assert adam.get(f"/desk/{grid}/show/99999999999999999999").status_code == 404


def test_an_organisation_with_its_domains(app: Flask, adam: Visitor) -> None:
    answer = adam.submit("/desk/organisations/add", {"name": "Nowa", "domains": "Nowa.example\n@druga.example\n"})
    assert "druga.example, nowa.example" in answer.text
    made = rows(app, select(Organisation.id).where(Organisation.name == "Nowa"))[0]
    adam.submit(f"/desk/organisations/edit/{made}", {"domains": "druga.example\ntrzecia.example"})
    shown = text_of(adam.page(f"/desk/organisations/show/{made}"))
    assert "druga.example, trzecia.example" in shown
    assert "nowa.example" not in shown


@pytest.mark.parametrize(
    "values",
    [
        {"name": "", "domains": ""},
        {"name": "Klient", "domains": ""},
        {"name": "Nowa", "domains": "to nie domena"},
        {"name": "x" * 201, "domains": ""},
    ],
)
def test_an_organisation_that_cannot_be_is_refused_and_nothing_typed_is_lost(adam: Visitor, values: Any) -> None:
    answer = adam.submit("/desk/organisations/add", values)
    assert "alert-danger" in answer.text
    assert values["name"] in answer.text
    assert values["domains"] in answer.text


def test_a_domain_belongs_to_one_organisation(adam: Visitor) -> None:
    adam.submit("/desk/organisations/add", {"name": "Pierwsza", "domains": "wspolna.example"})
    answer = adam.submit("/desk/organisations/add", {"name": "Druga", "domains": "WSPOLNA.example"})
    assert "alert-danger" in answer.text


def test_a_product_group_with_its_consultants(app: Flask, adam: Visitor, people: dict[str, int]) -> None:
    values = {"name": "NOWA GRUPA", "menu_digit": "7", "assignments": [f"{people['jan']}:answer"], "position": "9"}
    answer = adam.submit("/desk/product-groups/add", values)
    assert "Jan Dynamiczny" in answer.text
    made = rows(app, select(ProductGroup.id).where(ProductGroup.name == "NOWA GRUPA"))[0]
    adam.submit(f"/desk/product-groups/edit/{made}", {"assignments": [f"{people['adam']}:see"], "active": None})
    shown = text_of(adam.page(f"/desk/product-groups/show/{made}"))
    assert "Adam Pan" in shown
    assert "Jan Dynamiczny" not in shown
    assert rows(app, select(ProductGroup.active).where(ProductGroup.id == made)) == [False]


@pytest.mark.parametrize(
    "values", [{"name": "DYNAMICS"}, {"menu_digit": "1"}, {"menu_digit": "x"}, {"position": "dużo"}]
)
def test_a_product_group_that_cannot_be_is_refused(adam: Visitor, values: Any) -> None:
    assert "alert-danger" in adam.submit("/desk/product-groups/add", {"name": "NOWA", **values}).text


def test_groups_without_a_digit_do_not_collide(adam: Visitor) -> None:
    for name in ("BEZ CYFRY", "TEŻ BEZ"):
        assert name in adam.submit("/desk/product-groups/add", {"name": name}).text


def test_a_mailbox_is_found_by_its_address_in_any_case(app: Flask, adam: Visitor) -> None:
    adam.submit("/desk/mailboxes/add", {"address": "PomocNOWA@pomoc.example"})
    kept = rows(app, select(Mailbox).where(Mailbox.name == "PomocNOWA@pomoc.example"))[0]
    assert kept.address == "pomocnowa@pomoc.example"
    assert "alert-danger" in adam.submit("/desk/mailboxes/add", {"address": "POMOCnowa@pomoc.example"}).text
    assert "alert-danger" in adam.submit("/desk/mailboxes/add", {"address": "to nie adres"}).text
    adam.submit(f"/desk/mailboxes/edit/{kept.id}", {"active": None})
    kept = rows(app, select(Mailbox).where(Mailbox.id == kept.id))[0]
    assert (kept.active, kept.name) == (False, "PomocNOWA@pomoc.example")


def test_nothing_is_saved_without_the_token_of_the_form(app: Flask, adam: Visitor) -> None:
    assert adam.post("/desk/organisations/add", data={"name": "Bez znaku"}).status_code == 400
    assert rows(app, select(Organisation.id).where(Organisation.name == "Bez znaku")) == []


def shown(visitor: Visitor, asked: str = "") -> set[str]:
    page = visitor.page(f"/desk/settings/?{urlencode({'q': asked})}")
    return {link.get("href") for link in page.xpath("//ul[@class='settings']//a")}


def test_all_settings_are_reached_from_one_page(adam: Visitor, jan: Visitor, browser_of: Browser) -> None:
    menu = {entry.url for entry in DESK if entry.group in {"people", "settings"} and not entry.leads_on}
    assert menu - shown(adam) == set()
    assert "/desk/absences/" in shown(jan)
    assert shown(jan).isdisjoint({"/desk/roles/", "/desk/mailboxes/list/", "/desk/product-groups/list/"})
    assert "/desk/settings/" in {link.get("href") for link in adam.page("/desk/today/").xpath("//nav//a")}
    assert "/desk/settings/" not in {link.get("href") for link in jan.page("/desk/today/").xpath("//nav//a")}


def test_a_setting_is_found_by_name_by_sentence_and_by_a_field_inside(adam: Visitor) -> None:
    assert shown(adam, "SKRZYNKI") >= {"/desk/mailboxes/list/"}  # its name
    assert "/desk/calendars/list/" in shown(
        adam, "swieta godziny"
    )  # its sentence, in any order, without Polish letters
    assert shown(adam, "przypomnienie dni robocze") >= {"/desk/ends/"}  # fields inside
    assert shown(adam, "xyzzy") == set()


def test_the_search_finds_what_was_made_by_its_names_in_both_languages(
    app: Flask, adam: Visitor, browser_of: Browser
) -> None:
    labels = {"pl": "Oddział Grunwald", "en": "Branch town"}
    with app.app_context(), transaction():
        field = a_field("text", "miejsce").changed(id="c" * 32, labels=labels)
        field_sets.publish([field], reason="próba", by=None)
    auditor = browser_of("audyt@desk.example")
    for asked, changed, read in (
        ("grunwald", f"/desk/fields/{'c' * 32}", "/desk/fields/?owner=ticket"),
        ("branch town", f"/desk/fields/{'c' * 32}", "/desk/fields/?owner=ticket"),
        ("zamkniet", "/desk/states/closed", "/desk/states/"),
        ("closed", "/desk/states/closed", "/desk/states/"),
        ("artykul", "/desk/content-types/article", "/desk/content-types/"),
        ("cwt", "/desk/calendars/edit/1", "/desk/calendars/show/1"),
        ("targit", "/desk/product-groups/edit/3", "/desk/product-groups/show/3"),
    ):
        assert changed in shown(adam, asked)
        assert read in shown(auditor, asked)
        assert changed not in shown(auditor, asked)
