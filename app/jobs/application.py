"""The one application of a worker process."""

from __future__ import annotations

from flask import Flask

_kept: list[Flask] = []


def keep(app: Flask) -> None:
    """Jobs of this process run in this application."""
    _kept[:] = [app]


def kept() -> Flask:
    """The application, built at the first job where nobody kept one."""
    if not _kept:
        from app import create_app

        keep(create_app())
    return _kept[0]
