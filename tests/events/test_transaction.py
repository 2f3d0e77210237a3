"""A change is whole or it is not; its commit wakes whoever must act on it, and nothing else does."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from redis import Redis
from rq import Queue
from sqlalchemy import select, update

from app.events.record import Reaction, owe
from app.events.transaction import transaction
from app.events.wake import INDEX, LETTERS, QUEUES, begin_drain, take_flag, wake
from app.extensions import db
from app.models.event import OutboxItem
from app.models.ticket import Counter


@pytest.fixture
def redis(app: Flask) -> Redis:
    found: Redis = app.extensions["redis"]
    return found


def queued(redis: Redis) -> dict[str, int]:
    counts = {name: len(Queue(name, connection=redis)) for name in QUEUES}
    return {name: count for name, count in counts.items() if count}


def add(amount: int) -> None:
    db.session.execute(update(Counter).where(Counter.name == "ticket").values(value=Counter.value + amount))


def value() -> int:
    db.session.expire_all()
    return db.session.scalars(select(Counter.value).where(Counter.name == "ticket")).one()


@pytest.mark.usefixtures("context")
def test_a_failed_change_changes_nothing_and_wakes_nobody(redis: Redis) -> None:
    def fail() -> None:
        add(1)
        owe(Reaction.INDEX)
        raise ZeroDivisionError

    before = value()
    with pytest.raises(ZeroDivisionError), transaction():
        fail()
    with transaction():
        pass
    assert value() == before
    assert db.session.scalars(select(OutboxItem)).all() == []
    assert queued(redis) == {}


@pytest.mark.usefixtures("context")
def test_a_commit_wakes_each_queue_once(redis: Redis) -> None:
    with transaction():
        for _time in range(3):
            owe(Reaction.INDEX)
            owe(Reaction.NOTIFY)
        assert queued(redis) == {}
    assert queued(redis) == {INDEX: 1, LETTERS: 1}


@pytest.mark.usefixtures("context")
def test_a_change_from_before_is_not_slipped_in() -> None:
    db.session.add(Counter(name="other"))
    with pytest.raises(RuntimeError), transaction():
        pass


def test_what_is_read_inside_cannot_change_before_it_is_written(app: Flask) -> None:
    """Four threads read a number and write the next one. SQLite knows no FOR UPDATE: there the writers queue."""
    start = threading.Barrier(4)
    locked = select(Counter).where(Counter.name == "ticket").with_for_update()
    anew = {"populate_existing": True}

    def work() -> None:
        with app.app_context():
            start.wait()
            for _time in range(5):
                with transaction():
                    counter = db.session.scalars(locked, execution_options=anew).one()
                    counter.value += 1
            db.session.remove()

    run_together([work] * 4)
    with app.app_context():
        assert value() == 1020


def run_together(acts: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_wake_up_waits_once_until_its_drain_begins(redis: Redis) -> None:
    for _time in range(3):
        wake(redis, [LETTERS])
    assert queued(redis) == {LETTERS: 1}
    begin_drain(redis, LETTERS)
    wake(redis, [LETTERS])
    assert queued(redis) == {LETTERS: 2}


def test_the_flag_tells_a_running_drain_to_look_once_more(redis: Redis) -> None:
    wake(redis, [LETTERS])
    assert take_flag(redis, LETTERS)
    assert not take_flag(redis, LETTERS)
    assert not take_flag(redis, INDEX)


def test_without_valkey_a_change_is_kept_all_the_same(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(app.extensions, "redis", Redis.from_url("unix:///nowhere/at/all.sock"))
    with app.app_context():
        with transaction():
            owe(Reaction.INDEX)
        assert len(db.session.scalars(select(OutboxItem)).all()) == 1
    assert "The sweeper will find the work" in caplog.text
