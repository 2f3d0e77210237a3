"""`run.py corpus`: a folder of letters through a throw-away desk, and through no other."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mail.letters import letter

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A letter, the same letter again, an empty one, one of other bytes than letters, and something else."""
    made = tmp_path / "letters"
    (made / "below").mkdir(parents=True)
    (made / "a.eml").write_bytes(letter(message_id="<a@klient.example>"))
    (made / "below" / "b.eml").write_bytes(letter(message_id="<a@klient.example>"))
    (made / "c.eml").write_bytes(b"")
    (made / "d.eml").write_bytes(bytes(range(256)) * 40)
    (made / "notes.txt").write_text("no letter")
    return made


def corpus(folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    clean = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    command = [sys.executable, "run.py", "corpus", str(folder)]
    return subprocess.run(command, cwd=ROOT, env={**clean, **environ}, capture_output=True, text=True, timeout=100)


def test_every_letter_ends_somewhere_and_answers_stay_in_the_folder(folder: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    done = corpus(folder, BILETY_DATA=str(data), MAIL_SERVER="127.0.0.1", MAIL_PORT="9")
    assert done.returncode == 0, done.stderr
    ended = {line.split()[-1]: line.split()[0] for line in done.stdout.splitlines() if line.endswith(".eml")}
    assert ended == {"a.eml": "ticket", "b.eml": "message", "c.eml": "not_sure", "d.eml": "not_sure"}
    assert "4 letters, 0 waiting, 0 raised, 0 effects still owed." in done.stdout
    assert len(list((data / "outgoing").glob("*.eml"))) == 2  # acknowledgement and invitation


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL"])
def test_somebodys_database_is_never_used(folder: Path, name: str) -> None:
    refused = corpus(folder, **{name: "sqlite:////nowhere/bilety.db"})
    assert refused.returncode == 2
    assert refused.stderr.startswith(f"{name} is set")


def test_a_folder_that_holds_a_desk_is_never_used(folder: Path, tmp_path: Path) -> None:
    kept = tmp_path / "desk"
    kept.mkdir()
    (kept / "bilety.db").touch()
    refused = corpus(folder, BILETY_DATA=str(kept))
    assert refused.returncode == 2
    assert "not an empty folder" in refused.stderr
    assert [path.name for path in kept.iterdir()] == ["bilety.db"]


def test_a_folder_without_letters_is_said(tmp_path: Path) -> None:
    refused = corpus(tmp_path)
    assert refused.returncode == 2
    assert "no .eml file" in refused.stderr
