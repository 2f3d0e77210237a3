"""Every letter that was taken in is found again, or the balance says which is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

import config
from app.checks import silent_mailboxes
from app.events.transaction import transaction
from app.extensions import db
from app.mail.balance import days, silences
from app.models.event import Event, OutboxItem
from app.models.journal import JournalEntry
from app.models.mailbox import Mailbox
from app.models.ticket import Message
from app.models.types import utc_now
from tests.mail.letters import letter, wait, work

WARSAW = "Europe/Warsaw"
NOISE = {"auto_submitted": "auto-generated"}


@pytest.fixture
def came(app: Flask, settings: config.Settings) -> None:
    """A ticket, a reply, the same one twice, a machine's letter, and one of nobody."""
    wait(
        settings,
        letter(),
        letter(message_id="<2@x>", in_reply_to="<1@klient.example>", text="Dalej"),
        letter(message_id="<2@x>", in_reply_to="<1@klient.example>", text="Dalej"),
        letter(message_id="<3@x>", in_reply_to="<1@klient.example>", text="Urlop", **NOISE),
        letter(message_id="<4@x>", text="Maszyna", **NOISE),
    )
    work(app)


def test_all_of_it_is_found(app: Flask, came: None) -> None:
    with app.app_context():
        (day,) = days(1, WARSAW)
        assert dict(day.ends) == {"ticket": 1, "message": 2, "automatic": 1, "not_sure": 1}
        assert (day.taken, day.found, day.twice, day.adds_up) == (5, 5, 1, True)


def test_it_says_which_letter_is_missing_or_not_read(app: Flask, settings: config.Settings, came: None) -> None:
    wait(settings, letter(message_id="<5@x>"))
    with app.app_context(), transaction():
        gone = db.session.scalars(select(Message).where(Message.text == "Dalej")).one()
        lost = gone.journal_id
        events = select(Event.id).where(Event.message_id == gone.id)
        db.session.execute(delete(OutboxItem).where(OutboxItem.event_id.in_(events)))
        db.session.execute(update(Event).where(Event.message_id == gone.id).values(message_id=None))
        db.session.execute(delete(Message).where(Message.id == gone.id))
    with app.app_context():
        (day,) = days(1, WARSAW)
        assert (day.lost, day.late, day.adds_up) == ([lost], [], False)
        assert (day.taken, day.found) == (6, 4)
        (day,) = [each for each in days(2, WARSAW, now=utc_now() + timedelta(minutes=16)) if each.late]
        assert len(day.late) == 1


def test_a_day_is_that_of_the_zone(app: Flask, came: None) -> None:
    late = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)  # 00:30 of the 26th in Warsaw
    with app.app_context(), transaction():
        db.session.execute(update(JournalEntry).values(arrived_at=late))
    with app.app_context():
        now = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
        assert [each.day.isoformat() for each in days(3, WARSAW, now=now)] == ["2026-11-26"]
        assert [each.day.isoformat() for each in days(3, "UTC", now=now)] == ["2026-11-25"]
        assert days(1, WARSAW, now=now + timedelta(days=1)) == []


def test_a_mailbox_that_is_silent_for_too_long(app: Flask, came: None) -> None:
    with app.app_context(), transaction():
        db.session.execute(
            update(Mailbox).where(Mailbox.address == "pomoctargit@pomoc.example").values(quiet_minutes=60)
        )
    with app.app_context():
        assert not any(each.too_long for each in silences())
        assert silent_mailboxes().well
        hour = utc_now() + timedelta(minutes=61)
        assert [each.mailbox.address for each in silences(now=hour) if each.too_long] == ["pomoctargit@pomoc.example"]
    with app.app_context(), transaction():
        db.session.execute(update(Mailbox).values(quiet_minutes=60))
    with app.app_context():
        assert not silent_mailboxes().well, "the others never had a letter"


def test_page_and_metrics(
    app: Flask, came: None, client: Any, make_account: Callable[..., int], browser_of: Callable[[str], Any]
) -> None:
    make_account("adam@pomoc.example", role="administrator")
    make_account("jan@pomoc.example", role="consultant", groups=("TARGIT",))
    page = browser_of("adam@pomoc.example").get("/desk/balance/?days=3")
    assert "(1 przyszło dwa razy)" in page.text
    assert browser_of("jan@pomoc.example").get("/desk/balance/").status_code in (302, 403, 404)
    text = client.get("/metrics").text
    assert 'outcome="ticket"} 1' in text
    assert "bilety_letters_unaccounted" in text
    assert "bilety_mailbox_silent_seconds" in text
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.7"}).status_code == 404
