"""Who first wrote a letter that somebody passes on."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from html import escape

from app.accounts.addresses import BadAddress, understood
from app.mail import attribution, phrases
from app.mail.letter import Address, File, Understood
from app.mail.parse import understand
from app.mail.receive import base_address

ADDRESS = re.compile(r"[<\[(\s]?(?:mailto:)?([^\s<>\[\]()\"';:,]+@[^\s<>\[\]()\"';:,]+)", re.IGNORECASE)
NAME_ENDS = re.compile(r"[<\[(]|\S+@")
# What an attribution says before the name: the date and its hour.
UNTIL_HIM = re.compile(r"^[^<(\[@]*\d(?:\s?(?:r\.|AM|PM|CET|CEST|[+-]\d{4}))*[\s,]+(?:użytkownik\s+)?", re.IGNORECASE)
MARKUP = r"(?:\s|<[^<>]*>)*"
MOST_AUTHORS = 5
LATER_LINES = 6  # within which a header block names more than its From
MOST_LINES = 2_000


def first_authors(letter: Understood, own: Collection[str]) -> tuple[Address, ...]:
    """The authors of letters that are attached or quoted whole, the nearest first, without our own addresses."""
    found = (*_attached(letter), *_quoted(letter.text, letter.html or ""))
    return tuple(author for author in found if base_address(author.address) not in own)[:MOST_AUTHORS]


def encloses(letter: Understood) -> bool:
    """Whether a letter is attached, as such or as a file that a mail program kept."""
    return any(map(_is_letter, letter.files))


def _is_letter(file: File) -> bool:
    return file.content_type == "message/rfc822" or file.name.lower().endswith(".eml")


def _attached(letter: Understood) -> Iterator[Address]:
    for file in filter(_is_letter, letter.files):
        if author := understand(file.content).sender:
            yield author


def _quoted(text: str, source: str) -> Iterator[Address]:
    """The From of each header block: a line of that name with another header's close below it. Its address may stand
    on the next line, or only in the link (in `source`, the HTML) whose words are the name. Or who an attribution says
    to have written."""
    lines = text.split("\n")[:MOST_LINES]
    said = {each.first: " ".join(lines[each.first : each.last + 1]) for each in attribution.find(lines) if each.sure}
    for index, line in enumerate(lines):
        if index in said:
            yield from _author(UNTIL_HIM.sub("", said[index]))
        if not phrases.HEADER_FROM.match(line):
            continue
        below = lines[index + 1 : index + 1 + LATER_LINES]
        if any(kind.match(other) for other in below for kind in phrases.HEADER_KINDS[1:]):
            value = line.partition(":")[2].strip()
            if not ADDRESS.search(value) and below[0].strip().startswith("<"):
                value = f"{value} {below[0].strip()}"
            elif value and not ADDRESS.search(value):
                linked = re.search(
                    rf'href="mailto:([^"?\s]+)[^>]*>{MARKUP}{re.escape(escape(value))}{MARKUP}</a', source
                )
                value = f"{value} <{linked[1]}>" if linked else value
            yield from _author(value)


def _author(value: str) -> Iterator[Address]:
    found = ADDRESS.search(value)
    if found:
        try:
            address = understood(found.group(1).rstrip(".*"))
        except BadAddress:
            return
        name = NAME_ENDS.split(value, maxsplit=1)[0].strip(" *\"'\t")
        yield Address(name, address)
