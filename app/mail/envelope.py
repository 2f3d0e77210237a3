"""What relays, boxes and broken programs put before or into a letter's header, taken away before it is parsed."""

from __future__ import annotations

import re

MOST_LINES_MENDED = 1_000
OF_A_BOX = re.compile(rb"^>?From (?![ \t]*:)|^>From")
FIELD = re.compile(rb"^[!-9;-~]+:|^[ \t]|^>?From ")
SPACED = re.compile(rb"^([!-9;-~]+)[ \t]+:")  # obsolete, and unknown to the parser (RFC 5322 section 4.5.3)
NEEDED = re.compile(rb"^(From|Subject|Message-ID|MIME-Version|Content-Type)[ \t]*:", re.I)
END_OF_HEAD = re.compile(rb"\r?\n\r?\n")


def strip_envelope(raw: bytes) -> bytes:
    """Without blank lines and an mbox's From line before the header: the parser would take it all for a body."""
    start = raw.lstrip(b"\r\n \t\xef\xbb\xbf") if raw[:4].strip() != raw[:4] or raw[:3] == b"\xef\xbb\xbf" else raw
    if OF_A_BOX.match(start):
        _line, _end, start = start.partition(b"\n")
    return _mended(start)


def _mended(raw: bytes) -> bytes:
    """With lines that are no header joined to the one before, where headers not yet seen still follow.

    A program that forgot the blank line below its header writes no such headers further down.
    """
    end = END_OF_HEAD.search(raw)
    head = raw[: end.start()] if end else raw
    found = head.split(b"\n", MOST_LINES_MENDED)
    lines = [SPACED.sub(rb"\1:", line) for line in found]
    if all(map(FIELD.match, lines)):
        return raw if lines == found else b"\n".join(lines) + raw[len(head) :]
    last = max((index for index, line in enumerate(lines) if _is_new(lines, index, line)), default=-1)
    has_begun = False
    for index, line in enumerate(lines[: last + 1]):
        if FIELD.match(line):
            has_begun = True
        else:
            lines[index] = b" " + line if has_begun else b"X-Unreadable: " + line
    return b"\n".join(lines) + raw[len(head) :]


def _is_new(lines: list[bytes], index: int, line: bytes) -> bool:
    found = NEEDED.match(line)
    if not found:
        return False
    name = found.group(1).lower()
    return not any(before.lower().startswith(name) for before in lines[:index])
