"""Service levels: which one holds, what is frozen, how the clocks run, stand and end, and who hears of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from random import Random
from zoneinfo import ZoneInfo

import pytest
from flask_babel import force_locale
from sqlalchemy import select

from app.access import sees_event, standing_of
from app.calendar import clock
from app.calendar.preset import CWT
from app.desk import levels, tickets
from app.desk.alarms import due_of, ring
from app.desk.calendars import add_calendar
from app.desk.confirmations import confirm, mind
from app.desk.joining import merge
from app.events.transaction import transaction
from app.extensions import db
from app.jobs.chores import RULES
from app.models.account import Account
from app.models.call import Way
from app.models.event import Event
from app.models.level import ServiceLevel, Term
from app.models.product_group import Level as AssignedLevel
from app.models.product_group import ProductGroup
from app.models.ticket import Ticket
from app.views.promised import promised
from tests.desk.acts import words
from tests.mail.desk import letters, notify, told
from tests.mail.test_compose import composed, part
from tests.people import organisation_named

WARSAW = ZoneInfo("Europe/Warsaw")
FRIDAY = datetime(2030, 3, 1, 16, 30, tzinfo=WARSAW)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WARSAW)


@pytest.fixture(autouse=True)
def clockwork(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The instant at which the desk acts; a test sets it."""
    now = [FRIDAY]
    for module in (
        "app.desk.moves",
        "app.desk.levels",
        "app.desk.tickets",
        "app.desk.confirmations",
        "app.desk.joining",
    ):
        monkeypatch.setattr(f"{module}.utc_now", lambda: now[0].astimezone(UTC))
    return now


def promise(name: str = "Zwykły", **wanted: object) -> None:
    with transaction():
        values = {"first_minutes": 60, "next_minutes": 120, "solution_minutes": 480, **wanted}
        db.session.add(ServiceLevel(name=name, **values))


def opened(anna: Account, group: ProductGroup, **wanted: object) -> Ticket:
    values = {"subject": "Raport", "contribution": words(), "arrived_at": FRIDAY, **wanted}
    with transaction():
        return tickets.open_ticket(requester=anna, product_group=group, by=anna, **values)  # type: ignore[arg-type]


def owed(ticket: Ticket) -> dict[str, str | None]:
    db.session.expire_all()
    return {
        term.kind: f"{term.due_at.astimezone(WARSAW):%a %H:%M}" if term.due_at else None
        for term in levels.open_terms(ticket)
    }


def test_a_ticket_without_a_level_is_promised_nothing(anna: Account, product_group: ProductGroup) -> None:
    ticket = opened(anna, product_group)
    assert (ticket.terms, ticket.due_at, due_of(ticket, levels.MIND)) == ([], None, None)


def test_terms_run_in_working_time_from_when_the_ticket_counts_as_received(
    anna: Account, product_group: ProductGroup
) -> None:
    promise()
    ticket = opened(anna, product_group)
    assert owed(ticket) == {"first": "Mon 09:30", "solution": "Mon 16:30"}
    assert ticket.due_at == at("2030-03-04 09:30")
    late = opened(anna, product_group, arrived_at=at("2030-03-01 17:00"))
    assert owed(late) == {"first": "Mon 10:00", "solution": "Mon 17:00"}


def test_the_most_specific_level_holds(anna: Account, product_group: ProductGroup) -> None:
    klient = organisation_named("Klient")
    db.session.commit()
    expected = []
    for weight in range(8):
        organisation, group, urgent = weight & 4, weight & 2, weight & 1
        promise(
            f"Poziom {weight}",
            organisation_id=klient.id if organisation else None,
            product_group_id=product_group.id if group else None,
            priority="urgent" if urgent else None,
        )
        expected.append(f"Poziom {weight}")
        assert opened(anna, product_group, priority="urgent").terms[0].level == expected[-1]
    assert opened(anna, product_group, priority="low").terms[0].level == "Poziom 6"
    with transaction():
        for level in db.session.query(ServiceLevel).filter(ServiceLevel.organisation_id.is_not(None)):
            level.active = False
    assert opened(anna, product_group, priority="urgent").terms[0].level == "Poziom 3"


