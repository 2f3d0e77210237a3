"""Bounds on what Python's parser is given: some of its steps take the square of a header's length."""

from __future__ import annotations

import re
from email.message import Message
from email.parser import BytesFeedParser
from email.policy import Compat32

from app.mail import headers

LONGEST_HEAD = 2**20
LONGEST_HEADER = 65_536
MOST_LINES = 1_000_000  # Python keeps each apart; an honest letter of 30 MB has 400,000.
LONGEST_STRUCTURED = 8_192  # Content-Type and its like: a boundary, a charset, names of files
TO_BE_READ = re.compile(r'[^\t\r\n -~]|boundary="[^"]*\n', re.I)  # raw bytes, controls, a boundary on two lines
NO_SEMICOLON = re.compile(r"^(\s*[\w.+-]+/[\w.+-]+)\s+(?=[a-z]+=)", re.I | re.A)
END_OF_HEAD = re.compile(rb"\r?\n\r?\n")


class Bounded(Compat32):
    """Python's lenient policy. It cuts headers that no honest program writes, and reads raw bytes in those about
    content in their likely charset, so that a file keeps its name."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        if not name.lower().startswith("content-"):
            return name, value[:LONGEST_HEADER]
        value = value[:LONGEST_STRUCTURED]
        if name.lower() == "content-type":
            value = NO_SEMICOLON.sub(r"\1; ", value)
        return name, headers.unfold(value) if TO_BE_READ.search(value) else value


PARSING = Bounded()
CHUNK = 65_536


def parsed(raw: bytes) -> Message:
    """The parts of a letter, in half the memory that message_from_bytes takes for a large one."""
    parser = BytesFeedParser(policy=PARSING)
    for start in range(0, len(raw), CHUNK):
        parser.feed(raw[start : start + CHUNK])
    return parser.close()


def parted(raw: bytes) -> tuple[bytes, bytes]:
    """The header of a letter and what follows it."""
    end = END_OF_HEAD.search(raw)
    return (raw[: end.start()], raw[end.end() :]) if end else (raw, b"")


def within_bounds(raw: bytes) -> bytes:
    """The letter, its header cut to LONGEST_HEAD and all of it to MOST_LINES; the whole one stays in the journal."""
    end = END_OF_HEAD.search(raw)
    length = end.start() if end else len(raw)
    if length > LONGEST_HEAD:
        cut = raw.rfind(b"\n", 0, LONGEST_HEAD)
        raw = raw[: cut if cut > 0 else LONGEST_HEAD] + raw[length:]
    if raw.count(b"\n") <= MOST_LINES:
        return raw
    return b"\n".join(raw.split(b"\n", MOST_LINES)[:-1])
