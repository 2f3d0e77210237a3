"""Several workers take letters at once, while consultants change the same tickets."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

import config
from app.desk import tickets
from app.events.transaction import transaction
from app.extensions import db
from app.mail import known, take
from app.mail.receive import Envelope, Receiver
from app.models.account import Account
from app.models.journal import JournalEntry
from app.models.ticket import Ticket
from tests.mail.letters import arrive, letter


@pytest.fixture(autouse=True)
def _one_letter_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that no worker takes all that waits."""
    monkeypatch.setattr(take, "BATCH", 1)


def keep(settings: config.Settings, *letters: bytes) -> None:
    receiver = Receiver(settings)
    for raw in letters:
        receiver.keep(raw, Envelope(("PomocTARGIT@pomoc.example",), "smtp", "anna@klient.example"))
    receiver.close()


def take_by_two(app: Flask) -> None:
    """Two workers begin at the same instant and go on until nothing waits."""
    start = threading.Barrier(2)

    def work() -> None:
        with app.app_context():
            start.wait()
            while take.take_waiting():
                db.session.remove()
            db.session.remove()

    workers = [threading.Thread(target=work) for _number in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def outcomes(app: Flask) -> list[tuple[str, str | None]]:
    with app.app_context():
        rows = db.session.scalars(select(JournalEntry).order_by(JournalEntry.id))
        return [(row.outcome, row.reason) for row in rows]


def test_a_letter_that_came_twice_is_shown_once_whoever_takes_it(app: Flask, settings: config.Settings) -> None:
    for number in range(5):
        twice = letter(message_id=f"<{number}@klient.example>", text=f"Sprawa {number}")
        keep(settings, twice, twice)
    take_by_two(app)
    assert sorted(outcomes(app), key=str) == [("message", "twice")] * 5 + [("ticket", None)] * 5
    with app.app_context():
        assert len(db.session.scalars(select(Ticket)).all()) == 5


def test_two_first_letters_of_one_person_make_one_account(app: Flask, settings: config.Settings) -> None:
    for person in range(5):
        for number in range(2):
            name = f"{person}-{number}"
            keep(
                settings,
                letter(sender=f"Nowy <nowy{person}@klient.example>", message_id=f"<{name}@klient.example>", text=name),
            )
    take_by_two(app)
    assert outcomes(app) == [("ticket", None)] * 10
    with app.app_context():
        assert len(db.session.scalars(select(Account)).unique().all()) == 5


def test_an_account_that_was_made_meanwhile_is_no_reason_to_put_a_letter_aside(
    app: Flask, settings: config.Settings, monkeypatch: pytest.MonkeyPatch, make_account: Callable[..., int]
) -> None:
    """Somebody registers at the portal in the instant between the look and the insert."""
    make_account("anna@klient.example")
    real = known._accounts
    seen: list[dict[str, Account]] = [{}]
    monkeypatch.setattr(known, "_accounts", lambda addresses: seen.pop() if seen else real(addresses))
    keep(settings, letter())
    with app.app_context():
        take.take_waiting()
    assert outcomes(app) == [("ticket", None)]


def test_a_reply_that_meets_a_closing_consultant_opens_the_ticket_again(
    app: Flask, settings: config.Settings, make_account: Callable[..., int]
) -> None:
    """Without a lock the reply would be added to a ticket that it believes open, and nobody would see it."""
    make_account("ewa@pomoc.example", role="consultant", groups=("TARGIT",))
    arrive(app, settings, letter())
    keep(settings, letter(message_id="<2@klient.example>", references="<1@klient.example>", text="Nadal nie działa"))

    def take_it() -> None:
        with app.app_context():
            take.take_waiting()
            db.session.remove()

    worker = threading.Thread(target=take_it)
    with app.app_context():
        with transaction():
            ticket = db.session.scalars(select(Ticket).with_for_update()).one()
            tickets.close(ticket, by=db.session.scalars(select(Account).where(Account.id == 1)).unique().one())
            db.session.flush()
            worker.start()
            time.sleep(0.3)
        worker.join()
        db.session.expire_all()
        assert [event.kind for event in ticket.events] == ["opened", "closed", "customer_replied", "reopened"]
        assert ticket.status == "open"
