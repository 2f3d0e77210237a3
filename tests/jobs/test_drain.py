"""A drain does what is due, takes turns, and rests where it is asked to."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from rq import Queue

from app.events.wake import INTAKE, wake
from app.jobs import application, drain


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """What each batch of the intake will have taken; then nothing is due."""
    left: list[int] = []
    monkeypatch.setitem(drain.BATCH_OF, INTAKE, lambda: left.pop(0) if left else 0)
    yield left
    application._asked_to_end.clear()


def test_it_goes_on_until_nothing_is_due(app: Flask, batches: list[int]) -> None:
    batches[:] = [50, 50, 3]
    assert drain.drain_in(app, INTAKE) == 103


def test_it_looks_once_more_when_somebody_woke_it_meanwhile(
    app: Flask, batches: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    came: list[Callable[[], int]] = [lambda: wake(app.extensions["redis"], [INTAKE]) or 0, lambda: 7, lambda: 0]
    monkeypatch.setitem(drain.BATCH_OF, INTAKE, lambda: came.pop(0)())
    assert drain.drain_in(app, INTAKE) == 7


def test_after_its_turn_it_lets_others_go_first(app: Flask, batches: list[int]) -> None:
    batches[:] = [50, 50]
    assert drain.drain_in(app, INTAKE, seconds=0) == 50
    assert len(Queue(INTAKE, connection=app.extensions["redis"])) == 1


def test_an_ending_worker_leaves_the_rest_due(app: Flask, batches: list[int]) -> None:
    batches[:] = [50, 50]
    application.end_soon()
    assert drain.drain_in(app, INTAKE) == 0
    assert batches == [50, 50]
