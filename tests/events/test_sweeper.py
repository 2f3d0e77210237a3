"""Valkey only wakes: whatever it forgets, the sweeper finds in the database."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from redis import Redis
from rq import Queue
from sqlalchemy import insert, select, update

import config
from app.events.sweeper import queues_with_work, sweep
from app.events.wake import INDEX, INTAKE, LETTERS, QUEUES, SLOW
from app.extensions import db
from app.jobs.drain import drain_in
from app.mail.receive import Envelope, Receiver
from app.models.journal import JournalEntry
from app.models.tables import journal, outbox
from app.models.types import utc_now
from tests.mail.letters import letter, sent

NOW = utc_now()
PAST, FUTURE = NOW - timedelta(minutes=1), NOW + timedelta(minutes=1)


def owe(**values: object) -> None:
    db.session.execute(insert(outbox).values({"queue": LETTERS, "reaction": "send", "due_at": PAST, **values}))
    db.session.commit()


def wait(**values: object) -> None:
    row = {"transport": "smtp", "recipient": "x", "sha256": "0" * 64, "size": 1, "outcome": "waiting", **values}
    db.session.execute(insert(journal).values(row))
    db.session.commit()


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({}, {LETTERS}),
        ({"queue": INDEX}, {INDEX}),
        ({"queue": SLOW}, {SLOW}),
        ({"due_at": FUTURE}, set()),
        ({"due_at": None}, set()),
        ({"claimed_until": FUTURE}, set()),
        ({"claimed_until": PAST}, {LETTERS}),
    ],
)
def test_which_queue_has_work(values: dict[str, object], found: set[str]) -> None:
    owe(**values)
    assert queues_with_work(db.engine, NOW) == found


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({}, {INTAKE}),
        ({"outcome": "ticket"}, set()),
        ({"claimed_until": FUTURE}, set()),
        ({"claimed_until": PAST}, {INTAKE}),
    ],
)
def test_which_letters_wait(values: dict[str, object], found: set[str]) -> None:
    wait(**values)
    assert queues_with_work(db.engine, NOW) == found


@pytest.mark.usefixtures("context")
def test_a_fresh_desk_has_no_work() -> None:
    assert queues_with_work(db.engine, NOW) == set()


def sweep_and_drain(app: Flask) -> None:
    """What the light process and the workers do until nothing is due; only queues that were woken are drained."""
    redis: Redis = app.extensions["redis"]
    with app.app_context():
        engine = db.engine
    while sweep(engine, redis):
        for queue in QUEUES:
            if len(Queue(queue, connection=redis)):
                Queue(queue, connection=redis).empty()
                drain_in(app, queue)


def keep(settings: config.Settings, *letters: bytes) -> None:
    receiver = Receiver(settings)
    for raw in letters:
        receiver.keep(raw, Envelope(("PomocTARGIT@pomoc.example",), "smtp", "anna@klient.example"))
    receiver.close()


def test_a_flushed_valkey_loses_nothing(app: Flask, settings: config.Settings, outgoing: Path) -> None:
    """Between every two steps on the way from a letter to its acknowledgement Valkey forgets everything."""
    redis: Redis = app.extensions["redis"]
    keep(settings, *(letter(message_id=f"<{n}@klient.example>", text=f"Sprawa {n}") for n in range(3)))
    for queue in (INTAKE, LETTERS, INDEX, LETTERS):  # the letters twice: who hears of it, then the letter itself
        redis.flushall()
        with app.app_context():
            assert queue in sweep(db.engine, redis)
        redis.flushall()
        drain_in(app, queue, seconds=0)
    redis.flushall()
    sweep_and_drain(app)
    acknowledged = [mail for mail in sent(outgoing) if mail["Auto-Submitted"] == "auto-replied"]
    assert len(acknowledged) == 3


def test_a_worker_that_died_with_letters_in_its_hands_is_followed_by_another(
    app: Flask, settings: config.Settings, outgoing: Path
) -> None:
    keep(settings, letter())
    with app.app_context():
        db.session.execute(update(journal).values(claimed_until=FUTURE + timedelta(days=1), attempts=1))
        db.session.commit()
    sweep_and_drain(app)
    assert sent(outgoing) == []
    with app.app_context():
        db.session.execute(update(journal).values(claimed_until=PAST))
        db.session.commit()
    sweep_and_drain(app)
    assert len(sent(outgoing, "anna@klient.example")) == 2  # acknowledgement and invitation
    with app.app_context():
        assert [(row.outcome, row.attempts) for row in db.session.scalars(select(JournalEntry))] == [("ticket", 2)]