def test_what_was_promised_stays_when_the_level_changes(anna: Account, product_group: ProductGroup) -> None:
    promise()
    ticket = opened(anna, product_group)
    with transaction():
        level = db.session.query(ServiceLevel).one()
        level.first_minutes, level.name = 5, "Inny"
    assert owed(ticket)["first"] == "Mon 09:30"
    assert ticket.terms[0].level == "Zwykły"


def test_another_priority_freezes_open_terms_anew_and_says_so(
    anna: Account, ewa: Account, product_group: ProductGroup
) -> None:
    promise()
    promise("Pilny", priority="urgent", first_minutes=15, solution_minutes=None)
    ticket = opened(anna, product_group)
    with transaction():
        tickets.set_priority(ticket, to="urgent", by=ewa)
    assert owed(ticket) == {"first": "Fri 16:45"}
    changed = [event for event in ticket.events if event.kind == "terms_changed"]
    assert [event.data["after"] for event in changed] == [{"first": 15}]
    with transaction():
        tickets.set_priority(ticket, to="low", by=ewa)
    assert owed(ticket)["first"] == "Mon 09:30"


def test_the_clock_stands_while_the_customer_has_to_act(
    anna: Account, ewa: Account, product_group: ProductGroup, clockwork: list[datetime]
) -> None:
    promise()
    ticket = opened(anna, product_group, arrived_at=at("2030-03-04 09:00"))
    clockwork[0] = at("2030-03-04 10:00")
    with transaction():
        tickets.answer(ticket, words("Jaka wersja?"), by=ewa, arrived_at=clockwork[0], then="waiting_customer")
    assert owed(ticket) == {"solution": None}
    assert ticket.due_at is None
    clockwork[0] = at("2030-03-05 12:00")
    with transaction():
        tickets.customer_reply(ticket, words("Najnowsza."), by=anna, arrived_at=clockwork[0])
    assert owed(ticket) == {"next": "Tue 14:00", "solution": "Wed 11:00"}
    clockwork[0] = at("2030-03-05 13:00")
    with transaction():
        tickets.answer(ticket, words("Naprawione."), by=ewa, arrived_at=clockwork[0], then="resolved")
    db.session.expire_all()
    assert {term.kind: term.met_at is not None for term in ticket.terms} == dict.fromkeys(
        ("first", "solution", "next"), True
    )
    assert ticket.due_at is None
    clockwork[0] = at("2030-03-06 09:00")
    with transaction():
        tickets.reopen(ticket, by=anna)
    assert owed(ticket) == {"solution": "Wed 15:00"}  # two hours were used before the pause and one after it


def test_a_third_party_stops_the_clock_only_when_chosen(
    anna: Account, ewa: Account, product_group: ProductGroup
) -> None:
    promise()
    promise("Pilny", priority="urgent", pause_for_third_party=True)
    for priority, expected in (("normal", "Mon 16:30"), ("urgent", None)):
        ticket = opened(anna, product_group, priority=priority)
        with transaction():
            tickets.move(ticket, to="waiting_third_party", by=ewa)
        assert owed(ticket)["solution"] == expected


def test_a_call_is_promised_something_once_it_is_confirmed(
    anna: Account, ewa: Account, product_group: ProductGroup, clockwork: list[datetime]
) -> None:
    promise()
    ticket = opened(anna, product_group, to_be_confirmed=True)
    assert ticket.terms == []
    clockwork[0] = at("2030-03-04 12:00")
    with transaction():
        confirm(ticket, by=anna, way=Way.LETTER)
    assert owed(ticket) == {"first": "Mon 13:00", "solution": "Tue 12:00"}


