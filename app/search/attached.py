"""The words of attached files, by which their ticket is found: names of all, text of what is text within bounds."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterable
from functools import lru_cache
from pathlib import PurePosixPath

from flask import current_app

from app.files.store import Damaged, FileStore
from app.files.xlsx import DAMAGED
from app.models.ticket import Attachment

LARGEST = 5 * 2**20  # bytes of a file that is opened
LARGEST_PART = 4 * 2**20  # of what is packed in it, unpacked
LONGEST = 20_000  # characters of one file
LONGEST_TOGETHER = 60_000  # of those of a ticket
MOST_PARTS = 50
PLAIN = frozenset(
    ".txt .csv .tsv .log .json .xml .md .ini .cfg .conf .sql .yaml .yml .ics .dax .ps1 .bat .sh .py".split()
)
MARKED_UP = frozenset((".html", ".htm"))
PACKED = {
    ".docx": re.compile(r"word/(document|header\d*|footer\d*|footnotes)\.xml"),
    ".xlsx": re.compile(r"xl/sharedStrings\.xml|xl/worksheets/sheet\d+\.xml"),
    ".pptx": re.compile(r"ppt/slides/slide\d+\.xml"),
    ".odt": re.compile(r"content\.xml"),
    ".ods": re.compile(r"content\.xml"),
    ".odp": re.compile(r"content\.xml"),
}
HIDDEN = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)  # one that is never closed, too
BLOCK = re.compile(r"</(?:w:p|a:p|text:p|text:h|si|p|div|tr|li|h\d)\s*>|<br\b[^<>]*>")
TAG = re.compile(r"<[^<>]*>")
A_LETTER = re.compile(r"[^\W\d_]{2}")


def words_of(files: Iterable[Attachment]) -> str:
    """Names and text; of what a file holds, lines with a word in them. Load `words` with the files."""
    said: list[str] = []
    left = LONGEST_TOGETHER
    for file in files:
        said.append(file.name)
        if left > 0 and not file.inline and file.size <= LARGEST and _kind(file.name) in KINDS:
            text = _text(file.sha256, _kind(file.name))[:left]
        else:
            text = (file.words or "")[: max(left, 0)]
        left -= len(text)
        said.append(text)
    return "\n".join(filter(None, said))


def _kind(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


KINDS = PLAIN | MARKED_UP | PACKED.keys()


@lru_cache(maxsize=64)
def _text(sha256: str, kind: str) -> str:
    """What is legible of a file; nothing where it is away, damaged or not what its name says."""
    files: FileStore = current_app.extensions["files"]
    try:
        data = files.get(sha256)
        if kind in PACKED:
            text = _unmarked("\n".join(_unpacked(data, PACKED[kind])))
        else:
            text = _decoded(data[: 8 * LONGEST])
            text = _unmarked(HIDDEN.sub(" ", text)) if kind in MARKED_UP else text
    except (*DAMAGED, Damaged, ValueError):
        return ""
    return legible(text)


def legible(text: str) -> str:
    """The lines with a word in them, up to LONGEST signs."""
    return "\n".join(filter(A_LETTER.search, map(str.strip, text.splitlines())))[:LONGEST]


def _unpacked(data: bytes, wanted: re.Pattern[str]) -> Iterable[str]:
    """The parts of a packed document that hold its words, in bounds: a bomb is only begun."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        names = [name for name in packed.namelist()[:10_000] if wanted.fullmatch(name)]
        left = LARGEST_PART
        for name in sorted(names)[:MOST_PARTS]:
            with packed.open(name) as part:
                read = part.read(left)
            left -= len(read)
            yield read.decode("utf-8", "replace")
            if left <= 0:
                return


def _unmarked(text: str) -> str:
    return html.unescape(TAG.sub(" ", BLOCK.sub("\n", text)))


def _decoded(data: bytes) -> str:
    """UTF-8 or UTF-16 where it is, else as Polish Windows writes it."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        cut = error.start >= len(data) - 3
        return data[: error.start].decode() if cut else data.decode("cp1250", "replace")
