"""Search shows, counts and suggests nothing that the asker may not read, however late the index is."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.events.transaction import transaction
from app.extensions import db
from app.models.organisation import Membership, Sharing
from app.models.product_group import ProductGroup
from app.models.ticket import Participant
from tests.search.conftest import ANNA, KAROL, OLGA, PIOTR, STRANGER, Desk


@pytest.fixture
def secret(desk: Desk) -> Desk:
    desk.ticket("Zamówienie wiolonczeli", "Kontrabas i obój w piwnicy.")
    desk.note(1001, "Klient zalega z zapłatą za klarnet.")
    desk.index()
    return desk


@pytest.mark.parametrize(
    ("who", "sees"), [(ANNA, True), (PIOTR, True), (KAROL, True), (STRANGER, False), (OLGA, False)]
)
def test_who_finds_a_ticket(secret: Desk, who: str, sees: bool) -> None:
    answer = secret.ask("wiolonczela", who)
    assert [hit.ticket.number for hit in answer.hits] == [1001] * sees
    assert answer.count == int(sees)
    assert bool(answer.facets.get("status")) == sees


@pytest.mark.parametrize(("who", "sees"), [(ANNA, False), (PIOTR, False), (KAROL, True), (OLGA, False)])
def test_notes_are_found_by_the_desk_alone(secret: Desk, who: str, sees: bool) -> None:
    answer = secret.ask("klarnet", who)
    assert [hit.ticket.number for hit in answer.hits] == [1001] * sees


def test_a_note_shows_in_no_customers_excerpt(secret: Desk) -> None:
    hit = secret.ask("wiolonczela klarnet", ANNA).hits[0]
    assert "klarnet" not in "".join(text for text, _matched in hit.excerpt)


@pytest.mark.parametrize("who", [STRANGER, OLGA])
def test_no_word_is_suggested_from_what_is_closed(secret: Desk, who: str) -> None:
    assert secret.ask("wiolonczelo", who).suggestion is None
    assert secret.ask("kontrabass", who).suggestion is None
    assert secret.ask("knotrabsa", who).suggestion is None
    assert secret.ask("kontrabass", ANNA).suggestion == secret.ask("knotrabsa", ANNA).suggestion == "kontrabas"


def test_no_customer_is_suggested_a_word_of_a_note(secret: Desk) -> None:
    assert secret.ask("klarnett", ANNA).suggestion is None


def test_a_confidential_ticket_is_its_requesters(secret: Desk) -> None:
    secret.change(1001, confidential=True)
    assert secret.numbers("wiolonczela", PIOTR) == []  # though the index does not know it yet
    assert secret.ask("wiolonczela", PIOTR).count == 0
    assert secret.ask("wiolonczela", PIOTR).facets == {}
    assert secret.numbers("wiolonczela", ANNA) == [1001]


def test_a_moved_ticket_leaves_its_consultants_at_once(secret: Desk) -> None:
    targit = db.session.scalars(select(ProductGroup.id).where(ProductGroup.name == "TARGIT")).one()
    secret.change(1001, product_group_id=targit)
    assert secret.numbers("wiolonczela", KAROL) == []
    assert secret.numbers("1001", KAROL) == []


def test_who_no_longer_shares_finds_nothing(secret: Desk) -> None:
    with transaction():
        member = db.session.scalars(select(Membership).where(Membership.account_id == secret.ids[PIOTR])).one()
        member.sharing = Sharing.OWN
    assert secret.numbers("wiolonczela", PIOTR) == []


def test_who_was_let_in_finds_it(secret: Desk) -> None:
    with transaction():
        db.session.add(Participant(ticket_id=1, account_id=secret.ids[STRANGER]))
    secret.note(1001, "Dopuszczono.")
    secret.index()
    assert secret.numbers("wiolonczela", STRANGER) == [1001]
    assert secret.numbers("klarnet", STRANGER) == []


@pytest.mark.parametrize(
    "typed", ["internal:klarnet", "access:group", "klarnet*", '"zapłatą za klarnet"', "-nic klarnet"]
)
def test_no_syntax_opens_a_note(secret: Desk, typed: str) -> None:
    assert secret.numbers(typed, ANNA) == []
