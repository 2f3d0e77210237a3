"""Bilety. This module stays light: the SMTP intake and the timetable import parts of it without Flask."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from config import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """The whole application; app/factory.py is its table of contents."""
    from app.factory import build  # Here, so that importing a light part does not load Flask-AppBuilder.

    return build(settings)
