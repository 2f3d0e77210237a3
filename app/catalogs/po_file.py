"""Reading PO files that come from anywhere: strict, bounded, and with the line of whatever is wrong.

Babel's own reader believes the file's header, which may ask for a thousand million plural forms or any encoding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from flask_babel import lazy_gettext as _l

from app.broken_rule import BrokenRule

LARGEST = 2 * 2**20
LONGEST_LINE = 20_000
MOST_ENTRIES = 20_000
MOST_FORMS = 6
PART = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[(\d{1,3})\])?)\s*(".*")\s*')
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
ESCAPE = re.compile(r"\\(.)")
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}


class Unreadable(BrokenRule):
    """The file is no catalog; its sentence says why, and at which line."""

    def __init__(self, line: int, reason: object) -> None:
        self.line = line
        self.sentence = _l("Line %(line)s: %(fault)s", line=line, fault=reason)
        super().__init__()


@dataclass
class Said:
    """An entry of a file: a sentence and what it is called. `line` is where it begins."""

    line: int
    msgid: str = ""
    plural: str | None = None
    context: str = ""
    strings: dict[int, str] = field(default_factory=dict)
    fuzzy: bool = False

    @property
    def forms(self) -> list[str]:
        """In order; one that was left out is empty."""
        return [self.strings.get(number, "") for number in range(max(self.strings, default=-1) + 1)]


def as_text(raw: bytes) -> str:
    """The file's text. Raises Unreadable."""
    if len(raw) > LARGEST:
        raise Unreadable(1, _l("The file is larger than 2 MiB."))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Unreadable(line, _l("The file must be written in UTF-8.")) from error
    if "\x00" in text:
        raise Unreadable(text.count("\n", 0, text.index("\x00")) + 1, _l("The file must be written in UTF-8."))
    return text


def read(raw: bytes) -> list[Said]:
    """The entries of the file, its header and what is obsolete in it left out. Raises Unreadable."""
    found = [entry for entry in _entries(as_text(raw)) if entry.msgid]
    if not found:
        raise Unreadable(1, _l("There is no sentence in this file."))
    return found


def _entries(text: str) -> Iterator[Said]:
    entry: Said | None = None
    part, fuzzy, count = "", False, 0
    for number, line in enumerate(text.split("\n"), 1):
        line = line.strip()
        if len(line) > LONGEST_LINE:
            raise Unreadable(number, _l("This line is too long."))
        if not line or line.startswith("#"):
            if entry is not None and entry.strings:
                yield entry
                entry = None
            fuzzy = (fuzzy and line != "") or (line.startswith("#,") and "fuzzy" in line)
            part = ""
            continue
        match = PART.fullmatch(line)
        if match is not None:
            name = match.group(1).partition("[")[0]
            if entry is None or (name in ("msgctxt", "msgid") and entry.strings):
                if entry is not None:
                    yield entry
                entry, count = Said(number, fuzzy=fuzzy), count + 1
                fuzzy = False
                if count > MOST_ENTRIES:
                    raise Unreadable(number, _l("There are too many sentences in this file."))
            part = match.group(1)
            _add(entry, part, _plain(match.group(3), number), number)
        elif entry is not None and part and QUOTED.fullmatch(line):
            _add(entry, part, _plain(line, number), number)
        else:
            raise Unreadable(number, _l("This is no line of a PO file."))
    if entry is not None:
        yield entry


def _add(entry: Said, part: str, text: str, line: int) -> None:
    if part == "msgctxt":
        entry.context += text
    elif part == "msgid":
        entry.msgid += text
    elif part == "msgid_plural":
        entry.plural = (entry.plural or "") + text
    else:
        form = int(part[7:-1]) if "[" in part else 0
        if form >= MOST_FORMS:
            raise Unreadable(line, _l("No language has so many forms."))
        entry.strings[form] = entry.strings.get(form, "") + text


def _plain(quoted: str, line: int) -> str:
    match = QUOTED.fullmatch(quoted)
    if match is None:
        raise Unreadable(line, _l("The quotation marks of this line do not close."))
    unknown = next((sign for sign in ESCAPE.findall(match.group(1)) if sign not in ESCAPES), None)
    if unknown is not None:
        raise Unreadable(line, _l("“%(sign)s” means nothing in a PO file.", sign=f"\\{unknown}"))
    return ESCAPE.sub(lambda escape: ESCAPES[escape.group(1)], match.group(1))
