"""Programs open tickets, go on with conversations and press every button, as far as their account may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.desk.clocks import counts_as_received
from app.desk.joining import merge
from app.events.record import EventKind
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.event import Event
from app.models.mention import Mention
from app.models.organisation import Membership
from app.models.ticket import Message, Ticket
from tests.people import organisation_named
from tests.views.api.conftest import Program
from tests.views.api.described import REFUSED

Programs = Callable[..., Program]
NEW = {"subject": "Raport nie działa", "text": "Od rana.", "product_group": 1}


@pytest.fixture
def anna(desk: None, program: Programs) -> Program:
    return program("anna@klient.example")


@pytest.fixture
def jan(desk: None, program: Programs) -> Program:
    return program("jan@desk.example")


def stored(app: Flask, model: type[Any], row_id: int) -> Any:
    with app.app_context():
        return db.session.get_one(model, row_id)


def kinds_of(app: Flask, ticket_id: int) -> list[str]:
    with app.app_context():
        query = select(Event.kind).where(Event.ticket_id == ticket_id).order_by(Event.id)
        return [str(kind) for kind in db.session.scalars(query)][2:]  # after those of the fixture


def test_a_customer_opens_a_ticket(app: Flask, anna: Program) -> None:
    answer = anna.post("ticket/", NEW | {"priority": "high"})
    assert answer.status_code == 201
    shown = answer.json["result"]
    assert answer.json["id"] == shown["id"] == 4
    assert (shown["number"], shown["status"], shown["priority"]) == (1004, "new", "high")
    assert shown["requester"] == {"id": 1, "name": "Anna Nowak"}
    assert shown["organisation"] == {"id": 1, "name": "Klient"}
    assert anna.get("ticket/4").json["result"] == shown
    with app.app_context():
        message = db.session.scalars(select(Message).where(Message.ticket_id == 4)).one()
        assert (message.text, message.kind, message.channel) == ("Od rana.", "customer", "api")


def test_both_clocks_are_the_same_as_by_any_other_way(
    app: Flask, anna: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S9: what arrives on a Saturday counts from the opening of Monday."""
    saturday = datetime(2026, 3, 7, 12, 0, tzinfo=UTC)
    monkeypatch.setattr("app.desk.tickets.utc_now", lambda: saturday)
    shown = anna.post("ticket/", NEW).json["result"]
    assert shown["arrived_at"] == "2026-03-07T12:00:00+00:00"
    assert shown["counts_as_received_at"] == "2026-03-09T08:00:00+00:00"
    with app.app_context():
        calendar = db.session.get_one(Ticket, 4).product_group.calendar
        assert counts_as_received(calendar, saturday) == datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
    reply = anna.post("message/", {"ticket": 4, "text": "Nadal."}).json["result"]
    assert reply["counts_as_received_at"] == "2026-03-09T08:00:00+00:00"


def test_a_consultant_opens_a_ticket_for_a_customer_of_his_groups(app: Flask, jan: Program) -> None:
    answer = jan.post("ticket/", NEW | {"requester": 2})
    assert answer.status_code == 201, answer.text
    assert answer.json["result"]["requester"] == {"id": 2, "name": "Ewa Lis"}
    with app.app_context():
        assert db.session.scalars(select(Event.actor_id).where(Event.ticket_id == 4)).one() == 3


def test_a_member_of_several_organisations_says_for_which_he_writes(app: Flask, anna: Program) -> None:
    with app.app_context(), transaction():
        second = organisation_named("Druga").id
        db.session.add(Membership(account_id=1, organisation_id=second))
    assert anna.post("ticket/", NEW).json["result"]["organisation"] == {"id": 1, "name": "Klient"}
    chosen = anna.post("ticket/", NEW | {"organisation": second}).json["result"]["organisation"]
    assert chosen == {"id": second, "name": "Druga"}


