"""Rows as a CSV file (RFC 4180), written while they are read, in which no cell can become a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from flask import Response, stream_with_context

from app.locale import language

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # some spreadsheets fold the wide ones
UNSEEN = " \u00a0\u200b\ufeff"  # which may stand before them
SEPARATORS = {"pl": ";", "en": ","}  # what the spreadsheets of that language expect
BYTE_ORDER_MARK = "\ufeff"  # without it they take Polish letters for something else


def csv_answer(name: str, head: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Response:
    """A file `name`.csv that the browser keeps; `rows` are read as it goes out."""
    lines = stream_with_context(_lines(head, rows, SEPARATORS.get(language(), ";")))
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(lines, mimetype="text/csv", headers=headers)


def harmless(value: Any) -> str:
    """The value as text that a spreadsheet shows and never computes (attack case O60)."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(UNSEEN).startswith(FORMULA) else text


def _lines(head: Sequence[Any], rows: Iterable[Sequence[Any]], separator: str) -> Iterator[str]:
    buffer = io.StringIO(BYTE_ORDER_MARK, newline="")
    buffer.seek(0, io.SEEK_END)
    writer = csv.writer(buffer, delimiter=separator, quoting=csv.QUOTE_ALL)
    for row in chain([head], rows):
        writer.writerow([harmless(cell) for cell in row])
        yield _taken(buffer)


def _taken(buffer: io.StringIO) -> str:
    """What was written since the last time."""
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