@pytest.mark.parametrize("order", list(permutations(["confirm", "take up", "lapse"])), ids=" ".join)
@pytest.mark.parametrize("answered", [False, True])
def test_a_call_is_promised_the_same_in_whatever_order_it_comes_to_work(
    order: tuple[str, ...],
    answered: bool,
    anna: Account,
    ewa: Account,
    product_group: ProductGroup,
    clockwork: list[datetime],
) -> None:
    """What begins to be worked on is promised as any other ticket: once, from then on, by the level of its priority."""
    promise()
    promise("Pilny", priority="urgent", solution_minutes=60)
    ticket = opened(anna, product_group, to_be_confirmed=True)
    assert ticket.confirmation is not None
    acts = {
        "confirm": lambda: confirm(ticket, by=anna, way=Way.PORTAL),
        "take up": lambda: tickets.move(ticket, to="open", by=ewa),
        "lapse": lambda: mind(ticket, ticket.confirmation.due_at) if ticket.confirmation else None,
    }
    clockwork[0] = at("2030-03-04 12:00")
    with transaction():
        tickets.set_priority(ticket, to="urgent", by=ewa)
        if answered:
            tickets.answer(ticket, words(), by=ewa)
        assert ticket.terms == []
    for act in order:
        with transaction():
            acts[act]()
        expected = {} if act == "lapse" and ticket.is_finished else {"solution": "Mon 13:00"}
        expected |= {"first": "Mon 13:00"} if expected and not answered else {}
        assert owed(ticket) == expected, act
        assert len(ticket.terms) == len(expected)


def test_a_level_warns_at_its_own_time_and_managers_hear_first_of_what_is_missed(
    anna: Account, ewa: Account, people: dict[str, Account], product_group: ProductGroup, clockwork: list[datetime]
) -> None:
    promise(next_minutes=None, solution_minutes=None, warn_percent=50)
    with transaction():
        next(
            place for place in product_group.assignments if place.account is people["jan"]
        ).level = AssignedLevel.MANAGE
    ticket = opened(anna, product_group)
    with transaction():
        db.session.scalars(select(ServiceLevel)).one().warn_percent = 90  # what was agreed stays
    notify()
    before = len(told())
    assert due_of(ticket, levels.MIND) == at("2030-03-04 09:00")  # 30 of 60 minutes
    for text in ("2030-03-04 09:00", "2030-03-04 09:30"):
        clockwork[0] = at(text)
        ring(RULES, now=clockwork[0])
    notify()
    assert sorted(told()[before:]) == [
        ("ewa@pomoc.example", "term_warning"),
        ("jan@pomoc.example", "term_missed"),
        ("jan@pomoc.example", "term_warning"),
    ]


def test_it_is_warned_before_and_escalated_after_each_once_and_in_working_hours(
    anna: Account, ewa: Account, product_group: ProductGroup, clockwork: list[datetime]
) -> None:
    promise(next_minutes=None, solution_minutes=None)
    ticket = opened(anna, product_group)
    notify()
    assert due_of(ticket, levels.MIND) == at("2030-03-04 09:15")  # 45 of 60 minutes
    for text in ("2030-03-02 12:00", "2030-03-04 09:15", "2030-03-04 09:20", "2030-03-04 09:30", "2030-03-04 11:00"):
        clockwork[0] = at(text)
        for _worker in range(2):
            ring(RULES, now=clockwork[0])
    kinds = [event.kind for event in ticket.events]
    assert kinds == ["opened", "warned", "escalated"]
    notify()
    for reader in ("ewa@pomoc.example", "jan@pomoc.example"):
        assert [template for email, template in told() if email == reader] == [
            *("new_ticket", "term_warning", "term_missed"),
        ]
    assert not [template for email, template in told() if email == "anna@klient.example" and "term" in template]


