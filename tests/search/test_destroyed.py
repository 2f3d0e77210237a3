"""R-14: whatever happens to the index, other pages serve, search says so, and it comes back by itself."""

from __future__ import annotations

import errno
import gc
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask, current_app
from sqlalchemy import delete, select, update

from app.access import sees_ticket
from app.checks import search_index as seen_by_the_doctor
from app.extensions import db
from app.models.search import search_document, search_index
from app.models.ticket import Ticket
from app.models.types import utc_now
from app.search.document import TICKET, Document, Key, Question
from app.search.engine import SearchFailed, engine
from app.search.index import anew, every_document
from tests.search.conftest import ANNA, KAROL, OLGA, PIOTR, STRANGER, Desk

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
TICKETS = 5


@pytest.fixture
def filled(desk: Desk) -> Desk:
    for number in range(TICKETS):
        desk.ticket(f"Drukarka {number}", "Drukarka stoi.", by=STRANGER if number == 1 else ANNA)
    desk.ticket("Drukarka obca", by=STRANGER, group="TARGIT")
    desk.index()
    return desk


@pytest.fixture(autouse=True)
def _collect() -> Iterator[None]:
    """Whoosh leaves a broken file open; it must not be blamed on a later test."""
    yield
    gc.collect()


def is_postgresql() -> bool:
    return db.engine.dialect.name == "postgresql"


def folder() -> Path:
    found: Path = current_app.extensions["settings"].data / "index"
    return found


def segments(ending: str) -> list[Path]:
    return [file for file in folder().rglob(f"*{ending}") if file.is_file()]


def cut_short() -> None:
    for file in segments(".toc"):
        file.write_bytes(file.read_bytes()[:20])


def zeroed() -> None:
    for file in segments(".seg"):
        whole = bytearray(file.read_bytes())
        whole[-200:] = bytes(200)
        file.write_bytes(whole)


def old_schema() -> None:
    name = (folder() / "current").read_text()
    (folder() / name).rename(folder() / f"0-{name}")
    (folder() / "current").write_text(f"0-{name}")


def committed(*statements: object) -> None:
    for statement in statements:
        db.session.execute(statement)  # type: ignore[call-overload]
    db.session.commit()


DAMAGES: dict[str, Callable[[], None]] = {
    "whoosh, removed": lambda: shutil.rmtree(folder()),
    "whoosh, cut short": cut_short,
    "whoosh, zeroed": zeroed,
    "whoosh, old schema": old_schema,
    "postgresql, emptied": lambda: committed(delete(search_document)),
    "postgresql, never finished": lambda: committed(delete(search_index)),
    "postgresql, old schema": lambda: committed(
        update(search_index).values(analysis="0"), update(search_document).values(analysis="0")
    ),
}


def told_by_the_database(desk: Desk, email: str) -> set[int]:
    clause = sees_ticket(desk.standing(email))
    return set(db.session.scalars(select(Ticket.number).where(clause, Ticket.subject.startswith("Drukarka"))))


# Where a search can fail: Whoosh's engine must tell what is no damage, PostgreSQL tells by itself what is.
MISTAKES: dict[str, tuple[str, type[Exception]]] = {
    "whoosh": ("app.search.whoosh.engine.found_in_time", KeyError),
    "postgresql": ("app.search.postgresql.engine.rows_in_time", SearchFailed),
}
ENGINE = "postgresql" if os.environ.get("BILETY_TEST_DATABASE") == "postgresql" else "whoosh"


@pytest.mark.parametrize("damage", [name for name in DAMAGES if name.startswith(ENGINE)])
def test_a_destroyed_index_comes_back_by_itself(filled: Desk, damage: str) -> None:
    DAMAGES[damage]()
    engine().reopen()
    first = filled.ask("drukarka", ANNA)
    assert first.provisional
    assert {hit.ticket.number for hit in first.hits if hit.ticket} == told_by_the_database(filled, ANNA)
    filled.ticket("Drukarka po szkodzie")
    filled.index()
    assert not filled.ask("drukarka", ANNA).provisional
    for email in (ANNA, PIOTR, STRANGER, KAROL, OLGA):
        assert set(filled.numbers("drukarka", email)) == told_by_the_database(filled, email), email


def test_a_failure_that_tells_of_no_damage_leaves_the_index_alone(
    filled: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    redis = current_app.extensions["redis"]
    redis.delete("bilety:counted:failed_searches")

    where, error = MISTAKES[ENGINE]

    def fails(*_given: object, **_named: object) -> None:
        raise error("a mistake of ours")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(where, fails)
        answer = filled.ask("drukarka", ANNA)
        assert answer.provisional
        assert {hit.ticket.number for hit in answer.hits if hit.ticket} == told_by_the_database(filled, ANNA)
    assert "a mistake of ours" in caplog.text
    assert "1 wyszukiwanie ostatnio zawiodło" in seen_by_the_doctor().seen
    assert not filled.ask("drukarka", ANNA).provisional


def test_the_doctor_advises_the_other_engine(filled: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "PostgreSQL" not in seen_by_the_doctor().seen
    monkeypatch.setattr("app.checks.MOST_FOR_WHOOSH", 2)
    assert seen_by_the_doctor().well
    assert ("PostgreSQL" in seen_by_the_doctor().seen) is not is_postgresql()


def dies(act: Callable[[], object]) -> None:
    """Do it in a process that is killed -9 while it does it."""
    child = os.fork()
    if child == 0:
        db.engine.dispose(close=False)
        db.session.registry.clear()
        act()
        os._exit(0)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])


def deadly(documents: Iterator[Document], after: int) -> Iterator[Document]:
    for number, document in enumerate(documents):
        if number == after:
            os.kill(os.getpid(), signal.SIGKILL)
        yield document


def test_a_killed_rebuild_goes_on_where_it_stopped(app: Flask, filled: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = "app.search.postgresql.engine.BATCH" if is_postgresql() else "app.search.whoosh.engine.REBUILD_BATCH"
    monkeypatch.setattr(batch, 2)
    dies(lambda: engine().rebuild(lambda after: deadly(every_document(after), 3)))
    left = engine().unfinished()
    assert left is not None
    assert (left.count, left.reached) == (2, Key(TICKET, 2))
    assert filled.numbers("drukarka 3") != [], "the old one goes on answering"
    assert "2" in seen_by_the_doctor().seen
    filled.change(1001, subject="Migocze", updated_at=utc_now())
    assert anew() == TICKETS + 1
    assert engine().unfinished() is None
    assert engine().search(Question("drukarka OR migocze", None)).count == TICKETS + 1, "none of them twice"
    assert filled.numbers("migocze") == [1001]


def test_a_killed_writer_leaves_the_index_whole(filled: Desk) -> None:
    documents = list(every_document())
    dies(lambda: engine().write(deadly(iter(documents), 2)))
    filled.ticket("Migocze")
    filled.index()
    assert len(filled.numbers("migocze")) == 1
    assert not filled.ask("drukarka").provisional


def test_a_full_disk_loses_nothing(filled: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    if is_postgresql():
        return  # Its transaction fails as a whole.
    from whoosh.codec.whoosh3 import W3PerDocWriter

    filled.ticket("Migocze")
    with monkeypatch.context() as full:
        full.setattr(W3PerDocWriter, "close", _no_room)
        with pytest.raises(OSError, match="No space left"):
            engine().write(every_document())
    assert engine().is_healthy()
    assert len(filled.numbers("drukarka")) == TICKETS - 1, "what was found before still is"
    filled.index()
    assert len(filled.numbers("migocze")) == 1, "it mends itself when there is room"


def _no_room(*_given: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")
