"""The index follows the database, and comes back after whatever happened to it."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterator

import pytest
from flask import Flask, current_app
from sqlalchemy import delete

from app.events.outbox import Item
from app.extensions import db
from app.models.search import search_document
from app.models.ticket import Ticket
from app.search import index
from app.search.engine import engine
from app.search.rebuild import mend, rebuild
from tests.search.conftest import ANNA, KAROL, STRANGER, Desk

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture
def filled(desk: Desk) -> Desk:
    desk.ticket("Nie drukuje się faktura", "Drukarka stoi.")
    desk.ticket("Reset hasła", "Nowe hasło.")
    desk.index()
    return desk


@pytest.fixture(autouse=True)
def _collect() -> Iterator[None]:
    """Whoosh leaves a broken file open; it must not be blamed on a later test."""
    yield
    gc.collect()


def destroy() -> None:
    """The worst of each engine: every file cut short, or every row gone."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(delete(search_document))
        db.session.commit()
        return
    folder = current_app.extensions["settings"].data / "index"
    for file in folder.rglob("*.*"):
        if file.is_file() and file.name != "current":
            file.write_bytes(b"broken")


def test_what_is_written_is_found_at_once(filled: Desk) -> None:
    assert filled.numbers("faktura") == [1001]
    filled.note(1001, "Wymieniono toner.")
    filled.index()
    assert filled.numbers("toner", KAROL) == [1001]


def test_twice_does_no_harm(filled: Desk) -> None:
    items = [Item(id=number, reaction="index", event_id=1, letter_id=None, attempts=0) for number in (7, 8)]
    assert index.perform(items) == {7: None, 8: None}
    assert index.perform(items) == {7: None, 8: None}
    assert filled.ask("faktura").count == 1


def test_a_destroyed_index_is_said_and_searched_around(filled: Desk) -> None:
    destroy()
    answer = filled.ask("drukarka")
    assert answer.provisional
    assert [hit.ticket.number for hit in answer.hits] == [1001]
    assert filled.numbers("drukarka", STRANGER) == []


def test_the_index_job_mends_a_destroyed_index(filled: Desk) -> None:
    destroy()
    assert filled.ask("drukarka").provisional
    filled.ticket("Nowe zgłoszenie")
    filled.index()
    answer = filled.ask("drukarka")
    assert not answer.provisional
    assert [hit.ticket.number for hit in answer.hits] == [1001]


def test_a_chore_mends_it_once(app: Flask, filled: Desk) -> None:
    destroy()
    filled.ask("drukarka")
    assert mend(app) == 2
    assert mend(app) == 0
    assert filled.numbers("drukarka") == [1001]


def test_a_missing_index_is_built(app: Flask, filled: Desk) -> None:
    shutil.rmtree(current_app.extensions["settings"].data / "index", ignore_errors=True)
    assert rebuild(app) == 2
    assert engine().is_healthy()
    assert filled.numbers("hasło") == [1002]


def test_a_rebuild_forgets_what_is_gone(app: Flask, filled: Desk) -> None:
    db.session.execute(delete(search_document).where(search_document.c.ticket_id == 99))
    filled.change(1002, subject="Inny temat")
    rebuild(app)
    assert filled.ask("inny").count == 1


def test_the_database_answers_filters_and_numbers_too(filled: Desk) -> None:
    destroy()
    assert filled.numbers("1002", ANNA) == [1002]
    assert filled.numbers("hasło", ANNA, filters={"product_groups": "99999999999"}) == []
    assert filled.numbers("hasło", ANNA, filters={"status": "new"}) == [1002]
    assert db.session.query(Ticket).count() == 2
