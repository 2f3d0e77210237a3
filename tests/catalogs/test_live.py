"""What is saved is read at once by every process, over the shipped catalogs and never instead of them."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from flask_babel import force_locale, gettext, ngettext
from sqlalchemy import update

from app.catalogs import live, translating
from app.catalogs.sources import Source, key_of, sources
from app.catalogs.translating import Faulty, NothingBefore, OwnEyes, Stale, text_of
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.ticket import Counter
from app.models.translation import Translation
from tests.people import add_account


def source(sentence: str, domain: str = "messages") -> Source:
    return sources()[domain, key_of(sentence)]


TICKETS = "Tickets"


@pytest.fixture
def tom(context: None) -> Account:
    with transaction():
        return add_account("tom@desk.example", role="translator")


def save(sentence: str, *strings: str, by: Account, language: str = "pl", **more: object) -> None:
    with transaction():
        translating.save(source(sentence), language, strings, by=by, **more)  # type: ignore[arg-type]
    live.look()


def said(sentence: str, language: str = "pl") -> str:
    with force_locale(language):
        return str(gettext(sentence))


def test_a_saved_text_is_said_from_now_on_in_its_language_only(tom: Account) -> None:
    save(TICKETS, "Sprawy", by=tom)
    assert (said(TICKETS), said(TICKETS, "en")) == ("Sprawy", "Tickets")
    save(TICKETS, "Cases", by=tom, language="en")
    assert (said(TICKETS), said(TICKETS, "en"), said("Contact")) == ("Sprawy", "Cases", "Kontakt")


def test_all_forms_of_a_sentence_with_a_number(tom: Account) -> None:
    save("%(num)d ticket", "%(num)d sprawa", "%(num)d sprawy", "%(num)d spraw", by=tom)
    with force_locale("pl"):
        found = [ngettext("%(num)d ticket", "%(num)d tickets", number) for number in (1, 2, 5, 22)]
    assert found == ["1 sprawa", "2 sprawy", "5 spraw", "22 sprawy"]


def test_sentences_of_flask_security_too(app: Flask, tom: Account) -> None:
    sentence = next(
        each.msgid for each in sources().values() if each.kind == "flask_security" and "%" not in each.msgid
    )
    ending = sentence[-1] if sentence[-1] in ".?!:" else ""
    with transaction():
        translating.save(source(sentence, "flask_security"), "pl", [f"Inaczej{ending}"], by=tom)
    live.look()
    with force_locale("pl"):
        assert app.extensions["security"].i18n_domain.gettext(sentence) == f"Inaczej{ending}"


def test_another_process_learns_of_it_within_seconds(app: Flask, tom: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """It saves through the database alone, as another host would, and this one is told by nobody."""
    live.look()
    monkeypatch.setattr(live, "KEPT_SECONDS", 0.0)
    live.kept.until = 0.0

    def elsewhere() -> None:
        with app.app_context(), transaction():
            row = Translation(domain="messages", language="pl", key=key_of(TICKETS), msgid=TICKETS, number=1)
            row.strings, row.shipped = ["Sprawy"], ["Zgłoszenia"]
            db.session.add(row)
            db.session.execute(update(Counter).where(Counter.name == live.STAMP).values(value=Counter.value + 1))

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    db.session.rollback()
    live.look()
    assert said(TICKETS) == "Sprawy"
    assert live.KEPT_SECONDS <= 3


def test_a_text_with_a_fault_is_never_kept(tom: Account) -> None:
    with pytest.raises(Faulty), transaction():
        translating.save(source(TICKETS), "pl", ["<script>alert(1)</script>"], by=tom)
    assert text_of(source(TICKETS), "pl").row is None


def test_two_translators_do_not_write_over_each_other(tom: Account) -> None:
    save(TICKETS, "Sprawy", by=tom, seen=0)
    with pytest.raises(Stale), transaction():
        translating.save(source(TICKETS), "pl", ["Pytania"], by=tom, seen=0)
    assert said(TICKETS) == "Sprawy"


def test_undo_and_the_shipped_text_again(tom: Account) -> None:
    with pytest.raises(NothingBefore):
        translating.undo(source(TICKETS), "pl", by=tom)
    for act, wanted in (
        (lambda: translating.save(source(TICKETS), "pl", ["Sprawy"], by=tom), "Sprawy"),
        (lambda: translating.save(source(TICKETS), "pl", ["Pytania"], by=tom), "Pytania"),
        (lambda: translating.undo(source(TICKETS), "pl", by=tom), "Sprawy"),
        (lambda: translating.reset(source(TICKETS), "pl", by=tom), "Zgłoszenia"),
        (lambda: translating.undo(source(TICKETS), "pl", by=tom), "Sprawy"),
    ):
        with transaction():
            act()
        live.look()
        assert said(TICKETS) == wanted
    numbers = [version.number for version in translating.versions_of(source(TICKETS), "pl")]
    assert numbers == [5, 4, 3, 2, 1]


def test_a_second_pair_of_eyes(tom: Account) -> None:
    with transaction():
        ola = add_account("ola@desk.example", role="translator")
        translating.let_review(True)
    save(TICKETS, "Sprawy", by=tom)
    assert said(TICKETS) == "Zgłoszenia"
    with pytest.raises(OwnEyes):
        translating.accept(source(TICKETS), "pl", by=tom)
    with transaction():
        translating.accept(source(TICKETS), "pl", by=ola)
    live.look()
    assert said(TICKETS) == "Sprawy"
    save(TICKETS, "Pytania", by=tom)
    with transaction():
        translating.refuse(source(TICKETS), "pl", by=ola)
    live.look()
    assert (said(TICKETS), text_of(source(TICKETS), "pl").waits) == ("Sprawy", False)


def test_a_changed_shipped_text_is_flagged_and_the_desks_stays(tom: Account) -> None:
    save(TICKETS, "Sprawy", by=tom)
    assert not text_of(source(TICKETS), "pl").is_late
    with transaction():
        text_of(source(TICKETS), "pl").row.shipped = ["Dawne zgłoszenia"]  # type: ignore[union-attr]
    assert text_of(source(TICKETS), "pl").is_late
    assert said(TICKETS) == "Sprawy"


def test_a_database_that_is_away_stops_no_page(tom: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    from sqlalchemy.exc import OperationalError

    def away() -> None:
        raise OperationalError("x", {}, Exception("away"))

    save(TICKETS, "Sprawy", by=tom)
    live.kept.until = 0.0
    monkeypatch.setattr(type(db.engine), "connect", lambda _self: away())
    live.look()
    assert said(TICKETS) == "Sprawy"