def test_a_term_that_is_frozen_anew_is_escalated_anew(
    anna: Account, ewa: Account, product_group: ProductGroup, clockwork: list[datetime]
) -> None:
    promise(next_minutes=None, solution_minutes=None)
    promise("Niski", priority="low", first_minutes=120, next_minutes=None, solution_minutes=None)
    ticket = opened(anna, product_group)
    for text in ("2030-03-04 09:30", "2030-03-04 10:30"):
        clockwork[0] = at(text)
        ring(RULES, now=clockwork[0])
        with transaction():
            tickets.set_priority(ticket, to="low", by=ewa)
    assert [event.kind for event in ticket.events].count("escalated") == 2


def test_what_ends_at_a_closing_is_escalated_at_the_next_opening(
    anna: Account, product_group: ProductGroup, clockwork: list[datetime]
) -> None:
    promise(first_minutes=30, next_minutes=None, solution_minutes=None)
    ticket = opened(anna, product_group)
    assert ticket.due_at == at("2030-03-01 17:00")
    clockwork[0] = at("2030-03-01 17:00")
    ring(RULES, now=clockwork[0])
    assert "escalated" not in [event.kind for event in ticket.events]
    assert due_of(ticket, levels.MIND) == at("2030-03-04 09:00")
    clockwork[0] = at("2030-03-04 09:00")
    ring(RULES, now=clockwork[0])
    db.session.expire_all()
    assert [event.kind for event in ticket.events][-1] == "escalated"


def test_the_lines_add_up_exactly_to_what_is_promised(
    anna: Account, ewa: Account, product_group: ProductGroup, clockwork: list[datetime]
) -> None:
    """Whatever pauses there were: the lines until the end are the promised minutes, no more and no less."""
    promise()
    random = Random(7)
    for _case in range(12):
        start = at("2030-03-28 09:00") + timedelta(minutes=random.randrange(0, 5000))
        ticket = opened(anna, product_group, arrived_at=start)
        clockwork[0] = start
        for _pause in range(3):
            clockwork[0] += timedelta(minutes=random.randrange(1, 60))
            with transaction():
                tickets.move(ticket, to="waiting_customer", by=ewa)
            clockwork[0] += timedelta(minutes=random.randrange(1, 3000))
            with transaction():
                tickets.move(ticket, to="open", by=ewa)
        for term in ticket.terms:
            _calendar, lines = levels.lines_of(ticket, term, clockwork[0])
            assert sum((line.worked for line in lines), timedelta(0)) == timedelta(minutes=term.minutes)


def test_the_lines_read_as_sentences(anna: Account, product_group: ProductGroup) -> None:
    promise(next_minutes=None, solution_minutes=None)
    ticket = opened(anna, product_group)
    (term,) = promised(ticket)
    assert [line.partition(":")[0] for line in term.lines] == [
        *("pt. 1 mar 2030", "sob. 2 mar 2030", "niedz. 3 mar 2030", "pon. 4 mar 2030"),
    ]
    assert term.lines[0].endswith("16:30–17:00, 30 min")
    assert term.total == "1 godz."


def test_the_acknowledgement_says_by_when_there_is_an_answer(anna: Account, product_group: ProductGroup) -> None:
    opened(anna, product_group)
    promise()
    opened(anna, product_group)
    notify()
    nothing, something = (composed(row) for row in letters() if row.template == "acknowledgement")
    for kind in ("plain", "html"):
        assert "w godzinach pracy i odpowie e-mailem" in " ".join(part(nothing, kind).split())
        assert "i odpowie do 4 marca 2030" in " ".join(part(something, kind).split())


def test_the_oracle_of_the_calendar_agrees(anna: Account, product_group: ProductGroup) -> None:
    promise(first_minutes=2400)
    ticket = opened(anna, product_group)
    term: Term = ticket.terms[0]
    assert term.due_at == clock.add_business_time(CWT, ticket.counts_as_received_at, timedelta(minutes=2400))


