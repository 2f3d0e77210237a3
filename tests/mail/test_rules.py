"""The desk's own rules about letters decide before their ticket is looked for, and never stop the mail."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

import config
from app.desk.marking import tags_of
from app.events.transaction import transaction
from app.extensions import db
from app.mail import rules
from app.mail.parse import head, understand
from app.mail.rules import effects, meets
from app.models.audit import AuditEntry
from app.models.intake_rule import IntakeRule, RuleAct
from app.models.journal import JournalEntry
from app.models.product_group import ProductGroup
from app.models.ticket import Ticket
from tests.mail.letters import arrive, letter, sent, wait, work

EMPTY = {"sender": "", "subject": "", "header": "", "holds": "", "words": "", "priority": "", "position": 0}


def rule(name: str = "r", act: str = RuleAct.REJECT, **said: Any) -> IntakeRule:
    return IntakeRule(**{**EMPTY, "name": name, "act": act, "active": True, **said})


@pytest.mark.parametrize(
    ("said", "is_met"),
    [
        ({"sender": "anna@klient.example"}, True),
        ({"sender": "ANNA@klient.example"}, True),
        ({"sender": "@klient.example"}, True),
        ({"sender": "@example"}, True),
        ({"sender": "@lient.example"}, False),
        ({"sender": "nna@klient.example"}, False),
        ({"subject": "NIE DZIAŁA"}, True),
        ({"subject": "działa", "sender": "@inny.example"}, False),
        ({"header": "List-Id"}, True),
        ({"header": "list-id", "holds": "nowości"}, True),
        ({"header": "list-id", "holds": "oferta"}, False),
        ({"header": "x-none"}, False),
        ({"larger_than": 1}, True),
        ({"larger_than": 2}, False),
        ({"mailbox_id": 7}, True),
        ({"mailbox_id": 8}, False),
        ({}, False),
        ({"subject": ".*", "words": "a+"}, False),
    ],
)
def test_when_a_rule_is_met(said: dict[str, Any], is_met: bool) -> None:
    raw = letter(list_id="Nowości <nowosci.klient.example>")
    for read in (understand(raw), head(raw)):
        assert meets(rule(**said), read, size=2048, mailbox_id=7) is is_met


def test_the_first_decision_counts_and_other_acts_add_up() -> None:
    found = effects(
        [
            rule("a", RuleAct.TAG, subject="raport", words="raporty"),
            rule("b", RuleAct.PRIORITY, subject="raport", priority="high"),
            rule("c", RuleAct.PRIORITY, subject="raport", priority="low"),
            rule("d", RuleAct.TAG, subject="raport", words="pilne"),
            rule("e", RuleAct.NOT_SURE, subject="raport"),
            rule("f", RuleAct.REJECT, subject="raport", words="x"),
        ],
        head(letter()),
        size=1,
        mailbox_id=None,
    )
    assert (found.names, found.tags, found.priority) == (("a", "b", "d", "e"), ("raporty", "pilne"), "high")
    assert found.decision is not None
    assert found.decision.name == "e"


def ends(app: Flask) -> list[tuple[str, str | None, list[str]]]:
    with app.app_context():
        rows = db.session.scalars(select(JournalEntry).order_by(JournalEntry.id))
        return [
            (row.outcome, row.reason, [said["rule"] for said in row.evidence or () if "rule" in said]) for row in rows
        ]


def test_what_each_act_does(app: Flask, settings: config.Settings, outgoing: Path) -> None:
    with app.app_context(), transaction():
        dynamics = db.session.scalars(select(ProductGroup).where(ProductGroup.name == "DYNAMICS")).one()
        db.session.add_all(
            [
                rule("Oferty", RuleAct.REJECT, subject="oferta", words="Nie przyjmujemy ofert."),
                rule("Raporty maszyn", RuleAct.AUTOMATIC, header="X-Machine"),
                rule("Faktury", RuleAct.NOT_SURE, sender="@faktury.example"),
                rule("Do DYNAMICS", RuleAct.GROUP, subject="księgowanie", product_group_id=dynamics.id),
                rule("Pilne", RuleAct.PRIORITY, subject="księgowanie", priority="urgent"),
                rule("VAT", RuleAct.TAG, subject="księgowanie", words="vat"),
                rule("Wyłączona", RuleAct.REJECT, subject="księgowanie", active=False, words="x"),
            ]
        )
    wait(
        settings,
        letter(message_id="<1@x>", subject="Oferta handlowa"),
        letter(message_id="<2@x>", x_machine="yes"),
        letter(message_id="<3@x>", sender="a@eu.faktury.example"),
        letter(message_id="<4@x>", subject="Błąd: Księgowanie"),
        letter(message_id="<5@x>", subject="Zwykły"),
    )
    work(app)
    assert ends(app) == [
        ("rejected", "Nie przyjmujemy ofert.", ["Oferty"]),
        ("not_sure", "automatic_alone", ["Raporty maszyn"]),
        ("not_sure", "Faktury", ["Faktury"]),
        ("ticket", None, ["Do DYNAMICS", "Pilne", "VAT"]),
        ("ticket", None, []),
    ]
    with app.app_context():
        ticket = db.session.scalars(select(Ticket).where(Ticket.number == 1001)).one()
        assert (ticket.product_group.name, ticket.priority, tags_of(ticket)) == ("DYNAMICS", "urgent", ["vat"])
    assert {str(mail["To"]) for mail in sent(outgoing)} == {"Anna Nowak <anna@klient.example>"}


def test_a_broken_rule_stops_no_mail(app: Flask, settings: config.Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(rule: IntakeRule, *_: object, **__: object) -> bool:
        if rule.name == "zepsuta":
            raise ValueError("broken")
        return True

    with app.app_context(), transaction():
        db.session.add_all([rule("zepsuta", subject="x"), rule("dobra", RuleAct.TAG, subject="x", words="dobra")])
    monkeypatch.setattr(rules, "meets", broken)
    arrive(app, settings, letter())
    assert ends(app) == [("ticket", None, ["dobra"])]


def test_an_administrator_makes_a_rule_and_tries_it(
    app: Flask, settings: config.Settings, make_account: Callable[..., int], browser_of: Callable[[str], Any]
) -> None:
    make_account("adam@pomoc.example", role="administrator")
    make_account("jan@pomoc.example", role="consultant", groups=("TARGIT",))
    arrive(app, settings, letter())
    adam = browser_of("adam@pomoc.example")
    form = "//form[.//select[@name='act']]"
    for wrong, told in (
        ({"name": "Pusta", "act": "reject", "words": "x"}, "co najmniej jeden warunek"),
        ({"name": "Bez powodu", "act": "reject", "subject": "x"}, "Uzupełnij"),
        ({"name": "Bez grupy", "act": "group", "subject": "x"}, "Uzupełnij"),
    ):
        assert told in adam.submit("/desk/intake-rules/add", wrong, form=form).text
    said = {"name": "Raporty", "act": "reject", "subject": "raport", "words": "Bo tak."}
    adam.submit("/desk/intake-rules/add", said, form=form)
    page = adam.get("/desk/intake-rules/rehearse?number=10").text
    assert "Bo tak." in page
    assert "Raporty" in page
    with app.app_context():
        assert db.session.scalars(select(JournalEntry)).one().outcome == "ticket", "nothing changed"
        assert "intake_rule" in {row.data.get("table") for row in db.session.scalars(select(AuditEntry))}
    assert browser_of("jan@pomoc.example").get("/desk/intake-rules/rehearse").status_code in (302, 403, 404)
