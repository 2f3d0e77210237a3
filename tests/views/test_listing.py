"""Pages of lists show what the access clause and the filters say, whichever ranges they are put together from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from flask import Flask
from sqlalchemy import ColumnElement, insert, select

from app.access import Standing, sees_ticket, tickets_of
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.field_column import order_of
from app.models.organisation import Organisation
from app.models.product_group import Level, ProductGroup
from app.models.ranges import Order
from app.models.ticket import Channel, Participant, Priority, State, Ticket
from app.views.listing import Page, keyset_page
from tests import people
from tests.fields.samples import a_field

FIRST_DAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
PEOPLE = [f"osoba{number}@klient.example" for number in range(6)]
COMPANIES = ["Klient", "Inny klient", "Trzeci klient"]
ROLES = ("customer", "customer", "customer", "consultant", "consultant", "auditor", "administrator")


@pytest.fixture
def tickets(context: None) -> list[Ticket]:
    """Many tickets that are alike in much, also in the times by which lists are sorted."""
    random = Random(7)
    with transaction():
        for email in PEOPLE:
            people.add_account(email)
        for name in COMPANIES:
            people.organisation_named(name)
        db.session.execute(insert(Ticket), [_row(random, number) for number in range(1, 161)])
        _let_in(random)
    return list(db.session.scalars(select(Ticket)))


def _row(random: Random, number: int) -> dict[str, object]:
    arrived_at = FIRST_DAY + timedelta(hours=random.randrange(40))
    return {
        "number": number,
        "subject": f"Zgłoszenie {number}",
        "status": random.choice(_ids(State.code)),
        "priority": random.choice(list(Priority)),
        "channel": Channel.MAIL,
        "product_group_id": random.choice(_ids(ProductGroup.id)),
        "requester_id": random.choice(_ids(Account.id)),
        "organisation_id": random.choice([None, *_ids(Organisation.id)]),
        "assignee_id": random.choice([None, *_ids(Account.id)]),
        "confidential": random.random() < 0.3,
        "arrived_at": arrived_at,
        "counts_as_received_at": arrived_at,
        "updated_at": arrived_at + timedelta(hours=random.randrange(5)),
    }


def _let_in(random: Random) -> None:
    for account_id in _ids(Account.id):
        for ticket_id in random.sample(_ids(Ticket.id), 9):
            db.session.add(Participant(account_id=account_id, ticket_id=ticket_id))


def _ids(column: ColumnElement[object]) -> list[object]:
    return list(db.session.scalars(select(column).order_by(column)))


@pytest.fixture(autouse=True)
def _no_visitor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists are read here for made-up standings, not for whoever is signed in."""
    monkeypatch.setattr("app.views.second_net.has_request_context", lambda: False)


def _some(random: Random, values: list[object]) -> frozenset[object]:
    return frozenset(random.sample(values, random.randrange(len(values) + 1)))


def _somebody(random: Random) -> Standing:
    groups, organisations = _ids(ProductGroup.id), _ids(Organisation.id)
    return Standing(
        account_id=random.choice(_ids(Account.id)),
        roles=frozenset({random.choice(ROLES)}),
        shared_organisations=_some(random, organisations),
        shared_groups=_some(random, [(place, group) for place in organisations for group in groups]),
        left_organisations=_some(random, organisations),
        levels=frozenset((group, random.choice(list(Level))) for group in _some(random, groups)),
    )


def _consultant(*groups: int) -> Standing:
    return Standing(1, frozenset({"consultant"}), levels=frozenset((group, Level.SEE) for group in groups))


def _filters(random: Random) -> list[ColumnElement[bool]]:
    """Some of what the lists can be narrowed by, none of it twice."""
    day = FIRST_DAY + timedelta(hours=random.randrange(40))
    known = [
        Ticket.status == random.choice(_ids(State.code)),
        Ticket.status.in_(_some(random, _ids(State.code))),
        Ticket.product_group_id == random.choice(_ids(ProductGroup.id)),
        Ticket.assignee_id == random.choice(_ids(Account.id)),
        Ticket.assignee_id.is_(None),
        Ticket.requester_id == random.choice(_ids(Account.id)),
        Ticket.organisation_id.in_(_some(random, _ids(Organisation.id))),
        Ticket.priority == random.choice(list(Priority)),
        Ticket.arrived_at >= day,
        Ticket.arrived_at < day + timedelta(hours=20),
    ]
    return random.sample(known, random.choice((0, 1, 1, 2, 2, 3)))


def _pages(app: Flask, address: str | None, link: str, **wanted: object) -> Iterator[Page]:
    """The pages from that address on, by their own links."""
    while address:
        with app.test_request_context(address):
            page = keyset_page(**wanted)
        yield page
        address = getattr(page, link)


@pytest.mark.parametrize("seed", range(40))
def test_all_pages_forwards_and_backwards_are_the_rows_of_the_plain_clause(
    app: Flask, tickets: list[Ticket], seed: int
) -> None:
    random = Random(seed)
    standing, filters = _somebody(random), _filters(random)
    column = random.choice((Ticket.updated_at, Ticket.arrived_at, Ticket.number, Ticket.id))
    order = Order(column, Ticket.id, descending=random.random() < 0.7)
    plain = select(Ticket.id).where(sees_ticket(standing), *filters).order_by(*order.by(order.columns))
    expected = list(db.session.scalars(plain))

    wanted = {"rows": tickets_of(standing).where(*filters), "order": order, "size": random.randrange(1, 12)}
    forwards = list(_pages(app, "/tickets/", "older_url", **wanted))
    assert [row.id for page in forwards for row in page.rows] == expected
    assert {page.count for page in forwards} == {len(expected)}

    last = next((page.newer_url for page in reversed(forwards)), None)
    backwards = list(_pages(app, last, "newer_url", **wanted))
    before_the_last = expected[: len(expected) - len(forwards[-1].rows)]
    assert [row.id for page in reversed(backwards) for row in page.rows] == before_the_last


def test_a_count_stops_at_its_limit(tickets: list[Ticket]) -> None:
    everybody = _consultant(*_ids(ProductGroup.id))
    assert db.session.scalar(select(tickets_of(everybody).count(50))) == 50
    assert db.session.scalar(select(tickets_of(everybody).count(1000))) == len(tickets)


def test_filters_that_exclude_each_other_find_nothing(tickets: list[Ticket]) -> None:
    group, other = _ids(ProductGroup.id)[:2]
    consultant = _consultant(group)
    rows = tickets_of(consultant).where(Ticket.product_group_id == other, Ticket.requester_id == 2**30)
    assert db.session.scalars(rows.read(Order(Ticket.number, Ticket.id), 10)).all() == []
    assert db.session.scalar(select(rows.count(10))) == 0


@pytest.mark.parametrize("cursor", ["nan~1", "-inf~1", "1e400~1", "%00~1", "%ED%A0%80~1"])
def test_a_cursor_that_no_row_can_stand_by_is_no_error(app: Flask, context: None, cursor: str) -> None:
    """By a number or a text of a field, on either database."""
    for kind in ("number", "text"):
        field = a_field(kind, "size", filterable=True)
        with app.test_request_context(f"/?after={cursor}"):
            assert not keyset_page(tickets_of(_consultant(1)), order_of(Ticket, field)).rows
