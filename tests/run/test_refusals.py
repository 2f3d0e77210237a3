"""What cannot start says so in one sentence, within seconds, and ends with a code that is not 0."""

from __future__ import annotations

import socket
import sqlite3
import subprocess
import sys
from pathlib import Path
from secrets import token_urlsafe

import pytest

from tests.run.stack import ROOT, environment, run


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"DATABASE_URL": "mysql://desk:geheim@127.0.0.1/desk"}, "DATABASE_URL"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://desk:geheim@127.0.0.1:1/desk"}, "Connection refused"),
        ({"DATABASE_URL": "sqlite:////nowhere/at/all/bilety.db"}, "unable to open database file"),
        ({"DATABASE_URL": f"sqlite:///{Path(__file__).resolve()}"}, "file is not a database"),
        ({"BILETY_DATA": "/proc/nowhere"}, "BILETY_DATA"),
        ({"BILETY_DATA": str(Path(__file__).resolve())}, "BILETY_DATA"),
        ({"SECRET_KEY": "changeme"}, "SECRET_KEY"),
        ({"BILETY_PORT": "eight"}, "BILETY_PORT"),
        ({"BILETY_PORT": "70000"}, "BILETY_PORT"),
        ({"BILETY_HOST": "192.0.2.1"}, "192.0.2.1"),
        ({"BILETY_HOST": "no host"}, "BILETY_HOST"),
        ({"REDIS_URL": "redis://:geheim@127.0.0.1:1/0"}, "REDIS_URL"),
        ({"REDIS_URL": "nonsense"}, "REDIS_URL"),
    ],
)
def test_a_setting_that_cannot_work_is_refused(tmp_path: Path, settings: dict[str, str], expected: str) -> None:
    refused = run(env={**environment(tmp_path / "data"), **settings})
    _is_one_sentence(refused.stderr.decode(), expected)
    assert refused.returncode in (1, 2)
    assert refused.stdout.decode() in ("", "Bilety has stopped.\n")


@pytest.mark.parametrize("setting", ["BILETY_PORT", "BILETY_INTAKE_PORT"])
def test_a_port_in_use_is_refused(tmp_path: Path, setting: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        refused = run(env=environment(tmp_path / "data", **{setting: str(other.getsockname()[1])}))
    assert refused.returncode == 1
    _is_one_sentence(refused.stderr.decode(), setting)


@pytest.mark.parametrize("command", ["web", "worker", "cron", "intake", "demo"])
def test_a_process_without_tables_says_what_to_run(tmp_path: Path, command: str) -> None:
    refused = run(command, env=environment(tmp_path / "data"))
    assert refused.returncode == 1
    _is_one_sentence(refused.stderr.decode(), "run.py init")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [(["nonsense"], "no command"), (["web", "now"], "takes no arguments"), (["intake", "--all"], "--pipe")],
)
def test_a_command_that_is_misused_ends_with_2(tmp_path: Path, arguments: list[str], expected: str) -> None:
    refused = run(*arguments, env=environment(tmp_path / "data"))
    assert refused.returncode == 2
    assert expected in refused.stderr.decode().splitlines()[0]
    assert refused.stdout == b""


def test_the_settings_are_shown_without_secrets(tmp_path: Path) -> None:
    secrets = {"DATABASE_URL": "postgresql://desk:geheim@db.example/desk", "MAIL_PASSWORD": "geheim"}
    shown = run("config", env=environment(tmp_path / "data", **secrets))
    assert shown.returncode == 0
    assert "db.example" in shown.stdout.decode()
    assert "geheim" not in shown.stdout.decode()


def test_the_supervisor_needs_nothing_but_the_standard_library() -> None:
    """It is the process that must not die, and the one that says what is missing."""
    code = "import sys, app.supervisor.stack; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"flask", "sqlalchemy", "redis", "rq", "gunicorn", "aiosmtpd"} & set(loaded)


def _is_one_sentence(said: str, expected: str) -> None:
    assert expected in said
    assert said.count("\n") == 1
    assert "geheim" not in said


def test_init_may_run_again_and_adds_the_demo_desk_once(tmp_path: Path) -> None:
    env = environment(tmp_path / "data")
    first = run("init", "--preset", "cwt", "--demo", env=env)
    cards = tmp_path / "data" / "demo-accounts.json"
    kept = cards.read_text()
    again = run("init", "--preset", "cwt", "--demo", env=env)
    assert (first.returncode, again.returncode) == (0, 0)
    assert str(cards) in first.stdout.decode()
    assert again.stdout == b""
    assert cards.read_text() == kept


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    env = environment(tmp_path / "data")
    assert run("init", env=env).returncode == 0
    with sqlite3.connect(tmp_path / "data" / "bilety.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    refused = run("init", env=env)
    assert refused.returncode == 1
    _is_one_sentence(refused.stderr.decode(), "9999")


def test_another_key_than_the_databases_is_refused_until_it_is_replaced(tmp_path: Path) -> None:
    """Attack case O34: several machines share one database."""
    env = environment(tmp_path / "data")
    assert run("init", env=env).returncode == 0
    stray = {**env, "SECRET_KEY": token_urlsafe(48)}
    for command in ("serve", "web", "worker", "intake", "cron"):
        refused = run(command, env=stray)
        assert refused.returncode == 1
        _is_one_sentence(refused.stderr.decode(), "key --replace")
    assert "key --replace" in run("doctor", env=stray).stdout.decode()
    assert run("key", "--replace", env=stray).returncode == 0
    assert (run("key", env=stray).returncode, run("key", env=env).returncode) == (0, 1)
