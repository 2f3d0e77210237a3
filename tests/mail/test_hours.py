"""Past hours are counted once; what changes in them, or is found damaged later, is counted anew."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, func, insert, select

import config
from app.events.transaction import transaction
from app.extensions import db
from app.mail.balance import Day, days
from app.mail.by_hand import reject
from app.mail.hours import ANEW_AFTER, KEPT_FOR, MOST_AT_ONCE, begun, keep_counting
from app.models.account import Account
from app.models.journal import JournalEntry
from app.models.mail_hour import MailHour
from app.models.mailbox import Mailbox
from app.models.types import utc_now
from tests.mail.letters import letter, wait, work
from tests.views.statements import counted

NOW = datetime(2026, 11, 26, 12, 30, tzinfo=UTC)
ZONES = ("Europe/Warsaw", "UTC", "Asia/Kolkata", "America/New_York")


@pytest.fixture
def came(app: Flask, settings: config.Settings, context: None) -> None:
    """Some letters of several days, hours and mailboxes, and one to nobody."""
    wait(settings, *(letter(message_id=f"<{number}@x>") for number in range(6)))
    work(app)
    with transaction():
        for entry in db.session.scalars(select(JournalEntry)):
            entry.arrived_at = NOW - timedelta(hours=5 * entry.id)
        boxes = db.session.scalars(select(Mailbox.id).order_by(Mailbox.id)).all()
        rows = [
            {
                "transport": "smtp", "recipient": "x", "sha256": "0" * 64, "size": 1, "mailbox_id": box,
                "outcome": outcome, "reason": reason, "arrived_at": NOW - timedelta(minutes=minutes),
            }
            for box, outcome, reason, minutes in (
                (boxes[0], "not_sure", None, 61), (boxes[0], "rejected", "by_hand", 200),
                (boxes[1], "automatic", "x", 200), (None, "not_sure", "unknown_mailbox", 4000),
                (boxes[1], "message", "twice", 4001), (boxes[0], "waiting", None, 5),
            )
        ]  # fmt: skip
        db.session.execute(insert(JournalEntry), rows)


def seen(zone: str, number: int = 7) -> list[Day]:
    return days(number, zone, now=NOW)


def count_all() -> None:
    while keep_counting(NOW):
        pass


def test_what_is_kept_says_the_same_as_the_letters(came: None) -> None:
    before = [seen(zone) for zone in ZONES]
    assert any(day.lost for day in before[0])
    count_all()
    assert db.session.scalar(select(func.count()).where(MailHour.mailbox == 0)) == KEPT_FOR // timedelta(hours=1)
    assert [seen(zone) for zone in ZONES] == before
    with transaction():
        db.session.execute(delete(MailHour).where(MailHour.hour < NOW - timedelta(days=1)))
    assert seen("UTC") == before[1], "also where some hours are kept and others are not"


def test_few_statements_however_many_letters(app: Flask, came: None) -> None:
    count_all()
    with counted(app) as statements:
        seen("UTC", 31)
    assert len(statements) <= 4


def test_who_decides_about_a_letter_has_its_hour_counted_anew(came: None, make_account, app: Flask) -> None:
    make_account("jan@desk.example", role="consultant")
    count_all()
    with transaction():
        entry = db.session.scalars(select(JournalEntry).where(JournalEntry.reason == "unknown_mailbox")).one()
        reject(entry, by=db.session.scalars(select(Account).limit(1)).unique().one())
    hour = select(MailHour.hour).where(MailHour.hour == begun(NOW - timedelta(minutes=4000)))
    assert db.session.scalars(hour).all() == []
    before = seen("UTC")
    assert sum(day.ends["rejected"] for day in before) == 2
    assert keep_counting(NOW) == 1
    assert seen("UTC") == before


def test_each_hour_is_looked_at_again_once_a_day(came: None) -> None:
    count_all()
    with transaction():
        gone = db.session.scalars(select(JournalEntry.id).where(JournalEntry.outcome == "automatic")).one()
        db.session.execute(delete(JournalEntry).where(JournalEntry.id == gone))
    assert sum(day.ends["automatic"] for day in seen("UTC")) == 1
    assert keep_counting(NOW) == 0
    assert keep_counting(NOW + ANEW_AFTER) == MOST_AT_ONCE
    assert sum(day.ends["automatic"] for day in days(7, "UTC", now=NOW)) == 0


def test_a_letter_of_this_hour_drops_nothing(app: Flask, settings: config.Settings, context: None) -> None:
    keep_counting(utc_now())
    kept = db.session.scalar(select(func.count(MailHour.hour)))
    wait(settings, letter())
    work(app)
    assert db.session.scalar(select(func.count(MailHour.hour))) == kept
