"""`run.py config` on a desk of its own: JSON lines, exit codes, and nothing but the file on standard output."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.run.stack import environment, run

pytestmark = pytest.mark.xdist_group("transfer")  # one desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    env = environment(tmp_path_factory.mktemp("config") / "data")
    assert run("init", "--preset", "cwt", env=env).returncode == 0
    return env


def test_a_desk_is_exported_planned_and_changed(desk: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "desk.json"
    exported = run("config", "export", env=desk)
    assert exported.returncode == 0
    file.write_bytes(exported.stdout)
    whole = json.loads(exported.stdout)
    next(iter(whole["items"]["product_group"].values()))["name"] = "NOWA NAZWA"
    file.write_text(json.dumps(whole))
    (line,) = run("config", "plan", str(file), env=desk).stdout.decode().splitlines()
    assert json.loads(line)["columns"]["name"][1] == "NOWA NAZWA"
    applied = run("config", "apply", str(file), env=desk)
    assert (applied.returncode, json.loads(applied.stdout)["act"]) == (0, "change")
    assert run("config", "plan", str(file), env=desk).stdout == b""
    file.write_text('{"bilety": 1, "items": {"calendar": {}}}')
    refused = run("config", "apply", str(file), env=desk)
    assert (refused.returncode, json.loads(refused.stdout)["act"]) == (1, "refuse")


def test_a_file_that_cannot_be_read_is_said_so(desk: dict[str, str], tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    said = run("config", "plan", str(broken), env=desk)
    assert (said.returncode, said.stdout) == (2, b"")
    assert b"broken.json" in said.stderr
