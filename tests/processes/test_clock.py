"""`run.py clock` answers by the preset on a fresh clone, and by stored calendars where there is a database."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.calendar.model import Rule
from app.calendar.plain import to_plain
from app.calendar.preset import CWT

ROOT = Path(__file__).resolve().parents[2]
MONDAY_MORNING = "2026-11-16T07:00"


def clock(data: Path, *arguments: str) -> tuple[list[dict[str, Any]], str]:
    clean = {"PATH": os.environ["PATH"], "BILETY_DATA": str(data)}
    command = [sys.executable, "run.py", "clock", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True, timeout=60, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()], done.stderr


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    """A database whose CWT counts from the same day, beside a second calendar."""
    calendars = {"CWT": replace(CWT, rule=Rule.SAME_DAY), "Noc": replace(CWT, name="Noc", country=None)}
    with sqlite3.connect(tmp_path / "bilety.db") as database:
        database.execute("CREATE TABLE calendar (id INTEGER PRIMARY KEY, name TEXT, definition JSON, version INTEGER)")
        for name, calendar in calendars.items():
            values = (name, json.dumps(to_plain(calendar)))
            database.execute("INSERT INTO calendar (name, definition, version) VALUES (?, ?, 1)", values)
    database.close()
    return tmp_path


def test_without_a_database_the_preset_answers_and_nothing_is_made(tmp_path: Path) -> None:
    (answer,), said = clock(tmp_path / "missing", MONDAY_MORNING)
    assert answer["counts_as_received"] == "2026-11-17T09:00:00+01:00"
    assert said == ""
    assert not (tmp_path / "missing").exists()


def test_a_stored_calendar_is_asked_by_its_name(stored: Path) -> None:
    (answer,), _ = clock(stored, MONDAY_MORNING)
    assert answer["counts_as_received"] == "2026-11-16T09:00:00+01:00"
    (answer,), _ = clock(stored, "--calendar", "Noc", "2026-11-11T10:00")
    assert answer["open"] is True


def test_an_unknown_name_and_a_database_without_tables_are_said(stored: Path, tmp_path: Path) -> None:
    answers, _ = clock(stored, "--calendar", "Nieznany", MONDAY_MORNING)
    assert answers[0]["code"] == "unknown_calendar"
    empty = tmp_path / "empty"
    empty.mkdir()
    sqlite3.connect(empty / "bilety.db").close()
    (answer,), said = clock(empty, MONDAY_MORNING)
    assert answer["calendar"] == "CWT"
    assert "could not be read" in said
