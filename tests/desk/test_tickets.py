"""A ticket's life: which act leads from which state to which, what is refused, and what is written down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.desk import errors, tickets
from app.events.record import EventKind, Reaction
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.event import OutboxItem
from app.models.product_group import ProductGroup
from app.models.ticket import StateKind
from tests.desk.acts import FINISHED, act_of, after, opened, words

UNFINISHED = ("unconfirmed", "new", "open", "waiting_customer", "waiting_third_party")
EVERY = (*UNFINISHED, *FINISHED)
MOVES: dict[str, dict[str, str]] = {
    # act: state before -> state after; a state that is left out stays
    "reply": {"waiting_customer": "open", "resolved": "open", "closed": "open"},
    "answer": {"new": "open"},
    "answer and wait": dict.fromkeys(EVERY, "waiting_customer"),
    "answer and resolve": dict.fromkeys(UNFINISHED, "resolved"),
    "note": {},
    "automatic letter": {},
    "resolve": dict.fromkeys(UNFINISHED, "resolved"),
    "close": dict.fromkeys((*UNFINISHED, "resolved"), "closed"),
    "reopen": dict.fromkeys(FINISHED, "open"),
}
REFUSED: dict[tuple[str, str], type[errors.DeskError]] = {
    **{("resolve", state): errors.AlreadyResolved for state in FINISHED},
    ("close", "closed"): errors.AlreadyClosed,
    **{("reopen", state): errors.NotClosed for state in UNFINISHED},
}


@pytest.mark.parametrize("name", MOVES)
@pytest.mark.parametrize("state", EVERY)
def test_every_act_in_every_state(
    state: str, name: str, anna: Account, ewa: Account, product_group: ProductGroup
) -> None:
    ticket = opened(anna, product_group, state=state)
    before = ticket.updated_at
    act = act_of(name, anna, ewa)
    if (name, state) in REFUSED:
        with pytest.raises(REFUSED[name, state]) as refusal, transaction():
            act(ticket)
        assert str(refusal.value)
        assert (ticket.status, ticket.events, ticket.updated_at) == (state, [], before)
        return
    reached, events = after(ticket, act)
    assert reached == MOVES[name].get(state, state)
    moves = {"moved", "reopened", "resolved", "closed"} & set(events)
    assert len(moves) == (reached != state)
    assert ticket.updated_at > before


@pytest.mark.parametrize("to", EVERY)
@pytest.mark.parametrize("state", EVERY)
def test_moving_takes_the_verb_of_the_state(
    state: str, to: str, anna: Account, ewa: Account, product_group: ProductGroup
) -> None:
    ticket = opened(anna, product_group, state=state)
    if (state, to) == ("closed", "resolved"):
        with pytest.raises(errors.AlreadyResolved), transaction():
            tickets.move(ticket, to=to, by=ewa)
        return
    reached, events = after(ticket, lambda ticket: tickets.move(ticket, to=to, by=ewa))
    assert reached == to
    verb = {"resolved": "resolved", "closed": "closed"}.get(to, "reopened" if state in FINISHED else "moved")
    assert events == ([] if state == to else [verb])


def test_an_unknown_state_is_refused(anna: Account, ewa: Account, product_group: ProductGroup) -> None:
    ticket = opened(anna, product_group)
    for act in (
        lambda: tickets.move(ticket, to="gone", by=ewa),
        lambda: tickets.answer(ticket, words(), by=ewa, then="gone"),
    ):
        with pytest.raises(errors.UnknownState), transaction():
            act()
    db.session.expire_all()
    assert (ticket.status, len(ticket.messages)) == ("new", 1)


def test_the_ends_are_dated_and_undone(anna: Account, ewa: Account, product_group: ProductGroup) -> None:
    ticket = opened(anna, product_group)
    after(ticket, lambda ticket: tickets.resolve(ticket, by=ewa))
    assert ticket.resolved_at is not None
    assert ticket.closed_at is None
    after(ticket, lambda ticket: tickets.close(ticket, by=anna))
    assert ticket.closed_at is not None
    after(ticket, lambda ticket: tickets.customer_reply(ticket, words(), by=anna))
    assert (ticket.resolved_at, ticket.closed_at) == (None, None)


def test_an_event_says_who_and_from_where_to_where(anna: Account, ewa: Account, product_group: ProductGroup) -> None:
    ticket = opened(anna, product_group, state="closed")
    after(ticket, lambda ticket: tickets.reopen(ticket, by=anna))
    (event,) = ticket.events
    assert (event.actor_id, event.data) == (anna.id, {"before": "closed", "after": "open"})


@pytest.mark.parametrize(
    ("name", "reactions"),
    [
        ("reply", {Reaction.INDEX, Reaction.NOTIFY}),
        ("note", {Reaction.INDEX, Reaction.NOTIFY}),
        ("close", {Reaction.INDEX, Reaction.NOTIFY}),
        ("automatic letter", {Reaction.INDEX}),
    ],
)
def test_every_event_owes_its_reactions(
    name: str, reactions: set[str], anna: Account, ewa: Account, product_group: ProductGroup
) -> None:
    ticket = opened(anna, product_group)
    after(ticket, act_of(name, anna, ewa))
    owed = {(item.event_id, item.reaction) for item in db.session.scalars(select(OutboxItem))}
    assert owed == {(event.id, reaction) for event in ticket.events for reaction in reactions}


def test_an_act_that_fails_leaves_no_trace(anna: Account, ewa: Account, product_group: ProductGroup) -> None:
    def fail() -> None:
        tickets.answer(ticket, words(), by=ewa, then="resolved")
        raise ZeroDivisionError

    ticket = opened(anna, product_group)
    with pytest.raises(ZeroDivisionError), transaction():
        fail()
    db.session.expire_all()
    assert (ticket.status, ticket.assignee, len(ticket.messages), ticket.events) == (StateKind.NEW, None, 1, [])
    assert db.session.scalars(select(OutboxItem)).all() == []


def test_a_note_keeps_its_kind_and_a_late_letter_its_own_time(
    anna: Account, ewa: Account, product_group: ProductGroup
) -> None:
    ticket = opened(anna, product_group)
    arrived = datetime(2026, 3, 6, 17, 0, tzinfo=UTC)  # Friday 18:00 in Warsaw
    with transaction():
        note = tickets.note(ticket, words("Tylko my"), by=ewa)
        late = tickets.customer_reply(ticket, words("Po godzinach"), by=anna, arrived_at=arrived)
    assert (note.kind, late.kind) == ("note", "customer")
    assert late.counts_as_received_at - arrived == timedelta(days=2, hours=15)
    assert EventKind.NOTED in [event.kind for event in ticket.events]
