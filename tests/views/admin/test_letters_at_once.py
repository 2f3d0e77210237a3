"""Several letters of the not sure desk are decided about together: each has its result, and rejections come back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.test import TestResponse

import config
from app.events.transaction import transaction
from app.extensions import db
from app.models.audit import AuditEntry
from app.models.beside import BulkAct
from app.models.event import Letter
from app.models.intake_rule import IntakeRule, RuleAct
from app.models.mailbox import Mailbox
from app.models.types import utc_now
from tests.browsing import Visitor, text_of
from tests.mail.letters import letter, work
from tests.views.admin.conftest import Browser
from tests.views.admin.test_journal import NOBODY, TO_TARGIT, VACATION, ended, not_sure, opened, said

FILTERED = "?outcome=not_sure&text=anna"


@pytest.fixture
def held(app: Flask) -> None:
    """The desk keeps letters about offers for a person, and its mail server proves their senders."""
    with app.app_context(), transaction():
        db.session.execute(update(Mailbox).values(verified_by="mx.pomoc.example"))
        db.session.add(IntakeRule(name="Oferty", subject="oferta", act=RuleAct.NOT_SURE, words="Wygląda na ofertę."))


def offer(name: str, result: str = "pass") -> bytes:
    proof = f"Authentication-Results: mx.pomoc.example; dmarc={result} header.from=firma.example\r\n".encode()
    return proof + letter(sender=f"{name}@firma.example", subject="Nowa oferta", message_id=f"<{name}@x>")


def several(visitor: Visitor, name: str, ids: list[int], **typed: str) -> TestResponse:
    """Tick the letters and press the button."""
    token = visitor.page("/desk/journal/list/").xpath("//input[@name='csrf_token']/@value")[0]
    data = {"csrf_token": token, "act": name, "letter": [str(id_) for id_ in ids], **typed}
    return visitor.post(f"/desk/journal/several{FILTERED}", data=data)


def results(visitor: Visitor, answer: TestResponse) -> list[str]:
    assert answer.status_code == 303
    return [text_of(row) for row in visitor.page(answer.headers["Location"]).xpath("//tbody/tr/td[last()]")]


def take_back(visitor: Visitor, answer: TestResponse) -> TestResponse:
    page = visitor.page(answer.headers["Location"])
    [form] = page.xpath("//form[contains(@action, '/undo')]")
    return visitor.post(form.get("action"), data={"csrf_token": form.xpath(".//input/@value")[0]})


def test_each_is_filed_and_the_filters_stay(app: Flask, settings: config.Settings, jan: Visitor) -> None:
    number = opened(app, settings)
    ids = [not_sure(app, settings, VACATION), not_sure(app, settings, VACATION.replace(b"<v@x>", b"<w@x>"))]
    page = jan.page(f"/desk/journal/list/{FILTERED}")
    assert page.xpath("//input[@name='letter']/@value") == [str(id_) for id_ in reversed(ids)]
    assert page.xpath("//td[@class='subject']/a/@href")[0].endswith(FILTERED)
    answer = several(jan, "file", ids, number=f"#{number}")
    assert results(jan, answer) == [f"Dołączono #{number}"] * 2
    assert [ended(app, id_)[0] for id_ in ids] == ["automatic", "automatic"]
    assert len(said(app, number)) == 3
    [back] = jan.page(answer.headers["Location"]).xpath("//a[contains(., 'Wróć do listy')]/@href")
    assert back == f"/desk/journal/list/{FILTERED}"


def test_one_that_cannot_be_decided_holds_up_no_other(
    app: Flask, settings: config.Settings, jan: Visitor, held: None
) -> None:
    """No sender to make a customer of, another group's mailbox, decided already: each says why."""
    fine = not_sure(app, settings, offer("zofia"))
    nobody, foreign = not_sure(app, settings, NOBODY), not_sure(app, settings, VACATION, recipient=TO_TARGIT)
    told = results(jan, several(jan, "ticket", [nobody, foreign, fine, 999_999]))
    assert "adres e-mail" in told[0]
    assert told[1].endswith("nie należy do Twoich decyzji.")
    assert told[2].startswith("Dołączono #")
    assert told[3].endswith("nie należy do Twoich decyzji.")
    assert ended(app, nobody)[0] == ended(app, foreign)[0] == "not_sure"
    again = results(jan, several(jan, "reject", [fine]))
    assert "o tej wiadomości" in again[0]


