"""What a person typed, taken apart: phrases "...", -word, OR, field:value, word*. Nothing typed is ever an error."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from app.search.analysis import Word, fold, is_stop_word, words
from app.search.analysis.lists import ignored

LONGEST_QUERY = 400
MOST_WORDS = 16
SHORTEST_PREFIX = 3

FIELD_NAMES = {
    "produkt": "product_group", "product": "product_group", "grupa": "product_group",
    "status": "status", "stan": "status", "state": "status",
    "autor": "author", "author": "author", "od": "author", "from": "author",
    "rodzaj": "kind", "kind": "kind", "typ": "kind", "type": "kind",
    "data": "date", "date": "date", "miesiac": "date", "month": "date", "rok": "date", "year": "date",
    "jezyk": "language", "lang": "language", "language": "language",
}  # fmt: skip

_PART = re.compile(r"""
    (?P<minus>(?<!\S)[-−])?
    (?: (?P<field>[^\W\d]\w*): (?: "(?P<quoted_value>[^"]*)"? | (?P<value>[^\s"]+) )
      | ["„”“] (?P<phrase>[^"„”“]*) ["„”“]?
      | (?P<word>[^\s"„”“]+) )
""", re.VERBOSE)  # fmt: skip


@dataclass(frozen=True)
class Sought:
    """One searched word: as typed, folded codes that it may be a part of, and whether it is only a beginning."""

    text: str
    start: int
    end: int
    position: int
    wholes: tuple[str, ...] = ()
    is_prefix: bool = False


@dataclass(frozen=True)
class Said:
    """`name:value`, or with a minus before it: the value folded and as it was typed."""

    name: str
    value: str
    typed_value: str
    start: int
    end: int
    minus: bool


@dataclass
class Parsed:
    """The parts of a query. `either` holds runs of words joined by OR, as indexes into `words`.

    `silent` are the words that say nothing, by where they end: with the next one they may be a word, "on boarding".
    """

    text: str
    words: list[Sought] = field(default_factory=list)
    either: list[set[int]] = field(default_factory=list)
    phrases: list[list[Sought]] = field(default_factory=list)
    without: list[Sought] = field(default_factory=list)
    fields: list[Said] = field(default_factory=list)
    silent: dict[int, str] = field(default_factory=dict)


def parse(text: str) -> Parsed:
    """Take a query apart; what cannot be understood is searched as words."""
    parsed = Parsed(text=" ".join(text.replace("\x00", " ").split())[:LONGEST_QUERY])
    joins_next = False
    last: set[int] = set()
    for part in _PART.finditer(parsed.text):
        if part.group("word") in ("OR", "LUB", "|"):
            joins_next = bool(last)
            continue
        before = len(parsed.words)
        _take(parsed, part)
        added = set(range(before, len(parsed.words)))
        if joins_next and added:
            _join(parsed.either, last, added)
        if added or not joins_next:
            last, joins_next = added, False
    return parsed


def _join(either: list[set[int]], last: set[int], added: set[int]) -> None:
    for group in either:
        if group & last:
            group |= added
            return
    either.append(last | added)


def _take(parsed: Parsed, part: re.Match[str]) -> None:
    name = FIELD_NAMES.get(fold(part.group("field") or ""))
    if name:
        value = part.group("quoted_value") or part.group("value") or ""
        said = Said(name, fold(value.strip()), value.strip(), *part.span(), minus=bool(part.group("minus")))
        parsed.fields.append(said)
    elif part.group("phrase") is not None:
        _take_words(parsed, part, "phrase")
    else:
        start, end = part.span()
        _take_words(parsed, part, None, start + len(part.group("minus") or ""), end)


def _take_words(parsed: Parsed, part: re.Match[str], group: str | None, start: int = 0, end: int = 0) -> None:
    if group:
        start, end = part.span(group)
    text = parsed.text[start:end]
    is_prefix = group is None and text.endswith("*") and len(text.strip("*")) >= SHORTEST_PREFIX
    found = [_sought(word, start, is_prefix=False) for word in words(text)]
    if is_prefix and found:
        found[-1] = Sought(**{**vars(found[-1]), "is_prefix": True})
    kept = [word for word in found if word.is_prefix or not _says_nothing(word.text)]
    if part.group("minus"):
        parsed.without += kept[:MOST_WORDS]
        return
    parsed.silent |= {word.end: word.text for word in found if word not in kept}
    room = MOST_WORDS - len(parsed.words)
    parsed.words += kept[: max(room, 0)]
    if group and len(kept) > 1:
        parsed.phrases.append(kept[:MOST_WORDS])


def _says_nothing(word: str) -> bool:
    return is_stop_word(word) or fold(word) in ignored()


def _sought(word: Word, offset: int, *, is_prefix: bool) -> Sought:
    return Sought(word.text, offset + word.start, offset + word.end, word.position, word.wholes, is_prefix)
