"""The file of an import: CSV as spreadsheets of any language write it, or XLSX."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from app.desk.errors import DeskError
from app.files import xlsx

MOST_ROWS = 20_000
MOST_COLUMNS = 200
SEPARATORS = ";,\t|"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class NoTable(DeskError):
    sentence = _l("This is no CSV or XLSX file that can be read.")


class NoHead(DeskError):
    sentence = _l("The first row names the columns, at most 200 of them.")


class TooManyRows(DeskError):
    sentence = _l("These are too many rows: there may be 20,000. Divide the file.")


@dataclass(frozen=True)
class Table:
    head: tuple[str, ...]
    rows: Sequence[Sequence[str]]

    def row(self, number: int) -> dict[str, str]:
        """The cells of a row by their columns; those that are missing are empty."""
        cells = self.rows[number]
        return {name: cells[at] if at < len(cells) else "" for at, name in enumerate(self.head)}


def read(content: bytes) -> Table:
    """Raises NoTable, NoHead, TooManyRows."""
    rows = _xlsx(content) if content[:2] == b"PK" else _csv(content)
    while rows and not any(rows[-1]):
        rows.pop()
    head = [cell.strip().lstrip("\ufeff") for cell in rows[0]] if rows else []
    while head and not head[-1]:
        head.pop()
    if not head or not all(head) or len(head) > MOST_COLUMNS:
        raise NoHead
    if len(rows) - 1 > MOST_ROWS:
        raise TooManyRows
    return Table(tuple(head), [row for row in rows[1:] if any(row)])


def _xlsx(content: bytes) -> list[list[str]]:
    try:
        return [[cell.strip() for cell in row] for row in xlsx.read(content, most=MOST_ROWS + 1)]
    except xlsx.Unreadable as error:
        raise NoTable from error


def _csv(content: bytes) -> list[list[str]]:
    text = _decoded(content)
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    rows = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            rows.append([_plain(cell.strip()) for cell in row])
            if len(rows) > MOST_ROWS + 2:
                raise TooManyRows
    except csv.Error as error:
        raise NoTable from error
    return rows


def _decoded(content: bytes) -> str:
    """UTF-8, else what Polish Windows writes."""
    for encoding in ("utf-8-sig", "cp1250"):
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
