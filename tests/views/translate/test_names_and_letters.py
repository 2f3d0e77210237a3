"""Names of rows and words of letters, for translators who see neither settings nor tickets."""

from __future__ import annotations

import pytest
from flask import Flask

from app.desk import field_sets
from app.events.transaction import transaction
from app.extensions import db
from app.mail import texts
from app.mail.values import NAMED
from app.models import definitions
from app.models.ticket import State
from tests.browsing import Visitor, text_of
from tests.fields.samples import a_field
from tests.views.translate.conftest import ADAM, ANNA, Browser

NAMES, LETTER = "/desk/translations/names/", "/desk/translations/letters/closed/pl"


def test_a_states_name_is_changed_in_both_languages(app: Flask, tom: Visitor) -> None:
    tom.submit(f"{NAMES}states", {"pl.resolved": "Załatwione", "en.resolved": "Settled"})
    with app.app_context():
        state = db.session.get_one(State, "resolved")
        assert (state.name_pl, state.name_en) == ("Załatwione", "Settled")
    audit = tom.application.test_client()
    assert audit.get("/desk/audit/list/").status_code == 302


@pytest.mark.parametrize("words", ["", "x" * 81, "a\u202eb"])
def test_a_name_that_does_not_fit_is_refused_and_nothing_typed_is_lost(app: Flask, tom: Visitor, words: str) -> None:
    answer = tom.submit(f"{NAMES}states", {"pl.resolved": words, "en.resolved": "Settled"})
    assert answer.status_code == 422
    assert 'value="Settled"' in answer.text
    with app.app_context():
        assert db.session.get_one(State, "resolved").name_en != "Settled"


def test_labels_and_options_of_fields_are_one_new_set(app: Flask, tom: Visitor) -> None:
    with app.app_context(), transaction():
        field_sets.publish([a_field("choice", "srodowisko")], reason="x", by=None)
        field = definitions.published(db.session()).of("ticket")[0]
    key = field.options[0].key
    tom.submit(
        f"{NAMES}fields",
        {f"pl.{field.id}.labels": "Otoczenie", f"en.{field.id}.option.{key}": "First one", f"en.{field.id}.labels": "E",
         f"pl.{field.id}.option.{key}": "Pierwsze"},
    )  # fmt: skip
    definitions.forget()
    with app.app_context():
        now = definitions.published(db.session()).of("ticket")[0]
        assert (now.label("pl"), now.options[0].labels["en"]) == ("Otoczenie", "First one")
        assert len(field_sets.history()) == 2


def test_a_letters_words_are_changed_and_tried_with_samples(app: Flask, tom: Visitor) -> None:
    assert "[" in tom.get(f"{LETTER}/look").text
    tom.submit(LETTER, {"source": "Temat {{ number }}\n\nTreść o {{ subject }}."})
    shown = tom.get(f"{LETTER}/look").text
    assert "Temat [" in shown
    assert "Treść o [" in shown
    with app.app_context():
        assert texts.row_of("closed", "pl").source.startswith("Temat")  # type: ignore[union-attr]
    tom.submit(LETTER, {}, form="//form[contains(@action, '/reset')]")
    with app.app_context():
        assert texts.row_of("closed", "pl") is None


@pytest.mark.parametrize("source", ["", "Temat {{ config }}", "Temat {{ if late }}", "x" * 100_000])
def test_a_letter_that_cannot_be_written_is_not_kept(app: Flask, tom: Visitor, source: str) -> None:
    answer = tom.submit(LETTER, {"source": source})
    assert answer.status_code == 422
    assert source[:10] in answer.text
    with app.app_context():
        assert texts.row_of("closed", "pl") is None


def test_one_list_tells_how_far_everything_is_and_finds_names_and_letters(tom: Visitor) -> None:
    page = tom.page("/desk/translations/?text=rozwi")
    told = text_of(page.xpath("//ul[@class='progresses']")[0])
    for words in ("Wiadomości", "Stany", "Typy treści"):
        assert words in told
    hits = [text_of(each) for each in page.xpath("//section[@aria-labelledby='hits-heading']//a")]
    assert any("resolved" in each for each in hits)
    assert any("(pl)" in each for each in hits)


def test_nobody_else_changes_them(browser_of: Browser) -> None:
    anna = browser_of(ANNA)
    for path in (f"{NAMES}states", LETTER, f"{LETTER}/look"):
        assert anna.get(path).status_code == 403
    assert browser_of(ADAM).get(LETTER).status_code == 200
    assert browser_of(ADAM).get("/desk/translations/letters/nic/pl").status_code == 404
    assert browser_of(ADAM).get("/desk/translations/letters/closed/xx").status_code == 404


def test_letters_go_through_a_second_pair_of_eyes_too(app: Flask, tom: Visitor, browser_of: Browser) -> None:
    browser_of(ADAM).submit("/desk/translations/numbers", {"wanted": "yes"}, form="//form[contains(@action, 'review')]")
    ola = browser_of("ola@desk.example")

    def write(browser: Visitor, words: str) -> str:
        return browser.submit(LETTER, {"source": words}, form="//form[.//textarea[@name='source']]").text

    def decide(browser: Visitor, act: str) -> str:
        return browser.submit(LETTER, {}, form=f"//form[contains(@action, '/{act}')]").text

    def written() -> str:
        with app.app_context():
            return str(texts.text_of("closed", "pl", {name: lambda: "x" for name in NAMED}).subject)

    shipped = written()
    assert "czeka na drugą" in write(tom, "Zamknięte\n\nKoniec.")
    assert written() == shipped
    assert not tom.page(LETTER).xpath("//form[contains(@action, '/accept')]")
    assert "Koniec." in ola.page(LETTER).xpath("string(//textarea[@name='source'])")
    assert "czeka" in text_of(ola.page("/desk/translations/letters/"))
    decide(ola, "accept")
    assert written() == "Zamknięte"
    write(tom, "Zamknięte na dobre\n\nKoniec.")
    decide(ola, "refuse")
    assert written() == "Zamknięte"
    decide(tom, "undo")
    assert written() == shipped
    history = text_of(tom.page(LETTER).xpath("//aside")[0])
    assert history.count("propozycja") == 2
