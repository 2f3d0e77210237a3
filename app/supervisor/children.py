"""Child processes that are started, noticed when they die, started again, and never left behind."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0  # A child that lived so long starts again at once.
PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Ask Linux to end this process when its parent ends, however that happens. Elsewhere it does nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """One process of the stack."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause: float = FIRST_PAUSE
    due_at: float = field(default=0.0)

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches only the supervisor."""
        self.process = subprocess.Popen(  # noqa: S603 our own command
            self.command,
            env=dict(self.environment),
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
        self.started_at = time.monotonic()

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def mend(self, now: float) -> bool:
        """Start it again when it has ended, after a pause that grows while it keeps ending; whether it did."""
        if self.process is None or self.process.poll() is None:
            return False
        if not self.due_at:
            if now - self.started_at > STEADY_SECONDS:
                self.pause = FIRST_PAUSE
            print(
                f"{self.name} ended with {_how(self.process.returncode)}; it starts again in {self.pause:g} s.",
                file=sys.stderr,
            )
            self.due_at = now + self.pause
            self.pause = min(self.pause * 2, LONGEST_PAUSE)
        if now < self.due_at:
            return False
        self.due_at = 0.0
        self.start()
        return True

    def stop(self, seconds: float = 15.0) -> None:
        """End it and all that it started: politely, then for good."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(seconds)
        self._kill_group()
        self.process.wait()
        self.process = None

    def _kill_group(self) -> None:
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)


def _how(code: int) -> str:
    if code < 0:
        return signal.Signals(-code).name
    return f"exit code {code}"
