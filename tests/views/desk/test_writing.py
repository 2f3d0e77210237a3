"""What a consultant writes is never sent over what he has not seen, and never lost."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import func, select

from app.desk import drafts
from app.events.transaction import transaction
from app.extensions import db
from app.models.draft import Draft
from app.models.ticket import Message
from app.models.types import utc_now
from tests.browsing import Visitor, filled_in, text_of
from tests.views.desk.conftest import Browser, Open

REPLY = "//form[contains(@action, '/reply')]"
NOTE = "//form[contains(@action, '/note')]"


@pytest.fixture
def number(open_ticket: Open) -> int:
    return open_ticket()


def opened(jan: Visitor, number: int, form: str, **values: Any) -> tuple[str, dict[str, Any]]:
    """A form as Jan has it on his screen now, with what he types."""
    path = f"/desk/tickets/{number}"
    _method, target, data = filled_in(jan.page(path).xpath(form)[0], path, values)
    return target, data


def messages(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Message.text).order_by(Message.id)))


def test_an_answer_stops_before_a_message_that_came_meanwhile(
    app: Flask, jan: Visitor, browser_of: Browser, number: int
) -> None:
    target, data = opened(jan, number, REPLY, text="Proszę uruchomić ponownie.", then="resolved")
    browser_of("anna@klient.example").submit(f"/tickets/{number}", {"text": "Już działa!"}, form=REPLY)
    stopped = jan.post(target, data=data)
    assert stopped.status_code == 409
    page = html.fromstring(stopped.text)
    assert "Nie wysłano" in text_of(page.xpath("//*[@role='alert']")[0])
    assert [text_of(each) for each in page.xpath("//article[.//*[text()='Nowa']]//*[@class='words']")] == [
        "Już działa!"
    ]
    assert page.xpath("//textarea[@name='text']")[0].text.strip() == "Proszę uruchomić ponownie."
    assert page.xpath("//select[@name='then']/option[@selected]/@value") == ["resolved"]
    assert messages(app) == ["Nic nie ma.", "Już działa!"]
    sent = jan.send(page.xpath(REPLY)[0], target, {})
    assert sent.status_code == 200
    assert messages(app)[-1] == "Proszę uruchomić ponownie."


@pytest.mark.parametrize("who", ["iga@desk.example", "jan@desk.example"])
def test_a_colleagues_message_stops_it_too_and_so_does_sending_twice(
    app: Flask, jan: Visitor, browser_of: Browser, number: int, who: str
) -> None:
    target, data = opened(jan, number, REPLY, text="Druga odpowiedź.")
    browser_of(who).submit(f"/desk/tickets/{number}", {"note-text": "Ja to zrobię."}, form=NOTE)
    assert jan.post(target, data=data).status_code == 409
    assert len(messages(app)) == 2


@pytest.mark.parametrize("seen", ["", "x", "999999", "0.-1.²", "1" * 5000])
def test_an_odd_mark_is_no_error(jan: Visitor, number: int, seen: str) -> None:
    target, data = opened(jan, number, REPLY, text="Odpowiedź.")
    assert jan.post(target, data={**data, "seen": seen}).status_code in (303, 409)


def test_a_draft_waits_on_the_server_and_goes_when_it_is_sent(app: Flask, jan: Visitor, number: int) -> None:
    path = f"/desk/tickets/{number}"
    _target, data = opened(jan, number, REPLY, text="Zaczęte", then="resolved")
    jan.post(f"{path}/draft", data={**data, "draft": "keep", "files": (io.BytesIO(b"abc"), "dziennik.txt")})
    page = jan.page(path)
    assert page.xpath("//textarea[@name='text']")[0].text.strip() == "Zaczęte"
    assert page.xpath("//select[@name='then']/option[@selected]/@value") == ["resolved"]
    assert "dziennik.txt" in text_of(page.xpath(REPLY)[0])
    answer = jan.submit(path, {}, form=REPLY)
    assert "dziennik.txt" in text_of(html.fromstring(answer.text).xpath("//article")[-1])
    with app.app_context():
        assert db.session.scalar(select(func.count(Draft.id))) == 0


def test_notes_have_their_own_draft(app: Flask, jan: Visitor, number: int) -> None:
    path = f"/desk/tickets/{number}"
    _target, data = opened(jan, number, NOTE, **{"note-text": "Do zapamiętania"})
    jan.post(f"{path}/draft?of=note", data={**data, "draft": "keep"})
    page = jan.page(path)
    sent = [jan.send(page.xpath(NOTE)[0], path, {"note-text": "Raz"}, follow=False).location for _press in range(2)]
    assert sent[0] == sent[1]
    assert messages(app).count("Raz") == 1
    assert page.xpath("//textarea[@name='note-text']")[0].text.strip() == "Do zapamiętania"
    assert not (page.xpath("//textarea[@name='text']")[0].text or "").strip()


def test_files_of_a_refused_answer_need_not_be_chosen_again(jan: Visitor, number: int) -> None:
    path = f"/desk/tickets/{number}"
    target, data = opened(jan, number, REPLY, text="x" * 200_001)
    refused = jan.post(target, data={**data, "files": (io.BytesIO(b"abc"), "zrzut.png")})
    form = html.fromstring(refused.text).xpath(REPLY)[0]
    assert "zrzut.png" in text_of(form)
    sent = jan.send(form, path, {"text": "Krócej."})
    assert "zrzut.png" in text_of(html.fromstring(sent.text).xpath("//article")[-1])


def test_a_draft_is_its_writers_alone_and_files_of_others_cannot_be_named(
    app: Flask, jan: Visitor, browser_of: Browser, number: int
) -> None:
    path = f"/desk/tickets/{number}"
    _target, data = opened(jan, number, REPLY, text="Tajne")
    jan.post(f"{path}/draft", data={**data, "draft": "keep", "files": (io.BytesIO(b"abc"), "tajne.txt")})
    sha256 = jan.page(path).xpath("//input[@name='kept']/@value")[0]
    iga = browser_of("iga@desk.example")
    assert "Tajne" not in iga.get(path).text
    _target, data = opened(iga, number, REPLY, text="Moje")
    answer = iga.post(f"{path}/reply", data={**data, "kept": sha256}, follow_redirects=True)
    assert "tajne.txt" not in answer.text
    ola = browser_of("ola@desk.example")  # of another product group
    assert ola.post(f"{path}/draft", data={"text": "x", "csrf_token": "x"}).status_code in (400, 404)
    with app.app_context():
        assert db.session.scalar(select(func.count(Draft.id))) == 1


def test_a_draft_is_thrown_away_on_demand_and_after_a_month(app: Flask, jan: Visitor, number: int) -> None:
    path = f"/desk/tickets/{number}"
    _target, data = opened(jan, number, REPLY, text="Zaczęte")
    jan.post(f"{path}/draft", data={**data, "draft": "keep"})
    jan.post(f"{path}/draft", data={**data, "draft": "discard"})
    assert not (jan.page(path).xpath("//textarea[@name='text']")[0].text or "").strip()
    jan.post(f"{path}/draft", data={**data, "draft": "keep"})
    with app.app_context():
        with transaction():
            drafts.forget_old(utc_now() + timedelta(days=29))
        assert db.session.scalar(select(func.count(Draft.id))) == 1
        with transaction():
            drafts.forget_old(utc_now() + timedelta(days=31))
        assert db.session.scalar(select(func.count(Draft.id))) == 0


def test_a_script_gets_what_is_kept(jan: Visitor, number: int) -> None:
    _target, data = opened(jan, number, REPLY, text="Zaczęte")
    answer = jan.post(f"/desk/tickets/{number}/draft", data=data, headers={"X-Draft": "1"})
    assert answer.status_code == 200
    assert "Szkic zapisano" in answer.text
    assert "<html" not in answer.text