@pytest.mark.parametrize(
    ("email", "key", "value", "foreign"),
    [
        ("anna@klient.example", "requester", 2, "another customer"),
        ("anna@klient.example", "requester", 3, "a consultant"),
        ("anna@klient.example", "organisation", 2, "another company"),
        ("jan@desk.example", "organisation", 2, "a company of which he is no member"),
        ("jan@desk.example", "product_group", 3, "on behalf, in a group of others"),
    ],
)
def test_what_one_may_not_use_answers_like_what_is_not_there(
    desk: None, program: Programs, email: str, key: str, value: int, foreign: str
) -> None:
    """Attack case O11."""
    sender = program(email)
    body = NEW | ({"requester": 1} if key == "product_group" else {})
    answers = [sender.post("ticket/", body | {key: wanted}) for wanted in (value, 999999, 2**70, -1, 0)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    assert set(answers[0].json["errors"]) == {key}
    assert program("adam@desk.example").list("ticket")["count"] == 3


def test_an_inactive_product_group_takes_no_tickets(app: Flask, anna: Program) -> None:
    with app.app_context(), transaction():
        db.session.get_one(Ticket, 1).product_group.active = False
    assert anna.post("ticket/", NEW).status_code == 404


@pytest.mark.parametrize(
    "key",
    ["id", "number", "status", "assignee", "arrived_at", "counts_as_received_at", "channel", "confidential", "fields"],
)
def test_nothing_else_of_a_new_ticket_can_be_said(anna: Program, key: str) -> None:
    """Attack case O13: mass assignment."""
    answer = anna.post("ticket/", NEW | {key: 1})
    assert answer.status_code == 422
    assert set(answer.json["errors"]) == {key}
    assert key in answer.json["message"]
    assert anna.list("ticket")["count"] == 1


def test_who_only_reads_writes_nothing(desk: None, program: Programs) -> None:
    for email in ("audyt@desk.example", "tom@desk.example"):
        reader = program(email)
        assert reader.post("ticket/", NEW).status_code == 403
        assert reader.put("ticket/1", {"subject": "x"}).status_code == 403
        assert reader.post("message/", {"ticket": 1, "text": "x"}).status_code == 403
        assert reader.post("ticket/1/close").status_code == 403
    assert program().post("ticket/", NEW).status_code == 401


def test_a_conversation_by_api(app: Flask, anna: Program, jan: Program) -> None:
    """S12, S19: each writes as what he is there; the answer takes the ticket and says what comes next."""
    answered = jan.post("message/", {"ticket": 1, "text": "Sprawdzam.", "then": "waiting_customer"})
    assert (answered.status_code, answered.json["result"]["kind"]) == (201, "consultant")
    shown = anna.get("ticket/1").json["result"]
    assert (shown["status"], shown["assignee"]) == ("waiting_customer", {"id": 3, "name": "Jan Dynamiczny"})
    replied = anna.post("message/", {"ticket": 1, "text": "Dziękuję."}).json["result"]
    assert (replied["kind"], replied["author"]["name"], replied["ticket"]["number"]) == ("customer", "Anna Nowak", 1001)
    assert anna.get("ticket/1").json["result"]["status"] == "open"
    note = jan.post("message/", {"ticket": 1, "kind": "note", "text": "@adam: licencja wygasła."}).json
    assert note["result"]["kind"] == "note"
    assert anna.get(f"message/{note['id']}").status_code == 404
    with app.app_context():
        assert db.session.scalars(select(Account.email).join(Mention)).all() == ["adam@desk.example"]
    assert kinds_of(app, 1) == ["consultant_replied", "assigned", "moved", "customer_replied", "moved", "noted"]


def test_nobody_answers_where_he_may_not_read(app: Flask, jan: Program) -> None:
    """A ticket was merged into one that another product group took over."""
    with app.app_context(), transaction():
        one, other = db.session.get_one(Ticket, 1), db.session.get_one(Ticket, 2)
        other.requester, other.organisation = one.requester, one.organisation
        merge(one, into=other, by=db.session.scalars(select(Account).where(Account.email == "jan@desk.example")).one())
        other.product_group_id = 3
    answer = jan.post("message/", {"ticket": 1, "text": "Dalej.", "kind": "consultant"})
    assert (answer.status_code, "scalono z innym" in answer.json["detail"]) == (422, True)


@pytest.mark.parametrize(
    ("email", "body", "status"),
    [
        ("anna@klient.example", {"ticket": 1, "kind": "note"}, 403),
        ("anna@klient.example", {"ticket": 1, "kind": "consultant"}, 403),
        ("anna@klient.example", {"ticket": 1, "then": "resolved"}, 422),
        ("anna@klient.example", {"ticket": 1, "kind": "system"}, 422),
        ("anna@klient.example", {"ticket": 2}, 404),
        ("anna@klient.example", {"ticket": 2, "kind": "note"}, 404),
        ("jan@desk.example", {"ticket": 1, "kind": "customer"}, 403),
        ("jan@desk.example", {"ticket": 1, "kind": "note", "then": "resolved"}, 422),
        ("jan@desk.example", {"ticket": 3}, 404),
        ("jan@desk.example", {"ticket": 1, "then": "gone"}, 422),
        ("jan@desk.example", {"ticket": 1, "author": 1}, 422),
        ("jan@desk.example", {"ticket": 1, "text": " "}, 422),
    ],
)
def test_kinds_of_messages_follow_rights(
    app: Flask, desk: None, program: Programs, email: str, body: dict[str, Any], status: int
) -> None:
    assert program(email).post("message/", {"text": "x"} | body).status_code == status
    with app.app_context():
        assert len(db.session.scalars(select(Message)).all()) == 6


def test_a_consultant_writes_as_a_customer_where_he_is_one(app: Flask, jan: Program) -> None:
    ticket_id = jan.post("ticket/", NEW).json["id"]
    written = jan.post("message/", {"ticket": ticket_id, "kind": "customer", "text": "Jeszcze jedno."})
    assert written.json["result"]["kind"] == "customer"


@pytest.mark.parametrize(
    ("act", "body", "changed"),
    [
        ("assign", {"assignee": 3}, {"assignee": {"id": 3, "name": "Jan Dynamiczny"}}),
        ("assign", {"assignee": None}, {"assignee": None}),
        ("priority", {"priority": "urgent"}, {"priority": "urgent"}),
        ("move", {"status": "waiting_third_party"}, {"status": "waiting_third_party"}),
        ("resolve", None, {"status": "resolved"}),
        ("close", {}, {"status": "closed"}),
    ],
)
def test_every_button_is_an_act(jan: Program, act: str, body: Any, changed: dict[str, Any]) -> None:
    answer = jan.post(f"ticket/1/{act}", body)
    assert answer.status_code == 200, answer.text
    shown = jan.get("ticket/1").json["result"]
    assert answer.json == {"id": 1, "result": shown}
    assert {name: shown[name] for name in changed} == changed


def test_a_customer_closes_and_reopens_his_ticket(app: Flask, anna: Program) -> None:
    assert anna.post("ticket/1/close").json["result"]["status"] == "closed"
    again = anna.post("ticket/1/close")
    assert (again.status_code, set(again.json)) == (422, REFUSED)
    assert anna.post("ticket/1/reopen").json["result"]["status"] == "open"
    assert kinds_of(app, 1) == ["closed", "reopened"]


@pytest.mark.parametrize(
    ("act", "body"),
    [
        ("assign", {"assignee": 3}),
        ("priority", {"priority": "low"}),
        ("move", {"status": "open"}),
        ("resolve", {}),
        ("close", {}),
        ("reopen", {}),
    ],
)
def test_acts_on_foreign_rows_and_acts_of_the_desk_change_nothing(
    app: Flask, anna: Program, jan: Program, act: str, body: Any
) -> None:
    """Attack cases O01, O02: an act looks at the row as every other door does."""
    for who, foreign in ((anna, 2), (jan, 3)):
        answers = [who.post(f"ticket/{pk}/{act}", body) for pk in (foreign, 999999, 2**31, 2**70)]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.text for answer in answers}) == 1
    if act not in ("close", "reopen"):
        assert anna.post(f"ticket/1/{act}", body).status_code == 403
    assert kinds_of(app, 2) == kinds_of(app, 3) == []


