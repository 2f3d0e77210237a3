"""A message in the wrong ticket is moved to the right one and back, and later replies follow it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.desk import moving, tickets
from app.desk.joining import merge
from app.desk.moving import move_message, origins, put_back
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.product_group import ProductGroup
from app.models.ticket import Ticket
from app.models.types import utc_now
from tests.desk.acts import opened, words


def texts(ticket: Ticket) -> list[str]:
    db.session.expire_all()
    return [message.text for message in ticket.messages]


def test_a_later_message_moves_and_comes_back(anna: Account, ewa: Account, product_group: ProductGroup) -> None:
    wrong, right = (opened(anna, product_group) for _number in range(2))
    with transaction():
        tickets.move(right, to="waiting_customer", by=ewa)
        reply = tickets.customer_reply(wrong, words("O drugiej sprawie."), by=anna)
    with transaction():
        assert move_message(reply, to=right, by=ewa) is right
    assert (texts(wrong), texts(right)) == (["Nic nie ma."], ["Nic nie ma.", "O drugiej sprawie."])
    assert right.status == "open", "the customer has written there"
    assert origins(right) == {reply.id: wrong.number}
    with transaction():
        assert put_back(reply, by=ewa) is wrong
    assert (texts(wrong), texts(right)) == (["Nic nie ma.", "O drugiej sprawie."], ["Nic nie ma."])
    assert origins(wrong) == origins(right) == {}
    with pytest.raises(moving.NeverMoved), transaction():
        put_back(reply, by=ewa)


def test_a_ticket_of_which_nothing_is_left_closes_until_it_is_put_back(
    anna: Account, ewa: Account, product_group: ProductGroup
) -> None:
    wrong, right = (opened(anna, product_group) for _number in range(2))
    with transaction():
        move_message(wrong.messages[0], to=right, by=ewa)
    assert wrong.status == "closed"
    assert texts(wrong) == [f"Jedyną wiadomość przeniesiono do zgłoszenia #{right.number}."]
    assert [event.kind for event in wrong.events][-1] == "moved_out", "no letter tells the customer that it closed"
    with transaction():
        put_back(right.messages[0], by=ewa)
    assert (wrong.status, wrong.closed_at) == ("new", None)


def test_what_was_merged_meanwhile_stays_closed(anna: Account, ewa: Account, product_group: ProductGroup) -> None:
    wrong, right, third = (opened(anna, product_group) for _number in range(3))
    message = wrong.messages[0]
    with transaction():
        move_message(message, to=right, by=ewa)
        merge(wrong, into=third, by=ewa)
    with transaction():
        assert put_back(message, by=ewa) is wrong
    assert wrong.status == "closed", "its conversation goes on in the third"
    with transaction():
        assert tickets.customer_reply(wrong, words("I jeszcze coś."), by=anna).ticket is third


def test_what_somebody_closed_since_stays_closed(anna: Account, ewa: Account, product_group: ProductGroup) -> None:
    wrong, right = (opened(anna, product_group) for _number in range(2))
    message = wrong.messages[0]
    with transaction():
        move_message(message, to=right, by=ewa)
    with transaction():
        tickets.move(wrong, to="open", by=ewa)
        tickets.move(wrong, to="closed", by=ewa)
    with transaction():
        assert put_back(message, by=ewa) is wrong
    assert wrong.status == "closed"


def test_what_was_closed_long_ago_stays_closed(anna: Account, ewa: Account, product_group: ProductGroup) -> None:
    """A customer's reply would begin a new ticket by now."""
    wrong, right = (opened(anna, product_group) for _number in range(2))
    message = wrong.messages[0]
    with transaction():
        move_message(message, to=right, by=ewa)
        wrong.closed_at = utc_now() - timedelta(days=15)
    with transaction():
        assert put_back(message, by=ewa) is wrong
    assert wrong.status == "closed"


def test_nobody_puts_a_message_into_a_ticket_beyond_his_groups(
    people: dict[str, Account], anna: Account, ewa: Account, product_group: ProductGroup
) -> None:
    other = db.session.scalars(select(ProductGroup).where(ProductGroup.name == "TARGIT")).one()
    beyond, within = opened(anna, other), opened(anna, product_group)
    message = beyond.messages[0]
    with transaction():
        move_message(message, to=within, by=people["adam"])
    with pytest.raises(moving.NeverMoved), transaction():
        put_back(message, by=ewa)
    with transaction():
        assert put_back(message, by=people["adam"]) is beyond


def test_a_split_is_undone_as_well(anna: Account, ewa: Account, product_group: ProductGroup) -> None:
    ticket = opened(anna, product_group)
    with transaction():
        new = tickets.split(tickets.customer_reply(ticket, words("A drukarka?"), by=anna), subject="Drukarka", by=ewa)
    with transaction():
        put_back(new.messages[0], by=ewa)
    assert texts(ticket) == ["Nic nie ma.", "A drukarka?"]
    assert new.status == "closed"


def test_what_the_desk_wrote_stays(anna: Account, ewa: Account, product_group: ProductGroup) -> None:
    one, other = (opened(anna, product_group) for _number in range(2))
    with transaction():
        answer, note = tickets.answer(one, words("Już."), by=ewa), tickets.note(one, words("Dla nas."), by=ewa)
    for message, to, error in (
        (answer, other, moving.NotMovable),
        (note, other, moving.NotMovable),
        (one.messages[0], one, moving.MovedIntoItself),
    ):
        with pytest.raises(error), transaction():
            move_message(message, to=to, by=ewa)
