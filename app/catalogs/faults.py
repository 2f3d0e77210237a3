"""What is wrong with a translation. Nothing that has a fault is kept: a page, a letter or a form could break on it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from markupsafe import escape

from app.catalogs.plurals import forms
from app.signs import UNSEEN, unseen

PERCENT = re.compile(r"%(?:\((\w*)\))?[#0\-+]*(?:\*|\d+)?(?:\.(?:\*|\d+)?)?[hlL]?[a-zA-Z%]|%(?:\(\w*\)?)?")
BRACES = re.compile(r"\{\w*\}|\{+|\}+")
TAG = re.compile(r"</?[a-zA-Z][^<>]*>|[<>]")
ENTITY = re.compile(r"&#?\w+;")
ADDRESS = re.compile(r"(?:\b[a-z][a-z0-9+.\-]*://|\bwww\.|\bmailto:)[^\s\"'<>]*", re.IGNORECASE)
SCRIPT = re.compile(r"(?:java|vb)script\s*:|\bdata\s*:\s*\w+/", re.IGNORECASE)
ENDING = re.compile(r"(?:\.\.\.|…|[.!?:;,。！？：؟])(?=\s*$)")
SAME_ENDING = {"...": "…", "。": ".", "！": "!", "？": "?", "：": ":", "؟": "?"}
ABBREVIATION = re.compile(r"\b[^\W\d_]{1,5}\.\s*$")
LONGER, SPARE = 3, 20  # so many times as long as the source, and so many signs more


@dataclass(frozen=True)
class Fault:
    """What is wrong, in which form (from 0) and at which line of it (from 1)."""

    form: int
    line: int
    sentence: Any  # lazy, with its values
    code: str

    def __str__(self) -> str:
        return str(self.sentence)


def faults(sources: Sequence[str], strings: Sequence[str], language: str) -> list[Fault]:
    """All that is wrong. `sources` is the sentence, or its singular and plural."""
    wanted = len(forms(language)) if len(sources) > 1 else 1
    if len(strings) != wanted:
        words = _l(
            "This sentence has %(wanted)s forms in this language, and %(count)s were given.",
            wanted=wanted,
            count=len(strings),
        )
        return [Fault(0, 1, words, "forms")]
    return [fault for number, text in enumerate(strings) for fault in _of_form(number, sources, text, language)]


def _of_form(number: int, sources: Sequence[str], text: str, language: str) -> Iterator[Fault]:
    def fault(code: str, place: int, words: Any) -> Fault:
        return Fault(number, text.count("\n", 0, max(place, 0)) + 1, words, code)

    if not text.strip():
        yield fault("empty", 0, _l("Nothing is written here."))
        return
    for code, place, words in (
        *_placeholders(sources, text),
        *_markup(sources, text),
        *_hidden(sources, text),
        *_edges(sources, text),
        *_length(sources, text),
    ):
        yield fault(code, place, words)


def _placeholders(sources: Sequence[str], text: str) -> Iterator[tuple[str, int, Any]]:
    """The same names and types, as often; in a plural form the number may be left out."""
    for pattern in (PERCENT, BRACES):
        allowed = _most(pattern, sources)
        found = Counter(match.group(0) for match in pattern.finditer(text))
        for match in pattern.finditer(text):
            if match.group(0) not in allowed:
                yield "placeholder", match.start(), _l("“%(part)s” does not stand in the source.", part=match.group(0))
        for part, count in found.items():
            if count > allowed.get(part, count):
                yield (
                    "placeholder",
                    text.rfind(part),
                    _l("“%(part)s” stands here more often than in the source.", part=part),
                )
        for part, count in allowed.items():
            if found[part] < count and len(sources) == 1:
                yield "placeholder", 0, _l("“%(part)s” of the source is missing.", part=part)


def _markup(sources: Sequence[str], text: str) -> Iterator[tuple[str, int, Any]]:
    """Tags, entities and addresses no more than the source has, and nothing that runs."""
    script = SCRIPT.search(re.sub(r"[\s\x00-\x20]+", " ", _readable(text)))
    if script and not any(SCRIPT.search(source) for source in sources):
        yield "script", 0, _l("A link that runs a program may not stand here.")
    for pattern, words in (
        (TAG, _l("Tags, “<” and “>” may stand only as in the source.")),
        (ENTITY, _l("Write the sign itself, not an entity of HTML.")),
        (ADDRESS, _l("An address may stand here only where the source has the same.")),
    ):
        allowed = _most(pattern, sources)
        found: Counter[str] = Counter()
        for match in pattern.finditer(text):
            found[match.group(0)] += 1
            if found[match.group(0)] > allowed.get(match.group(0), 0):
                yield "markup", match.start(), words
    if TAG.search(text) and not _is_nested(text):
        yield "markup", 0, _l("The tags are not closed as in the source.")


def _is_nested(text: str) -> bool:
    """Whether every tag that opens is closed, the last one first."""
    opened: list[str] = []
    for tag in (match.group(0) for match in TAG.finditer(text) if len(match.group(0)) > 1):
        name = re.match(r"</?\s*(\w+)", tag)
        if name is None or tag.endswith("/>") or name.group(1).lower() in ("br", "wbr", "img"):
            continue
        if not tag.startswith("</"):
            opened.append(name.group(1))
        elif not opened or opened.pop() != name.group(1):
            return False
    return not opened


def _hidden(sources: Sequence[str], text: str) -> Iterator[tuple[str, int, Any]]:
    most = max(source.count("\n") for source in sources)
    for place, sign in unseen(text):
        if sign == "\n" and text.count("\n", 0, place) < most:
            continue
        code = f"U+{ord(sign):04X}"
        words = _l("A sign that nobody sees stands here (%(code)s); lines only as in the source.", code=code)
        yield "hidden", place, words


def _edges(sources: Sequence[str], text: str) -> Iterator[tuple[str, int, Any]]:
    source = sources[-1]
    if _space(text) != _space(source):
        yield "space", 0, _l("It must begin and end with the same spaces as the source.")
    wanted, found = _ending(source), _ending(text)
    if wanted == found or (not wanted and found == "." and ABBREVIATION.search(text)):
        return
    if wanted:
        yield "ending", len(text), _l("The source ends with “%(sign)s”, so must this.", sign=wanted)
    else:
        yield "ending", len(text), _l("The source does not end with “%(sign)s”, so this must not.", sign=found)


def _length(sources: Sequence[str], text: str) -> Iterator[tuple[str, int, Any]]:
    """Counted as it stands in a page, where a quotation mark takes five signs."""
    most = max(len(escape(source)) for source in sources) * LONGER + SPARE
    count = len(escape(text))
    if count > most:
        yield "length", most, _l("Too long for its place: %(count)s signs, at most %(most)s.", count=count, most=most)


def _most(pattern: re.Pattern[str], sources: Sequence[str]) -> dict[str, int]:
    """What stands in the sources, and how often in the one that has it most."""
    counts = [Counter(match.group(0) for match in pattern.finditer(source)) for source in sources]
    return {part: max(count[part] for count in counts) for count in counts for part in count}


def _space(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def _ending(text: str) -> str:
    match = ENDING.search(text)
    return SAME_ENDING.get(match.group(0), match.group(0)) if match else ""


def _readable(text: str) -> str:
    """The text without signs that browsers pass over in an address."""
    return "".join(sign for sign in text if unicodedata.category(sign) not in UNSEEN or sign in " \t\n")
