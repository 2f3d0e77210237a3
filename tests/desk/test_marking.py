"""Tags, days to look again, ratings, and acts on many tickets that are undone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.desk import alarms, marking, tickets
from app.desk.marking import follow_up, rate, rating_of, set_tags, tags_of
from app.desk.undoing import ChangedSince, remembering, undo
from app.events.transaction import transaction
from app.extensions import db
from app.jobs.chores import RULES
from app.models.account import Account
from app.models.alarm import Alarm
from app.models.beside import Rating, Tag
from app.models.product_group import ProductGroup
from app.models.ticket import Ticket
from app.models.types import utc_now
from tests.desk.acts import after, opened, words


@pytest.fixture
def ticket(anna: Account, product_group: ProductGroup) -> Ticket:
    return opened(anna, product_group)


def test_tags_are_kept_once_in_lower_case(ticket: Ticket, ewa: Account) -> None:
    after(ticket, lambda ticket: set_tags(ticket, [" Faktury", "VAT  2026", "faktury", ""], by=ewa))
    assert tags_of(ticket) == ["faktury", "vat 2026"]
    after(ticket, lambda ticket: set_tags(ticket, ["vat 2026"], by=ewa))
    after(ticket, lambda ticket: set_tags(ticket, ["vat 2026"], by=ewa))
    assert tags_of(ticket) == ["vat 2026"]
    assert len(db.session.scalars(select(Tag)).all()) == 2
    assert [event.kind for event in ticket.events] == ["tagged", "tagged"]
    for wrong in (["x" * 41], [str(number) for number in range(21)]):
        with pytest.raises(marking.TooManyTags), transaction():
            set_tags(ticket, wrong, by=ewa)


def test_the_day_to_look_again_reminds_once_and_stays_until_the_end(ticket: Ticket, ewa: Account) -> None:
    day = (utc_now() + timedelta(days=10)).date()
    after(ticket, lambda ticket: follow_up(ticket, day, by=ewa))
    at = ticket.follow_up_at
    assert at is not None
    assert at.date() >= day
    assert alarms.ring(RULES, now=at - timedelta(seconds=1)) == 0
    assert alarms.ring(RULES, now=at) == 1
    db.session.expire_all()
    assert ticket.events[-1].kind == "follow_up_due"
    assert ticket.follow_up_at == at
    after(ticket, lambda ticket: tickets.resolve(ticket, by=ewa))
    assert ticket.follow_up_at is None
    assert "follow_up" not in db.session.scalars(select(Alarm.kind)).all()


@pytest.mark.parametrize("days", [-1, 5000])
def test_a_day_that_is_past_or_too_far_is_refused(ticket: Ticket, ewa: Account, days: int) -> None:
    with pytest.raises(marking.NotAhead), transaction():
        follow_up(ticket, (utc_now() + timedelta(days=days)).date(), by=ewa)


def test_a_rating_counts_once_and_changes_for_some_days(ticket: Ticket, anna: Account, ewa: Account) -> None:
    with pytest.raises(marking.NotRateable), transaction():
        rate(ticket, score="good", by=anna)
    after(ticket, lambda ticket: tickets.close(ticket, by=ewa))
    for score in ("good", "good", "bad"):
        after(ticket, lambda ticket, score=score: rate(ticket, score=score, comment="Długo.", by=anna))
    (rating,) = db.session.scalars(select(Rating)).all()
    assert (rating.score, rating.comment) == ("bad", "Długo.")
    assert [event.data for event in ticket.events if event.kind == "rated"] == [
        {"before": None, "after": "good"},
        {"before": "good", "after": "bad"},
    ]
    with pytest.raises(marking.NotRateable), transaction():
        rate(ticket, score="good", by=ewa)
    with pytest.raises(marking.UnknownScore), transaction():
        rate(ticket, score="11", by=anna)
    with transaction():
        rating.created_at = utc_now() - timedelta(days=8)
    with pytest.raises(marking.TooLateToRate), transaction():
        rate(ticket, score="good", by=anna)
    kept = rating_of(ticket)
    assert kept is not None
    assert kept.score == "bad"


def test_what_has_not_changed_since_is_undone(
    ticket: Ticket, anna: Account, ewa: Account, product_group: ProductGroup
) -> None:
    other, kept = opened(anna, product_group), []  # type: tuple[Ticket, list[dict[str, Any]]]
    act = remembering(lambda ticket: tickets.close(ticket, by=ewa), kept)
    for each in (ticket, other):
        after(each, act)
    after(ticket, lambda ticket: tickets.note(ticket, words(), by=ewa))
    after(other, lambda other: tickets.reopen(other, by=ewa))
    first, second = kept
    said = ["closed", "noted", "reopened"]
    assert after(ticket, lambda ticket: undo(ticket, first["before"], first["after"], by=ewa)) == ("new", said)
    assert ticket.closed_at is None
    with pytest.raises(ChangedSince), transaction():
        undo(other, second["before"], second["after"], by=ewa)
    assert other.status == "open"