def test_an_act_takes_its_own_keys_only(jan: Program) -> None:
    assert set(jan.post("ticket/1/close", {"status": "open"}).json["errors"]) == {"status"}
    assert set(jan.post("ticket/1/assign", {}).json["errors"]) == {"assignee"}
    assert set(jan.post("ticket/1/priority", {"priority": "huge"}).json["errors"]) == {"priority"}
    assert jan.post("ticket/1/move", {"status": "gone"}).status_code == 422
    assert jan.post("ticket/1/destroy", {}).status_code == 404
    wrong = jan.client.get("/api/v1/ticket/1/close", headers=jan.headers)
    assert (wrong.status_code, wrong.mimetype) == (405, "application/problem+json")
    assert wrong.headers["Allow"] == "OPTIONS, POST"


def test_a_ticket_is_given_to_who_answers_for_it(jan: Program) -> None:
    assert jan.post("ticket/1/assign", {"assignee": 1}).status_code == 422
    assert jan.post("ticket/1/assign", {"assignee": 999999}).status_code == 404
    assert jan.post("ticket/1/assign", {"assignee": True}).status_code == 422


def test_put_changes_what_is_given_and_nothing_else(app: Flask, jan: Program) -> None:
    answer = jan.put("ticket/1", {"subject": " Nowy temat ", "priority": "low", "status": "open", "assignee": 3})
    assert answer.status_code == 200, answer.text
    shown = answer.json["result"]
    assert (shown["subject"], shown["priority"], shown["status"]) == ("Nowy temat", "low", "open")
    assert kinds_of(app, 1) == ["renamed", "priority_changed", "assigned", "moved"]
    assert jan.put("ticket/1", {}).json["result"]["subject"] == "Nowy temat"
    assert len(kinds_of(app, 1)) == 4


