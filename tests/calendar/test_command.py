"""`run.py clock`: one JSON line for each instant, mistakes in their place."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.calendar.command import main

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Any:
    def asked(*argv: str) -> list[dict[str, Any]]:
        assert main(argv) == 0
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return asked


def test_it_answers_in_the_order_of_the_questions(ask: Any) -> None:
    early, open_ = ask("2026-11-16T07:00", "2026-11-16T09:00")

    assert early["arrived"] == "2026-11-16T07:00:00+01:00"
    assert early["open"] is False
    assert early["counts_as_received"] == "2026-11-17T09:00:00+01:00"
    assert early["next_opening"] == "2026-11-16T09:00:00+01:00"
    assert open_["open"] is True
    assert open_["counts_as_received"] == "2026-11-16T09:00:00+01:00"


def test_it_answers_by_the_other_rule(ask: Any) -> None:
    [answer] = ask("2026-11-16T07:00", "--rule", "same_day")

    assert answer["counts_as_received"] == "2026-11-16T09:00:00+01:00"


def test_due_and_minutes_run_from_what_counts(ask: Any) -> None:
    [answer] = ask("2026-11-13T17:01", "--add", "480", "--until", "2026-11-17T09:30:30")

    assert answer["due"] == "2026-11-16T17:00:00+01:00"
    assert answer["minutes"] == 510.5
    lines = [line for line in answer["lines"] if line["figure"] == "minutes"]
    assert sum(line["minutes"] for line in lines) == 510.5
    assert all(line["text"] for line in answer["lines"])


def test_a_mistake_is_said_in_its_place_and_the_rest_is_answered(ask: Any) -> None:
    answers = ask("2026-11-16T09:00", "tomorrow", "2026-03-29T02:30", "2026-10-25T02:30", "9999-12-31T10:00")

    assert ["error" in answer for answer in answers] == [False, True, True, False, True]
    assert "does not exist" in answers[2]["error"]
    assert answers[3]["arrived"] == "2026-10-25T02:30:00+02:00"


@pytest.mark.parametrize(
    "options",
    [
        *(("--calendar", "X"), ("--calendar", ""), ("--rule", "x"), ("--until", "x")),
        *(("--add", value) for value in ("x", "", "-1", "nan", "1_000", "9" * 20, "9" * 400)),
    ],
)
def test_a_mistake_in_an_option_is_said_for_every_instant(ask: Any, options: tuple[str, str]) -> None:
    assert ["error" in answer for answer in ask("2026-11-16T09:00", "2026-11-17T09:00", *options)] == [True, True]


@pytest.mark.parametrize(
    "argv",
    [
        *((), ("--unknown", "1"), ("2026-11-16T09:00", "--add"), ("2026-11-16T09:00", "--")),
        ("2026-11-16T09:00", "--add", "--until", "2026-11-16T10:00"),  # what --add is to be was forgotten
    ],
)
def test_a_command_line_that_asks_nothing_is_refused(argv: tuple[str, ...], capsys: Any) -> None:
    assert main(argv) == 2
    assert capsys.readouterr().out == ""


def test_it_runs_without_flask_settings_or_data(tmp_path: Path) -> None:
    program = (
        "import sys; from app.calendar.command import main; "
        "main(['2026-11-16T09:00']); assert 'flask' not in sys.modules"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env={"BILETY_DATA": str(tmp_path / "none")}, capture_output=True
    )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["open"] is True
    assert not (tmp_path / "none").exists()
