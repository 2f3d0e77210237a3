"""While a letter is tried again, later ones of its ticket to the same reader wait for it, and nobody else does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

import pytest

from app.events.outbox import Item, NotBegun, claim, drain_batch, settle
from app.events.record import Reaction
from app.events.transaction import transaction
from app.events.wake import LETTERS
from app.extensions import db
from app.mail import send
from app.mail.turns import SOON, in_turn
from app.models.event import Letter
from app.models.ticket import Ticket
from app.models.types import utc_now
from tests.mail.conftest import Relay
from tests.mail.desk import CONSULTANT, CUSTOMER, account, answer, letters, notify, open_ticket, owed

ANOTHER = "jan@klient.example"


@pytest.fixture(autouse=True)
def _desk(context: None, make_account: Callable[..., int], relay: Relay) -> None:
    make_account(CUSTOMER, organisation="Klient")
    make_account(CONSULTANT, role="consultant", groups=("DYNAMICS",))
    open_ticket()
    notify()
    work(utc_now())


def work(at: datetime) -> int:
    """What a worker does at that time. Answers how much; who hears of it was decided before."""
    told = {Reaction.NOTIFY: lambda items: {item.id: None for item in items}}
    return drain_batch(LETTERS, {Reaction.SEND: send.perform, **told}, now=lambda: at)


def taken(relay: Relay) -> list[str]:
    """Whose letters the relay took, and by which ticket's words."""
    return [to for envelope in relay.taken for to in envelope.rcpt_tos]


def states(number: int) -> list[str]:
    return [row.state for row in letters()][-number:]


def test_a_later_letter_waits_until_the_earlier_one_has_left(relay: Relay) -> None:
    relay.taken.clear()
    ticket = db.session.get_one(Ticket, 1)
    relay.answers = ["451 Later"]
    for words in ("Pierwsza odpowiedź.", "Druga odpowiedź."):
        answer(ticket, words)
        notify()
    start = utc_now()
    work(start)
    work(start + timedelta(seconds=30))
    assert states(2) == ["waiting", "waiting"]
    assert [row.attempts for row in letters()[-2:]] == [1, 0]
    while work(start + timedelta(minutes=2)):
        pass
    assert states(2) == ["sent", "sent"]
    bodies = [envelope.original_content or b"" for envelope in relay.taken]
    assert [b"Pierwsza" in body for body in bodies] == [True, False]


def test_the_same_holds_for_letters_that_come_due_later(relay: Relay) -> None:
    relay.answers = ["451 Later"]
    answer(db.session.get_one(Ticket, 1))
    notify()
    start = utc_now()
    work(start)
    answer(db.session.get_one(Ticket, 1), "Jeszcze jedno.")
    notify()
    work(utc_now())
    assert states(2) == ["waiting", "waiting"]
    assert letters()[-1].attempts == 0


def test_a_letter_that_was_given_up_holds_up_nobody(relay: Relay) -> None:
    relay.answers = ["550 No such user"]
    for _letter in range(2):
        answer(db.session.get_one(Ticket, 1))
        notify()
    work(utc_now())
    assert states(2) == ["failed", "sent"]


def test_other_tickets_and_other_readers_do_not_wait(relay: Relay) -> None:
    relay.taken.clear()
    first, second = db.session.get_one(Ticket, 1), open_ticket(subject="Inny", message_id="<inny@klient.example>")
    notify()
    work(utc_now())
    relay.taken.clear()
    relay.answers = ["451 Later"]
    answer(first)
    notify()
    answer(second)
    notify()
    work(utc_now())
    assert states(2) == ["waiting", "sent"]
    assert taken(relay) == [CUSTOMER]


def two_workers() -> tuple[Item, Item]:
    """Two answers to one reader, claimed together."""
    for _letter in range(2):
        answer(db.session.get_one(Ticket, 1))
        notify()
    first, second = (item for item in claim(LETTERS, utc_now()) if item.reaction == Reaction.SEND)
    return first, second


def test_what_another_worker_is_sending_is_waited_for_shortly() -> None:
    _first, second = two_workers()
    outcomes = send.perform([second])
    assert isinstance(outcomes[second.id], NotBegun)
    settle([second], outcomes, utc_now())
    assert claim(LETTERS, utc_now()) == []
    assert second.id in [item.id for item in claim(LETTERS, utc_now() + SOON + timedelta(seconds=1))]


@pytest.mark.parametrize("answers", [[], ["550 No such user"]])
def test_it_is_due_at_once_when_that_one_has_left_or_was_given_up(relay: Relay, answers: list[str]) -> None:
    first, second = two_workers()
    settle([second], send.perform([second]), utc_now())
    relay.answers = answers
    settle([first], send.perform([first]), utc_now())
    assert [item.id for item in claim(LETTERS, utc_now())] == [second.id]


def test_it_goes_with_the_same_batch_when_that_one_leaves_meanwhile() -> None:
    first, second = two_workers()
    other = open_ticket(subject="Inny", message_id="<inny@klient.example>")
    answer(other)
    notify()
    third = next(item for item in claim(LETTERS, utc_now()) if item.reaction == Reaction.SEND)
    looks = count()

    def clock() -> float:
        """Asked at the start, and again before the third letter is begun."""
        if next(looks) == 1:
            settle([first], send.perform([first]), utc_now())
        return 0.0

    assert list(send.perform([second, third], clock=clock).values()) == [None, None]


def test_a_letter_that_is_put_off_on_purpose_holds_up_none(relay: Relay) -> None:
    answer(db.session.get_one(Ticket, 1))
    answer(db.session.get_one(Ticket, 1))
    notify()
    first, second = owed(Reaction.SEND)
    with transaction():
        db.session.execute(
            db.metadata.tables["outbox"]
            .update()
            .where(db.metadata.tables["outbox"].c.id == first.id)
            .values(due_at=utc_now() + timedelta(minutes=3))
        )
    assert send.perform([second]) == {second.id: None}


def test_no_group_holds_two_letters_of_one_reader_about_one_ticket() -> None:
    with transaction():
        rows = [
            Letter(template="reply", account=account(CUSTOMER), reason="requester", ticket_id=ticket)
            for ticket in (1, 1, None, None, 1)
        ]
        db.session.add_all(rows)
    items = [Item(number, Reaction.SEND, None, row.id, 0) for number, row in enumerate(rows)]
    assert [[item.id for item in some] for some in in_turn(items, 10)] == [[0, 2, 3], [1], [4]]
    assert [[item.id for item in some] for some in in_turn(items, 2)] == [[0, 2], [1, 3], [4]]
