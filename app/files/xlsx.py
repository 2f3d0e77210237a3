"""Sheets of cells as XLSX (ECMA-376), written and read without more than they need: text, numbers, one sheet.

Every cell that is written is text (`inlineStr`), so no spreadsheet ever computes it (attack case O60).
"""

from __future__ import annotations

import io
import lzma
import re
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
NS = {"m": MAIN}
SHARED = "xl/sharedStrings.xml"
LARGEST = 100_000_000  # bytes of one part, unpacked
# What unpacking raises; RuntimeError where it is encrypted, or packed by a method that is not known here.
DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, OSError, EOFError, RuntimeError)
NOT_OURS = (ElementTree.ParseError, LookupError, ValueError)
LONGEST_CELL = 32_767  # what spreadsheets take
NO_SIGNS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
PARTS = {
    "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
    '<sheets><sheet name="Bilety" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


class Unreadable(ValueError):
    """This is no XLSX file, or one that would take too much."""


def write(rows: Iterable[Sequence[Any]]) -> IO[bytes]:
    """One sheet, in a file that goes when it is closed. Its rows are packed while they are read."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 it is read by whoever asked
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in PARTS.items():
            package.writestr(name, text)
        with package.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>'.encode())
            for row in rows:
                sheet.write(f"<row>{''.join(_written(cell) for cell in row)}</row>".encode())
            sheet.write(b"</sheetData></worksheet>")
    file.seek(0)
    return file


def read(content: bytes, *, most: int) -> list[tuple[int, list[str]]]:
    """The rows of the first sheet, each with its number, at most that many and one. Raises Unreadable."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = package.namelist()
            sheets = sorted(name for name in names if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name))
            if not sheets:
                raise Unreadable
            shared = list(_shared(_part(package, SHARED))) if SHARED in names else []
            return list(_rows(_part(package, sheets[0]), shared, most))
    except (*DAMAGED, *NOT_OURS) as error:
        raise Unreadable from error


def _written(cell: Any) -> str:
    text = "" if cell is None else escape(NO_SIGNS.sub("", str(cell))[:LONGEST_CELL])
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>' if text else '<c t="inlineStr"/>'


def _part(package: zipfile.ZipFile, name: str) -> Any:
    """Unpacked no further than a machine can hold; one that declares entities is none of a spreadsheet's."""
    with package.open(name) as part:
        content = part.read(LARGEST + 1)
    text = content.decode("utf-8-sig")
    if len(content) > LARGEST or "<!DOCTYPE" in text:
        raise Unreadable
    return ElementTree.fromstring(text.encode())  # noqa: S314 no entities are left to expand


def _shared(root: Any) -> Iterator[str]:
    for item in root.iterfind("m:si", NS):
        yield "".join(text.text or "" for text in item.iter(f"{{{MAIN}}}t"))


def _rows(root: Any, shared: Sequence[str], most: int) -> Iterator[tuple[int, list[str]]]:
    """Spreadsheets leave out rows that are empty."""
    number = 0
    for count, row in enumerate(root.iterfind("m:sheetData/m:row", NS)):
        if count > most:
            return
        number = int(row.get("r") or number + 1)
        cells: list[str] = []
        for cell in row.iterfind("m:c", NS):
            place = _column(cell.get("r")) if cell.get("r") else len(cells)
            if place > 1_000:
                raise Unreadable
            cells += [""] * (place + 1 - len(cells))
            cells[place] = _read(cell, shared)
        yield number, cells


def _column(name: str) -> int:
    """AB12 stands in column 27, counted from 0."""
    number = 0
    for letter in name.rstrip("0123456789"):
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _read(cell: Any, shared: Sequence[str]) -> str:
    kind, value = cell.get("t"), cell.findtext("m:v", "", NS)
    if kind == "inlineStr":
        return "".join(text.text or "" for text in cell.iter(f"{{{MAIN}}}t"))
    if kind == "s":
        return shared[int(value)]
    if kind == "b":
        return "yes" if value == "1" else "no"
    return _number(value) if kind in (None, "n") and value else value


def _number(value: str) -> str:
    """With the 15 digits that a spreadsheet shows; it keeps more of them, and large ones with an exponent."""
    return f"{float(value):.15g}"
