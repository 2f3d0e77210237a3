"""No cell of a file becomes a formula in whatever opens it (attack case O60)."""

from __future__ import annotations

import pytest

from app.views.csv_file import harmless


@pytest.mark.parametrize("text", ["=1+1", "+48 22", "-1", "@SUM(A1)", "\t=1", " =1", "\ufeff=1", "\u00a0=1", "＝1+1"])
def test_what_begins_like_a_formula_is_text(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Faktura = 12", "", " spacje ", "1-2"])
def test_anything_else_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text
