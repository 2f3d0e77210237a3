"""An answer waits before it leaves, and can be taken back until it has."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import func, select

from app.access import standing_of
from app.desk import levels
from app.events.transaction import transaction
from app.events.wake import LETTERS
from app.extensions import db
from app.jobs.drain import drain_in
from app.models.account import Account
from app.models.event import Event, OutboxItem
from app.models.held_answer import HeldAnswer
from app.models.level import ServiceLevel
from app.models.ticket import Message, Ticket
from app.models.types import utc_now
from app.views.desk.history import history_of
from tests.browsing import Visitor, filled_in, text_of
from tests.views.desk.conftest import Browser, Open

REPLY, UNDO = "//form[contains(@action, '/reply')]", "//form[contains(@action, '/take-back')]"
TEXT = "Proszę uruchomić ponownie."


@pytest.fixture
def path(app: Flask, open_ticket: Open) -> Iterator[str]:
    """A ticket's page on a desk where answers wait."""
    with app.app_context(), transaction():
        db.session.add(ServiceLevel(name="Zwykły", first_minutes=60, next_minutes=60, solution_minutes=480))
    before = app.extensions["settings"]
    app.extensions["settings"] = replace(before, undo_send=10)
    yield f"/desk/tickets/{open_ticket()}"
    app.extensions["settings"] = before


@pytest.fixture
def wait(app: Flask) -> Callable[[], None]:
    """The time passes, and a worker looks."""

    def pass_by() -> None:
        with app.app_context():
            with transaction():
                for item in db.session.scalars(select(OutboxItem).where(OutboxItem.held_id.is_not(None))):
                    item.due_at = utc_now()
            db.session.remove()
        drain_in(app, LETTERS)

    return pass_by


def said(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Message.text).order_by(Message.id)))


def send(jan: Visitor, path: str, text: str = TEXT, **more: object) -> str:
    """As a browser whose script counts down."""
    form = jan.page(path).xpath(REPLY)[0]
    form.append(html.fromstring('<input type="hidden" name="counts_down" value="1">'))
    return jan.send(form, path, {"text": text, **more}).text


def test_a_sent_answer_is_nobodys_until_it_leaves_and_counts_as_given_when_it_was_sent(
    app: Flask, jan: Visitor, browser_of: Browser, path: str, wait: Callable[[], None]
) -> None:
    page = html.fromstring(send(jan, path, then="resolved"))
    assert TEXT in text_of(page.xpath("//section[@id='sent']")[0])
    anna, number = browser_of("anna@klient.example"), path.rpartition("/")[2]
    drain_in(app, LETTERS)
    assert TEXT not in anna.get(f"/tickets/{number}").text
    assert said(app) == ["Nic nie ma."]
    with app.app_context():
        sent_at = db.session.scalars(select(HeldAnswer.sent_at)).one()
        ticket = db.session.scalars(select(Ticket)).one()
        assert ticket.status == "new"
        with transaction():
            late = datetime(2099, 1, 7, 12, tzinfo=UTC)  # within working hours
            levels.mind(ticket, late)
        assert ticket.terms[0].escalated_at is None, "what was sent in time is not too late"
    wait()
    assert TEXT in anna.get(f"/tickets/{number}").text
    with app.app_context():
        message = db.session.scalars(select(Message).order_by(Message.id.desc())).first()
        assert message is not None
        assert message.arrived_at == sent_at
        ticket = message.ticket
        assert (ticket.status, ticket.resolved_at) == ("resolved", sent_at)
        assert all(term.met_at and term.met_at <= max(sent_at, term.starts_at) for term in ticket.terms)
        assert db.session.scalar(select(func.count(HeldAnswer.id))) == 0


