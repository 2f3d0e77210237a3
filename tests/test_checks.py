"""The doctor's questions: each part is well on a fresh desk, and says how to mend it when it is not."""

from __future__ import annotations

import shutil
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import insert, text

import config
from app import checks
from app.checks import Finding
from app.doctor import line
from app.events.transaction import transaction
from app.events.wake import INDEX, LETTERS, QUEUES, serving
from app.extensions import db
from app.models.tables import outbox
from app.models.types import utc_now
from app.search.rebuild import rebuild


@pytest.mark.usefixtures("context")
def test_a_fresh_desk_is_well(app: Flask) -> None:
    serving(app.extensions["redis"], QUEUES, seconds=60)
    rebuild(app)
    ill = [finding for finding in checks.everything() if not finding.well]
    assert [finding.part for finding in ill] == ["mail intake", "administrator"]  # nobody listens or may sign in


@pytest.mark.usefixtures("context")
def test_a_queue_without_worker_is_named(app: Flask) -> None:
    serving(app.extensions["redis"], set(QUEUES) - {LETTERS}, seconds=60)
    assert LETTERS in checks.workers().mend


@pytest.mark.usefixtures("context")
def test_an_old_schema_is_noticed() -> None:
    with transaction():
        db.session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    assert "init" in checks.schema().mend


@pytest.mark.usefixtures("context")
def test_a_missing_index_is_noticed(app: Flask, settings: config.Settings) -> None:
    if db.engine.dialect.name == "sqlite":
        rebuild(app)
        shutil.rmtree(settings.data / "index")
        assert not checks.search_index().well


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("due_at", [None, utc_now() - timedelta(hours=1)])
def test_what_is_owed_for_too_long_is_noticed(due_at: object) -> None:
    with transaction():
        db.session.execute(insert(outbox).values(queue=INDEX, reaction="index", due_at=due_at, attempts=0))
    assert not checks.outbox_late().well


def test_a_line_says_how_to_mend_it() -> None:
    assert line(Finding("files", True, "fine")) == "[ok] files          fine"
    assert line(Finding("files", False, "full", "Make room.")) == "[--] files          full\n     -> Make room."
