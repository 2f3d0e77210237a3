"""Text into words: codes, file names and addresses stay whole and come apart too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from app.search.analysis.folding import fold

LONGEST_WORD = 60

_TOKEN = re.compile(r"[cf]#|c\+\+|[^\W_]+(?:[._\-–/@:+#\\&'’*][^\W_]+)*(?:\([^\W_]{1,4}\))?", re.IGNORECASE)
_PIECE = re.compile(r"[cf]#|c\+\+|[^\W_]+", re.IGNORECASE)
_PLAIN = re.compile(r"[A-ZĄĆĘŁŃÓŚŹŻ]?[a-ząćęłńóśźż]+")  # most words: nothing to take apart
_CAMEL = re.compile(r"[A-ZĄĆĘŁŃÓŚŹŻ]+(?![a-ząćęłńóśźż])|[A-ZĄĆĘŁŃÓŚŹŻ]?[a-ząćęłńóśźż]+|\d+")
_GROUPED = re.compile(r"(?<![\w.,-])\d{1,3}(?:[ \u00a0\u202f]\d{3}){1,4}(?![\w])")  # 15 000, 600 100 200
_LETTERS_DIGITS = re.compile(r"([^\W\d_]{2,})(\d{2,})|(\d{2,})([^\W\d_]{2,})")


class Word(NamedTuple):
    """One word at one position of a text; `wholes` are the longer codes that begin with it, folded."""

    text: str
    position: int
    start: int
    end: int
    wholes: tuple[str, ...] = ()


def words(text: str) -> Iterator[Word]:
    """The words of a text in order; positions count words from 0, start and end are offsets into the text."""
    position = 0
    grouped = {match.start(): match.group() for match in _GROUPED.finditer(text)}
    for token in _TOKEN.finditer(text):
        if _PLAIN.fullmatch(token.group()):
            yield Word(token.group()[:LONGEST_WORD], position, token.start(), token.end())
            position += 1
            continue
        parts = _parts(token.group(), token.start())
        for index, (start, end) in enumerate(parts):
            wholes = _wholes(token, parts, index) if len(parts) > 1 else ()
            if start in grouped:
                wholes = (*wholes, joined(grouped[start])[:LONGEST_WORD])
            yield Word(text[start:end][:LONGEST_WORD], position, start, end, wholes)
            position += 1


def _parts(token: str, offset: int) -> list[tuple[int, int]]:
    """Where the smallest findable parts of a token lie in the text."""
    found: list[tuple[int, int]] = []
    for piece in _PIECE.finditer(token):
        start = offset + piece.start()
        found += [(start + a, start + b) for a, b in _cuts(piece.group())]
    return found


def _cuts(piece: str) -> list[tuple[int, int]]:
    """Cuts "KB5005565" between letters and digits and "SalesInvoice" at its capitals; else the piece is one."""
    whole = [(0, len(piece))]
    if piece.isalpha():
        if piece.isupper() or piece[1:].islower() or len(piece) < 4:
            return whole
        cuts = [match.span() for match in _CAMEL.finditer(piece)]
        return cuts if all(b - a > 1 for a, b in cuts) else whole
    match = _LETTERS_DIGITS.fullmatch(piece)
    if match is None:
        return whole
    middle = match.end(1) if match.group(1) else match.end(3)
    return [(0, middle), (middle, len(piece))]


def _wholes(token: re.Match[str], parts: list[tuple[int, int]], index: int) -> tuple[str, ...]:
    """The codes that begin at this part: the whole token, and its piece between two separators."""
    start = parts[index][0]
    text = token.string
    found = [joined(text[start : token.end()])] if index == 0 else []
    piece = _PIECE.match(text, start)
    begins_piece = index == 0 or not text[start - 1].isalnum()
    if piece is not None and begins_piece and piece.end() > parts[index][1]:
        found.append(joined(piece.group()))
    return tuple(dict.fromkeys(code[:LONGEST_WORD] for code in found))


def joined(token: str) -> str:
    """A code without its separators: "FV/2024-05" becomes "fv202405"."""
    return "".join(fold(piece.group()) for piece in _PIECE.finditer(token))
