"""Segments are merged beside the index: what is written and deleted meanwhile is not lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.search.document import Document, Key, Question
from app.search.whoosh import merging
from app.search.whoosh.engine import WhooshEngine

EACH, COMMITS = 3, 5


def document(number: int, said: str = "faktura") -> Document:
    return Document(Key("ticket", number), "ticket", f"Sprawa {number}", said, frozenset({"public"}), number=number)


def found(engine: WhooshEngine, said: str = "faktura") -> set[int]:
    return {key.id for key, _score in engine.search(Question(said, None, limit=100)).hits}


def sizes(engine: WhooshEngine) -> list[int]:
    return [segment.doc_count_all() for segment in engine._open()._read_toc().segments]


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WhooshEngine:
    made = WhooshEngine(tmp_path)
    made.rebuild(lambda _after: [])
    monkeypatch.setattr(merging, "SMALL", 1)
    for begin in range(0, COMMITS * EACH, EACH):
        made.write([document(number) for number in range(begin, begin + EACH)])
    assert sizes(made) == [EACH] * COMMITS
    return made


def test_what_changes_while_segments_are_merged_stays(engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    exchange = merging.exchange
    engine.write([], [Key("ticket", 5)])

    def late(*given: Any) -> None:
        engine.write([document(100), document(7, "raport")], [Key("ticket", 0)])
        assert found(engine) == {*range(COMMITS * EACH), 100} - {0, 5, 7}
        exchange(*given)

    monkeypatch.setattr(merging, "exchange", late)
    engine.tidy()
    assert sizes(engine) == [COMMITS * EACH - 1, 2]
    assert found(engine) == {*range(COMMITS * EACH), 100} - {0, 5, 7}
    assert found(engine, "raport") == {7}
    assert not list(engine.folder.glob("merging-*"))


def test_a_segment_of_which_most_is_gone_is_written_anew(engine: WhooshEngine) -> None:
    engine.tidy()
    engine.write([], [Key("ticket", number) for number in range(10)])
    engine.tidy()
    assert sizes(engine) == [5]
    assert found(engine) == set(range(10, 15))


def test_an_index_made_anew_meanwhile_is_left_alone(engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    exchange, fresh = merging.exchange, [document(number) for number in range(2)]

    def late(opened: Any, *given: Any) -> None:
        with engine._open().writer() as writer:
            writer.mergetype = lambda _writer, _segments: []  # as if all of it were merged
        exchange(opened, *given)
        monkeypatch.setattr(merging, "exchange", exchange)

    monkeypatch.setattr(merging, "exchange", late)
    engine.tidy()
    assert found(engine) == set()
    engine.write(fresh)
    assert found(engine) == {0, 1}


def test_a_commit_merges_only_small_segments(engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(200, 212):
        engine.write([document(number)])
    assert sizes(engine)[:COMMITS] == [EACH] * COMMITS
    assert len(sizes(engine)) < COMMITS + 12
    assert len(found(engine)) == COMMITS * EACH + 12
