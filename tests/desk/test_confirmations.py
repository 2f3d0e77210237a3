"""A call is confirmed, reminded of, lapses and comes back: in every order (S6)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from app.desk import confirmations, tickets
from app.desk.alarms import cancel, due_of, ring, set_alarm
from app.desk.confirmations import Outcome
from app.desk.content import Contribution
from app.desk.errors import NothingToConfirm, OnlyTheCustomer
from app.desk.telephone import Telephone, set_telephone
from app.events.transaction import transaction
from app.extensions import db
from app.jobs.chores import RULES
from app.models.account import Account
from app.models.call import Confirmation, Way
from app.models.product_group import ProductGroup
from app.models.ticket import Channel, Ticket
from tests.desk.acts import words
from tests.mail.desk import notify, told

WARSAW = ZoneInfo("Europe/Warsaw")
FRIDAY = datetime(2030, 3, 1, 16, 50, tzinfo=WARSAW)


def called(anna: Account, ewa: Account, group: ProductGroup, at: datetime = FRIDAY) -> Ticket:
    with transaction():
        return tickets.open_ticket(
            requester=anna,
            product_group=group,
            subject="Drukarka",
            contribution=Contribution(text="Nie drukuje.", channel=Channel.TELEPHONE),
            by=ewa,
            arrived_at=at,
            to_be_confirmed=True,
        )


def confirmation_of(ticket: Ticket) -> Confirmation:
    assert ticket.confirmation is not None
    return ticket.confirmation


def pass_until(_ticket: Ticket, now: datetime) -> None:
    """The clock goes on, and the timetable looks at it."""
    ring(RULES, now=now)


def ring_at(ticket: Ticket, now: datetime) -> None:
    """The rule looks at the ticket if its alarm is due, in the caller's transaction."""
    due = alarm(ticket)
    if due is not None and due <= now:
        cancel(ticket, confirmations.MIND)
        confirmations.mind(ticket, now)


def alarm(ticket: Ticket) -> datetime | None:
    return due_of(ticket, confirmations.MIND)


@pytest.mark.parametrize(
    ("at", "due", "reminder"),
    [
        ("2030-03-01 16:50", "2030-03-04 17:00", "2030-03-04 13:00"),  # Friday: Monday, as S6 says
        ("2030-03-01 09:00", "2030-03-04 17:00", "2030-03-04 13:00"),
        ("2030-03-01 17:00", "2030-03-05 17:00", "2030-03-05 13:00"),  # counts as Monday's, so Tuesday
        ("2030-03-02 12:00", "2030-03-05 17:00", "2030-03-05 13:00"),
        ("2030-04-30 10:00", "2030-05-02 17:00", "2030-05-02 13:00"),  # over the 1st of May
        ("2030-03-29 16:59", "2030-04-01 17:00", "2030-04-01 13:00"),  # the clock is put forward between
    ],
)
def test_a_call_has_until_the_closing_of_the_next_business_day(
    anna: Account, ewa: Account, product_group: ProductGroup, at: str, due: str, reminder: str
) -> None:
    ticket = called(anna, ewa, product_group, datetime.fromisoformat(at).replace(tzinfo=WARSAW))
    kept = confirmation_of(ticket)
    assert ticket.status == "unconfirmed"
    assert f"{kept.due_at.astimezone(WARSAW):%Y-%m-%d %H:%M}" == due
    first = alarm(ticket)
    assert first is not None
    assert f"{first.astimezone(WARSAW):%Y-%m-%d %H:%M}" == reminder


def test_the_desk_chooses_days_and_reminder(anna: Account, ewa: Account, product_group: ProductGroup) -> None:
    with transaction():
        set_telephone(Telephone(confirm_days=2, remind_minutes=0))
    ticket = called(anna, ewa, product_group)
    assert confirmation_of(ticket).due_at == alarm(ticket) == datetime(2030, 3, 5, 17, tzinfo=WARSAW)


def test_a_call_that_is_written_down_late_has_its_time_from_then(
    anna: Account, ewa: Account, product_group: ProductGroup
) -> None:
    kept = confirmation_of(called(anna, ewa, product_group, datetime(2020, 3, 2, 10, tzinfo=UTC)))
    assert kept.due_at > datetime.now(UTC)


LIFE: dict[str, Callable[[Ticket, Account, Account], object]] = {
    "button": lambda ticket, anna, _ewa: confirmations.confirm(ticket, by=anna, way=Way.LETTER),
    "reply": lambda ticket, anna, _ewa: tickets.customer_reply(ticket, words("Tak, dzwoniłam."), by=anna),
    "stranger": lambda ticket, anna, _ewa: tickets.customer_reply(ticket, words("Tak!", verified=False), by=anna),
    "reminder": lambda ticket, _anna, _ewa: ring_at(ticket, confirmation_of(ticket).due_at - timedelta(hours=2)),
    "deadline": lambda ticket, _anna, _ewa: ring_at(ticket, confirmation_of(ticket).due_at),
}


def expected(order: tuple[str, ...]) -> tuple[str, list[str]]:
    """The state that the order of these acts leads to, and what is written down of the call's confirmation."""
    confirmed, lapsed, reminded, history = False, False, False, []
    for act in order:
        if act in ("button", "reply") and not confirmed:
            confirmed = True
            history.append("confirmed")
        elif act == "deadline" and not confirmed:
            lapsed = True
            history.append("lapsed")
        elif act == "reminder" and not (confirmed or lapsed or reminded):
            reminded = True
            history.append("reminded")
    return "new" if confirmed else "closed" if lapsed else "unconfirmed", history


