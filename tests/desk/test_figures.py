"""The desk in numbers: of what one may see, in days of a zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from app.access import standing_of
from app.desk import figures as module
from app.desk import tickets
from app.desk.figures import Figures, figures, satisfied
from app.desk.marking import rate
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.level import Term
from app.models.product_group import ProductGroup
from app.models.ticket import Ticket
from tests.desk.acts import opened, words
from tests.people import group_named

DAY = date(2026, 11, 10)
NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
WARSAW = "Europe/Warsaw"


def of(account: Account, first: date = DAY, last: date = DAY, zone: str = WARSAW) -> Figures:
    return figures(standing_of(db.session(), account), first, last, zone)


def came(anna: Account, group: ProductGroup, at: datetime, **values: object) -> Ticket:
    ticket = opened(anna, group, arrived_at=at)
    with transaction():
        for name, value in values.items():
            setattr(ticket, name, value)
    return ticket


def test_a_day_is_that_of_the_zone(anna: Account, people: dict[str, Account], product_group: ProductGroup) -> None:
    late = datetime(2026, 11, 10, 23, 30, tzinfo=UTC)  # the 11th in Warsaw
    came(anna, product_group, late)
    assert of(people["ewa"], DAY, DAY + timedelta(days=1)).days == {DAY: (0, 0), DAY + timedelta(days=1): (1, 0)}
    assert of(people["ewa"], zone="UTC").days == {DAY: (1, 0)}


def test_the_first_day_may_begin_within_an_hour(
    anna: Account, people: dict[str, Account], product_group: ProductGroup
) -> None:
    came(anna, product_group, datetime(2026, 11, 9, 18, 45, tzinfo=UTC))  # 00:15 of the 10th in India
    assert of(people["ewa"], zone="Asia/Kolkata").days == {DAY: (1, 0)}


def test_what_came_and_what_was_solved(anna: Account, people: dict[str, Account], product_group: ProductGroup) -> None:
    came(anna, product_group, NOON)
    came(anna, product_group, NOON - timedelta(days=40), resolved_at=NOON, status="resolved")
    found = of(people["ewa"])
    assert found.days[DAY] == (1, 1)
    assert (found.whole.came, found.whole.solved, found.whole.open) == (1, 1, 1)
    assert found.groups[product_group.id].came == 1


def test_open_tickets_by_age_and_by_who_answers(
    anna: Account, people: dict[str, Account], product_group: ProductGroup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "utc_now", lambda: NOON)
    for days in (0, 2, 5, 20, 300):
        came(anna, product_group, NOON - timedelta(days=days, hours=1), assignee_id=people["ewa"].id if days else None)
    found = of(people["ewa"])
    assert found.ages == [1, 1, 1, 1, 1]
    assert {key: line.open for key, line in found.consultants.items()} == {None: 1, people["ewa"].id: 4}


def test_promises_kept_missed_and_owed(
    anna: Account, people: dict[str, Account], product_group: ProductGroup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "utc_now", lambda: NOON + timedelta(hours=5))
    hour = timedelta(hours=1)
    for met, due in ((1, 4), (2, 4), (6, 4), (None, 4), (None, 90)):
        ticket = came(anna, product_group, NOON)
        with transaction():
            for term in ticket.terms:
                db.session.delete(term)
            at = None if met is None else NOON + met * hour
            term = Term(kind="first", level="x", minutes=240, starts_at=NOON, due_at=NOON + due * hour, met_at=at)
            ticket.terms = [term]
    first = of(people["ewa"]).whole.promises["first"]
    assert (first.kept, first.late, first.owed, first.percent) == (2, 2, 1, 50)
    assert first.typical == 2 * hour
    assert of(people["ewa"]).whole.promises["solution"].percent is None


def test_what_customers_say(anna: Account, people: dict[str, Account], product_group: ProductGroup) -> None:
    today = datetime.now(UTC)
    for score in ("good", "good", "bad"):
        ticket = came(anna, product_group, today, status="resolved", resolved_at=today)
        with transaction():
            rate(ticket, score=score, comment="", by=anna)
    found = of(people["ewa"], today.date(), today.date(), "UTC")
    assert satisfied(found.whole.scores) == satisfied(found.groups[product_group.id].scores) == 67
    assert satisfied(of(people["ewa"]).whole.scores) is None


def test_each_sees_the_figures_of_what_he_sees(
    anna: Account, people: dict[str, Account], product_group: ProductGroup
) -> None:
    """Attack case O17: no count of others' tickets."""
    came(anna, product_group, NOON)
    came(anna, group_named("TARGIT"), NOON)
    assert {name: of(people[name]).whole.came for name in ("ewa", "ola", "adam", "audyt")} == {
        "ewa": 1, "ola": 1, "adam": 2, "audyt": 2,
    }  # fmt: skip
    with transaction():
        tickets.note(db.session.get_one(Ticket, 1), words(), by=people["ewa"])
    assert set(of(people["ola"]).groups) == {group_named("TARGIT").id}
