"""Passages of a text with the sought words marked, as pieces that a template escapes by itself."""

from __future__ import annotations

from app.search.analysis import fold, terms, words

EXCERPT = 240
LONGEST_READ = 20_000
MOST_PLACES = 20
Piece = tuple[str, bool]  # text, and whether it matched


def passage(texts: list[str], sought: frozenset[str]) -> list[Piece]:
    """The passage with most of the sought words; the beginning where none has any."""
    best, most = (texts[0][:EXCERPT] if texts else ""), 0
    for text in texts:
        places = [word.start for word in words(text[:LONGEST_READ]) if matches_word(word.text, sought)][:MOST_PLACES]
        for place in places:
            around = sum(place <= other < place + EXCERPT for other in places)
            if around > most:
                best, most = _around(text, place), around
    return marked(best, sought)


def _around(text: str, place: int) -> str:
    """From the beginning of a word before the place to the end of one after it."""
    start = max(0, place - EXCERPT // 4)
    if start:
        start = text.find(" ", start, place) + 1 or place
    piece = text[start : start + EXCERPT]
    cut = start + EXCERPT < len(text)
    return ("… " if start else "") + (piece.rpartition(" ")[0] or piece if cut else piece) + (" …" if cut else "")


def marked(text: str, sought: frozenset[str]) -> list[Piece]:
    """The text in pieces, those that match a sought term marked."""
    pieces: list[Piece] = []
    end = 0
    for word in words(text):
        if matches_word(word.text, sought):
            pieces += [(text[end : word.start], False), (text[word.start : word.end], True)]
            end = word.end
    pieces.append((text[end:], False))
    return [piece for piece in pieces if piece[0]]


def matches(text: str, sought: frozenset[str]) -> bool:
    """Whether the text has any of the sought words."""
    return any(matches_word(word.text, sought) for word in words(text[:LONGEST_READ]))


def matches_word(word: str, sought: frozenset[str]) -> bool:
    if not sought.isdisjoint(terms(word, None)):
        return True
    begun = tuple(term[:-1] for term in sought if term.endswith("*"))
    return bool(begun) and fold(word).startswith(begun)
