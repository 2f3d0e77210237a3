"""Every kind of account before every door and every kind of row: each answer is what app/access says.

Doors are found in the application itself (app.url_map). The acts are performed in full, but nothing is kept of them,
so that every cell of the matrix meets the same world.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask, url_for
from sqlalchemy import event, select
from werkzeug.routing import Rule as Route
from werkzeug.test import TestResponse

import config
from app.access import Standing, standing_of
from app.accounts import invitations
from app.accounts.membership import leave
from app.content import entries
from app.content.entries import Words
from app.content.publishing import publish
from app.desk.incoming_calls import keep_call, read_call
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account, AccountSession, Role
from app.models.call import Call
from app.models.entry import Entry, Variant
from app.models.event import Event
from app.models.invitation import Invitation
from app.models.journal import JournalEntry
from app.models.mailbox import Mailbox
from app.models.organisation import Membership, Organisation, Sharing
from app.models.product_group import CalendarRecord, ProductGroup
from app.models.saved_view import SavedView, SharedWith
from app.models.ticket import Attachment, Message, Ticket
from tests import people
from tests.access.conftest import SEES, account, add_ticket, membership
from tests.access.doors import DOORS, FIRST, NOBODY_ASKS, ROW, Door, Rule, routes
from tests.access.test_every_door import Browser, bearer
from tests.browsing import Visitor
from tests.mail.letters import arrive, letter
from tests.people import PASSWORD
from tests.security.conftest import key_of

KINDS: dict[str, Any] = {
    "ticket": Ticket, "number": Ticket, "message": Message, "attachment": Attachment, "event": Event, "call": Call,
    "journal": JournalEntry, "account": Account, "organisation": Organisation, "invitation": Invitation,
    "membership": Membership, "product_group": ProductGroup, "mailbox": Mailbox, "calendar": CalendarRecord,
    "entry": Entry,
    "role": Role,
    "text": Variant,
    "view": SavedView,
}  # fmt: skip
STRANGER, LEAVER, SHUT = "", "dawny@klient.example", "zamkniety@klient.example"
NEWCOMER, MAIL_ONLY = "nowy@klient.example", "listonosz@poczta.example"  # they cannot sign in, and that is tried
WHOLE = bool(os.environ.get("BILETY_WHOLE_MATRIX"))
PARTS = 4  # each runs in a process of its own
OUTSIDE_ALL = (STRANGER, SHUT)
BY_COOKIE_TOO = ("/api/v1/search/", "/api/v1/_openapi")  # what pages of ours ask for, and only read
REFUSED, FOUND = (401, 403, 404), (200, 302, 303, 422)
Cell = tuple["Somebody", int, tuple[int, ...]]


@pytest.fixture
def house(everybody: Flask, settings: config.Settings, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The people and tickets of all these tests, and every other kind of row."""
    with everybody.app_context(), transaction():
        people.add_account(LEAVER, organisation="Klient")
        add_ticket(everybody, 1006, LEAVER, "DYNAMICS", False)
        leave(membership(LEAVER), by=account("marek@klient.example"))
        people.add_account(NEWCOMER, organisation="Klient", password=PASSWORD).confirmed_at = None
        people.add_account(SHUT, organisation="Klient").active = False
        for digits in ("31", "33", "39"):
            keep_call(read_call({"call_id": digits, "caller": "501234567", "digits": digits}))
        for name, company in (("ola", "Klient"), ("ula", "Inny"), ("iza", None)):
            invitations.invite_address(
                f"{name}@gdzies.example",
                by=account("adam@pomoc.example"),
                name="",
                locale="pl",
                organisation=people.organisation_named(company) if company else None,
                sharing=Sharing.ORGANISATION,
            )
        for author in ("jan", "ed"):
            words = Words(f"Tekst {author}", slug=f"tekst-{author}")
            publish(entries.add_entry("article", "pl", words, by=account(f"{author}@pomoc.example")).source, seen=1)
        for shared_with in SharedWith:
            group_id = people.group_named("DYNAMICS").id if shared_with == SharedWith.GROUP else None
            owner = account("jan@pomoc.example").id
            view = SavedView(owner_id=owner, name="Widok", query="state=new", shared_with=shared_with)
            view.product_group_id = group_id
            db.session.add(view)
    for box in ("PomocDYNAMICS", "PomocTARGIT"):
        arrive(
            everybody,
            settings,
            letter(to=f"{box}@pomoc.example", sender="x@y.example"),
            recipient=f"{box}@pomoc.example",
        )
    monkeypatch.setitem(everybody.config, "WTF_CSRF_ENABLED", False)  # of forged forms tell tests/security
    return everybody


