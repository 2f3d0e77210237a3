"""Onto the disk, before anybody is told that something is kept. Light: no Flask."""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

AT_ONCE = 8


def flush(paths: Iterable[Path]) -> None:
    """Return when these files and folders survive a power cut. Many are flushed at once: they share the disk's waits.

    A renamed file survives only when its folder was flushed as well.
    """
    every = list(paths)
    if len(every) < 2:
        for path in every:
            _flush(path)
        return
    with ThreadPoolExecutor(min(len(every), AT_ONCE)) as pool:
        for _done in pool.map(_flush_each, (every[first::AT_ONCE] for first in range(AT_ONCE))):
            pass


def _flush_each(paths: Iterable[Path]) -> None:
    for path in paths:
        _flush(path)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
