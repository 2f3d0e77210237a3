"""The life of a ticket as a state machine: whatever is done, in whatever order, certain things always hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import delete, select

from app.access import Right, may_see, sees_event, standing_of
from app.broken_rule import BrokenRule
from app.desk import alarms, tickets
from app.desk.confirmations import confirm
from app.desk.joining import merge, survivor_of
from app.desk.marking import follow_up, rate, set_tags
from app.desk.participants import let_in, set_confidential, show_out
from app.desk.transfer import transfer
from app.events.transaction import transaction
from app.extensions import db
from app.jobs.chores import RULES
from app.mail.readers import DESK_LETTERS
from app.models.account import Account
from app.models.alarm import Alarm
from app.models.beside import Rating
from app.models.call import Way
from app.models.event import Event, Letter, OutboxItem
from app.models.level import ServiceLevel
from app.models.product_group import ProductGroup
from app.models.ticket import FINISHED, Message, Priority, State, StateKind, Ticket
from app.models.ticket_link import LinkKind, TicketLink
from app.models.types import utc_now
from app.notify.recipients import TO_THE_ACTOR_TOO
from tests.desk.acts import opened, words
from tests.mail.desk import notify

STEPS = 60
STATE_EVENTS = {"moved", "resolved", "closed", "reopened", "merged", "confirmed", "lapsed"}


@pytest.mark.parametrize("seed", range(6))
def test_any_walk_through_a_life(
    seed: int, anna: Account, ewa: Account, people: dict[str, Account], product_group: ProductGroup
) -> None:
    random = Random(seed)
    with transaction():
        db.session.add(ServiceLevel(name="Zwykły", first_minutes=60, next_minutes=60, solution_minutes=480))
        db.session.add(ServiceLevel(name="Inny", product_group=group_named("TARGIT"), solution_minutes=60))
    all_tickets = [opened(anna, product_group, to_be_confirmed=number == 2) for number in range(3)]
    all_tickets[2].status = StateKind.UNCONFIRMED
    codes = [state.code for state in db.session.scalars(select(State))]
    for _step in range(STEPS):
        ticket = random.choice(all_tickets)
        by = random.choice([anna, ewa, people["adam"], people["ola"], people["jan"]])
        db.session.expire_all()
        told = set(db.session.scalars(select(Letter.id)))
        before, seen, refused, reached = ticket.status, len(ticket.events), None, []
        try:
            with transaction():
                reached = _act(random, ticket, by, all_tickets, codes, [*people.values()])
        except BrokenRule as error:
            refused = str(error)
        db.session.expire_all()
        if refused is not None:
            assert refused, "a refusal is a sentence"
            assert (ticket.status, len(ticket.events)) == (before, seen), "a refusal changes nothing"
            continue
        all_tickets.extend(row for row in reached if row not in all_tickets)
        for each in all_tickets:
            _holds(each)
        moves = [event for event in ticket.events[seen:] if event.kind in STATE_EVENTS and "after" in event.data]
        if ticket.status != before:
            assert moves, "every change of state is told"
            assert (moves[0].data["before"], moves[-1].data["after"]) == (before, ticket.status)
        visible = set(db.session.scalars(select(Event.id).where(sees_event(standing_of(db.session(), anna)))))
        assert {event.id for event in moves} <= visible, "the customer can read of every move"
        notify()
        with transaction():
            db.session.execute(delete(OutboxItem))  # each event is told once, when it happened
        _are_right([row for row in db.session.scalars(select(Letter)) if row.id not in told])


def _act(
    random: Random, ticket: Ticket, by: Account, others: list[Ticket], codes: list[str], people: list[Account]
) -> list[Ticket]:
    """One act chosen by chance; answers the tickets that it may have made."""
    other, to, person = random.choice(others), random.choice(codes), random.choice(people)
    day = (utc_now() + timedelta(days=random.randrange(1, 30))).date()
    acts: list[Callable[[], object]] = [
        lambda: tickets.customer_reply(ticket, words(), by=by),
        lambda: tickets.answer(ticket, words(), by=by, then=random.choice([None, "waiting_customer", "resolved"])),
        lambda: tickets.note(ticket, words(), by=by),
        lambda: tickets.move(ticket, to=to, by=by),
        lambda: tickets.resolve(ticket, by=by),
        lambda: tickets.close(ticket, by=by),
        lambda: tickets.accept(ticket, by=by),
        lambda: tickets.reopen(ticket, by=by),
        lambda: merge(ticket, into=other, by=by),
        lambda: tickets.split(ticket.messages[-1], subject="Osobno", by=by) if ticket.messages else None,
        lambda: rate(ticket, score=random.choice(["good", "bad"]), by=by),
        lambda: follow_up(ticket, day, by=by),
        lambda: set_tags(ticket, random.sample(["vat", "druk", "raport"], 2), by=by),
        lambda: setattr(ticket, "closed_at", ticket.closed_at and ticket.closed_at - timedelta(days=20)),
        lambda: tickets.set_priority(ticket, to=random.choice(list(Priority)), by=by),
        lambda: tickets.assign(ticket, to=random.choice([None, by]), by=by),
        lambda: transfer(ticket, to=group_named(random.choice(["DYNAMICS", "TARGIT"])), by=by),
        lambda: let_in(ticket, person, by=by),
        lambda: show_out(ticket, person.id, by=by),
        lambda: set_confidential(ticket, to=random.random() < 0.5, by=by),
        lambda: confirm(ticket, by=by, way=random.choice(list(Way))),
        lambda: _time_passes(ticket),
    ]
    made = random.choice(acts)()
    if isinstance(made, Message):
        return [made.ticket]
    return [made] if isinstance(made, Ticket) else []


def group_named(name: str) -> ProductGroup:
    return db.session.scalars(select(ProductGroup).where(ProductGroup.name == name)).one()


def _time_passes(ticket: Ticket) -> None:
    """What the ticket does by itself, within the walk's own transaction."""
    db.session.flush()
    alarm = db.session.scalars(select(Alarm).where(Alarm.ticket_id == ticket.id).limit(1)).first()
    if alarm is not None:
        alarms._ring(alarm.id, RULES, alarm.due_at)


