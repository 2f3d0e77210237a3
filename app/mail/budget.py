"""No letter costs more than its budget, so that none stops its batch or its worker.

Most limits stand in `bounds.py` and `parts.py`; this one is for what nobody foresaw. A small letter is read under a
timer. A large one, and one that was tried before, is read by a process of its own, which the kernel ends when it takes
too long or too much, also within a library.
"""

from __future__ import annotations

import gc
import logging
import os
import resource
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from math import ceil
from multiprocessing.connection import Connection, Pipe
from types import FrameType
from typing import NoReturn, TypeVar

log = logging.getLogger(__name__)

CPU_SECONDS = 10
WALL_SECONDS = 60.0  # of one that waits instead of working, or of a machine that is very busy
MEMORY = 300 * 2**20  # bytes, beyond what the process has anyway

Read = TypeVar("Read")


SMALL = 2**18  # bytes


class Spent(BaseException):
    """Raised by the timer: whatever the reader catches, it does not catch this."""


class OverBudget(Exception):
    """The letter took too long, or too much memory."""


class Unread(Exception):
    """What read it raised: its words. The traceback is in the log."""


def each(
    raws: Sequence[bytes], read: Callable[[bytes], Read], *, beside: bool = False
) -> Iterator[Read | OverBudget | Unread]:
    """What `read` says of each letter, in order; of one that it cannot read, or not within the budget, the error.

    Small ones are read here, under a timer, unless `beside` asks for a process: a signal raises in Python and within
    its regular expressions, and only then. Where it cannot, a second one ends this process after the double time.
    """
    may_time = threading.current_thread() is threading.main_thread()
    for raw in raws:
        found = _timed(raw, read) if may_time and not beside and len(raw) <= SMALL else _by_child(raw, read)
        if isinstance(found, OverBudget):
            log.error("A letter of %d bytes took more than its budget", len(raw))
        yield found


def _timed(raw: bytes, read: Callable[[bytes], Read]) -> Read | OverBudget | Unread:
    before = signal.signal(signal.SIGPROF, _spend)
    try:
        signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
        signal.setitimer(signal.ITIMER_VIRTUAL, 2 * CPU_SECONDS)
        return _read(raw, read)
    except Spent:
        return OverBudget()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGPROF, before)


def _spend(_signal: int, _frame: FrameType | None) -> None:
    raise Spent


def _by_child(raw: bytes, read: Callable[[bytes], Read]) -> Read | OverBudget | Unread:
    """Read by a process of its own, which may be ended wherever it is."""
    result, told = Pipe(duplex=False)
    child = os.fork()
    if not child:
        _work(raw, read, told)
    told.close()
    try:
        found: Read | OverBudget | Unread = result.recv() if result.poll(WALL_SECONDS) else OverBudget()
        return found
    except EOFError:
        return OverBudget()
    finally:
        result.close()
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _work(raw: bytes, read: Callable[[bytes], Read], told: Connection) -> NoReturn:
    """The child: nothing that it inherited is used or tidied up, and it never returns."""
    try:
        gc.freeze()
        for ended in (signal.SIGINT, signal.SIGTERM):
            signal.signal(ended, signal.SIG_DFL)  # the parent's handlers would stop a worker
        _limit_memory()
        _limit_time()
        told.send(_read(raw, read))
    except BaseException:  # Whatever happens, this process must not go on as its parent would.
        log.exception("The process that reads letters failed")
    finally:
        os._exit(0)


def _read(raw: bytes, read: Callable[[bytes], Read]) -> Read | OverBudget | Unread:
    try:
        return read(raw)
    except MemoryError:
        return OverBudget()
    except Exception as error:  # It is told to whoever asked.
        log.exception("A letter of %d bytes could not be read", len(raw))
        return Unread(f"{type(error).__name__}: {error}")


def _limit_time() -> None:
    """The kernel ends a process that works longer, also within a library."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = ceil(used.ru_utime + used.ru_stime) + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _limit_memory() -> None:
    if sys.platform != "linux":
        return  # elsewhere addresses are no measure of memory
    with open("/proc/self/statm") as statm:
        has = int(statm.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (has + MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
