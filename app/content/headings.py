"""The contents list of a text: its headings, and marks in the text that lead to them."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from app.content.addresses import address_from

HEADING = re.compile(r"<h([23])>(.*?)</h\1>", re.DOTALL)
TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Heading:
    """`depth` is 2 or 3; `name` leads to it."""

    depth: int
    name: str
    text: str


def with_headings(body: str) -> tuple[str, list[Heading]]:
    """The cleaned HTML of a text with a name on each of its upper headings, and these."""
    found: list[Heading] = []

    def named(match: re.Match[str]) -> str:
        text = html.unescape(TAG.sub("", match.group(2)))
        name = f"s{len(found) + 1}-{address_from(text)}"
        found.append(Heading(int(match.group(1)), name, text))
        return f'<h{match.group(1)} id="{name}">{match.group(2)}</h{match.group(1)}>'

    return HEADING.sub(named, body), found
