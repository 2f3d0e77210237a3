"""Two texts beside each other, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

WORDS = re.compile(r"\w+\s*|[^\w\s]\s*|\s+")  # a space goes with the word before it: alone it is no agreement
MOST_WORDS = 4_000  # of one changed passage; a longer one is shown as wholly replaced


class Change(StrEnum):
    """What became of a piece."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Piece:
    """Some words, and what became of them."""

    change: Change
    text: str


def differences(before: str, after: str) -> list[Piece]:
    """The pieces of which both are made: those of `before` are same or removed, those of `after` same or added."""
    pieces: list[Piece] = []
    for change, text in _lines(before.splitlines(keepends=True), after.splitlines(keepends=True)):
        if pieces and pieces[-1].change == change:
            pieces[-1] = Piece(change, pieces[-1].text + text)
        elif text:
            pieces.append(Piece(change, text))
    return pieces


def _lines(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[Change, str]]:
    """By lines first: most of a long text is the same, and words are compared only within what is not."""
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        old, new = "".join(before[i1:i2]), "".join(after[j1:j2])
        if tag == "equal":
            yield Change.SAME, old
        else:
            yield from _words(old, new)


def _words(old: str, new: str) -> Iterator[tuple[Change, str]]:
    before, after = WORDS.findall(old), WORDS.findall(new)
    if max(len(before), len(after)) > MOST_WORDS:
        yield Change.REMOVED, old
        yield Change.ADDED, new
        return
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Change.SAME, "".join(before[i1:i2])
        else:
            yield Change.REMOVED, "".join(before[i1:i2])
            yield Change.ADDED, "".join(after[j1:j2])
