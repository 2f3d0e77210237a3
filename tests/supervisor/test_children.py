"""Children of the supervisor: mended with patience, ended with all that they started."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.supervisor.children import FIRST_PAUSE, LONGEST_PAUSE, STEADY_SECONDS, Child
from tests.run.stack import until

MakeChild = Callable[[str], Child]


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make_child(clock: Clock) -> Iterator[MakeChild]:
    made: list[Child] = []

    def make(code: str) -> Child:
        made.append(Child("The child", [sys.executable, "-c", code], os.environ, clock=clock))
        made[-1].start()
        return made[-1]

    yield make
    for child in made:
        child.stop()


def test_a_running_child_is_left_alone(make_child: MakeChild, clock: Clock) -> None:
    child = make_child("import time; time.sleep(60)")
    clock.now += 100
    assert not child.mend()
    assert child.is_running


def test_an_ended_child_starts_again_after_a_pause(
    make_child: MakeChild, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    child = make_child("raise SystemExit(3)")
    child.wait()
    first = child.process
    assert not child.mend()
    clock.now += FIRST_PAUSE
    assert child.mend()
    assert child.process is not first
    assert "The child ended with exit code 3; it starts again in 0.5 s." in capsys.readouterr().err


def test_the_pause_grows_while_it_keeps_ending(make_child: MakeChild, clock: Clock) -> None:
    child = make_child("raise SystemExit(3)")
    pauses = []
    for _time in range(9):
        child.wait()
        child.mend()
        pauses.append(child.due_at - clock.now)
        clock.now = child.due_at
        assert child.mend()
    assert pauses[:3] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]
    assert pauses[-1] == LONGEST_PAUSE


def test_a_child_that_was_steady_starts_again_soon(make_child: MakeChild, clock: Clock) -> None:
    child = make_child("raise SystemExit(3)")
    child.pause = LONGEST_PAUSE
    child.wait()
    clock.now += STEADY_SECONDS + 1
    child.mend()
    assert child.due_at - clock.now == FIRST_PAUSE


def test_stopping_ends_what_the_child_left(make_child: MakeChild, tmp_path: Path) -> None:
    """The grandchild ignores SIGTERM and its parent does not care for it."""
    file = tmp_path / "pid"
    grandchild = "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)"
    child = make_child(
        "import pathlib, subprocess, sys, time\n"
        f"process = subprocess.Popen([sys.executable, '-c', {grandchild!r}])\n"
        f"pathlib.Path({str(file)!r}).write_text(str(process.pid))\n"
        "time.sleep(60)"
    )
    until(lambda: file.exists() and file.read_text())
    child.stop()
    until(lambda: not _lives(int(file.read_text())))


def test_a_child_that_will_not_go_is_ended_for_good(make_child: MakeChild, tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    child = make_child(
        "import pathlib, signal, time\n"
        "signal.signal(15, signal.SIG_IGN)\n"
        f"pathlib.Path({str(ready)!r}).touch()\n"
        "time.sleep(60)"
    )
    until(ready.exists)
    child.stop(seconds=0.1)
    assert not child.is_running


def _lives(pid: int) -> bool:
    """A zombie whose new parent has not looked yet counts as gone."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
