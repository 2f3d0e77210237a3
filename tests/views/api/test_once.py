"""A request that is sent again with the same Idempotency-Key is done once and answered alike."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from app.events.transaction import transaction
from app.extensions import db
from app.jobs.chores import forget_kept_answers
from app.models.answer import KeptAnswer
from app.models.ticket import Message, Ticket
from app.models.types import utc_now
from tests.views.api.conftest import Program

Programs = Callable[..., Program]
NEW = {"subject": "Raport", "text": "Opis", "product_group": 1}


@pytest.fixture
def anna(desk: None, program: Programs) -> Program:
    return program("anna@klient.example")


def count(app: Flask, model: type[Ticket | Message | KeptAnswer]) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count(model.id))) or 0


def same(*answers: TestResponse) -> bool:
    return len({(answer.status_code, answer.data) for answer in answers}) == 1


def test_the_same_key_and_body_give_the_same_answer(app: Flask, anna: Program) -> None:
    first, second = (anna.post("ticket/", NEW, key="zgłoszenie-1".replace("ł", "l").replace("ś", "s")) for _ in "ab")
    assert first.status_code == 201
    assert same(first, second)
    assert count(app, Ticket) == 4


def test_the_answer_stays_though_the_row_has_changed_since(app: Flask, anna: Program) -> None:
    first = anna.post("ticket/1/close", key="k")
    assert first.json["result"]["status"] == "closed"
    anna.post("ticket/1/reopen")
    assert same(first, anna.post("ticket/1/close", key="k"))
    assert anna.get("ticket/1").json["result"]["status"] == "open"


def test_spaces_and_the_order_of_keys_make_no_other_body(app: Flask, anna: Program) -> None:
    first = anna.post("ticket/", NEW, key="k")
    again = anna.post(
        "ticket/",
        data=b'{ "product_group":1,\n"text":"Opis", "subject":"Raport"}',
        content_type="application/json",
        key="k",
    )
    assert same(first, again)


@pytest.mark.parametrize(("path", "body"), [("ticket/", NEW | {"text": "Inny"}), ("message/", {"ticket": 1})])
def test_a_key_belongs_to_one_request(app: Flask, anna: Program, path: str, body: dict[str, object]) -> None:
    anna.post("ticket/", NEW, key="k")
    answer = anna.post(path, body | {"text": "x"}, key="k")
    assert (answer.status_code, set(answer.json["errors"])) == (422, {"Idempotency-Key"})
    assert count(app, Ticket) == 4
    assert count(app, Message) == 7


def test_a_key_belongs_to_one_act_of_one_ticket(app: Flask, desk: None, program: Programs) -> None:
    jan = program("jan@desk.example")
    assert jan.post("ticket/1/close", key="k").status_code == 200
    assert jan.post("ticket/2/close", key="k").status_code == 422
    assert jan.post("ticket/1/resolve", key="k").status_code == 422
    assert jan.get("ticket/2").json["result"]["status"] == "new"


def test_keys_of_others_are_others(app: Flask, anna: Program, program: Programs) -> None:
    mine, theirs = anna.post("ticket/", NEW, key="k"), program("ewa@inny.example").post("ticket/", NEW, key="k")
    assert {mine.status_code, theirs.status_code} == {201}
    assert mine.json["id"] != theirs.json["id"]


def test_a_refusal_is_not_kept_so_the_mended_request_may_use_its_key(app: Flask, anna: Program) -> None:
    assert anna.post("ticket/", NEW | {"product_group": 99}, key="k").status_code == 404
    assert anna.post("ticket/", NEW | {"subject": " "}, key="k").status_code == 422
    assert count(app, KeptAnswer) == 0
    assert anna.post("ticket/", NEW, key="k").status_code == 201


@pytest.mark.parametrize("key", ["x" * 256, "ś", "a\tb", " "])
def test_an_odd_key_is_refused(app: Flask, anna: Program, key: str) -> None:
    answer = anna.post("ticket/", NEW, headers={"Idempotency-Key": key})
    assert answer.status_code == (201 if key == " " else 400), answer.text
    assert count(app, Ticket) == (4 if key == " " else 3)


def test_keys_are_kept_for_a_day(app: Flask, anna: Program) -> None:
    first = anna.post("ticket/", NEW, key="k")
    with app.app_context(), transaction():
        db.session.execute(update(KeptAnswer).values(created_at=utc_now() - timedelta(hours=23, minutes=59)))
    assert same(first, anna.post("ticket/", NEW, key="k"))
    with app.app_context(), transaction():
        db.session.execute(update(KeptAnswer).values(created_at=utc_now() - timedelta(hours=24, minutes=1)))
    assert anna.post("ticket/", NEW, key="k").json["id"] != first.json["id"]


def test_old_answers_are_removed(app: Flask, anna: Program) -> None:
    anna.post("ticket/", NEW, key="old")
    with app.app_context(), transaction():
        db.session.execute(update(KeptAnswer).values(created_at=utc_now() - timedelta(hours=25)))
    anna.post("ticket/", NEW, key="new")
    with app.app_context():
        forget_kept_answers()
        assert db.session.scalars(select(KeptAnswer.key)).all() == ["new"]


def test_a_file_sent_again_is_the_same_file(app: Flask, anna: Program) -> None:
    def send(content: bytes) -> TestResponse:
        return anna.post("attachment/", data={"message": "1", "file": (BytesIO(content), "log.txt")}, key="k")

    assert same(send(b"abc"), send(b"abc"))
    assert send(b"abd").status_code == 422
    assert anna.where("attachment", "message", "rel_o_m", 1) == [1, 7]


def test_ten_at_once_make_one_ticket(app: Flask, anna: Program, program: Programs) -> None:
    senders = [program("anna@klient.example") for _ in range(10)]
    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(lambda sender: sender.post("ticket/", NEW, key="k"), senders))
    assert answers[0].status_code == 201
    assert same(*answers)
    assert count(app, Ticket) == 4
