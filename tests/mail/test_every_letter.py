"""Every letter in both languages, as its reader gets it.

`BILETY_SNAPSHOTS=write` writes them anew, to be read before they are committed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from flask import Flask
from lxml import html

from app.desk import tickets
from app.desk.alarms import set_alarm
from app.desk.ends import CLOSE
from app.events.record import EventKind, record
from app.events.transaction import transaction
from app.extensions import db
from app.mail import texts
from app.mail.compose import compose
from app.mail.level_wording import ABOUT_TERM
from app.mail.wording import ABOUT_TICKET
from app.models.call import Confirmation
from app.models.event import Event, Letter
from app.models.invitation import Invitation
from app.models.ticket import Ticket
from tests.mail.desk import CONSULTANT, account, open_ticket, words

FOLDER = Path(__file__).parent / "snapshots"
SECRET = re.compile(r"(by-letter|confirm|reset)/[\w.-]+")
MARK = re.compile(r"^(t\d+)\.[a-z2-7]{16}$", re.MULTILINE)
READERS = {"pl": "anna@klient.example", "en": "john@klient.example"}
FRIDAY = datetime(2026, 11, 27, 16, 1, tzinfo=UTC)  # 17:01 in Warsaw
MONDAY = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _people(context: None, make_account: Callable[..., int]) -> None:
    make_account("anna@klient.example", organisation="Klient", name="Anna Nowak")
    make_account("john@klient.example", organisation="Klient", name="John Smith", locale="en")
    make_account(CONSULTANT, role="consultant", groups=("DYNAMICS",), name="Ewa Wrona")


def letter_of(template: str, language: str) -> Letter:
    return about_ticket(template, language) if template in ABOUT_TICKET else about_account(template, language)


def about_account(template: str, language: str) -> Letter:
    """The letter to somebody whom a consultant has invited."""
    reader = account(READERS[language])
    with transaction():
        invitation = Invitation(
            account=reader, invited_by=account(CONSULTANT), organisation=reader.memberships[0].organisation
        )
        letter = Letter(template=template, account=reader, reason="account", invitation=invitation)
        db.session.add_all([invitation, letter])
    return letter


def about_ticket(template: str, language: str) -> Letter:
    """The letter about a ticket that arrived on Friday evening and has seen everything."""
    reader, ewa = READERS[language], account(CONSULTANT)
    ticket = open_ticket(requester=reader, arrived_at=FRIDAY)
    with transaction():
        message = tickets.answer(ticket, words("Proszę odświeżyć dane."), by=ewa)
        tickets.set_priority(ticket, to="high", by=ewa)
        tickets.rename(ticket, to="Raport jest znowu pusty", by=ewa)
        set_alarm(ticket, CLOSE, datetime(2026, 12, 4, 16, 0, tzinfo=UTC))
        ticket.confirmation = Confirmation(due_at=MONDAY)
        event = _event(template, ticket)
        event.message = message if event.message is None else event.message
        letter = Letter(template=template, account=account(reader), reason="requester", ticket=ticket, event=event)
        db.session.add(letter)
    return letter


def _event(template: str, ticket: Ticket) -> Event:
    if template == "acknowledgement":
        return ticket.events[0]
    if template == "update":
        return next(event for event in ticket.events if event.kind == EventKind.PRIORITY_CHANGED)
    if template in ABOUT_TERM:
        return record(ticket, EventKind.WARNED, by=None, term="first", due=MONDAY.isoformat())
    return record(ticket, EventKind.MERGED, by=None, number=1007)


@pytest.mark.parametrize("language", ["pl", "en"])
@pytest.mark.parametrize("template", texts.names())
def test_every_letter_is_as_it_was_approved(app: Flask, template: str, language: str) -> None:
    letter = letter_of(template, language)
    with transaction():
        raw = compose(letter).as_bytes()
    message = message_from_bytes(raw, policy=default)
    plain, rich = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert rich is not None
    seen = SECRET.sub(r"\1/…", f"{message['Subject']}\n\n{plain.get_content()}".replace("\r\n", "\n"))
    seen = MARK.sub(r"\1.…", seen)
    file = FOLDER / f"{template}.{language}.txt"
    if os.environ.get("BILETY_SNAPSHOTS") == "write":
        file.parent.mkdir(exist_ok=True)
        file.write_text(seen)
    assert seen == file.read_text()
    _is_accessible(rich.get_content(), language)


def _is_accessible(content: str, language: str) -> None:
    """One language, a title, an article, nothing fetched from elsewhere, and links that say where they lead."""
    page = html.fromstring(content)
    assert page.get("lang") == language
    assert page.findtext(".//title")
    assert len(page.xpath("//*[@role='article']")) == 1
    assert not page.xpath("//img | //link | //script | //iframe | //*[contains(@style, 'url(')]")
    assert all(link.text_content().strip() for link in page.xpath("//a"))
    assert "{{" not in content
    assert "%(" not in content
