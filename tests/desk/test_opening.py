"""A new ticket: its number, its clocks, its organisation, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.desk import errors, tickets
from app.desk.content import StoredFile
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.organisation import Membership
from app.models.product_group import ProductGroup
from app.models.ticket import Ticket
from tests.desk.acts import opened, words
from tests.people import organisation_named


def test_a_ticket_keeps_both_clocks_of_its_arrival(anna: Account, product_group: ProductGroup) -> None:
    """S9, literally: Monday at 7:00 counts as Tuesday 9:00 in Warsaw."""
    early = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
    ticket = opened(anna, product_group, arrived_at=early)
    (message,) = ticket.messages
    for row in (ticket, message):
        assert row.arrived_at == early
        assert row.counts_as_received_at == datetime(2026, 3, 3, 8, 0, tzinfo=UTC)


def test_numbers_follow_each_other_and_a_failed_ticket_gives_its_number_back(
    anna: Account, product_group: ProductGroup
) -> None:
    def fail() -> None:
        tickets.open_ticket(requester=anna, product_group=product_group, subject="x", contribution=words(), by=anna)
        raise ZeroDivisionError

    assert opened(anna, product_group).number == 1001
    with pytest.raises(ZeroDivisionError), transaction():
        fail()
    with transaction():
        for _letter in range(2):
            with pytest.raises(ZeroDivisionError), db.session.begin_nested():
                fail()
        with db.session.begin_nested():
            follower = tickets.open_ticket(
                requester=anna, product_group=product_group, subject="x", contribution=words(), by=anna
            )
    assert follower.number == 1002
    assert opened(anna, product_group).number == 1003


@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [
        ({"subject": " \n"}, errors.NoSubject),
        ({"contribution": words(" ")}, errors.NothingWritten),
        ({"priority": "gigantic"}, errors.UnknownPriority),
    ],
)
def test_what_cannot_be_opened(
    anna: Account, product_group: ProductGroup, wanted: dict[str, object], refusal: type[errors.DeskError]
) -> None:
    with pytest.raises(refusal):
        opened(anna, product_group, **wanted)
    assert db.session.scalars(select(Ticket)).all() == []


def test_a_file_alone_is_something_written(anna: Account, product_group: ProductGroup) -> None:
    file = StoredFile("zrzut.png", 3, "image/png", "0" * 64)
    ticket = opened(anna, product_group, contribution=words("", files=[file]))
    assert [attachment.name for attachment in ticket.messages[0].attachments] == ["zrzut.png"]


def test_a_long_subject_is_cut_and_its_spaces_are_trimmed(anna: Account, product_group: ProductGroup) -> None:
    assert opened(anna, product_group, subject=f"  {'ż' * 600} ").subject == "ż" * 500


def test_the_only_organisation_of_the_requester_is_the_tickets(anna: Account, product_group: ProductGroup) -> None:
    ticket = opened(anna, product_group)
    assert ticket.organisation is not None
    assert ticket.organisation.name == "Klient"


def test_with_two_organisations_the_first_is_taken_unless_one_is_chosen(
    anna: Account, product_group: ProductGroup
) -> None:
    with transaction():
        second = organisation_named("Drugi")
        db.session.add(Membership(account_id=anna.id, organisation_id=second.id))
    db.session.expire_all()
    first = opened(anna, product_group).organisation
    assert first is not None
    assert first.name == "Klient"
    assert opened(anna, product_group, organisation=second).organisation is second


def test_the_language_is_the_letters_then_the_persons(anna: Account, product_group: ProductGroup) -> None:
    assert opened(anna, product_group).language == "pl"
    assert opened(anna, product_group, language="en").language == "en"
