"""The marks of a corpus: what is stated and met is counted, and a reader that raises meets nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bench.corpus_marks import Said, scored
from bench.corpus_score import read
from tests.mail.letters import letter


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    expect: dict[str, Any] = {
        "subject": "Raport nie działa",
        "from_email": "anna@klient.example",
        "attachment_count": 1,
        "attachments": [{"name": "signature.asc"}],
        "visible_reply": "Numer to  17.",
    }
    entry = {"id": "one", "file": "one.eml", "tags": [], "expect": expect}
    (tmp_path / "one.eml").write_bytes(letter(text="Numer to 17.\n\nW dniu 27.11.2026 o 10:22, Adam pisze:\n> Jaki?"))
    (tmp_path / "manifest.jsonl").write_text(json.dumps(entry))
    return tmp_path


def test_a_letter_that_is_well_read_meets_all_that_is_stated(corpus: Path) -> None:
    missed: list[str] = []
    score = scored(corpus, read, lambda name, _entry, _said: missed.append(name))
    assert missed == []
    assert score.met == score.stated == dict.fromkeys(("subject", "sender", "attachments", "visible", "no bounce"), 1)
    assert score.shares == [1.0]
    assert any("100.0 %" in line for line in score.told())


def test_a_reader_that_raises_meets_nothing(corpus: Path) -> None:
    def raising(_raw: bytes, _entry: dict[str, Any]) -> Said:
        raise ValueError

    score = scored(corpus, raising)
    assert (score.raised, score.met.total(), score.shares) == (1, 0, [0.0])
