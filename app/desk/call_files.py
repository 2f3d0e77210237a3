"""A telephone exchange's list of calls as CSV (RFC 4180): each line is kept, or refused with its reason."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.desk.errors import DeskError
from app.desk.incoming_calls import KEYS, AnotherCall, BadCall, Incoming, keep_call, read_call
from app.events.transaction import transaction

LARGEST_FILE = 5 * 2**20  # bytes
AT_ONCE = 100
MOST_LINES = 5_000  # so that a request can take them
MOST_TOLD = 50


class NoCallFile(DeskError):
    sentence = _l(
        "This is no list of calls. It needs a first line with the names call_id, caller, digits, time, duration and"
        " recording, as far as they are known; time or call_id must be among them."
    )


class TooManyCalls(DeskError):
    sentence = _l("These are too many calls: a list may have %(most)s.", most=MOST_LINES)


@dataclass
class Taken:
    """What became of the lines of a file."""

    new: int = 0
    known: int = 0
    refused: list[str] = field(default_factory=list)

    def refuse(self, number: int, error: DeskError) -> None:
        self.refused.append(_("Line %(number)s: %(reason)s", number=number, reason=str(error)))


def take_file(content: bytes) -> Taken:
    """Keep the calls of the file; a bad line holds up no other. Raises NoCallFile and TooManyCalls: nothing is kept."""
    lines, taken = list(_lines(content)), Taken()
    if len(lines) > MOST_LINES:
        raise TooManyCalls
    understood = list(_understood(lines, taken))
    for start in range(0, len(understood), AT_ONCE):
        with transaction():  # a short one, since SQLite lets nobody else write meanwhile
            for number, call in understood[start : start + AT_ONCE]:
                _keep(number, call, taken)
    return taken


def _understood(lines: Iterable[tuple[int, dict[str, str]]], taken: Taken) -> Iterator[tuple[int, Incoming]]:
    for number, line in lines:
        try:
            yield number, read_call(line)
        except BadCall as error:
            taken.refuse(number, error)


def _keep(number: int, call: Incoming, taken: Taken) -> None:
    try:
        _row, is_new = keep_call(call)
    except AnotherCall as error:
        taken.refuse(number, error)
    else:
        taken.new, taken.known = taken.new + is_new, taken.known + (not is_new)


def _lines(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    if len(content) > LARGEST_FILE or b"\0" in content:
        raise NoCallFile
    text = _decoded(content)
    head = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if head.count(";") >= head.count(",") else ",")
    names = [name.strip().lower() for name in reader.fieldnames or ()]
    if not {"call_id", "time"} & set(names) or not set(names) <= set(KEYS):
        raise NoCallFile
    reader.fieldnames = names
    try:
        for line in reader:
            if any(line.values()):
                yield reader.line_num, {key: value or "" for key, value in line.items() if key}
    except csv.Error as error:
        raise NoCallFile from error


def _decoded(content: bytes) -> str:
    """UTF-8, or what Polish Windows writes."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1250", "replace")
