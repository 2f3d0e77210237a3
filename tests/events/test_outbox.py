"""The outbox: claimed by one worker, performed, settled; what fails is tried again and at last given up, visibly."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, insert, select

from app.events.outbox import BATCH, LEASE, MOST_ATTEMPTS, Item, Permanent, claim, delay_after, drain_batch, settle
from app.events.transaction import transaction
from app.extensions import db
from app.models.event import OutboxItem
from app.models.tables import outbox

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
QUEUE = "letters"


def owe(count: int = 1, *, queue: str = QUEUE, reaction: str = "send", due_at: datetime | None = NOW) -> None:
    with transaction():
        row = {"queue": queue, "reaction": reaction, "due_at": due_at}
        db.session.execute(insert(outbox), [row] * count)


def rows() -> list[OutboxItem]:
    db.session.expire_all()
    return list(db.session.scalars(select(OutboxItem).order_by(OutboxItem.id)))


def well(done: list[int]) -> Callable[[list[Item]], Mapping[int, Exception | None]]:
    """A reaction that always succeeds and keeps the ids that it was given."""

    def perform(items: list[Item]) -> Mapping[int, Exception | None]:
        done.extend(item.id for item in items)
        return {item.id: None for item in items}

    return perform


def failing(*bad: int, error: Exception | None = None) -> Callable[[list[Item]], Mapping[int, Exception | None]]:
    """A reaction that raises for the whole batch as soon as one of these items is in it."""

    def perform(items: list[Item]) -> Mapping[int, Exception | None]:
        if set(bad) & {item.id for item in items}:
            raise error or ValueError("bad")
        return {item.id: None for item in items}

    return perform


def drain(perform: Callable[[list[Item]], Mapping[int, Exception | None]], at: datetime = NOW) -> int:
    return drain_batch(QUEUE, {"send": perform, "notify": perform}, now=lambda: at)


@pytest.mark.usefixtures("context")
class TestClaim:
    def test_what_is_due_is_taken_in_its_order_and_no_more_than_a_batch(self) -> None:
        owe(BATCH + 5)
        first = claim(QUEUE, NOW)
        assert [item.id for item in first] == list(range(1, BATCH + 1))
        assert len(claim(QUEUE, NOW)) == 5
        assert claim(QUEUE, NOW) == []

    @pytest.mark.parametrize("wanted", [{"queue": "index"}, {"due_at": NOW + timedelta(seconds=1)}, {"due_at": None}])
    def test_what_is_another_queues_or_not_due_or_given_up_stays(self, wanted: dict[str, object]) -> None:
        owe(**wanted)  # type: ignore[arg-type]  # passed on as given
        assert claim(QUEUE, NOW) == []

    def test_a_lease_ends_so_that_a_dead_workers_items_are_taken_again(self) -> None:
        owe()
        assert len(claim(QUEUE, NOW)) == 1
        assert claim(QUEUE, NOW + LEASE) == []
        assert len(claim(QUEUE, NOW + LEASE + timedelta(seconds=1))) == 1

    def test_two_workers_never_take_the_same_item(self, app: Flask) -> None:
        owe(6 * BATCH)
        taken: list[list[int]] = [[], []]
        start = threading.Barrier(2)

        def work(mine: list[int]) -> None:
            with app.app_context():
                for _round in range(3):
                    start.wait()
                    mine.extend(item.id for item in claim(QUEUE, NOW))
                db.session.remove()

        workers = [threading.Thread(target=work, args=(mine,)) for mine in taken]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert all(taken)
        assert len(set(taken[0] + taken[1])) == len(taken[0] + taken[1])
        rest = [item.id for _time in range(6) for item in claim(QUEUE, NOW)]
        assert sorted(taken[0] + taken[1] + rest) == list(range(1, 6 * BATCH + 1))


@pytest.mark.usefixtures("context")
class TestDrain:
    def test_what_is_done_is_gone(self) -> None:
        owe(3)
        done: list[int] = []
        assert drain(well(done)) == 3
        assert (done, rows()) == ([1, 2, 3], [])
        assert drain(well(done)) == 0

    def test_each_reaction_gets_its_own(self) -> None:
        owe(reaction="send")
        owe(reaction="notify")
        sent: list[int] = []
        noted: list[int] = []
        assert drain_batch(QUEUE, {"send": well(sent), "notify": well(noted)}, now=lambda: NOW) == 2
        assert (sent, noted) == ([1], [2])

    def test_an_item_whose_outcome_is_an_error_is_put_off_and_the_others_are_done(self) -> None:
        owe(3)
        drain(lambda items: {2: OSError("relay is away")})
        (row,) = rows()
        assert (row.id, row.attempts, row.last_error) == (2, 1, "relay is away")
        assert row.due_at == NOW + timedelta(minutes=1)
        assert row.claimed_until is None

    def test_a_reaction_that_raises_harms_only_the_item_that_made_it(self) -> None:
        """One that nobody can perform must not take fifty others with it, again and again."""
        owe(5)
        drain(failing(3))
        assert [(row.id, row.last_error) for row in rows()] == [(3, "bad")]

    def test_an_error_without_words_is_named(self) -> None:
        owe()
        drain(failing(1, error=KeyError()))
        assert rows()[0].last_error == "KeyError"

    def test_it_waits_longer_and_longer_and_at_last_gives_up(self) -> None:
        owe()
        at, waits = NOW, []
        for _attempt in range(MOST_ATTEMPTS):
            assert drain(failing(1), at) == 1
            (row,) = rows()
            if row.due_at is not None:
                waits.append(row.due_at - at)
                at = row.due_at
        assert [wait.seconds // 60 for wait in waits[:7]] == [1, 2, 4, 8, 16, 30, 30]
        assert timedelta(hours=20) < at - NOW < timedelta(hours=36)
        assert (rows()[0].due_at, rows()[0].attempts) == (None, MOST_ATTEMPTS)
        assert drain(failing(1), at + timedelta(days=365)) == 0

    def test_what_can_never_succeed_is_given_up_at_once_and_stays_visible(self) -> None:
        owe()
        drain(lambda items: {1: Permanent("550 No such user")})
        (row,) = rows()
        assert (row.due_at, row.last_error) == (None, "550 No such user")

    def test_no_transaction_is_open_while_the_outside_world_answers(self, app: Flask) -> None:
        """Another process can write while a reaction runs."""
        owe()
        seen: list[int] = []

        def perform(items: list[Item]) -> Mapping[int, Exception | None]:
            with app.app_context(), transaction():
                db.session.execute(insert(outbox).values(queue="index", reaction="index"))
            seen.append(len(items))
            return {}

        drain(perform)
        assert seen == [1]
        assert db.session.scalar(select(func.count()).select_from(outbox)) == 1


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 1), (2, 2), (5, 16), (6, 30), (60, 30), (10_000, 30)])
def test_the_delay_after_a_failure(attempts: int, minutes: int) -> None:
    assert delay_after(attempts) == timedelta(minutes=minutes)


@pytest.mark.usefixtures("context")
def test_an_error_is_kept_in_a_bounded_row() -> None:
    owe()
    settle(claim(QUEUE, NOW), {1: ValueError("x" * 100_000)}, NOW)
    assert len(rows()[0].last_error or "") == 1000
