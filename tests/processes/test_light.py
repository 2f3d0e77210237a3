"""The light process: it finds what a lost wake-up left, and outlives what it looks at."""

from __future__ import annotations

import logging
import subprocess
import sys

import pytest
from flask import Flask
from redis import Redis
from rq import Queue
from sqlalchemy import create_engine

import config
from app.events.wake import INTAKE
from app.extensions import db
from app.mail.receive import Envelope, Receiver
from app.processes.light import look
from tests.mail.letters import letter


def test_a_letter_whose_wake_up_was_lost_is_found(app: Flask, settings: config.Settings) -> None:
    receiver = Receiver(settings)
    receiver.keep(letter(), Envelope(("PomocTARGIT@pomoc.example",), "smtp", "anna@klient.example"))
    receiver.close()
    redis = app.extensions["redis"]
    redis.flushall()
    with app.app_context():
        look(db.engine, redis)
    assert len(Queue(INTAKE, connection=redis)) == 1


def test_it_outlives_a_valkey_and_a_database_that_are_away(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    away = Redis.from_url("unix:///nowhere/at/all.sock")
    with app.app_context(), caplog.at_level(logging.WARNING):
        look(db.engine, away)
        look(create_engine("sqlite:////nowhere/at/all.db"), app.extensions["redis"])
    assert len(caplog.records) == 2


def test_it_stays_light() -> None:
    code = "import sys, app.processes.light, app.mail.smtpd, app.mail.collect; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"flask_appbuilder", "flask_security", "whoosh", "babel"} & set(loaded)
    assert not {"imapclient", "msal", "requests"} & set(loaded)  # until a mailbox needs them