def test_a_refused_part_leaves_the_whole_undone(app: Flask, jan: Program) -> None:
    assert jan.put("ticket/1", {"subject": "Inny", "status": "gone"}).status_code == 422
    assert jan.put("ticket/1", {"subject": "Inny", "assignee": 999999}).status_code == 404
    assert stored(app, Ticket, 1).subject == "Raport DYNAMICS"
    assert kinds_of(app, 1) == []


def test_a_customer_corrects_the_subject_only(app: Flask, anna: Program) -> None:
    assert anna.put("ticket/1", {"subject": "Inny temat"}).json["result"]["subject"] == "Inny temat"
    refused = anna.put("ticket/1", {"subject": "x", "status": "closed", "priority": "urgent", "assignee": 1})
    assert (refused.status_code, set(refused.json["errors"])) == (422, {"status", "priority", "assignee"})
    assert kinds_of(app, 1) == [EventKind.RENAMED]


@pytest.mark.parametrize("key", ["organisation", "requester", "product_group", "number", "confidential", "updated_at"])
def test_a_ticket_is_not_moved_by_put(app: Flask, anna: Program, jan: Program, key: str) -> None:
    """Attack case O12."""
    for who in (anna, jan):
        answer = who.put("ticket/1", {key: 2})
        assert (answer.status_code, set(answer.json["errors"])) == (422, {key})
    assert stored(app, Ticket, 1).organisation_id == 1


def test_put_of_a_foreign_ticket_and_of_a_missing_one_answer_alike(anna: Program, jan: Program) -> None:
    for who, foreign in ((anna, 2), (jan, 3)):
        answers = [who.put(f"ticket/{pk}", {"subject": "x"}) for pk in (foreign, 999999, 2**31, 2**70)]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.text for answer in answers}) == 1


def test_a_leaver_writes_nothing(app: Flask, anna: Program) -> None:
    """Attack case O20."""
    with app.app_context(), transaction():
        db.session.get_one(Account, 1).active = False
    assert anna.post("ticket/", NEW).status_code == 401
    assert anna.post("ticket/1/close").status_code == 401
