"""The file of an import: CSV as spreadsheets of any language write it, or XLSX."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.desk.errors import DeskError
from app.files import xlsx

MOST_ROWS = 20_000
MOST_COLUMNS = 200
SEPARATORS = ";,\t|"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class NoTable(DeskError):
    sentence = _l("This is no CSV or XLSX file that can be read.")


class BadLine(NoTable):
    def __init__(self, line: int) -> None:
        self.sentence = _("Line %(line)s of the file cannot be read. Look at its quotation marks.", line=line)
        super().__init__(self.sentence)


class NoHead(DeskError):
    sentence = _l("The first row names the columns, at most 200 of them.")


class TooManyRows(DeskError):
    sentence = _l("These are too many rows: there may be 20,000. Divide the file.")


@dataclass(frozen=True)
class Table:
    head: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    numbers: Sequence[int]  # of each row, as a spreadsheet counts them: the head is the first

    def row(self, number: int) -> dict[str, str]:
        """The cells of a row by their columns; those that are missing are empty."""
        cells = self.rows[number]
        return {name: cells[at] if at < len(cells) else "" for at, name in enumerate(self.head)}


def read(content: bytes) -> Table:
    """Raises NoTable, NoHead, TooManyRows."""
    (_number, first), *others = (_xlsx(content) if content[:2] == b"PK" else _csv(content)) or [(1, [])]
    head = [cell.strip().lstrip("\ufeff") for cell in first]
    while head and not head[-1]:
        head.pop()
    if not head or not all(head) or len(head) > MOST_COLUMNS:
        raise NoHead
    filled = [(number, row) for number, row in others if any(row)]
    if len(filled) > MOST_ROWS:
        raise TooManyRows
    return Table(tuple(head), [row for _number, row in filled], [number for number, _row in filled])


def _xlsx(content: bytes) -> list[tuple[int, list[str]]]:
    try:
        rows = xlsx.read(content, most=MOST_ROWS + 1)
        return [(number, [cell.strip() for cell in row]) for number, row in rows]
    except xlsx.Unreadable as error:
        raise NoTable from error


def _csv(content: bytes) -> list[tuple[int, list[str]]]:
    text = _decoded(content)
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    rows: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for number, row in enumerate(reader, start=1):
            rows.append((number, [_plain(cell.strip()) for cell in row]))
            if len(rows) > MOST_ROWS + 2:
                raise TooManyRows
    except csv.Error as error:
        raise BadLine(reader.line_num) from error
    return rows


def _decoded(content: bytes) -> str:
    """UTF-8, else what Polish Windows writes; “Unicode text” of spreadsheets is UTF-16."""
    marked = content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1250"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise NoTable


def _plain(cell: str) -> str:
    """Without the apostrophe by which our own exports keep a cell from being computed."""
    return cell[1:] if cell[:1] == "'" and cell[1:].lstrip(" ").startswith(FORMULA) else cell