def test_the_next_answer_is_promised_by_what_was_agreed_at_first(
    anna: Account, ewa: Account, product_group: ProductGroup, clockwork: list[datetime]
) -> None:
    promise()
    ticket = opened(anna, product_group, arrived_at=at("2030-03-04 09:00"))
    with transaction():
        db.session.query(ServiceLevel).one().next_minutes = 5
    clockwork[0] = at("2030-03-04 10:00")
    with transaction():
        tickets.answer(ticket, words("Proszę czekać."), by=ewa, arrived_at=clockwork[0])
        tickets.customer_reply(ticket, words("Czekam."), by=anna, arrived_at=clockwork[0])
    assert owed(ticket)["next"] == "Mon 12:00"


def test_an_answer_that_was_owed_when_the_ticket_was_closed_is_owed_again_when_it_is_reopened(
    anna: Account, ewa: Account, product_group: ProductGroup, clockwork: list[datetime]
) -> None:
    promise()
    ticket = opened(anna, product_group, arrived_at=at("2030-03-04 09:00"))
    clockwork[0] = at("2030-03-04 09:30")
    with transaction():
        tickets.close(ticket, by=anna)
    assert (ticket.due_at, due_of(ticket, levels.MIND)) == (None, None)
    clockwork[0] = at("2030-03-05 09:00")
    with transaction():
        tickets.reopen(ticket, by=anna)
    assert owed(ticket) == {"first": "Tue 09:30", "solution": "Tue 16:30"}


def test_a_merged_ticket_owes_nothing_any_more(
    anna: Account, ewa: Account, product_group: ProductGroup, clockwork: list[datetime]
) -> None:
    promise()
    ticket, other = opened(anna, product_group), opened(anna, product_group)
    with transaction():
        merge(ticket, into=other, by=ewa)
    assert (ticket.due_at, due_of(ticket, levels.MIND)) == (None, None)
    assert other.due_at is not None
    clockwork[0] = at("2030-03-11 12:00")
    ring(RULES, now=clockwork[0])
    assert {event.ticket_id for event in db.session.query(Event).filter_by(kind="escalated")} == {other.id}


def test_lines_say_for_whom_the_clock_stood_and_count_seconds(
    anna: Account, ewa: Account, product_group: ProductGroup, clockwork: list[datetime]
) -> None:
    promise(next_minutes=None, solution_minutes=None)
    ticket = opened(anna, product_group, arrived_at=at("2030-03-04 09:00:20.5"))
    for text, state in (("2030-03-04 09:10:50.7", "waiting_customer"), ("2030-03-04 12:00", "open")):
        clockwork[0] = at(text)
        with transaction():
            tickets.move(ticket, to=state, by=ewa)
    with force_locale("en"):
        (term,) = promised(ticket)
    assert list(term.lines) == [
        "Mon 4 Mar 2030: 09:00:20–09:10:50, 10 min 30 s",
        "Mon 4 Mar 2030: 09:10:50–12:00, waiting for the customer",
        "Mon 4 Mar 2030: 12:00–12:49:30, 49 min 30 s",
    ]
    assert term.total == "1 h"


def test_hours_that_never_come_stop_no_ticket(anna: Account, product_group: ProductGroup) -> None:
    promise()
    with transaction():
        once = replace(CWT, name="Raz", week={}, country=None, special_days={FRIDAY.date(): CWT.week["monday"]})
        product_group.calendar = add_calendar(once)
    ticket = opened(anna, product_group)
    assert (owed(ticket), ticket.due_at) == ({"first": None, "solution": None}, None)


def test_customers_do_not_read_of_warnings(
    anna: Account, ewa: Account, product_group: ProductGroup, clockwork: list[datetime]
) -> None:
    promise(next_minutes=None, solution_minutes=None)
    ticket = opened(anna, product_group)
    clockwork[0] = at("2030-03-04 11:00")
    ring(RULES, now=clockwork[0])
    for reader, expected in ((anna, []), (ewa, ["escalated"])):
        seen = select(Event.kind).where(Event.ticket_id == ticket.id, sees_event(standing_of(db.session(), reader)))
        assert [kind for kind in db.session.scalars(seen) if kind != "opened"] == expected
