"""Letters that wait together are read and filed together, and still each stands by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError

import config
from app.events.transaction import transaction
from app.extensions import db
from app.mail import take
from app.mail.authority import Authority
from app.mail.dns import Silence
from app.mail.place import Clerk, Placement
from app.mail.reading import Reading
from app.models.account import Account
from app.models.beside import CopiedPerson
from app.models.event import Letter
from app.models.journal import JournalEntry
from app.models.ticket import Message, Ticket
from app.models.types import utc_now
from tests.mail.letters import letter, wait, work
from tests.views.statements import counted

NOBODY = Authority({}, (), Silence(), 0.0)


@pytest.fixture(autouse=True)
def _desk(context: None) -> None:
    """Everything here asks the domain directly."""


def ends() -> list[tuple[str, str | None, int | None]]:
    """How each journal row ended: outcome, reason, ticket."""
    db.session.expire_all()
    rows = db.session.scalars(select(JournalEntry).order_by(JournalEntry.id))
    return [(row.outcome, row.reason, row.ticket.number if row.ticket else None) for row in rows]


def test_a_letter_may_answer_another_of_its_batch(settings: config.Settings) -> None:
    answer = letter(message_id="<2@klient.example>", in_reply_to="<1@klient.example>", text="I jeszcze jedno.")
    wait(settings, letter(), answer)
    assert take.take_waiting() == 2
    assert ends() == [("ticket", None, 1001), ("message", None, 1001)]
    messages = db.session.scalars(select(Message).order_by(Message.id)).all()
    # It answers her own letter, whose Message-ID others know too: attack case O35.
    assert [(message.text, message.verified) for message in messages][1] == ("I jeszcze jedno.", False)


def test_somebody_else_who_answers_a_letter_of_the_batch_is_not_trusted(settings: config.Settings) -> None:
    stranger = letter(sender="obcy@inny.example", message_id="<2@inny.example>", in_reply_to="<1@klient.example>")
    wait(settings, letter(), stranger)
    take.take_waiting()
    assert db.session.scalars(select(Message.verified).order_by(Message.id)).all() == [True, False]


def test_strangers_who_write_together_are_not_taken_for_each_other(settings: config.Settings) -> None:
    """Nobody of the batch has an id yet. Both answer one letter that we never saw."""
    wait(
        settings,
        letter(sender="obcy@inny.example", message_id="<1@inny.example>"),
        letter(message_id="<1@klient.example>", in_reply_to="<pytanie@x.example>"),
        letter(sender="obcy@inny.example", message_id="<2@inny.example>", in_reply_to="<pytanie@x.example>"),
    )
    take.take_waiting()
    assert [ticket for _outcome, _reason, ticket in ends()] == [1001, 1002, 1003]


def test_who_is_in_copy_of_several_letters_of_a_batch_is_noted_once(settings: config.Settings) -> None:
    more = {
        "message_id": "<2@klient.example>",
        "in_reply_to": "<1@klient.example>",
        "cc": "ola@a.example, jan@a.example",
    }
    wait(settings, letter(cc="Ola <ola@a.example>"), letter(**more))
    take.take_waiting()
    wait(settings, letter(**more | {"message_id": "<3@klient.example>"}))
    take.take_waiting()
    noted = select(CopiedPerson.ticket_id, CopiedPerson.email, CopiedPerson.name).order_by(CopiedPerson.email)
    assert db.session.execute(noted).all() == [(1, "jan@a.example", ""), (1, "ola@a.example", "Ola")]


def test_a_letter_twice_in_a_batch_is_shown_once(settings: config.Settings) -> None:
    wait(settings, b"Received: from a\r\n" + letter(), b"Received: from b\r\n" + letter())
    take.take_waiting()
    assert ends() == [("ticket", None, 1001), ("message", "twice", 1001)]


def test_a_new_sender_of_several_letters_is_one_account_and_invited_once(app: Flask, settings: config.Settings) -> None:
    wait(settings, *(letter(message_id=f"<{number}@klient.example>") for number in range(3)))
    work(app)
    assert [ticket for _outcome, _reason, ticket in ends()] == [1001, 1002, 1003]
    assert db.session.scalars(select(Account.email)).all() == ["anna@klient.example"]
    templates = db.session.scalars(select(Letter.template)).all()
    assert sorted(templates) == [*["acknowledgement"] * 3, "invitation"]


def test_what_is_asked_and_written_does_not_grow_with_the_batch(app: Flask, settings: config.Settings) -> None:
    asked = {}
    for size in (1, 2, 12):  # the first is a new sender's
        named = (f"<{size}-{number}@klient.example>" for number in range(size))
        wait(settings, *(letter(message_id=name, cc="Ola <ola@a.example>") for name in named))
        db.session.remove()  # or what the last batch left in memory would spare some questions, as chance will have it
        with counted(app) as said:
            take.take_waiting()
        asked[size] = [statement for statement in said if statement.startswith(("SELECT", "INSERT"))]
    assert len(asked[12]) == len(asked[2])


def test_a_letter_that_cannot_be_filed_holds_up_none_of_its_batch(
    settings: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_filing(monkeypatch, "zepsuty", ZeroDivisionError)
    wait(
        settings,
        letter(subject="pierwszy"),
        letter(subject="zepsuty", message_id="<2@klient.example>"),
        letter(subject="trzeci", message_id="<3@klient.example>"),
    )
    take.take_waiting()
    assert ends() == [("ticket", None, 1001), ("not_sure", "failed", None), ("ticket", None, 1002)]
    assert db.session.scalars(select(Ticket.subject).order_by(Ticket.id)).all() == ["pierwszy", "trzeci"]
    assert db.session.scalar(select(func.count()).select_from(Account)) == 1


def test_what_the_database_refuses_holds_up_none_of_its_batch(
    settings: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows of a batch are written together, so the error comes after the letter was placed."""
    real = Clerk.place

    def nameless(self: Clerk, entry: JournalEntry, reading: Reading) -> Placement:
        placement = real(self, entry, reading)
        if placement.ticket and entry.subject == "zepsuty":
            placement.ticket.subject = None  # type: ignore[assignment]  # what no column allows
        return placement

    monkeypatch.setattr(Clerk, "place", nameless)
    wait(settings, letter(subject="zepsuty"), letter(subject="dobry", message_id="<2@klient.example>"))
    take.take_waiting()
    assert ends() == [("not_sure", "failed", None), ("ticket", None, 1001)]


