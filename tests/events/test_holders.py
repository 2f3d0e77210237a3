"""What a dead process held is free at once; what others hold stays theirs."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import insert, select, update

from app.events.holders import DIED, let_go, name_of
from app.events.outbox import claim
from app.events.record import Reaction
from app.events.transaction import transaction
from app.events.wake import LETTERS
from app.extensions import db
from app.models.tables import outbox
from app.models.types import utc_now

LATER = utc_now() + timedelta(hours=1)


@pytest.fixture(autouse=True)
def owed(app: Flask) -> None:
    with app.app_context(), transaction():
        db.session.execute(insert(outbox), [{"queue": LETTERS, "reaction": Reaction.SEND} for _ in range(2)])


def test_the_next_process_takes_what_a_dead_one_held(app: Flask) -> None:
    with app.app_context():
        assert len(claim(LETTERS, utc_now())) == 2
        assert claim(LETTERS, utc_now()) == []
        db.session.remove()
        let_go(app.extensions["settings"].database_url, os.getpid())
        again = claim(LETTERS, utc_now())
    assert [item.attempts for item in again] == [1, 1]


def test_an_effect_that_was_tried_before_waits_for_its_lease(app: Flask) -> None:
    with app.app_context():
        with transaction():
            db.session.execute(update(outbox).values(attempts=1))
        claim(LETTERS, utc_now())
        db.session.remove()
        let_go(app.extensions["settings"].database_url, os.getpid())
        assert claim(LETTERS, utc_now()) == []
        assert [tuple(row) for row in db.session.execute(select(outbox.c.attempts, outbox.c.last_error))] == [
            (2, DIED),
            (2, DIED),
        ]


def test_what_another_process_holds_stays_its_own(app: Flask) -> None:
    with app.app_context():
        claim(LETTERS, utc_now())
        db.session.remove()
        let_go(app.extensions["settings"].database_url, os.getpid() + 1)
        assert claim(LETTERS, utc_now()) == []


def test_a_database_that_is_away_only_costs_time() -> None:
    let_go("postgresql+psycopg://nobody@127.0.0.1:1/none", os.getpid())


def test_no_two_processes_of_one_parent_share_a_name() -> None:
    assert name_of(1) != name_of(2)
