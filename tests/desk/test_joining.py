"""Merging, splitting, linking: conversations meet, replies follow, and no customer reads another's words."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.access import NotFound, get_ticket, standing_of
from app.desk import errors, joining, relations, tickets
from app.desk.joining import conversation_of, merge
from app.desk.relations import link, relations_of, unlink
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.product_group import ProductGroup
from app.models.ticket import Ticket
from app.models.ticket_link import LinkKind
from tests.desk.acts import after, opened, words
from tests.people import add_account


@pytest.fixture
def basia(people: dict[str, Account]) -> Account:
    """Anna's colleague, who sees only what is hers."""
    with transaction():
        return add_account("basia@klient.example", organisation="Klient", sharing="own", name="Basia Kot")


@pytest.fixture
def stranger(people: dict[str, Account]) -> Account:
    with transaction():
        return add_account("ewa@inny.example", organisation="Inny", name="Ewa Lis")


def read(ticket: Ticket, by: Account) -> list[str]:
    """What the account reads on the ticket's page."""
    query = conversation_of(ticket, standing_of(db.session(), by))
    return [message.text for message in db.session.scalars(query)]


def test_both_conversations_are_read_on_the_surviving_ticket(
    anna: Account, basia: Account, ewa: Account, product_group: ProductGroup
) -> None:
    first = opened(anna, product_group, contribution=words("Pierwszy."))
    second = opened(basia, product_group, contribution=words("Drugi."))
    assert after(second, lambda ticket: merge(ticket, into=first, by=ewa)) == ("closed", ["merged"])
    assert [event.kind for event in first.events] == ["took_in"]
    after(first, lambda ticket: tickets.answer(ticket, words("Odpowiedź."), by=ewa))
    for reader in (anna, basia, ewa):
        assert read(first, reader) == ["Pierwszy.", "Drugi.", "Odpowiedź."]
    assert get_ticket(db.session(), standing_of(db.session(), basia), first.number) is first


def test_later_replies_and_answers_follow(anna: Account, ewa: Account, product_group: ProductGroup) -> None:
    one, two, three = (opened(anna, product_group) for _number in range(3))
    after(one, lambda ticket: merge(ticket, into=two, by=ewa))
    after(two, lambda ticket: merge(ticket, into=three, by=ewa))
    with transaction():
        reply = tickets.customer_reply(one, words("Jeszcze jedno."), by=anna)
        answer = tickets.answer(one, words("Już."), by=ewa)
    assert reply.ticket is three
    assert answer.ticket is three
    assert (one.status, three.status) == ("closed", "open")
    assert len(read(three, anna)) == 5, "those of what was merged into the merged ticket too"


def test_a_merged_ticket_stays_closed_and_is_no_target(
    anna: Account, ewa: Account, product_group: ProductGroup
) -> None:
    one, two, three = (opened(anna, product_group) for _number in range(3))
    with pytest.raises(joining.MergedIntoItself):
        merge(one, into=one, by=ewa)
    after(one, lambda ticket: merge(ticket, into=two, by=ewa))
    for act in (
        lambda: merge(three, into=one, by=ewa),
        lambda: merge(one, into=three, by=ewa),
        lambda: merge(two, into=one, by=ewa),
    ):
        with pytest.raises(joining.MergedAlready), transaction():
            act()
    with pytest.raises(joining.MergedAway), transaction():
        tickets.reopen(one, by=anna)


def test_tickets_of_different_customers_are_never_merged(
    anna: Account, basia: Account, stranger: Account, people: dict[str, Account], product_group: ProductGroup
) -> None:
    ours, theirs, secret = (opened(who, product_group) for who in (anna, stranger, basia))
    with transaction():
        secret.confidential = True
    for ticket, into in ((ours, theirs), (theirs, ours), (ours, secret), (secret, ours)):
        with pytest.raises(joining.DifferentCustomers), transaction():
            merge(ticket, into=into, by=people["adam"])
    db.session.expire_all()
    assert ours.status == theirs.status == "new"


def test_a_message_becomes_a_ticket_of_its_own(anna: Account, ewa: Account, product_group: ProductGroup) -> None:
    ticket = opened(anna, product_group)
    with transaction():
        message = tickets.customer_reply(ticket, words("A przy okazji: drukarka."), by=anna)
    kept = (message.arrived_at, message.counts_as_received_at)
    with transaction():
        new = tickets.split(message, subject="Drukarka", by=ewa)
    db.session.expire_all()
    assert [row.text for row in new.messages] == ["A przy okazji: drukarka."]
    assert [row.text for row in ticket.messages] == ["Nic nie ma."]
    assert (new.arrived_at, new.messages[0].counts_as_received_at) == kept
    assert (new.requester_id, new.organisation_id) == (anna.id, ticket.organisation_id)
    assert [event.kind for event in new.events] == ["opened", "linked"]
    assert [event.kind for event in ticket.events][-2:] == ["split_off", "linked"]


def test_only_a_customers_later_message_is_split(anna: Account, ewa: Account, product_group: ProductGroup) -> None:
    ticket = opened(anna, product_group)
    with transaction():
        note = tickets.note(ticket, words("Dla nas."), by=ewa)
        reply = tickets.customer_reply(ticket, words("Dalej."), by=anna)
    for message, subject, error in (
        (ticket.messages[0], "X", errors.NotSplittable),
        (note, "X", errors.NotSplittable),
        (reply, "  ", errors.NoSubject),
    ):
        with pytest.raises(error), transaction():
            tickets.split(message, subject=subject, by=ewa)


def test_a_link_is_seen_from_both_sides_by_who_may_see_both(
    anna: Account, stranger: Account, ewa: Account, product_group: ProductGroup
) -> None:
    ours, theirs = opened(anna, product_group), opened(stranger, product_group)
    after(ours, lambda ticket: link(ticket, theirs, LinkKind.DUPLICATE, by=ewa))
    standing = standing_of(db.session(), ewa)
    assert [(row.other, row.backwards) for row in relations_of(ours, standing)] == [(theirs, False)]
    assert [(row.other, row.backwards) for row in relations_of(theirs, standing)] == [(ours, True)]
    for reader, ticket in ((anna, ours), (stranger, theirs)):
        assert relations_of(ticket, standing_of(db.session(), reader)) == []
    with pytest.raises(NotFound):
        get_ticket(db.session(), standing_of(db.session(), anna), theirs.number)
    for error, act in (
        (relations.LinkedAlready, lambda: link(theirs, ours, LinkKind.DUPLICATE, by=ewa)),
        (relations.LinkedToItself, lambda: link(ours, ours, LinkKind.CAUSE, by=ewa)),
        (relations.NotLinked, lambda: unlink(ours, theirs, LinkKind.PARENT, by=ewa)),
    ):
        with pytest.raises(error), transaction():
            act()
    after(theirs, lambda ticket: unlink(ticket, ours, LinkKind.DUPLICATE, by=ewa))
    assert relations_of(ours, standing) == []
    assert [event.kind for event in ours.events] == ["linked_elsewhere", "unlinked_elsewhere"]


def test_what_an_act_made_is_not_taken_back(anna: Account, ewa: Account, product_group: ProductGroup) -> None:
    one, two = opened(anna, product_group), opened(anna, product_group)
    after(one, lambda ticket: merge(ticket, into=two, by=ewa))
    with pytest.raises(relations.NotLinked), transaction():
        unlink(one, two, LinkKind.MERGED, by=ewa)
    assert len(db.session.scalars(select(relations.TicketLink)).all()) == 1
