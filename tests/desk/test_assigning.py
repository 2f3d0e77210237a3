"""Whose ticket it is, and how urgent."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from app.desk import errors, tickets
from app.desk.absences import end_absence, set_absence
from app.events.transaction import transaction
from app.models.account import Account
from app.models.product_group import ProductGroup
from app.models.ticket import Priority
from tests.desk.acts import act_of, after, opened, words

TODAY = datetime.now(ZoneInfo("Europe/Warsaw")).date()


def test_who_answers_first_takes_the_ticket(
    anna: Account, people: dict[str, Account], product_group: ProductGroup
) -> None:
    ticket = opened(anna, product_group)
    after(ticket, lambda ticket: tickets.answer(ticket, words(), by=people["ewa"]))
    after(ticket, lambda ticket: tickets.answer(ticket, words(), by=people["jan"]))
    assert ticket.assignee is people["ewa"]


@pytest.mark.parametrize("who", ["anna", "ola", "audyt"])
def test_only_consultants_of_the_group_can_be_given_a_ticket(
    who: str, anna: Account, people: dict[str, Account], product_group: ProductGroup
) -> None:
    ticket = opened(anna, product_group)
    with pytest.raises(errors.NotAConsultant), transaction():
        tickets.assign(ticket, to=people[who], by=people["ewa"])
    assert ticket.assignee is None


def test_an_administrator_can_be_given_any_ticket(
    anna: Account, people: dict[str, Account], product_group: ProductGroup
) -> None:
    ticket = opened(anna, product_group)
    after(ticket, lambda ticket: tickets.assign(ticket, to=people["adam"], by=people["adam"]))
    assert ticket.assignee is people["adam"]


@pytest.mark.parametrize(("column", "value"), [("active", False), ("confirmed_at", None)])
def test_a_consultant_who_cannot_sign_in_is_given_nothing(
    column: str, value: object, anna: Account, people: dict[str, Account], product_group: ProductGroup
) -> None:
    ticket = opened(anna, product_group)
    with transaction():
        setattr(people["jan"], column, value)
    with pytest.raises(errors.NotAConsultant), transaction():
        tickets.assign(ticket, to=people["jan"], by=people["ewa"])


def test_a_ticket_goes_from_hand_to_hand_and_to_nobody(
    anna: Account, people: dict[str, Account], product_group: ProductGroup
) -> None:
    ewa, jan, ticket = people["ewa"], people["jan"], opened(anna, product_group)
    for to in (ewa, ewa, jan, None):
        after(ticket, lambda ticket, to=to: tickets.assign(ticket, to=to, by=ewa))  # type: ignore[misc]
    changes = [(event.data["before"], event.data["after"]) for event in ticket.events]
    assert changes == [(None, ewa.id), (ewa.id, jan.id), (jan.id, None)]


def test_a_priority_is_one_of_four(anna: Account, ewa: Account, product_group: ProductGroup) -> None:
    ticket = opened(anna, product_group)
    for priority in Priority:
        after(ticket, lambda ticket, to=priority: tickets.set_priority(ticket, to=to, by=ewa))  # type: ignore[misc]
    assert [event.data["after"] for event in ticket.events] == ["low", "normal", "high", "urgent"]
    with pytest.raises(errors.UnknownPriority), transaction():
        tickets.set_priority(ticket, to="now", by=ewa)


@pytest.mark.parametrize("name", ["reply", "answer", "note", "automatic letter"])
def test_nothing_written_is_refused(name: str, anna: Account, ewa: Account, product_group: ProductGroup) -> None:
    ticket = opened(anna, product_group)
    with pytest.raises(errors.NothingWritten), transaction():
        act_of(name, anna, ewa, text=" \n")(ticket)


def three(anna: Account, product_group: ProductGroup, way: str) -> list[str]:
    """Who is given each of three new tickets."""
    with transaction():
        product_group.assigning = way
    given = [opened(anna, product_group).assignee for _each in range(3)]
    return [account.email.partition("@")[0] if account else "" for account in given]


@pytest.mark.parametrize(("way", "expected"), [("hand", ["", "", ""]), ("turns", ["ewa", "jan", "ewa"])])
def test_new_tickets_go_to_consultants_in_turn_where_the_group_wants_it(
    way: str, expected: list[str], anna: Account, product_group: ProductGroup
) -> None:
    assert three(anna, product_group, way) == expected


def test_they_go_to_whoever_has_the_fewest_open_ones(
    anna: Account, people: dict[str, Account], product_group: ProductGroup
) -> None:
    for number, state in enumerate(("open", "waiting_customer", "closed")):
        busy = people["ewa"] if number < 2 else people["jan"]
        ticket = opened(anna, product_group, state=state)
        after(ticket, lambda ticket, busy=busy: tickets.assign(ticket, to=busy, by=busy))
    assert three(anna, product_group, "load") == ["jan", "jan", "ewa"]


def test_who_is_away_or_cannot_sign_in_is_given_none(
    anna: Account, people: dict[str, Account], product_group: ProductGroup
) -> None:
    with transaction():
        set_absence(people["ewa"], TODAY, TODAY, substitute=None, zone="Europe/Warsaw")
    assert three(anna, product_group, "turns") == ["jan", "jan", "jan"]
    with transaction():
        people["jan"].active = False
    assert three(anna, product_group, "turns") == ["", "", ""]
    with transaction():
        end_absence(people["ewa"].id)
    assert three(anna, product_group, "turns") == ["ewa", "ewa", "ewa"]
