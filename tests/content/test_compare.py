"""Two texts are compared word by word, and no word of either is lost."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.content.compare import MOST_WORDS, Change, Piece, differences

WORDS = st.lists(st.sampled_from(["Łódź ", "nie ", "płynie,\n", "a ", "dok.\n\n", "7 "]), max_size=12).map("".join)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(WORDS, WORDS)
def test_both_texts_can_be_read_off_their_differences(before: str, after: str) -> None:
    pieces = differences(before, after)
    assert "".join(piece.text for piece in pieces if piece.change != Change.ADDED) == before
    assert "".join(piece.text for piece in pieces if piece.change != Change.REMOVED) == after
    assert all(one.change != two.change for one, two in pairwise(pieces))


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("", "", []),
        ("a b", "a b", [Piece(Change.SAME, "a b")]),
        ("", "nowe", [Piece(Change.ADDED, "nowe")]),
        (
            "Łódź płynie.",
            "Łódź stoi.",
            [
                Piece(Change.SAME, "Łódź "),
                Piece(Change.REMOVED, "płynie"),
                Piece(Change.ADDED, "stoi"),
                Piece(Change.SAME, "."),
            ],
        ),
    ],
)
def test_only_what_is_not_the_same_is_marked(before: str, after: str, pieces: list[Piece]) -> None:
    assert differences(before, after) == pieces


def test_very_long_changes_are_shown_as_replaced() -> None:
    pieces = differences("a " * MOST_WORDS, "b " * MOST_WORDS)
    assert [piece.change for piece in pieces] == [Change.REMOVED, Change.ADDED]
