"""What is resolved closes by itself after some business days, and a late reply begins a new ticket."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.desk import alarms, ends, errors, tickets
from app.desk.ends import Ends, set_ends
from app.events.transaction import transaction
from app.extensions import db
from app.jobs.chores import RULES
from app.models.account import Account
from app.models.alarm import Alarm
from app.models.product_group import ProductGroup
from app.models.ticket import Ticket
from app.models.ticket_link import TicketLink
from app.models.types import utc_now
from tests.desk.acts import after, opened, words

FRIDAY = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)  # 13:00 in Warsaw


@pytest.fixture
def ticket(anna: Account, ewa: Account, product_group: ProductGroup) -> Ticket:
    """Resolved, on Friday at 13:00."""
    made = opened(anna, product_group)
    after(made, lambda ticket: tickets.resolve(ticket, by=ewa))
    with transaction():
        ends.begin_closing(made, FRIDAY)
    return made


def due() -> list[tuple[str, datetime]]:
    rows = db.session.scalars(select(Alarm).order_by(Alarm.due_at))
    return [(row.kind, row.due_at) for row in rows]


def test_it_is_reminded_of_and_closes_by_its_calendar(ticket: Ticket) -> None:
    thursday, friday = datetime(2026, 12, 3, 16, tzinfo=UTC), datetime(2026, 12, 4, 16, tzinfo=UTC)
    assert due() == [("closes_soon", thursday), ("close", friday)]
    assert alarms.ring(RULES, now=thursday - timedelta(seconds=1)) == 0
    assert alarms.ring(RULES, now=thursday) == 1
    assert (ticket.status, ticket.events[-1].kind) == ("resolved", "closes_soon")
    assert alarms.ring(RULES, now=friday) == 1
    db.session.expire_all()
    assert (ticket.status, ticket.events[-1].kind, ticket.events[-1].actor_id) == ("closed", "closed", None)
    assert due() == []


def test_who_writes_or_reopens_stops_it(ticket: Ticket, anna: Account) -> None:
    after(ticket, lambda ticket: tickets.customer_reply(ticket, words(), by=anna))
    assert due() == []


def test_who_accepts_ends_it_at_once(ticket: Ticket, anna: Account) -> None:
    assert after(ticket, lambda ticket: tickets.accept(ticket, by=anna))[0] == "closed"
    assert ticket.events[-1].data["accepted"] is True
    assert due() == []
    with pytest.raises(errors.NotResolved), transaction():
        tickets.accept(ticket, by=anna)


def test_an_alarm_that_fails_holds_up_no_other(
    ticket: Ticket, anna: Account, ewa: Account, product_group: ProductGroup
) -> None:
    other = opened(anna, product_group)
    with transaction():
        alarms.set_alarm(other, "broken", FRIDAY - timedelta(days=1))
    assert alarms.ring({**RULES, "broken": lambda _ticket: 1 / 0}, now=FRIDAY + timedelta(days=30)) == 2  # type: ignore[dict-item, return-value]
    assert [kind for kind, _at in due()] == ["broken"]
    db.session.expire_all()
    assert ticket.status == "closed"


def test_the_choices_are_the_administrators(anna: Account, ewa: Account, product_group: ProductGroup) -> None:
    with transaction():
        set_ends(Ends(close_days=0))
    assert ends.ends() == Ends(close_days=0)
    ticket = opened(anna, product_group)
    after(ticket, lambda ticket: tickets.resolve(ticket, by=ewa))
    assert due() == []


@pytest.mark.parametrize(("days", "is_new"), [(13, False), (15, True)])
def test_a_late_reply_begins_a_new_ticket(
    days: int, is_new: bool, ticket: Ticket, anna: Account, people: dict[str, Account]
) -> None:
    after(ticket, lambda ticket: tickets.close(ticket, by=anna))
    with transaction():
        ticket.closed_at = utc_now() - timedelta(days=days)
        ticket.confidential = True
    with transaction():
        message = tickets.customer_reply(ticket, words("Znowu pusto."), by=anna)
    db.session.expire_all()
    assert (message.ticket is not ticket) == is_new
    assert ticket.status == ("closed" if is_new else "open")
    links = db.session.scalars(select(TicketLink)).all()
    assert len(links) == is_new
    if is_new:
        new = message.ticket
        assert (new.status, new.subject, new.confidential) == ("new", ticket.subject, True)
        assert (new.organisation_id, new.requester_id) == (ticket.organisation_id, anna.id)
        assert [event.kind for event in new.events] == ["opened", "linked"]
        assert ticket.events[-1].kind == "linked"