@dataclass(frozen=True)
class Somebody:
    """An account before the doors, by browser, token and key, and what the rules know of it."""

    email: str
    browser: Visitor
    programs: tuple[dict[str, str], ...]  # how each of its programs says who it is: by token, by key
    standing: Standing | None
    said: dict[tuple[Rule, int], bool] = field(default_factory=dict)

    @property
    def roles(self) -> frozenset[str]:
        return self.standing.roles if self.standing else frozenset()

    def open(self, door: Door, method: str, path: str, row: int) -> TestResponse:
        meant = {ROW: row, FIRST: 2 * row - 1}
        body = {name: meant.get(value, value) if isinstance(value, str) else value for name, value in door.body.items()}
        if path.startswith("/api/"):
            sent = {} if method == "GET" else {"json": body}
            ways = (*self.programs, None) if path.startswith(BY_COOKIE_TOO) else self.programs
            way = ways[(row + len(path) + len(self.email)) % len(ways)]
            if way is None:
                return self.browser.open(path, method=method, **sent)
            return self.browser.application.test_client().open(path, method=method, headers=way, **sent)
        answer = self.browser.open(path, method=method, data={"sent": "1", **body} if method != "GET" else None)
        if method == "GET" and answer.status_code == 302 and answer.location.startswith("/desk/tickets/"):
            return self.browser.get(answer.location)  # where the desk sees the ticket
        return answer


def somebodies(app: Flask, browser_of: Browser) -> list[Somebody]:
    found = [Somebody(STRANGER, Visitor(app), ({},), None)]
    for email in (*(email for email in SEES if email != MAIL_ONLY), LEAVER, SHUT):
        with app.app_context():
            standing = standing_of(db.session(), account(email))
        programs = (bearer(app, email), {"Authorization": f"Bearer {key_of(app, email)}"})
        found.append(Somebody(email, browser_of(email), programs, None if email in OUTSIDE_ALL else standing))
    return found


def rows(app: Flask) -> dict[str, list[int]]:
    """Every row of every kind."""
    with app.app_context():
        found = {name: list(db.session.scalars(select(kind.id).order_by(kind.id))) for name, kind in KINDS.items()}
        found["session"] = list(db.session.scalars(select(AccountSession.id)))
    return {**found, "": [0], "setting": [1], "nothing": [0], "key": [1]}


def path_of(app: Flask, route: Route, door: Door, row: int) -> str:
    """The address of the door for that row."""
    named = {name: door.names.get(name, row + 1000 if door.rows == "number" else row) for name in route.arguments}
    if route.endpoint.startswith("ReceiptView."):
        with app.app_context():
            named = {"number": db.session.get_one(Message, row).ticket.number, "message_id": row}
    with app.test_request_context():
        return url_for(route.endpoint, **named)


def expected(app: Flask, door: Door, who: Somebody, row: int) -> tuple[int, ...]:
    """The answers that agree with app/access: of one who is let in only that he is not refused."""
    if door.who == NOBODY_ASKS:
        return ()
    if who.standing is None:
        return (302, 401)
    roles = who.standing.roles
    if not door.who & roles:
        return (302, 403)  # Flask-AppBuilder's own pages lead to the sign-in page
    if door.rows in ("setting", "key"):
        return (*FOUND, 404)  # rows that this world may not have
    if door.rule is None:
        return ()
    if _says(app, door.rule, who, row):
        return ()
    return (403,) if door.seen is not None and _says(app, door.seen, who, row) else (404,)


def _says(app: Flask, rule: Rule, who: Somebody, row: int) -> bool:
    """What the rule says, asked once: nothing changes in this world."""
    if (rule, row) not in who.said:
        assert who.standing is not None
        with app.app_context():
            who.said[rule, row] = rule(db.session(), who.standing, row)
    return who.said[rule, row]


def agrees(answer: TestResponse, wanted: tuple[int, ...]) -> bool:
    to_sign_in = answer.status_code == 302 and "/login" in answer.location
    if not wanted:
        return answer.status_code < 500 and answer.status_code not in REFUSED and not to_sign_in
    return answer.status_code in wanted and (answer.status_code != 302 or to_sign_in or 200 in wanted)


