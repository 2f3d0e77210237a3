"""Every door holds to the same table: lists, pages, files, search, API; and what changes is true at once."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask_jwt_extended import create_access_token
from sqlalchemy import select

from app.extensions import db
from app.models.organisation import Sharing
from app.models.product_group import Assignment
from app.models.ticket import Participant, Ticket
from tests.access.conftest import (
    LETTER,
    NUMBERS,
    OUTSIDE,
    SEES,
    STAFF,
    account,
    everyone_but,
    first_file,
    membership,
    rows_of,
)
from tests.browsing import Visitor

Browser = Callable[[str], Visitor]
Change = Callable[[Callable[[], object]], None]


def numbers_on(page: str) -> set[int]:
    return {int(number) for number in re.findall(r"#(100\d)\b", page.partition("<main")[2])}


def bearer(app: Flask, email: str) -> dict[str, str]:
    with app.app_context():
        return {"Authorization": f"Bearer {create_access_token(identity=str(account(email).id))}"}


def status(browser: Visitor, path: str) -> int:
    with browser.get(path, follow_redirects=True) as answer:
        return answer.status_code


def test_lists_and_pages_agree(everybody: Flask, browser_of: Browser) -> None:
    for email in everyone_but(*OUTSIDE):
        browser = browser_of(email)
        assert numbers_on(browser.get("/tickets/").text) == SEES[email], email
        for number in NUMBERS:
            page = browser.get(f"/tickets/{number}", follow_redirects=True)
            sees = number in SEES[email]
            assert page.status_code == (200 if sees else 404)
            assert (f"ZQXBODY{LETTER[number]}" in page.text) == sees
            assert (f"ZQXNOTE{LETTER[number]}" in page.text) == (sees and email in STAFF)


def test_files_agree(everybody: Flask, browser_of: Browser) -> None:
    for email in everyone_but(*OUTSIDE):
        browser = browser_of(email)
        found = {file_id for file_id in range(1, 11) if status(browser, f"/attachments/{file_id}/x.txt") == 200}
        assert found == rows_of(email), email


def test_the_desks_grid_agrees(everybody: Flask, browser_of: Browser) -> None:
    for email in STAFF:
        assert numbers_on(browser_of(email).get("/desk/tickets/list/").text) == SEES[email]


def test_search_agrees(everybody: Flask, browser_of: Browser) -> None:
    for email in everyone_but(*OUTSIDE):
        browser = browser_of(email)
        answer = browser.get("/api/v1/search/?q=raport").json
        assert {hit["id"] + 1000 for hit in answer["result"]} == SEES[email]
        assert answer["count"] == sum(answer["facets"].get("status", {}).values()) == len(SEES[email])
        assert numbers_on(browser.get("/search?q=raport").text) == SEES[email]


def test_words_of_notes_are_found_by_the_desk_only(everybody: Flask, browser_of: Browser) -> None:
    for email in everyone_but(*OUTSIDE):
        browser = browser_of(email)
        for number in NUMBERS:
            answer = browser.get(f"/api/v1/search/?q=ZQXNOTE{LETTER[number]}").json
            hits = {hit["id"] + 1000 for hit in answer["result"]}
            if email in STAFF:  # words of one stem are found too, and the nearest where he sees none with the word
                assert (number in hits) == (number in SEES[email]), email
                assert hits <= SEES[email], email
            else:
                assert not hits, email


@pytest.mark.parametrize("resource", ["ticket", "message", "attachment"])
def test_the_api_agrees(everybody: Flask, resource: str) -> None:
    client = everybody.test_client()
    for email in everyone_but(*OUTSIDE):
        headers = bearer(everybody, email)
        wanted = {n - 1000 for n in SEES[email]} if resource == "ticket" else rows_of(email)
        answer = client.get(f"/api/v1/{resource}/?q=(page_size:100)", headers=headers).json
        statuses = {row: client.get(f"/api/v1/{resource}/{row}", headers=headers).status_code for row in range(1, 12)}
        assert set(answer["ids"]) == {row for row, code in statuses.items() if code == 200} == wanted, email
        assert answer["count"] == len(wanted)


DOORS = ("/tickets/", "/tickets/1001", "/tickets/new", "/attachments/1/x.txt")
DESK_DOORS = ("/desk/tickets/list/", "/desk/tickets/1001", "/desk/journal/list/")


def test_a_stranger_signs_in_first(everybody: Flask, client: Visitor) -> None:
    for path in (*DOORS, *DESK_DOORS, "/desk/", "/profile/"):
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer.location.startswith("/login?next=")


def test_who_only_translates_or_edits_has_no_door_to_tickets(everybody: Flask, browser_of: Browser) -> None:
    for email in OUTSIDE:
        browser = browser_of(email)
        assert {path: status(browser, path) for path in (*DOORS, *DESK_DOORS)} == dict.fromkeys(
            (*DOORS, *DESK_DOORS), 403
        )
        assert not numbers_on(browser.get("/search?q=raport").text)
        assert numbers_on(browser.get("/desk/", follow_redirects=True).text) == set()


def test_a_stranger_finds_no_ticket(everybody: Flask, client: Visitor) -> None:
    page = client.get("/search?q=raport")
    assert page.status_code == 200
    assert not numbers_on(page.text)


def shut_out(app: Flask, browser: Visitor, email: str, number: int) -> bool:
    """Whether every door says that there is no such ticket, though the search index knows nothing yet."""
    statuses = {
        status(browser, f"/tickets/{number}"),
        status(browser, f"/attachments/{first_file(number)}/x.txt"),
        app.test_client().get(f"/api/v1/ticket/{number - 1000}", headers=bearer(app, email)).status_code,
    }
    listed = numbers_on(browser.get("/tickets/").text) | numbers_on(browser.get("/search?q=raport").text)
    return statuses == {404} and number not in listed


CHANGES: dict[str, tuple[str, int, Callable[[], object]]] = {
    "leaves the organisation": (
        "piotr@klient.example",
        1001,
        lambda: db.session.delete(membership("piotr@klient.example")),
    ),
    "sees only his own now": (
        "piotr@klient.example",
        1001,
        lambda: setattr(membership("piotr@klient.example"), "sharing", Sharing.OWN),
    ),
    "it becomes confidential": (
        "piotr@klient.example",
        1001,
        lambda: setattr(db.session.get(Ticket, 1), "confidential", True),
    ),
    "it moves to another organisation": (
        "piotr@klient.example",
        1001,
        lambda: setattr(db.session.get(Ticket, 1), "organisation_id", membership("ewa@inny.example").organisation_id),
    ),
    "the guest is shown out": (
        "gosc@partner.example",
        1004,
        lambda: db.session.delete(db.session.scalars(select(Participant)).one()),
    ),
    "the consultant leaves the group": (
        "jan@pomoc.example",
        1001,
        lambda: db.session.delete(
            db.session.scalars(select(Assignment).where(Assignment.account_id == account("jan@pomoc.example").id)).one()
        ),
    ),
    "the ticket goes to another group": (
        "jan@pomoc.example",
        1001,
        lambda: setattr(db.session.get(Ticket, 1), "product_group_id", 3),
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_who_loses_his_right_is_outside_at_once(
    everybody: Flask, browser_of: Browser, change: Change, what: str
) -> None:
    email, number, act = CHANGES[what]
    browser = browser_of(email)
    assert not shut_out(everybody, browser, email, number)
    change(act)
    assert shut_out(everybody, browser, email, number)


def test_a_deactivated_account_is_signed_out_at_once(everybody: Flask, browser_of: Browser, change: Change) -> None:
    """Attack case O20."""
    browser = browser_of("anna@klient.example")
    headers = bearer(everybody, "anna@klient.example")
    change(lambda: setattr(account("anna@klient.example"), "active", False))
    assert browser.get("/tickets/1001").location.startswith("/login")
    answer = everybody.test_client().get("/api/v1/ticket/1", headers=headers)
    assert answer.status_code == 401
