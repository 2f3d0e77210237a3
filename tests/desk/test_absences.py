"""Absences: whole days of a zone, one at a time, with somebody who stands in."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from app.desk import absences
from app.desk.absences import BadDays, NoSubstitute, away, end_absence, set_absence, stood_in_for
from app.events.transaction import transaction
from app.extensions import db
from app.models.absence import Absence
from app.models.account import Account

NOW = datetime(2027, 3, 27, 22, 59, 59, tzinfo=UTC)  # a second before the day of summer time in Poland
WARSAW = "Europe/Warsaw"


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(absences, "utc_now", lambda: NOW)


def test_both_days_are_whole_days_of_the_zone(at: None, ewa: Account, people: dict[str, Account]) -> None:
    with transaction():
        set_absence(ewa, date(2027, 3, 28), date(2027, 3, 28), substitute=people["jan"], zone=WARSAW)
    assert away([ewa.id]) == {}
    row = db.session.get_one(Absence, ewa.id)
    assert (row.starts_at, row.ends_at) == (NOW + timedelta(seconds=1), NOW + timedelta(hours=23, seconds=1))


def test_who_stands_in_does_so_while_it_lasts(
    at: None, ewa: Account, people: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    jan = people["jan"]
    with transaction():
        set_absence(ewa, date(2027, 3, 27), date(2027, 3, 27), substitute=jan, zone=WARSAW)
    assert away([ewa.id, jan.id])[ewa.id].substitute is jan
    assert db.session.scalars(stood_in_for(jan.id)).all() == [ewa.id]
    monkeypatch.setattr(absences, "utc_now", lambda: NOW + timedelta(seconds=1))
    assert away([ewa.id]) == {}
    assert db.session.scalars(stood_in_for(jan.id)).all() == []


def test_a_new_one_takes_the_place_of_the_old(at: None, ewa: Account) -> None:
    for day in (date(2027, 3, 27), date(2027, 4, 1)):
        with transaction():
            set_absence(ewa, day, day, substitute=None, zone=WARSAW)
    assert away([ewa.id]) == {}
    with transaction():
        end_absence(ewa.id)
        end_absence(ewa.id)
    assert db.session.query(Absence).count() == 0


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2027, 4, 2), date(2027, 4, 1)),
        (date(2027, 3, 20), date(2027, 3, 26)),  # it is over
        (date(2027, 4, 1), date(2028, 4, 2)),
        (date(2027, 4, 1), date.max),
    ],
)
def test_days_that_cannot_be_are_refused(at: None, ewa: Account, first: date, last: date) -> None:
    with pytest.raises(BadDays), transaction():
        set_absence(ewa, first, last, substitute=None, zone=WARSAW)


@pytest.mark.parametrize("who", ["ewa", "anna", "audyt"])
def test_only_another_consultant_stands_in(at: None, ewa: Account, people: dict[str, Account], who: str) -> None:
    with pytest.raises(NoSubstitute), transaction():
        set_absence(ewa, date(2027, 4, 1), date(2027, 4, 1), substitute=people[who], zone=WARSAW)
