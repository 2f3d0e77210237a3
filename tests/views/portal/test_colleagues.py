"""A company's manager looks after the accounts of his colleagues, and learns nothing of other companies."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import func, select

from app.access import standing_of
from app.accounts import invitations
from app.accounts.registration import find_account
from app.events.transaction import transaction
from app.extensions import db
from app.models.audit import AuditEntry
from app.models.event import Letter
from app.models.invitation import Invitation
from app.models.organisation import Membership, Sharing
from tests.accounts.post import letters_of, link_to
from tests.browsing import Visitor, text_of
from tests.people import PASSWORD, add_account, organisation_named

Browser = Callable[[str], Visitor]
MANAGER, ANNA, BOB = "szef@alfa.example", "anna@alfa.example", "bob@beta.example"
PASSWORDS = {"password": PASSWORD, "password_confirm": PASSWORD}


@pytest.fixture
def companies(app: Flask) -> None:
    with app.app_context(), transaction():
        add_account(MANAGER, organisation="Alfa", sharing=Sharing.MANAGER, name="Szef Alfy")
        add_account(ANNA, organisation="Alfa", name="Anna Alfowa")
        add_account(BOB, organisation="ZQXBETA", name="Robert Beta")
        add_account("szefowa@beta.example", organisation="ZQXBETA", sharing=Sharing.MANAGER)
        add_account("listowy@gamma.example", registered=False)
        add_account("byla@beta.example").active = False


@pytest.fixture
def manager(companies: None, browser_of: Browser) -> Visitor:
    return browser_of(MANAGER)


def invite(browser: Visitor, email: str, **more: str) -> str:
    return browser.submit("/colleagues/invite", {"email": email, **more}).text


def row_of(browser: Visitor, email: str) -> html.HtmlElement:
    (row,) = browser.page("/colleagues/").xpath(f"//li[contains(., '{email}')]")
    return row


def press(browser: Visitor, email: str, act: str) -> str:
    return browser.send(
        row_of(browser, email).xpath(f".//form[contains(@action, '{act}')]")[0], "/colleagues/", {}
    ).text


def test_the_menu_and_the_page_are_the_managers_only(
    companies: None, make_account: Callable[..., int], browser_of: Browser, client: Visitor
) -> None:
    make_account("jan@desk.example", role="consultant", groups=("DYNAMICS",))
    assert browser_of(MANAGER).page("/").xpath("//nav//a[@href='/colleagues/']")
    anna = browser_of(ANNA)
    assert not anna.page("/").xpath("//nav//a[@href='/colleagues/']")
    for path in ("/colleagues/", "/colleagues/invite"):
        assert anna.get(path).status_code == 404
        assert browser_of("jan@desk.example").get(path).status_code == 403
        assert "/login?next=" in client.get(path).location


def test_a_colleague_is_invited_also_at_a_private_address_and_appears_with_his_state(
    app: Flask, manager: Visitor
) -> None:
    invite(manager, " Nowy@Gmail.com ", name="Nowy Człowiek", sharing="own")
    assert letters_of(app) == [("nowy@gmail.com", "activation")]
    row = text_of(row_of(manager, "nowy@gmail.com"))
    assert "Nowy Człowiek" in row
    assert "Zaproszenie wysłane" in row
    Visitor(app).submit(link_to(app, "nowy@gmail.com"), PASSWORDS)
    assert "Konto aktywne" in text_of(row_of(manager, "nowy@gmail.com"))
    with app.app_context():
        account = find_account("nowy@gmail.com")
        assert account is not None
        assert account.name == "Nowy Człowiek"
        assert [membership.sharing for membership in account.memberships] == ["own"]


def test_a_manager_invites_to_chosen_product_groups(app: Flask, manager: Visitor) -> None:
    invite(manager, "nowy@gmail.com", sharing="groups", groups=["2"])
    assert "PROPHIX" in text_of(row_of(manager, "nowy@gmail.com"))
    Visitor(app).submit(link_to(app, "nowy@gmail.com"), PASSWORDS)
    with app.app_context():
        account = find_account("nowy@gmail.com")
        assert account is not None
        assert [[row.product_group_id for row in place.groups] for place in account.memberships] == [[2]]


@pytest.mark.parametrize("email", [BOB, "listowy@gamma.example", "byla@beta.example"])
def test_all_that_is_told_is_the_same_whether_an_address_is_known_elsewhere_or_not(
    app: Flask, manager: Visitor, email: str
) -> None:
    told = []
    for address in (email, "nikt@nigdzie.example"):
        answer = text_of(html.fromstring(invite(manager, address)).xpath("//main")[0])
        row = text_of(row_of(manager, address))
        press(manager, address, "withdraw")
        told.append(re.sub(r"\d\d:\d\d", "", f"{answer} {row}".replace(address, "")))  # a minute may end meanwhile
    assert told[0] == told[1]
    assert "ZQXB" not in told[0]


def test_who_is_invited_from_another_company_keeps_his_name_and_joins_only_if_he_wants(
    app: Flask, manager: Visitor
) -> None:
    invite(manager, BOB, name="Podmieniony")
    with app.app_context():
        bob = find_account(BOB)
        assert bob is not None
        assert bob.name == "Robert Beta"
        assert [membership.organisation.name for membership in bob.memberships] == ["ZQXBETA"]
    Visitor(app).submit(link_to(app, BOB), {})
    assert "Robert Beta" in text_of(row_of(manager, BOB))


def test_an_invitation_is_sent_again_and_withdrawn(app: Flask, manager: Visitor) -> None:
    invite(manager, "nowy@alfa.example")
    first = link_to(app, "nowy@alfa.example")
    assert "nowy@alfa.example" in press(manager, "nowy@alfa.example", "again")
    second = link_to(app, "nowy@alfa.example")
    assert first != second
    press(manager, "nowy@alfa.example", "withdraw")
    Visitor(app).page(second, status=410)
    assert not manager.page("/colleagues/").xpath("//li[contains(., 'nowy@alfa.example')]")


def test_a_colleague_who_leaves_is_out_at_once(app: Flask, manager: Visitor, browser_of: Browser) -> None:
    anna = browser_of(ANNA)
    assert anna.get("/tickets/").status_code == 200
    press(manager, ANNA, "remove")
    assert anna.get("/tickets/").status_code == 302
    assert not manager.page("/colleagues/").xpath(f"//li[contains(., '{ANNA}')]")
    with app.app_context():
        account = find_account(ANNA)
        assert account is not None
        assert standing_of(db.session(), account).shared_organisations == frozenset()


def test_what_a_manager_does_stands_in_the_audit_log(app: Flask, manager: Visitor) -> None:
    invite(manager, "nowy@alfa.example")
    press(manager, ANNA, "remove")
    with app.app_context():
        rows = db.session.execute(
            select(AuditEntry.who, AuditEntry.about, AuditEntry.data).where(AuditEntry.kind == "rights")
        )
        told = {(who, about, data["table"], data["act"]) for who, about, data in rows}
    assert (MANAGER, "nowy@alfa.example", "invitation", "added") in told
    assert (MANAGER, ANNA, "membership", "removed") in told


def test_a_manager_cannot_remove_himself(app: Flask, manager: Visitor) -> None:
    assert not row_of(manager, MANAGER).xpath(".//form")
    with app.app_context():
        own = db.session.scalars(select(Membership.id).where(Membership.sharing == Sharing.MANAGER)).first()
    form = row_of(manager, ANNA).xpath(".//form[contains(@action, 'remove')]")[0]
    answer = manager.send(form, "/colleagues/", {"membership": str(own)})
    assert 'role="alert"' in answer.text
    assert row_of(manager, MANAGER) is not None


@pytest.mark.parametrize("act", ["again", "withdraw", "remove"])
def test_rows_of_other_companies_are_missing_rows(app: Flask, manager: Visitor, act: str) -> None:
    with app.app_context(), transaction():
        boss = find_account("szefowa@beta.example")
        assert boss is not None
        foreign = invitations.invite_address(
            "x@beta.example", by=boss, name="", locale="pl", organisation=organisation_named("ZQXBETA"), sharing="own"
        ).id
        member = db.session.scalars(select(Membership.id).where(Membership.account == find_account(BOB))).one()
    token = manager.page("/colleagues/invite").xpath("//main//input[@name='csrf_token']/@value")[0]
    answers = {
        (answer.status_code, text_of(html.fromstring(answer.text)))
        for pk in (foreign if act != "remove" else member, 999_999, "x", "99999999999999999999", "")
        for answer in [
            manager.post(f"/colleagues/{act}", data={"csrf_token": token, "invitation": pk, "membership": pk})
        ]
    }
    assert len(answers) == 1
    assert answers.pop()[0] == 404
    with app.app_context():
        assert db.session.get_one(Invitation, foreign).is_open
        assert db.session.get(Membership, member) is not None


def test_a_foreign_organisation_cannot_be_named(app: Flask, manager: Visitor) -> None:
    with app.app_context():
        beta = organisation_named("ZQXBETA").id
    form = manager.page("/colleagues/invite").xpath("//main//form")[0]
    form.set("action", f"/colleagues/invite?organisation={beta}")
    assert manager.send(form, "", {"email": "x@y.example"}).status_code == 404
    assert letters_of(app) == []


def test_nothing_is_changed_by_get_or_without_the_forms_token(app: Flask, manager: Visitor) -> None:
    for act in ("again", "withdraw", "remove"):
        assert manager.get(f"/colleagues/{act}").status_code == 405
        assert manager.post(f"/colleagues/{act}", data={"membership": "1"}).status_code == 400
    assert manager.post("/colleagues/invite", data={"email": "x@y.example"}).status_code == 400
    assert letters_of(app) == []


def test_what_cannot_be_invited_is_said_on_the_form(manager: Visitor) -> None:
    for email in ("to nie adres", ANNA, ""):
        page = html.fromstring(invite(manager, email))
        assert page.xpath("//input[@name='email'][@aria-invalid='true']")


def test_a_manager_of_two_companies_sees_each_by_itself(app: Flask, manager: Visitor) -> None:
    with app.app_context(), transaction():
        account = find_account(MANAGER)
        db.session.add(Membership(account=account, organisation=organisation_named("Gamma"), sharing=Sharing.MANAGER))
    page = manager.page("/colleagues/")
    assert [text_of(heading) for heading in page.xpath("//section//h2")] == ["Alfa", "Gamma"]
    assert manager.get("/colleagues/invite").status_code == 404
    address = page.xpath("//a[contains(@href, 'organisation=')]/@href")[1]
    manager.submit(address, {"email": "g@gamma.example"})
    assert "g@gamma.example" in text_of(manager.page("/colleagues/").xpath("//section")[1])


def test_a_company_sends_so_many_invitations_a_day(
    app: Flask, manager: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.accounts.colleagues.MOST_INVITATIONS", 2)
    for number in range(2):
        assert f"a{number}@x.example" in invite(manager, f"a{number}@x.example")
    refused = html.fromstring(invite(manager, "a2@x.example"))
    assert "jutro" in text_of(refused)
    assert refused.xpath("//input[@name='email']/@value") == ["a2@x.example"]
    press(manager, "a1@x.example", "again")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Letter)) == 2
