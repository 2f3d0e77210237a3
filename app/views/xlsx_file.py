"""Rows as an XLSX file in which every cell is text, so that none is ever computed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from flask import Response, send_file

from app.files import xlsx


def xlsx_answer(name: str, head: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Response:
    """A file `name`.xlsx that the browser keeps."""
    file = xlsx.write(chain([head], rows))
    return send_file(file, mimetype=xlsx.MIME, as_attachment=True, download_name=f"{name}.xlsx")