def cells(app: Flask, door: Door, whole: Sequence[int], everyone: Sequence[Somebody], turn: int) -> Iterator[Cell]:
    """Who comes with which row, and the answers that agree with the rule.

    The whole matrix by BILETY_WHOLE_MATRIX=1. Else the rows of each expected answer take turns, and so do the accounts
    of a role: one of them where no row is asked about, every second one where one is.
    """
    first = turn % len(everyone)
    turned = [*everyone[first:], *everyone[:first]]
    pairs = {(who.roles, place // 2 if door.rule else 0): who for place, who in enumerate(turned)}
    comers = everyone if WHOLE else list(pairs.values())
    for place, who in enumerate(comers):
        by_answer: dict[tuple[int, ...], list[int]] = {}
        for row in whole:
            by_answer.setdefault(expected(app, door, who, row), []).append(row)
        for wanted, found in by_answer.items():
            for row in found if WHOLE else [found[(turn + place) % len(found)]]:
                yield who, row, wanted


def test_who_has_not_confirmed_or_only_writes_letters_gets_no_way_in(house: Flask) -> None:
    for email in (NEWCOMER, MAIL_ONLY, SHUT):
        browser = Visitor(house)
        browser.post("/login", data={"email": email, "password": PASSWORD})
        assert browser.get("/tickets/").location.startswith("/login"), email
        asked = {"username": email, "password": PASSWORD, "provider": "db"}
        assert browser.post("/api/v1/security/login", json=asked).status_code == 401, email


def test_an_administrator_with_a_customers_eyes_opens_what_she_opens(house: Flask, browser_of: Browser) -> None:
    browser, whole = browser_of("adam@pomoc.example"), rows(house)
    anna = next(who for who in somebodies(house, browser_of) if who.email == "anna@klient.example")
    assert anna.standing is not None
    assert browser.post(f"/desk/view-as/{anna.standing.account_id}").status_code == 303
    wrong = []
    for turn, (name, route) in enumerate(sorted(routes(house).items())):
        door, method = DOORS[name], name.partition(" ")[0]
        if door.who == NOBODY_ASKS or route.rule.startswith("/api/"):
            continue
        for _anna, row, wanted in cells(house, door, whole[door.rows], [anna], turn):
            is_private = method != "GET" or route.endpoint.startswith("KeysView.")
            with browser.open(path_of(house, route, door, row), method=method) as answer:
                if not agrees(answer, (403,) if is_private else wanted):
                    wrong.append(f"{name} {row}: {answer.status_code}, not {wanted}")
    assert not wrong, "\n".join(wrong)


@pytest.fixture
def owed(house: Flask) -> Iterator[list[str]]:
    """The statements, since the list was last emptied, that owe somebody a letter or any other effect."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith(("INSERT INTO outbox", "INSERT INTO letter", "INSERT INTO event")):
            seen.append(statement)

    with house.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def test_no_cookie_opens_the_api(house: Flask, browser_of: Browser) -> None:
    """A form of another site brings it along (attack case O32)."""
    browser = browser_of("adam@pomoc.example")
    asked = [name for name, route in routes(house).items() if route.rule.startswith("/api/v1/")]
    assert len(asked) > 50
    for name in asked:
        route, door, method = routes(house)[name], DOORS[name], name.partition(" ")[0]
        path = path_of(house, route, door, 1)
        if door.who != NOBODY_ASKS and not path.startswith(BY_COOKIE_TOO):
            sent = {} if method == "GET" else {"json": dict(door.body)}
            assert browser.open(path, method=method, **sent).status_code == 401, name


@pytest.mark.timeout(600)  # a thousand requests, on a machine that may be busy
@pytest.mark.parametrize("part", range(PARTS))
def test_every_door_agrees_with_the_rule(
    house: Flask, browser_of: Browser, owed: list[str], monkeypatch: pytest.MonkeyPatch, part: int
) -> None:
    """And nothing follows from what was refused: no letter is owed, nothing is told in a history (oracle R6)."""
    everyone, whole, wrong, count = somebodies(house, browser_of), rows(house), [], 0
    monkeypatch.setattr(db.session, "commit", db.session.flush)  # from here on nothing is kept
    for turn, (name, route) in enumerate(sorted(routes(house).items())):
        door, method = DOORS[name], name.partition(" ")[0]
        if door.who == NOBODY_ASKS or turn % PARTS != part:
            continue
        for who, row, wanted in cells(house, door, whole[door.rows], everyone, turn):
            count += 1
            owed.clear()
            with who.open(door, method, path_of(house, route, door, row), row) as answer:
                if not agrees(answer, wanted):
                    wrong.append(f"{name} {door.rows} {row} by {who.email}: {answer.status_code}, not {wanted}")
                if owed and (answer.status_code >= 400 or "/login" in (answer.location or "")):
                    wrong.append(f"{name} {door.rows} {row} by {who.email} was refused and owes {owed[0]}")
    assert not wrong, "\n".join(wrong)
    assert count > 1_500 / PARTS
