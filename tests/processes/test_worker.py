"""The workers that `run.py worker` forks."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

import config
from app.extensions import db
from app.processes import worker


def test_a_worker_is_patient_with_who_else_writes(
    app: Flask, settings: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before it works: what it has sent must be written down, or it leaves once more (tests/models/test_locked.py)."""
    done: list[Any] = []
    monkeypatch.setattr(worker, "be_patient", done.append)
    monkeypatch.setattr("app.jobs.worker.work", lambda _app, _redis, queues: done.append(queues))
    worker._work(app, settings, ("letters",))
    with app.app_context():
        assert done == [db.engine, ("letters",)]
