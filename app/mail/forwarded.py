"""Who first wrote a letter that somebody passes on."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

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
    for author in (*_attached(letter), *_quoted(letter.text)):
        if base_address(author.address) not in own:
            return author
    return None


def _attached(letter: Understood) -> Iterator[Address]:
    for file in letter.files:
        if file.content_type == "message/rfc822" and (author := understand(file.content).sender):
            yield author


def _quoted(text: str) -> Iterator[Address]:
    """The From of each header block: a line of that name with another header's close below it."""
    lines = text.split("\n")[:MOST_LINES]
    for index, line in enumerate(lines):
        if not phrases.HEADER_FROM.match(line):
            continue
        below = lines[index + 1 : index + 1 + LATER_LINES]
        if any(kind.match(other) for other in below for kind in phrases.HEADER_KINDS[1:]):
            yield from _author(line.partition(":")[2])


def _author(value: str) -> Iterator[Address]:
    found = ADDRESS.search(value)
    if found:
        try:
            address = understood(found.group(1).rstrip(".*"))
        except BadAddress:
            return
        name = NAME_ENDS.split(value, maxsplit=1)[0].strip(" *\"'\t")
        yield Address(name, address)