def test_when_the_database_goes_away_the_letters_wait(
    settings: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = OperationalError("INSERT", {}, Exception("the disk is full"))
    break_filing(monkeypatch, "zepsuty", lambda: gone)
    wait(settings, letter(), letter(subject="zepsuty", message_id="<2@klient.example>"))
    with pytest.raises(OperationalError):
        take.take_waiting()
    db.session.rollback()
    assert ends() == [("waiting", None, None)] * 2
    monkeypatch.undo()
    let_the_leases_end()
    assert take.take_waiting() == 2
    assert ends() == [("ticket", None, 1001), ("ticket", None, 1002)]


def test_a_slow_worker_leaves_a_letter_to_the_one_that_took_it_over(settings: config.Settings) -> None:
    wait(settings, letter())
    slow = take.claim(utc_now())
    let_the_leases_end()
    quick = take.claim(utc_now())
    take._take(slow, frozenset(), NOBODY)
    assert ends() == [("waiting", None, None)]
    take._take(quick, frozenset(), NOBODY)
    assert ends() == [("ticket", None, 1001)]


def test_large_and_many_letters_are_filed_in_portions() -> None:
    def claimed(number: int, size: int, attempts: int = 1) -> take.Claimed:
        return take.Claimed(number, attempts, "", size, "", None, "smtp", None)

    half = take.LARGEST_BATCH // 2
    letters = [claimed(1, half), claimed(2, half), claimed(3, 1), claimed(4, 1, attempts=2), claimed(5, 9 * half)]
    assert [[each.id for each in batch] for batch in take._batches(letters)] == [[1, 2], [3], [5], [4]]
    many = [claimed(number, 1) for number in range(take.FILED_TOGETHER + 1)]
    assert [len(batch) for batch in take._batches(many)] == [take.FILED_TOGETHER, 1]


def break_filing(monkeypatch: pytest.MonkeyPatch, subject: str, error: Callable[[], Exception]) -> None:
    """Placing the letter of that subject fails."""
    real = Clerk.place

    def broken(self: Clerk, entry: JournalEntry, reading: Reading) -> Placement:
        if entry.subject == subject:
            raise error()
        return real(self, entry, reading)

    monkeypatch.setattr(Clerk, "place", broken)


def let_the_leases_end() -> None:
    with transaction():
        db.session.execute(update(JournalEntry).values(claimed_until=utc_now() - timedelta(seconds=1)))


def test_whoever_sends_thousands_keeps_nobody_waiting(
    settings: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-13: senders take turns, and the letters of each stay in order."""
    monkeypatch.setattr(take, "BATCH", 3)
    flood = [letter(message_id=f"<{n}@a.example>", text=f"{n}") for n in range(5)]
    wait(settings, *flood, sender="a@a.example")
    wait(settings, letter(message_id="<b@b.example>"), sender="b@b.example")
    claims = []
    while claimed := take.claim(utc_now()):
        claims.append([(one.envelope_from, one.id) for one in claimed])
    a, b = "a@a.example", "b@b.example"
    assert claims == [[(a, 1), (a, 2), (b, 6)], [(a, 3), (a, 4), (a, 5)]]


def test_a_slow_machine_files_a_batch_in_several_transactions(
    settings: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or nobody else could write for as long as it takes (SQLite)."""
    monkeypatch.setattr(take, "LONGEST_FILING", 0.0)
    answer = letter(message_id="<2@klient.example>", in_reply_to="<1@klient.example>", text="I jeszcze jedno.")
    wait(settings, letter(), answer, letter(message_id="<3@klient.example>", text="Inna sprawa"))
    begun = []
    file_some = take._file_some
    monkeypatch.setattr(take, "_file_some", lambda *given: begun.append(1) or file_some(*given))
    assert take.take_waiting() == 3
    assert ends() == [("ticket", None, 1001), ("message", None, 1001), ("ticket", None, 1002)]
    assert len(begun) == 3
