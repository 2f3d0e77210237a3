"""A rule that somebody ran into: told to him as a sentence that says what to do."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l


class BrokenRule(Exception):
    """Its text is a whole, translated sentence for the person who broke the rule."""

    status: int = 422  # what the API answers
    sentence: Any = _l("This cannot be done.")

    def __str__(self) -> str:
        return str(self.sentence)
