"""What a letter is marked with is said in the reader's language."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import force_locale

from app.mail import reasons
from app.mail.parse import understand
from tests.mail.test_bounds import BOMBS


@pytest.mark.parametrize(
    ("warning", "said"),
    [
        ("charset iso-8859-2 repaired", "kodowanie znaków iso-8859-2"),
        ("charset none repaired", "nie podaje, jak zapisano"),
        ("empty file: a b.pdf", "a b.pdf"),
        ("not read as a letter: RecursionError", "nie udało się rozłożyć"),
    ],
)
def test_marks_are_sentences(app: Flask, warning: str, said: str) -> None:
    with app.test_request_context(), force_locale("pl"):
        assert said in reasons.told(warning)


@pytest.mark.parametrize("bomb", ["1,000 levels", "ten thousand parts", "three million lines"])
def test_no_mark_is_left_untranslated(app: Flask, bomb: str) -> None:
    with app.test_request_context(), force_locale("pl"):
        assert all(reasons.told(mark) != mark for mark in understand(BOMBS[bomb]()).warnings)
