"""A letter's content, before its layout (templates/letters)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import current_app

from app.models.event import Letter
from app.models.ticket import Attachment

TRIAL = "trial "  # begins the reason of a letter that an administrator sends himself, before the language


@dataclass(frozen=True)
class Wording:
    """A letter's content in its reader's language. `facts` are label and value, `quoted` somebody's own words."""

    subject: str
    paragraphs: list[str]
    button: tuple[str, str] | None = None
    links: list[tuple[str, str]] = field(default_factory=list)  # what else can be pressed
    facts: list[tuple[str, str]] = field(default_factory=list)
    quoted: str | None = None
    files: list[Attachment] = field(default_factory=list)
    footer: str | None = None
    by_person: bool = False  # a person wrote it: no Auto-Submitted (RFC 3834 section 5)


def absolute(path: str) -> str:
    """The address of one of our pages, for a reader who is elsewhere."""
    settings: Any = current_app.extensions["settings"]
    return f"{settings.base_url}{path}"


def is_trial(letter: Letter) -> bool:
    """Whether it only shows its words, to the administrator who wrote them."""
    return letter.reason.startswith(TRIAL)
