"""How far a member sees, what nobody shares, who is let into one ticket, and for whom somebody writes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.desk.organisation import organisation_for
from app.events.transaction import transaction
from app.extensions import db
from app.models.organisation import Membership, OrganisationDomain
from app.models.ticket import Participant, Ticket
from tests.access.conftest import account, membership
from tests.access.test_every_door import Browser, bearer, numbers_on, status
from tests.people import group_named, organisation_named

ANNA, PIOTR, MANAGER = "anna@klient.example", "piotr@klient.example", "marek@klient.example"
Change = Callable[[Callable[[], object]], None]


def ids(app: Flask, email: str) -> tuple[int, int]:
    """The account and its membership."""
    with app.app_context():
        return account(email).id, membership(email).id


@pytest.mark.parametrize("by", [MANAGER, "adam@pomoc.example"])
def test_a_manager_and_the_desk_say_how_far_a_member_sees(everybody: Flask, browser_of: Browser, by: str) -> None:
    _row, place = ids(everybody, ANNA)
    with everybody.app_context():
        targit = str(group_named("TARGIT").id)
    base = "/colleagues/sharing" if by == MANAGER else "/desk/customers/sharing"
    browser, anna = browser_of(by), browser_of(ANNA)

    def shares(**values: object) -> set[int]:
        assert browser.submit(f"{base}/{place}", values).status_code == 200
        return numbers_on(anna.get("/tickets/").text)

    assert shares(sharing="own", groups=[]) == {1001, 1002}
    assert shares(sharing="groups", groups=[targit]) == {1001, 1002, 1003}
    assert shares(sharing="groups", groups=[]) == {1001, 1002, 1003}  # refused: no group is chosen
    assert shares(sharing="own", groups=[targit]) == {1001, 1002}
    assert shares(sharing="groups", groups=[targit]) == {1001, 1002, 1003}
    assert shares(sharing="organisation", groups=[]) == {1001, 1002, 1003}


def test_nobody_else_says_it(everybody: Flask, browser_of: Browser) -> None:
    _row, place = ids(everybody, ANNA)
    _row, foreign = ids(everybody, "ewa@inny.example")
    _row, own = ids(everybody, MANAGER)
    assert status(browser_of(PIOTR), f"/colleagues/sharing/{place}") == 404
    manager = browser_of(MANAGER)
    assert {status(manager, f"/colleagues/sharing/{row}") for row in (foreign, own, 999)} == {404}
    assert status(browser_of("jan@pomoc.example"), f"/desk/customers/sharing/{place}") == 403


def test_the_requester_and_the_desk_make_a_ticket_confidential(everybody: Flask, browser_of: Browser) -> None:
    piotr, manager = browser_of(PIOTR), browser_of(MANAGER)
    for email, page in ((ANNA, "/tickets/1001"), ("jan@pomoc.example", "/desk/tickets/1001")):
        browser = browser_of(email)
        browser.submit(page, {}, form=f"//form[@action='{page}/confidential']")
        assert "Poufne" in browser.get(page).text
        assert [status(each, "/tickets/1001") for each in (piotr, manager)] == [404, 404]
        browser.submit(page, {}, form=f"//form[@action='{page}/confidential']")
        assert [status(each, "/tickets/1001") for each in (piotr, manager)] == [200, 200]
    assert (
        piotr.post("/tickets/1001/confidential", data={"csrf_token": token(piotr), "confidential": "yes"}).status_code
        == 404
    )


def token(browser: Browser) -> str:
    return str(browser.page("/tickets/").xpath("//input[@name='csrf_token']/@value")[0])  # type: ignore[attr-defined]


def test_a_form_can_ask_for_confidence_at_once(everybody: Flask, browser_of: Browser) -> None:
    with everybody.app_context():
        group = group_named("DYNAMICS").id
    words = {"subject": "Płace", "text": "ZQXPAY", "confidential": "y"}
    assert "Poufne" in browser_of(ANNA).submit(f"/tickets/new?group={group}", words).text
    assert status(browser_of(PIOTR), "/tickets/1006") == 404


@pytest.mark.parametrize(
    ("email", "page"),
    [(ANNA, "/tickets/1001"), (MANAGER, "/tickets/1001"), ("jan@pomoc.example", "/desk/tickets/1001")],
)
def test_a_participant_sees_that_ticket_and_no_other(
    everybody: Flask, browser_of: Browser, email: str, page: str
) -> None:
    browser, guest = browser_of(email), browser_of("obcy@nikt.example")
    browser.submit(page, {"email": " Obcy@Nikt.example "}, form=f"//form[@action='{page}/let-in']")
    assert numbers_on(guest.get("/tickets/").text) == {1001}
    assert "obcy@nikt.example" in guest.get("/tickets/1001").text
    assert not guest.page("/tickets/1001").xpath("//form[contains(@action, 'let-in')]")
    browser.submit(page, {}, form=f"//form[@action='{page}/show-out']")
    assert numbers_on(guest.get("/tickets/").text) == set()


def test_an_unknown_address_may_take_part_and_nothing_is_told_of_known_ones(
    everybody: Flask, browser_of: Browser, change: Change
) -> None:
    change(lambda: setattr(account("obcy@nikt.example"), "first_name", "ZQXNAME"))
    browser, form = browser_of(ANNA), "//form[@action='/tickets/1001/let-in']"
    for address in ("nowa@firma.example", "obcy@nikt.example"):
        page = browser.submit("/tickets/1001", {"email": address}, form=form).text
        assert address in page
        assert "ZQXNAME" not in page
    with everybody.app_context():
        added = db.session.scalars(select(Participant).where(Participant.ticket_id == 1).order_by(Participant.id)).all()
        assert [row.account.email for row in added] == ["nowa@firma.example", "obcy@nikt.example"]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("to nie adres", "spacji"),
        ("", "Wpisz swój adres e-mail"),
        (ANNA, "widzi je i tak"),
        ("pomocdynamics@pomoc.example", "nie może brać udziału"),
    ],
)
def test_who_cannot_take_part_is_refused_in_words(
    browser_of: Browser, everybody: Flask, address: str, said: str
) -> None:
    browser = browser_of("jan@pomoc.example")
    form = "//form[@action='/desk/tickets/1001/let-in']"
    assert said in browser.submit("/desk/tickets/1001", {"email": address}, form=form).text


def test_a_colleague_lets_nobody_in(everybody: Flask, browser_of: Browser) -> None:
    browser = browser_of(PIOTR)
    data = {"csrf_token": token(browser), "email": "obcy@nikt.example"}
    assert browser.post("/tickets/1001/let-in", data=data).status_code == 404
    assert not browser.page("/tickets/1001").xpath("//form[contains(@action, 'let-in')]")


def test_the_same_by_api(everybody: Flask) -> None:
    client, headers = everybody.test_client(), bearer(everybody, ANNA)

    def act(name: str, body: object, email: str = ANNA) -> int:
        return client.post(f"/api/v1/ticket/1/{name}", json=body, headers=bearer(everybody, email)).status_code

    assert act("let-in", {"email": "obcy@nikt.example"}) == 200
    assert act("let-in", {"email": "zle"}) == 422
    assert act("let-in", {"email": "obcy@nikt.example"}, PIOTR) == 403
    assert client.get("/api/v1/ticket/1", headers=bearer(everybody, "obcy@nikt.example")).status_code == 200
    with everybody.app_context():
        guest = account("obcy@nikt.example").id
    assert act("show-out", {"account": guest}) == 200
    assert client.get("/api/v1/ticket/1", headers=bearer(everybody, "obcy@nikt.example")).status_code == 404
    assert act("confidential", {"confidential": "true"}) == 422
    assert act("confidential", {"confidential": True}, PIOTR) == 403
    assert act("confidential", {"confidential": True}) == 200
    assert client.get("/api/v1/ticket/1", headers=headers).json["result"]["confidential"] is True
    assert client.get("/api/v1/ticket/1", headers=bearer(everybody, PIOTR)).status_code == 404
    assert client.put("/api/v1/ticket/1", json={"confidential": False}, headers=headers).status_code == 200


def test_a_member_of_several_companies_is_asked_for_which_he_writes(
    everybody: Flask, browser_of: Browser, change: Change
) -> None:
    with everybody.app_context():
        group, second = group_named("DYNAMICS").id, organisation_named("Inny").id
    browser, path = browser_of("both@obie.example"), f"/tickets/new?group={group}"
    said = browser.submit(path, {"subject": "A", "text": "B"}).text
    assert "Wypełnij to pole" in said
    browser.submit(path, {"subject": "A", "text": "B", "organisation": str(second)})
    with everybody.app_context():
        assert db.session.get_one(Ticket, 6).organisation_id == second
    assert not browser_of(ANNA).page(path).xpath("//select[@name='organisation']")


def test_a_letter_of_a_member_of_several_goes_by_the_domain_of_its_address(everybody: Flask) -> None:
    with everybody.app_context(), transaction():
        both = account("both@obie.example")
        assert organisation_for(both) is organisation_named("Klient")  # the first
        db.session.add(OrganisationDomain(domain="obie.example", organisation_id=organisation_named("Inny").id))
        assert organisation_for(both) is organisation_named("Inny")
        db.session.delete(db.session.scalars(select(Membership).where(Membership.account_id == both.id)).first())
        db.session.flush()
        db.session.expire_all()
        assert organisation_for(both) is organisation_named("Inny")
        assert organisation_for(account("obcy@nikt.example")) is None
