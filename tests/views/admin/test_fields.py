"""An administrator shapes the desk: proposes, looks, publishes with a reason, takes back."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.desk import field_sets
from app.events.transaction import transaction
from app.extensions import db
from app.models import definitions
from app.models.field import FieldProposal, Misfit
from tests.browsing import Visitor, text_of

SHEET = "//main//form[contains(@class, 'sheet')]"
NAMES = {"label_pl": "Moduł", "label_en": "Module", "name": "module"}


@pytest.fixture
def ada(make_account: Callable[..., int], browser_of: Callable[[str], Visitor]) -> Visitor:
    make_account("ada@desk.example", role="administrator", name="Ada Lis", locale="pl")
    make_account("anna@klient.example", organisation="Klient")
    return browser_of("ada@desk.example")


def publish(browser: Visitor, address: str, reason: str = "bo tak", **values: object) -> str:
    """Fill in a definition, look at the proposal, publish it; answers the page of the proposal."""
    proposal = browser.submit(address, values, form=SHEET)
    assert "/proposal/" in proposal.request.path, proposal.text
    done = browser.submit(proposal.request.path, {"reason": reason}, form=SHEET)
    assert done.request.path == "/desk/fields/", done.text
    return proposal.text


def field(app: Flask, name: str = "module") -> str:
    with app.app_context():
        definitions.forget()
        found = definitions.published(db.session()).named("ticket", name, "2026-11-30")
        assert found is not None
        return found.id


def test_a_field_is_live_once_it_is_published(app: Flask, ada: Visitor, browser_of: Callable[[str], Visitor]) -> None:
    options = "sales | Sprzedaż | Sales\nstock | Magazyn | Stock"
    page = publish(ada, "/desk/fields/add?owner=ticket&kind=choice", **NAMES, options=options, required="y")
    assert "Pole jest nowe" in page
    form = browser_of("anna@klient.example").page("/tickets/new?group=1")
    assert "Moduł" in text_of(form)
    assert "Magazyn" in text_of(form)
    answer = browser_of("anna@klient.example").submit("/tickets/new?group=1", {"subject": "x", "text": "y"})
    assert "Wypełnij to pole." in answer.text


def test_an_api_name_that_is_left_out_is_made_from_the_name(app: Flask, ada: Visitor) -> None:
    labels = {"label_pl": "Numer seryjny", "label_en": "Serial number (S/N)"}
    publish(ada, "/desk/fields/add?owner=ticket&kind=text", **labels)
    assert field(app, "serial_number_s_n")


def test_a_change_is_shown_on_real_rows_and_can_be_taken_back(
    app: Flask, ada: Visitor, browser_of: Callable[[str], Visitor]
) -> None:
    publish(ada, "/desk/fields/add?owner=ticket&kind=text", **NAMES)
    field_id = field(app)
    anna = browser_of("anna@klient.example")
    anna.submit("/tickets/new?group=1", {"subject": "x", "text": "y", f"f-{field_id}": "Sprzedaż i marketing"})
    page = publish(ada, f"/desk/fields/{field_id}", reason="za długie", most="8", name="part")
    assert "„Sprzedaż i marketing”" in page.replace("“", "„") or "Sprzedaż i marketing" in page
    assert "najwyżej 8 znaków" in page
    assert field(app, "part") == field(app, "module") == field_id
    history = text_of(ada.page("/desk/fields/history"))
    assert "za długie" in history
    assert "Ada Lis" in history
    ada.submit("/desk/fields/history", {}, form="//main//form[contains(@action, '/undo/')]")
    with app.app_context():
        definitions.forget()
        assert definitions.published(db.session()).named("ticket", "part", "2026-11-30") is None


@pytest.mark.parametrize(
    ("kind", "values", "said"),
    [
        ("text", {"name": "status"}, "ma już własne znaczenie"),
        ("text", {"name": "Z dużej"}, "zaczyna się od litery"),
        ("pattern", {"pattern": "(a+)+", "help_pl": "x", "help_en": "x"}, "bardzo długo"),
        ("choice", {"options": ""}, "co najmniej jedną opcję"),
        ("number", {"default": "dużo"}, "Wartość domyślna nie pasuje"),
        ("number", {"least": "5", "most": "1"}, "jest mniejsza od najmniejszej"),
    ],
)
def test_what_cannot_be_published_says_why_and_loses_nothing(
    ada: Visitor, kind: str, values: dict[str, str], said: str
) -> None:
    answer = ada.submit(f"/desk/fields/add?owner=ticket&kind={kind}", {**NAMES, **values}, form=SHEET)
    assert said in answer.text
    assert 'value="Module"' in answer.text


def test_conditions_in_a_circle_are_refused(app: Flask, ada: Visitor) -> None:
    publish(ada, "/desk/fields/add?owner=ticket&kind=text", **NAMES)
    first = field(app)
    hangs = {"shown_field": first, "shown_compares": "filled"}
    publish(ada, "/desk/fields/add?owner=ticket&kind=text", label_pl="Inne", label_en="Other", name="other", **hangs)
    back = {"shown_field": field(app, "other"), "shown_compares": "filled"}
    answer = ada.submit(f"/desk/fields/{first}", back, form=SHEET)
    assert "w kółko: module → other → module" in answer.text


def test_two_administrators_and_a_discarded_change(app: Flask, ada: Visitor) -> None:
    publish(ada, "/desk/fields/add?owner=ticket&kind=text", **NAMES)
    address = f"/desk/fields/{field(app)}"
    first = ada.submit(address, {"position": "20"}, form=SHEET).request.path
    second = ada.submit(address, {"position": "30"}, form=SHEET).request.path
    ada.submit(first, {"reason": "pierwszy"}, form=SHEET)
    assert "ktoś zmienił to pole" in ada.submit(second, {"reason": "drugi"}, form=SHEET).text
    ada.submit(second, {}, form="//main//form[contains(@action, '/discard')]")
    with app.app_context():
        assert db.session.scalars(select(FieldProposal)).all() == []


def test_what_another_process_published_a_moment_ago_is_not_written_over(app: Flask, ada: Visitor) -> None:
    """Neither from a form that was open meanwhile, nor from one that is opened before this process knows of it."""
    publish(ada, "/desk/fields/add?owner=ticket&kind=text", **NAMES)
    address = f"/desk/fields/{field(app)}"
    open_form = ada.page(address).xpath(SHEET)[0]
    with app.app_context():
        field(app)
        kept = definitions._kept[""][1]
        with transaction():
            field_sets.publish([kept.of("ticket")[0].changed(most=7)], reason="ktoś inny", by=None)
        definitions._kept[""] = (time.monotonic() + 60, kept)
    answer = ada.send(open_form, address, {"position": "40"})
    assert "ktoś zmienił to pole" in answer.text
    assert 'value="40"' in answer.text
    definitions._kept[""] = (time.monotonic() + 60, kept)
    publish(ada, address, position="20")
    with app.app_context():
        now = definitions.published_now(db.session()).of("ticket")[0]
        assert (now.most, now.position) == (7, 20)


def test_a_changed_kind_takes_the_place_of_the_old_field(app: Flask, ada: Visitor) -> None:
    publish(ada, "/desk/fields/add?owner=ticket&kind=text", **NAMES)
    old = field(app)
    publish(ada, f"/desk/fields/add?owner=ticket&kind=number&follows={old}")
    assert field(app) != old
    ada.submit("/desk/fields/history", {}, form="//main//form[contains(@action, '/undo/')]")
    assert field(app) == old


def test_deleting_hides_and_bringing_back_shows_it_again(app: Flask, ada: Visitor) -> None:
    publish(ada, "/desk/fields/add?owner=ticket&kind=text", **NAMES)
    address = f"/desk/fields/{field(app)}"
    for _time in ("deleted", "back"):
        proposal = ada.submit(address, {}, form="//main//form[contains(@action, '/delete')]")
        ada.submit(proposal.request.path, {"reason": "próba"}, form=SHEET)
    assert field(app)


def test_values_that_do_not_fit_are_worked_off(app: Flask, ada: Visitor) -> None:
    publish(ada, "/desk/fields/add?owner=ticket&kind=number", **NAMES)
    field_id = field(app)
    with app.app_context(), transaction():
        db.session.add(Misfit(owner="ticket", row_id=1, field_id=field_id, text="dużo", why="no_number"))
    page = text_of(ada.page("/desk/fields/misfits"))
    assert "dużo" in page
    assert "Wpisz liczbę" in page
    ada.submit("/desk/fields/misfits", {}, form="//main//form[contains(@action, '/settle')]")
    assert "Wszystkie wartości pasują" in text_of(ada.page("/desk/fields/misfits"))


def test_organisations_have_fields_too(app: Flask, ada: Visitor) -> None:
    publish(ada, "/desk/fields/add?owner=organisation&kind=nip", label_pl="NIP", label_en="NIP", name="nip")
    page = ada.page("/desk/organisations/show/1")
    assert "Uzupełnij szczegóły" in text_of(page)
    with app.app_context():
        definitions.forget()
        (nip,) = definitions.published(db.session()).of("organisation")
    bad = ada.submit("/desk/organisations/fields/1", {f"f-{nip.id}": "123"})
    assert "NIP ma dziesięć cyfr" in bad.text
    good = ada.submit("/desk/organisations/fields/1", {f"f-{nip.id}": "526-000-12-46"})
    assert "5260001246" in good.text
