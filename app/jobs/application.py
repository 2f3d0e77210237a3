"""The one application of a worker process, and whether that process was asked to end."""

from __future__ import annotations

from flask import Flask

_kept: list[Flask] = []
_asked_to_end: list[bool] = []


def keep(app: Flask) -> None:
    """Jobs of this process run in this application."""
    _kept[:] = [app]


def kept() -> Flask:
    """The application that the worker kept before its first job."""
    if not _kept:
        raise RuntimeError("A worker must keep an application before it takes jobs.")
    return _kept[0]


def end_soon() -> None:
    """Ask the job under way to stop at its next resting place; what it leaves stays due."""
    _asked_to_end.append(True)


def is_ending() -> bool:
    return bool(_asked_to_end)
