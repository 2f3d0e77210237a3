"""Whoever leaves an organisation is outside of it at once, by every door; what he wrote stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

import config
from app.accounts.membership import come, leave
from app.accounts.registration import join_organisation_of_domain
from app.events.transaction import transaction
from app.extensions import db
from app.jobs.drain import drain_in
from app.models.journal import JournalEntry
from app.models.organisation import Membership, OrganisationDomain
from app.models.ticket import Message, Participant, Ticket
from app.notify.audience import Audience
from tests.access.conftest import account, membership
from tests.access.test_every_door import Browser, bearer, numbers_on, shut_out, status
from tests.mail.letters import arrive, letter
from tests.people import organisation_named

PIOTR = "piotr@klient.example"  # reported 1003, and saw 1001 of his colleague
Change = Callable[[Callable[[], object]], None]


@pytest.fixture
def let_in_too(change: Change) -> None:
    """He also takes part in the confidential one of his colleague."""
    change(lambda: db.session.add(Participant(ticket_id=2, account_id=account(PIOTR).id)))


@pytest.fixture
def gone(change: Change, let_in_too: None) -> None:
    change(lambda: leave(membership(PIOTR), by=account("marek@klient.example")))


def test_a_leaver_sees_nothing_of_the_organisation_not_even_what_he_reported(
    everybody: Flask, browser_of: Browser, gone: None
) -> None:
    browser = browser_of(PIOTR)
    assert all(shut_out(everybody, browser, PIOTR, number) for number in (1001, 1002, 1003))
    drain_in(everybody, "index")
    answer = browser.get("/api/v1/search/?q=raport").json
    assert (answer["count"], answer["facets"].get("status", {})) == (0, {})


def test_a_leaver_is_signed_out_everywhere(
    everybody: Flask, browser_of: Browser, change: Change, let_in_too: None
) -> None:
    browser, headers = browser_of(PIOTR), bearer(everybody, PIOTR)
    change(lambda: leave(membership(PIOTR), by=account("marek@klient.example")))
    assert browser.get("/tickets/").location.startswith("/login")
    assert everybody.test_client().get("/api/v1/ticket/", headers=headers).status_code == 401


def test_a_leaver_gets_no_letter_of_what_he_reported(everybody: Flask, gone: None) -> None:
    with everybody.app_context():
        ticket = db.session.get_one(Ticket, 3)
        assert not Audience([ticket]).around(ticket).requester.sees


def test_a_leavers_letter_waits_for_a_consultant(everybody: Flask, settings: config.Settings, gone: None) -> None:
    """It answers a letter of the conversation, so it would be heard as the company's voice."""
    with everybody.app_context(), transaction():
        db.session.get_one(Message, 5).message_id = "stary@klient.example"
        before = db.session.scalars(select(Message.id).where(Message.ticket_id == 3).order_by(Message.id)).all()
    arrive(
        everybody,
        settings,
        letter(sender=f"Piotr <{PIOTR}>", message_id="<2@klient.example>", in_reply_to="<stary@klient.example>"),
    )
    with everybody.app_context():
        entry = db.session.scalars(select(JournalEntry)).one()
        assert (entry.outcome, entry.reason) == ("not_sure", "sender_left")
        assert db.session.scalars(select(Message.id).where(Message.ticket_id == 3).order_by(Message.id)).all() == before


def test_what_he_writes_anew_is_his_own_and_not_the_organisations(
    everybody: Flask, settings: config.Settings, browser_of: Browser, gone: None
) -> None:
    arrive(everybody, settings, letter(sender=f"Piotr <{PIOTR}>", message_id="<2@klient.example>"))
    with everybody.app_context():
        newest = db.session.scalars(select(Ticket).order_by(Ticket.id.desc()).limit(1)).one()
        assert (newest.requester.email, newest.organisation) == (PIOTR, None)
        number = newest.number
    assert status(browser_of(PIOTR), f"/tickets/{number}") == 200
    assert status(browser_of("marek@klient.example"), f"/tickets/{number}") == 404


def test_the_history_stays_for_those_who_stay(everybody: Flask, browser_of: Browser, gone: None) -> None:
    assert "ZQXBODYG" in browser_of("marek@klient.example").get("/tickets/1003").text
    page = browser_of("iga@pomoc.example").get("/desk/tickets/1003").text
    assert "ZQXBODYG" in page
    assert "odeszła z organizacji" in page


def test_who_comes_back_has_his_tickets_again_but_only_by_invitation(
    everybody: Flask, browser_of: Browser, change: Change, gone: None
) -> None:

    def own_the_domain() -> None:
        db.session.add(OrganisationDomain(domain="klient.example", organisation_id=organisation_named("Klient").id))

    change(own_the_domain)
    change(lambda: join_organisation_of_domain(account(PIOTR)))
    assert numbers_on(browser_of(PIOTR).get("/tickets/").text) == set()
    change(lambda: come(account(PIOTR), organisation_named("Klient"), by=account("adam@pomoc.example")))
    drain_in(everybody, "index")
    browser = browser_of(PIOTR)
    assert numbers_on(browser.get("/tickets/").text) == {1001, 1003}
    assert browser.get("/api/v1/search/?q=raport").json["count"] == 2


def test_the_desk_takes_somebody_out_by_the_customers_form(
    everybody: Flask, browser_of: Browser, let_in_too: None
) -> None:
    with everybody.app_context():
        row = account(PIOTR).id
    browser_of("adam@pomoc.example").submit(f"/desk/customers/edit/{row}", {"memberships": ""})
    assert all(shut_out(everybody, browser_of(PIOTR), PIOTR, number) for number in (1001, 1002, 1003))


def test_a_deactivated_accounts_tokens_stay_dead_when_it_is_active_again(
    everybody: Flask, browser_of: Browser, change: Change
) -> None:
    headers = bearer(everybody, PIOTR)
    with everybody.app_context():
        path = f"/desk/customers/edit/{account(PIOTR).id}"
    desk = browser_of("adam@pomoc.example")
    desk.submit(path, {"active": None})
    change(lambda: setattr(account(PIOTR), "active", True))
    assert everybody.test_client().get("/api/v1/ticket/", headers=headers).status_code == 401


def test_one_of_several_organisations_may_be_left(everybody: Flask, browser_of: Browser, change: Change) -> None:
    def leave_one() -> None:
        query = select(Membership).where(Membership.account_id == account("both@obie.example").id)
        query = query.where(Membership.organisation_id == organisation_named("Klient").id)
        leave(db.session.scalars(query).one(), by=account("adam@pomoc.example"))

    change(leave_one)
    assert numbers_on(browser_of("both@obie.example").get("/tickets/").text) == {1004}
