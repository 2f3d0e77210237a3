"""Two people change the same: the second is stopped and sees both sides, and nothing that he typed is lost.

A form remembers what it showed (`was`). What its row holds now may be different: then its writer chooses.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from flask_babel import lazy_gettext as _l

from app.desk.errors import DeskError


class Overtaken(DeskError):
    """Somebody has changed the same meanwhile."""

    status = 409
    sentence = _l("Not saved: somebody has changed the same meanwhile. Choose what stays; what you typed is kept.")


def mark_of(texts: Iterable[str]) -> str:
    """What a box shows, short enough for a form to remember. Browsers send lines in their own way."""
    plain = sorted(text.replace("\r\n", "\n").strip() for text in texts)
    return hashlib.sha256("\x00".join(text for text in plain if text).encode()).hexdigest()[:16]
