"""Who first wrote a letter that somebody passes on."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from html import escape

from app.accounts.addresses import BadAddress, understood
from app.mail import phrases
from app.mail.letter import Address, Understood
from app.mail.parse import understand
from app.mail.receive import base_address

ADDRESS = re.compile(r"[<\[(\s]?(?:mailto:)?([^\s<>\[\]()\"';:,]+@[^\s<>\[\]()\"';:,]+)", re.IGNORECASE)
NAME_ENDS = re.compile(r"[<\[(]|\S+@")
LATER_LINES = 6  # within which a header block names more than its From
MOST_LINES = 2_000


def first_author(letter: Understood, own: Collection[str]) -> Address | None:
    """The author of the letter that is attached or quoted whole, the nearest that is none of our own addresses."""
    for author in (*_attached(letter), *_quoted(letter.text, letter.html or "")):
        if base_address(author.address) not in own:
            return author
    return None


def _attached(letter: Understood) -> Iterator[Address]:
    for file in letter.files:
        if file.content_type == "message/rfc822" and (author := understand(file.content).sender):
            yield author


def _quoted(text: str, source: str) -> Iterator[Address]:
    """The From of each header block: a line of that name with another header's close below it. Its address may stand
    on the next line, or only in the link (in `source`, the HTML) whose words are the name."""
    lines = text.split("\n")[:MOST_LINES]
    for index, line in enumerate(lines):
        if not phrases.HEADER_FROM.match(line):
            continue
        below = lines[index + 1 : index + 1 + LATER_LINES]
        if any(kind.match(other) for other in below for kind in phrases.HEADER_KINDS[1:]):
            value = line.partition(":")[2].strip()
            if not ADDRESS.search(value) and below[0].strip().startswith("<"):
                value = f"{value} {below[0].strip()}"
            elif value and not ADDRESS.search(value):
                linked = re.search(rf'href="mailto:([^"?\s]+)[^>]*>\s*{re.escape(escape(value))}\s*<', source)
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
