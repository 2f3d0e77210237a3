"""Files that old programs put into the text itself: `begin 644 name`, lines, `end`."""

from __future__ import annotations

import binascii
import re

BLOCK = re.compile(
    r"^begin [0-7]{3,4} (?P<name>[^\n]{1,200})\n(?P<lines>(?:[!-`][^\n]{0,90}\n)*?)[` ]?\n?end[ \t]*(?:\n|\Z)", re.M
)


def taken_out(text: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The text without such files, and each file's name and bytes. What cannot be decoded stays where it is."""
    files: list[tuple[str, bytes]] = []

    def take(found: re.Match[str]) -> str:
        content = _decoded(found["lines"])
        if content is None:
            return found.group()
        files.append((found["name"].strip(), content))
        return ""

    return (BLOCK.sub(take, text), files) if "\nend" in text else (text, files)


def _decoded(lines: str) -> bytes | None:
    parts = []
    for line in lines.splitlines():
        if line.strip(" `"):
            try:
                parts.append(_line(line))
            except (binascii.Error, ValueError):
                return None
    return b"".join(parts) or None


def _line(line: str) -> bytes:
    """One line; some programs add a sum behind it, which its own length tells."""
    data = line.encode("ascii")
    try:
        return binascii.a2b_uu(data)
    except binascii.Error:
        length = ((data[0] - 32) & 63) * 4 + 5
        return binascii.a2b_uu(data[: length // 3])
