"""The desk invites customers, sees what became of it, and decides about who registered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import select, update

from app.access import standing_of
from app.accounts.addresses import ascii_domain
from app.accounts.registration import find_account
from app.desk.telephone import on_duty
from app.events.transaction import transaction
from app.extensions import db
from app.models.invitation import Invitation
from app.models.mail_domain import MailDomain
from app.models.product_group import Assignment, Level, ProductGroup
from app.views import reference
from tests.accounts.post import letters_of, link_to
from tests.browsing import Visitor, text_of
from tests.people import PASSWORD
from tests.views.admin.conftest import Browser

NEW = "nowa@klient.example"
PASSWORDS = {"password": PASSWORD, "password_confirm": PASSWORD}


def invite(browser: Visitor, email: str = NEW, **more: Any) -> str:
    return browser.submit("/desk/invitations/add", {"email": email, **more}).text


def newest(app: Flask) -> int:
    with app.app_context():
        return db.session.scalars(select(Invitation.id).order_by(Invitation.id.desc()).limit(1)).one()


def press(app: Flask, browser: Visitor, act: str) -> str:
    """Press a button on the page of the newest invitation."""
    path = f"/desk/invitations/show/{newest(app)}"
    return browser.submit(path, {}, form=f"//main//form[contains(@action, '/{act}')]").text


def buttons(app: Flask, browser: Visitor) -> set[str]:
    page = browser.page(f"/desk/invitations/show/{newest(app)}")
    return {action.rpartition("/")[2] for action in page.xpath("//main//form/@action")}


def listed(browser: Visitor, state: str = "") -> str:
    return text_of(browser.page(f"/desk/invitations/list/?state={state}").xpath("//main")[0])


def test_a_consultant_invites_a_customer_into_an_organisation_in_his_language(app: Flask, jan: Visitor) -> None:
    assert NEW in invite(jan, " Nowa@KLIENT.example", name="Nowa Osoba", organisation="Klient", locale="en")
    assert letters_of(app) == [(NEW, "activation")]
    assert NEW in listed(jan, "invited")
    assert NEW not in listed(jan, "active")
    Visitor(app).submit(link_to(app, NEW), PASSWORDS)
    assert NEW in listed(jan, "active")
    with app.app_context():
        made = find_account(NEW)
        assert made is not None
        assert (made.name, made.locale, made.role_kinds) == ("Nowa Osoba", "en", {"customer"})
        assert [place.organisation.name for place in made.memberships] == ["Klient"]


def test_the_chosen_product_groups_are_seen_once_the_invitation_is_accepted(app: Flask, jan: Visitor) -> None:
    refused = html.fromstring(invite(jan, organisation="Klient", sharing="groups"))
    assert refused.xpath("//*[contains(@class, 'alert-danger') or contains(@class, 'invalid-feedback')]")
    assert letters_of(app) == []
    invite(jan, organisation="Klient", sharing="groups", groups=["3", "1"])
    shown = text_of(jan.page(f"/desk/invitations/show/{newest(app)}").xpath("//main")[0])
    assert "DYNAMICS, TARGIT" in shown
    assert _shared(app) == []
    Visitor(app).submit(link_to(app, NEW), PASSWORDS)
    assert _shared(app) == [("groups", {1, 3})]


def _shared(app: Flask) -> list[tuple[str, set[int]]]:
    with app.app_context():
        account = find_account(NEW)
        assert account is not None
        return [(place.sharing, {row.product_group_id for row in place.groups}) for place in account.memberships]


def test_who_is_invited_to_the_desk_has_his_roles_and_levels_once_he_accepts(app: Flask, adam: Visitor) -> None:
    values = {"email": "nowy@desk.example", "roles": ["consultant"], "assignments": ["1:answer"]}
    adam.submit("/desk/staff/add", values)

    def works() -> tuple[bool, bool, bool]:
        reference.forget()
        with app.app_context():
            account = find_account("nowy@desk.example")
            assert account is not None
            on_call = account in on_duty(db.session.get_one(ProductGroup, 1))
            choices = [int(pk) for pk, _name in reference.consultant_choices(1)]
            return standing_of(db.session(), account).answers_for(1), on_call, account.id in choices

    assert works() == (False, False, False)
    Visitor(app).submit(link_to(app, "nowy@desk.example"), PASSWORDS)
    assert works() == (True, True, True)


def test_an_invitation_is_sent_again_and_withdrawn(app: Flask, jan: Visitor) -> None:
    invite(jan, "prywatna@gmail.com")
    assert buttons(app, jan) == {"again", "withdraw"}
    press(app, jan, "again")
    assert letters_of(app) == [("prywatna@gmail.com", "activation")] * 2
    press(app, jan, "withdraw")
    assert buttons(app, jan) == {"again"}
    Visitor(app).page(link_to(app, "prywatna@gmail.com"), status=410)
    assert "prywatna@gmail.com" in listed(jan, "withdrawn")


def test_what_cannot_be_invited_is_said_on_the_form(app: Flask, jan: Visitor, make_account: Callable[..., int]) -> None:
    make_account("byla@klient.example")
    with app.app_context(), transaction():
        gone = find_account("byla@klient.example")
        assert gone is not None
        gone.active = False
    for values in (
        {"email": "to nie adres"},
        {"email": "anna@klient.example"},
        {"email": "anna@klient.example", "organisation": "Klient"},
        {"email": "byla@klient.example"},
        {"email": NEW, "organisation": "Nikt"},
    ):
        page = html.fromstring(invite(jan, **values))
        assert page.xpath("//*[@aria-invalid='true']"), values
    assert letters_of(app) == []


def test_who_has_an_account_is_invited_to_another_organisation(app: Flask, jan: Visitor) -> None:
    invite(jan, "anna@klient.example", organisation="Inny")
    Visitor(app).submit(link_to(app, "anna@klient.example"), {})
    with app.app_context():
        anna = find_account("anna@klient.example")
        assert anna is not None
        assert {place.organisation.name for place in anna.memberships} == {"Klient", "Inny"}


def test_who_may_not_invite(app: Flask, people: dict[str, int], browser_of: Browser) -> None:
    for who in ("anna", "tom"):
        browser = browser_of("anna@klient.example" if who == "anna" else "tom@desk.example")
        assert browser.get("/desk/invitations/list/").status_code == 403
        assert browser.get("/desk/invitations/add").status_code == 403
    auditor = browser_of("audyt@desk.example")
    invite(browser_of("jan@desk.example"))
    assert NEW in listed(auditor)
    assert buttons(app, auditor) == set()
    assert auditor.get("/desk/invitations/add").status_code == 403
    token = auditor.page("/profile/").xpath("//main//input[@name='csrf_token']/@value")[0]
    path = f"/desk/invitations/show/{newest(app)}/withdraw"
    assert auditor.post(path, data={"csrf_token": token}).status_code == 403


def test_a_consultant_without_a_product_group_invites_nobody(
    people: dict[str, int], make_account: Callable[..., int], browser_of: Browser
) -> None:
    make_account("wolny@desk.example", role="consultant")
    assert browser_of("wolny@desk.example").get("/desk/invitations/add").status_code == 403


def test_invitations_of_the_desks_own_people_are_the_administrators(app: Flask, adam: Visitor, jan: Visitor) -> None:
    adam.submit("/desk/staff/add", {"email": "nowy@desk.example", "roles": ["consultant"], "assignments": ["1:answer"]})
    assert "nowy@desk.example" in listed(adam)
    assert "nowy@desk.example" not in listed(jan)
    jan.page(f"/desk/invitations/show/{newest(app)}", status=404)
    assert buttons(app, adam) == {"again", "withdraw"}


@pytest.fixture
def waiting(app: Flask, adam: Visitor) -> None:
    """The administrator wants to approve, or who manages a product group as Jan does now; and somebody registers."""
    with app.app_context(), transaction():
        db.session.execute(update(Assignment).values(level=Level.MANAGE))
    adam.submit("/desk/registration/", {"approval": "y"})
    Visitor(app).submit("/register", {"email": NEW})
    letters_of(app)


def test_registrations_wait_for_approval_where_the_administrator_wants_it(
    app: Flask, adam: Visitor, jan: Visitor, waiting: None
) -> None:
    assert adam.page("/desk/registration/").xpath("//input[@name='approval'][@checked]")
    assert NEW in listed(jan, "waiting")
    assert buttons(app, jan) == {"approve", "refuse"}
    press(app, jan, "approve")
    Visitor(app).submit(link_to(app, NEW), PASSWORDS)
    assert NEW in listed(jan, "active")
    adam.submit("/desk/registration/", {"approval": None})
    Visitor(app).submit("/register", {"email": "druga@klient.example"})
    assert letters_of(app)[-1] == ("druga@klient.example", "activation")


def test_who_is_refused_hears_of_it_and_can_be_invited_later(app: Flask, jan: Visitor, waiting: None) -> None:
    assert NEW in press(app, jan, "refuse")
    assert letters_of(app)[-1] == (NEW, "registration_refused")
    assert NEW in listed(jan, "refused")
    assert buttons(app, jan) == {"again"}
    press(app, jan, "again")
    Visitor(app).submit(link_to(app, NEW), PASSWORDS)
    assert NEW in listed(jan, "active")


def test_a_decision_is_made_once(app: Flask, jan: Visitor, waiting: None) -> None:
    path = f"/desk/invitations/show/{newest(app)}"
    forms = jan.page(path).xpath("//main//form")
    for form in forms:
        answer = jan.send(form, path, {})
    assert answer.status_code == 403
    assert NEW in listed(jan, "invited")


def test_the_settings_of_registration_are_the_administrators(jan: Visitor, adam: Visitor) -> None:
    for path in ("/desk/registration/", "/desk/mail-domains/list/", "/desk/mail-domains/add"):
        assert jan.get(path).status_code == 403
        assert adam.get(path).status_code == 200


def test_a_domain_is_let_in_kept_out_and_forgotten(app: Flask, adam: Visitor) -> None:
    adam.submit("/desk/mail-domains/add", {"domain": "@WP.pl", "allowed": "True", "note": "Mały klient"})
    adam.submit("/desk/mail-domains/add", {"domain": "zły.example", "allowed": "False"})
    with app.app_context():
        kept = {row.domain: row.allowed for row in db.session.scalars(select(MailDomain))}
    assert kept == {"wp.pl": True, ascii_domain("zły.example"): False}
    assert all(domain.isascii() for domain in kept)
    shown = text_of(adam.page("/desk/mail-domains/list/?text=wp"))
    assert "Mały klient" in shown
    Visitor(app).submit("/register", {"email": "ola@wp.pl"})
    assert letters_of(app) == [("ola@wp.pl", "activation")]
    with app.app_context():
        row = db.session.scalars(select(MailDomain.id).where(MailDomain.domain == "wp.pl")).one()
    adam.submit(f"/desk/mail-domains/edit/{row}", {"allowed": "False"})
    adam.submit(f"/desk/mail-domains/show/{row}", {}, form="//main//form[contains(@action, 'forget')]")
    with app.app_context():
        assert db.session.get(MailDomain, row) is None


@pytest.mark.parametrize("domain", ["", "wp", "to nie domena", "wp.pl/x", "a" * 300 + ".pl"])
def test_what_is_no_domain_is_refused(adam: Visitor, domain: str) -> None:
    assert "alert-danger" in adam.submit("/desk/mail-domains/add", {"domain": domain}).text


def test_a_free_mail_domain_is_no_organisations(adam: Visitor) -> None:
    assert "alert-danger" in adam.submit("/desk/organisations/add", {"name": "Pułapka", "domains": "gmail.com"}).text