def _are_right(letters: list[Letter]) -> None:
    """What is true of every letter that an act brings."""
    heard = [(letter.event_id, letter.account_id) for letter in letters]
    assert len(set(heard)) == len(heard), "nobody hears twice of one thing"
    for letter in letters:
        assert letter.ticket is not None
        rights = standing_of(db.session(), letter.account).rights(letter.ticket)
        assert may_see(db.session(), letter.account, letter.ticket), "who may not know of it hears nothing"
        assert letter.template not in DESK_LETTERS or Right.HANDLE in rights, "no customer gets a letter of the desk"
        actor = letter.event.actor_id if letter.event else None
        assert actor != letter.account_id or letter.template in TO_THE_ACTOR_TOO, "nobody hears of his own act"


def _holds(ticket: Ticket) -> None:
    """What is true of every ticket at every time."""
    kind = ticket.state.kind
    assert ticket.state.code == ticket.status
    assert (ticket.closed_at is not None) == (kind == StateKind.CLOSED)
    assert ticket.resolved_at is None or kind in FINISHED
    alarms_of = set(db.session.scalars(select(Alarm.kind).where(Alarm.ticket_id == ticket.id)))
    assert ("close" in alarms_of) == (kind == StateKind.RESOLVED), "only what is resolved closes by itself"
    assert ticket.follow_up_at is None or kind not in FINISHED
    assert all(message.ticket_id == ticket.id for message in ticket.messages)
    merged = select(TicketLink).where(TicketLink.from_id == ticket.id, TicketLink.kind == LinkKind.MERGED)
    is_merged = db.session.scalars(merged).one_or_none() is not None
    assert is_merged == (survivor_of(ticket) is not ticket)
    assert not is_merged or kind == StateKind.CLOSED, "a merged ticket stays closed"
    owed = [term for term in ticket.terms if term.is_open]
    assert len({term.kind for term in owed}) == len(owed), "nothing is promised twice"
    due = [term.due_at for term in owed if term.due_at and kind not in FINISHED]
    assert ticket.due_at == min(due, default=None)
    assert ("terms" in alarms_of) <= bool(due), "only of what is due somebody is warned"
    assert len(db.session.scalars(select(Rating).where(Rating.ticket_id == ticket.id)).all()) <= 1