def test_rejections_are_taken_back(app: Flask, settings: config.Settings, jan: Visitor) -> None:
    ids = [not_sure(app, settings, VACATION), not_sure(app, settings, NOBODY)]
    before = [ended(app, id_) for id_ in ids]
    answer = several(jan, "reject", ids)
    assert results(jan, answer) == ["Odrzucone", "Odrzucone"]
    assert [ended(app, id_)[0] for id_ in ids] == ["rejected", "rejected"]
    undone = take_back(jan, answer)
    assert results(jan, undone) == ["Znowu czeka na decyzję"] * 2
    assert [ended(app, id_) for id_ in ids] == before
    with app.app_context():
        kinds = db.session.scalars(select(AuditEntry.kind).order_by(AuditEntry.id)).all()
    assert kinds[-4:] == ["letter_rejected"] * 2 + ["letter_taken_back"] * 2
    assert jan.page(undone.headers["Location"]).xpath("//form[contains(@action, '/undo')]") == []


def test_one_answer_goes_to_each_that_may_get_one(
    app: Flask, settings: config.Settings, jan: Visitor, held: None
) -> None:
    zofia, adam = not_sure(app, settings, offer("zofia")), not_sure(app, settings, offer("adam"))
    forged = not_sure(app, settings, offer("obcy", "fail"))
    answer = several(jan, "answer", [zofia, adam, forged], answer="Dziękujemy, nie kupujemy.")
    told = results(jan, answer)
    assert told[:2] == ["Odrzucono z odpowiedzią"] * 2
    assert "nic nie potwierdza" in told[2]
    with app.app_context(), transaction():
        first = db.session.scalars(select(Letter).where(Letter.template == "rejected").order_by(Letter.id)).first()
        assert first is not None
        outbox = db.metadata.tables["outbox"]
        db.session.execute(outbox.update().where(outbox.c.letter_id == first.id).values(claimed_until=utc_now()))
    told = results(jan, take_back(jan, answer))
    assert "już wyszła" in told[0], "it is on its way"
    assert told[1] == "Znowu czeka na decyzję"
    assert [ended(app, id_)[0] for id_ in (zofia, adam, forged)] == ["rejected", "not_sure", "not_sure"]
    work(app)
    with app.app_context():
        states = db.session.scalars(select(Letter.state).where(Letter.template == "rejected").order_by(Letter.id)).all()
    assert states[1] == "suppressed"


def test_all_are_read_again(app: Flask, settings: config.Settings, jan: Visitor) -> None:
    ids = [not_sure(app, settings, VACATION), not_sure(app, settings, NOBODY)]
    assert results(jan, several(jan, "retry", ids)) == ["Jest odczytywana ponownie"] * 2
    assert [ended(app, id_)[0] for id_ in ids] == ["waiting", "waiting"]


@pytest.mark.parametrize(
    ("name", "typed"), [("", {}), ("explode", {}), ("file", {"number": "999999"}), ("answer", {"answer": "  "})]
)
def test_what_says_not_what_to_do_changes_nothing(
    app: Flask, settings: config.Settings, jan: Visitor, name: str, typed: dict[str, str]
) -> None:
    entry = not_sure(app, settings, VACATION)
    assert several(jan, name, [entry], **typed).status_code in (302, 303, 422)
    assert ended(app, entry)[0] == "not_sure"
    with app.app_context():
        assert db.session.scalar(select(BulkAct.id)) is None


def test_results_are_the_consultants_own_and_grow_old(
    app: Flask, settings: config.Settings, jan: Visitor, browser_of: Browser
) -> None:
    answer = several(jan, "reject", [not_sure(app, settings, VACATION)])
    assert browser_of("adam@desk.example").get(answer.headers["Location"]).status_code == 404
    with app.app_context(), transaction():
        db.session.execute(update(BulkAct).values(created_at=utc_now() - timedelta(minutes=11)))
    assert jan.page(answer.headers["Location"]).xpath("//form[contains(@action, '/undo')]") == []
