"""The frame of a letter folds what the page's words fold, and nothing that its author wrote."""

from __future__ import annotations

import pytest

from app.models.ticket import Message
from app.views.portal.layout import folds


@pytest.mark.parametrize(
    ("text", "kinds", "folded"),
    [
        ("Numer to 17.", ["attribution", "quote"], True),
        ("Numer to 17.", ["footer"], False),
        ("", ["quote"], False),
        ("Odpowiedzi na czerwono w treści.\nNumer to 17.", ["quote"], False),
    ],
)
def test_quotes_are_folded_unless_they_are_answered_within(text: str, kinds: list[str], folded: bool) -> None:
    message = Message(text=text, folded=[{"kind": kind, "text": "Jaki numer?"} for kind in kinds])
    assert folds(message) is folded