@pytest.mark.parametrize("first", LIFE)
def test_the_life_of_a_call_in_every_order(
    anna: Account, ewa: Account, product_group: ProductGroup, first: str
) -> None:
    for length in range(5):
        for rest in permutations([act for act in LIFE if act != first], length):
            ticket = called(anna, ewa, product_group)
            for act in (first, *rest):
                with transaction():
                    LIFE[act](ticket, anna, ewa)
            written = [event.kind for event in ticket.events if event.kind in ("confirmed", "lapsed", "reminded")]
            assert (ticket.status, written) == expected((first, *rest)), (first, *rest)
            assert (ticket.closed_at is not None) == (ticket.status == "closed")
            assert sum(event.kind == "customer_replied" for event in ticket.events) == (first, *rest).count("reply") + (
                first,
                *rest,
            ).count("stranger")  # nothing that was recorded is lost


def test_twice_and_too_late_are_told_apart(anna: Account, ewa: Account, product_group: ProductGroup) -> None:
    ticket = called(anna, ewa, product_group)
    with transaction():
        assert confirmations.confirm(ticket, by=anna, way=Way.PORTAL) is Outcome.CONFIRMED
        assert confirmations.confirm(ticket, by=anna, way=Way.LETTER) is Outcome.ALREADY
    assert confirmation_of(ticket).way == "portal"
    late = called(anna, ewa, product_group)
    pass_until(late, confirmation_of(late).due_at)
    with transaction():
        assert confirmations.confirm(late, by=anna, way=Way.LETTER) is Outcome.REOPENED


def test_the_consultant_cannot_confirm_for_the_customer(
    anna: Account, ewa: Account, product_group: ProductGroup
) -> None:
    ticket = called(anna, ewa, product_group)
    with pytest.raises(OnlyTheCustomer), transaction():
        confirmations.confirm(ticket, by=ewa, way=Way.API)
    written = tickets.open_ticket  # a ticket that did not come by telephone has nothing to confirm
    with transaction():
        other = written(requester=anna, product_group=product_group, subject="x", contribution=words(), by=anna)
    with pytest.raises(NothingToConfirm), transaction():
        confirmations.confirm(other, by=anna, way=Way.API)


def test_what_a_consultant_took_up_or_ended_neither_lapses_nor_reminds(
    anna: Account, ewa: Account, product_group: ProductGroup
) -> None:
    ticket = called(anna, ewa, product_group)
    with transaction():
        tickets.move(ticket, to="open", by=ewa)
    pass_until(ticket, confirmation_of(ticket).due_at)
    assert (ticket.status, alarm(ticket)) == ("open", None)
    with transaction():
        assert confirmations.confirm(ticket, by=anna, way=Way.LETTER) is Outcome.CONFIRMED
    assert ticket.status == "open"


def test_a_reminder_waits_for_the_working_hours(anna: Account, ewa: Account, product_group: ProductGroup) -> None:
    """A worker that was away comes back at night: the reminder goes out in the morning."""
    with transaction():
        set_telephone(Telephone(confirm_days=3))
    ticket = called(anna, ewa, product_group)
    night = datetime(2030, 3, 5, 22, tzinfo=WARSAW)
    with transaction():
        set_alarm(ticket, confirmations.MIND, night - timedelta(hours=5))
    pass_until(ticket, night)
    assert confirmation_of(ticket).reminded_at is None
    assert alarm(ticket) == datetime(2030, 3, 6, 9, tzinfo=WARSAW)
    pass_until(ticket, datetime(2030, 3, 6, 9, tzinfo=WARSAW))
    assert alarm(ticket) == confirmation_of(ticket).due_at


def test_everybody_whom_it_concerns_hears_of_it_once(anna: Account, ewa: Account, product_group: ProductGroup) -> None:
    ticket = called(anna, ewa, product_group)
    due = confirmation_of(ticket).due_at
    doubt = words("Tak", verified=False)
    for act in (
        lambda: ring_at(ticket, due - timedelta(hours=1)),
        lambda: tickets.customer_reply(ticket, doubt, by=anna),
        lambda: ring_at(ticket, due),
        lambda: ring_at(ticket, due + timedelta(days=1)),
        lambda: confirmations.confirm(ticket, by=anna, way=Way.LETTER),
    ):
        notify()
        with transaction():
            act()
    notify()
    assert [template for reader, template in told() if reader == "anna@klient.example"] == [
        *("confirm_call", "confirm_reminder", "confirm_again", "call_lapsed"),
    ]
    assert [template for reader, template in told() if reader == "jan@pomoc.example"] == [
        *("new_ticket", "customer_replied", "call_lapsed_unconfirmed", "call_confirmed"),
    ]


def test_two_workers_let_a_call_lapse_once(
    app: Flask, anna: Account, ewa: Account, product_group: ProductGroup
) -> None:
    ticket = called(anna, ewa, product_group)
    due, ticket_id = confirmation_of(ticket).due_at, ticket.id
    db.session.remove()
    start = threading.Barrier(2)

    def work() -> None:
        with app.app_context():
            start.wait()
            ring(RULES, now=due)
            db.session.remove()

    workers = [threading.Thread(target=work) for _number in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    kinds = [event.kind for event in db.session.get_one(Ticket, ticket_id).events]
    assert kinds == ["opened", "lapsed"]