def test_undo_makes_it_a_draft_again_with_its_files_and_writes_that_down(
    app: Flask, jan: Visitor, path: str, wait: Callable[[], None]
) -> None:
    send(jan, path, then="waiting_customer", files=(io.BytesIO(b"abc"), "dziennik.txt"))
    form = jan.page(path).xpath(REPLY)[0]
    _method, _target, data = filled_in(form, path, {"text": "I jeszcze jedno."})
    jan.post(f"{path}/draft", data={**data, "draft": "keep"})
    page = html.fromstring(jan.submit(path, {}, form=UNDO).text)
    assert "Cofnięto" in text_of(page.xpath("//*[@role='status']")[0])
    assert page.xpath("//textarea[@name='text']")[0].text.strip() == f"{TEXT}\n\nI jeszcze jedno."
    assert page.xpath("//select[@name='then']/option[@selected]/@value") == ["waiting_customer"]
    assert "dziennik.txt" in text_of(page.xpath(REPLY)[0])
    wait()
    assert said(app) == ["Nic nie ma."]
    with app.app_context():
        event = db.session.scalars(select(Event).order_by(Event.id.desc())).first()
        assert event is not None
        assert (event.kind, event.actor.email if event.actor else "") == ("taken_back", "jan@desk.example")
        ticket = db.session.scalars(select(Ticket)).one()
        anna = db.session.scalars(select(Account).where(Account.email == "anna@klient.example")).one()
        lines = history_of(ticket, standing_of(db.session(), anna))
        assert len(lines) == 1, "customers do not read of it"


def test_too_late_is_said_and_only_its_writer_takes_it_back(
    app: Flask, jan: Visitor, browser_of: Browser, path: str, wait: Callable[[], None]
) -> None:
    send(jan, path)
    undo = jan.page(path).xpath(UNDO)[0]
    iga = browser_of("iga@desk.example")
    assert TEXT in iga.get(path).text
    assert not iga.page(path).xpath(UNDO)
    _method, target, _data = filled_in(undo, path, {})
    token = iga.page(path).xpath("//input[@name='csrf_token']/@value")[0]
    assert "Za późno" in iga.post(target, data={"csrf_token": token}, follow_redirects=True).text
    wait()
    assert "Za późno" in jan.send(undo, path, {}).text
    assert said(app)[1:] == [TEXT]


def test_it_leaves_before_whatever_goes_on_with_the_conversation(
    app: Flask, jan: Visitor, browser_of: Browser, path: str
) -> None:
    number = path.rpartition("/")[2]
    send(jan, path, "Pierwsza.")
    send(jan, path, "Druga.")  # its page showed the first
    browser_of("anna@klient.example").submit(f"/tickets/{number}", {"text": "Dziękuję."}, form=REPLY)
    send(jan, path, "Trzecia.")
    stale = jan.page(path).xpath(REPLY)[0]
    send(browser_of("iga@desk.example"), path, "Czwarta.")
    assert jan.send(stale, path, {"text": "Piąta."}).status_code == 409
    jan.submit(path, {}, form="//form[contains(@action, '/resolve')]")
    assert said(app)[1:] == ["Pierwsza.", "Druga.", "Dziękuję.", "Trzecia.", "Czwarta."]


def test_a_state_that_cannot_be_reached_any_more_holds_no_answer_up(
    app: Flask, jan: Visitor, path: str, wait: Callable[[], None]
) -> None:
    send(jan, path, then="resolved")
    with app.app_context(), transaction():
        ticket = db.session.scalars(select(Ticket)).one()
        db.session.execute(db.text("DELETE FROM state_move"))
        ticket.status = "open"
    wait()
    assert said(app)[1:] == [TEXT]
    with app.app_context():
        assert db.session.scalars(select(Ticket.status)).one() == "open"
        assert utc_now() - db.session.scalars(select(Message.arrived_at)).all()[-1] < timedelta(minutes=1)


def test_it_leaves_before_its_state_is_changed_in_the_list(app: Flask, jan: Visitor, path: str) -> None:
    """By a row's form and by an act on many; what only the answer changed, no undo takes back."""
    number = path.rpartition("/")[2]
    send(jan, path, "Pierwsza.", then="waiting_customer")
    assert said(app)[1:] == []
    form = jan.page("/desk/tickets/list/").xpath("//form[@action='/desk/tickets/many']")[0]
    jan.send(form, "/desk/tickets/list/", {"number": [number], "act": "move", "state": "waiting_third_party"})
    assert said(app)[1:] == ["Pierwsza."]
    jan.submit("/desk/tickets/list/", {}, form="//form[@action='/desk/tickets/undo']")
    with app.app_context():
        assert db.session.scalars(select(Ticket.status)).one() == "waiting_customer"
    send(jan, path, "Druga.")
    jan.submit(f"{path}/change", {"priority": "high"}, form="//main//form")
    assert said(app)[1:] == ["Pierwsza."], "a priority is no part of the conversation"
    jan.submit(f"{path}/change", {"status": "open"}, form="//main//form")
    assert said(app)[1:] == ["Pierwsza.", "Druga."]
