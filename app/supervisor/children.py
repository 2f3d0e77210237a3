"""Child processes that are started, noticed when they die, started again, and never left behind."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0  # A child that lived so long starts again at once.
PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int) -> None:
    """Ask Linux to end this process when `parent` ends, however that happens. Elsewhere it does nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # It ended before we asked.
            os._exit(1)


@dataclass
class Child:
    """One process of the stack."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    clock: Callable[[], float] = time.monotonic
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause: float = FIRST_PAUSE
    due_at: float = field(default=0.0)

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches only the supervisor."""
        self.process = subprocess.Popen(  # noqa: S603 our own command
            self.command,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=partial(die_with_parent, os.getpid()),
        )
        self.started_at = self.clock()

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def mend(self) -> bool:
        """Start it again when it has ended, after a pause that grows while it keeps ending; whether it did."""
        if self.process is None or self.process.poll() is None:
            return False
        if not self.due_at:
            self._plan_another(self.process.returncode)
        if self.clock() < self.due_at:
            return False
        self.due_at = 0.0
        self._signal_group(signal.SIGKILL)
        self.start()
        return True

    def wait(self) -> int:
        """Its exit code, when it has ended by itself."""
        if self.process is None:
            raise RuntimeError(f"{self.name} was never started.")
        return self.process.wait()

    def stop(self, seconds: float = 15.0) -> None:
        """End it and all that it started: politely, then for good."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(seconds)
        self._signal_group(signal.SIGKILL)
        self.process.wait()
        self.process = None

    def _plan_another(self, code: int) -> None:
        """Say how it ended and when the next one starts; what it left running is asked to end meanwhile."""
        if self.clock() - self.started_at > STEADY_SECONDS:
            self.pause = FIRST_PAUSE
        print(f"{self.name} ended with {_how(code)}; it starts again in {self.pause:g} s.", file=sys.stderr)
        self._signal_group(signal.SIGTERM)
        self.due_at = self.clock() + self.pause
        self.pause = min(self.pause * 2, LONGEST_PAUSE)

    def _signal_group(self, number: signal.Signals) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)


def _how(code: int) -> str:
    """An exit code or a signal, in words; a signal may have no name here."""
    if code >= 0:
        return f"exit code {code}"
    with contextlib.suppress(ValueError):
        return signal.Signals(-code).name
    return f"signal {-code}"
