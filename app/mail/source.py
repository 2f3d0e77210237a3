"""The language of letter templates: a subject, paragraphs, and below a line of --- the small print.

`{{ name }}` stands for a value, and `{{ if name }} ... {{ end }}` for what is left out where that value is empty. There
is nothing else: values are plain text, so a template can reach nothing and run nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from app.signs import unseen

LONGEST = 10_000
TOKEN = re.compile(r"\{\{\s*(.*?)\s*\}\}", re.DOTALL)
IF = re.compile(r"if\s+(\w+)")
SMALL_PRINT = re.compile(r"^---[ \t]*$", re.MULTILINE)
Values = Mapping[str, Callable[[], str]]


class Unreadable(Exception):
    """The template cannot be used; the text says what to mend."""


@dataclass(frozen=True)
class Text:
    """A letter's own words."""

    subject: str
    paragraphs: list[str]
    footer: str | None


def check(source: str, known: Collection[str]) -> None:
    """Raises Unreadable unless the template can be written whatever the values are."""
    if len(source) > LONGEST:
        raise Unreadable(_("This is too long: a letter has at most %(count)s characters.", count=LONGEST))
    for place, sign in unseen(source):
        if sign not in "\r\n\t":
            line, fault = source.count("\n", 0, place) + 1, _("A sign that nobody sees stands here.")
            raise Unreadable(_("Line %(line)s: %(fault)s", line=line, fault=fault))
    for condition in ("x", ""):
        text = written(source, {name: lambda said=condition: said for name in known})  # type: ignore[misc]
        if condition and not (text.subject.strip("- ") and text.paragraphs):
            raise Unreadable(_("Begin with a line for the subject, then an empty line, then the words of the letter."))


def written(source: str, values: Values) -> Text:
    """The template with its values. Raises Unreadable."""
    whole = filled(source.replace("\r\n", "\n").replace("\x00", ""), values)
    head, _line, rest = whole.strip("\n").partition("\n")
    body, *small = SMALL_PRINT.split(rest, maxsplit=1)
    footer = " ".join(" ".join(_paragraphs(small[0])).split()) if small else ""
    return Text(" ".join(head.split()), list(_paragraphs(body)), footer or None)


def filled(source: str, values: Values) -> str:
    """Every token replaced. What stands in a condition that does not hold is read all the same, so errors show.

    Raises Unreadable.
    """
    parts: list[str] = []
    hidden, condition, end = False, "", 0
    for token in TOKEN.finditer(source):
        said, words = token.group(1), source[end : token.start()]
        end = token.end()
        parts.extend([] if hidden else [_plain(words)])
        begins = IF.fullmatch(said)
        if begins:
            if condition:
                raise Unreadable(_("A condition cannot stand inside another: end “%(name)s” first.", name=condition))
            condition = begins.group(1)
            hidden = not _value(condition, values)
        elif said == "end":
            if not condition:
                raise Unreadable(_("There is an {{ end }} without an {{ if }} before it."))
            hidden, condition = False, ""
        elif not hidden:
            parts.append(_value(said, values))
        else:
            _value(said, values, only_name=True)
    if condition:
        raise Unreadable(_("The condition “%(name)s” has no {{ end }}.", name=condition))
    return "".join([*parts, _plain(source[end:])])


def _plain(words: str) -> str:
    """Words between the tokens. Raises Unreadable for braces that belong to no token."""
    if "{{" in words or "}}" in words:
        raise Unreadable(_("The braces {{ and }} must stand around the name of a value."))
    return words


def _value(name: str, values: Values, *, only_name: bool = False) -> str:
    if name not in values:
        raise Unreadable(_("There is no value named “%(name)s”.", name=name))
    return "" if only_name else values[name]()


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in re.split(r"\n[ \t]*\n", text):
        words = " ".join(paragraph.split())
        if words:
            yield words
