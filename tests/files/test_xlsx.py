"""Sheets that spreadsheets open: text in, the same text out, and nothing is ever computed."""

from __future__ import annotations

import io
import zipfile

import pytest

from app.files import xlsx

ROWS = [["Nazwa", "Kwota"], ["Żółta & <b>", "=1+1"], ["", "'+48"], ["dwa\nwiersze", "  spacje  "]]


def test_what_is_written_is_read_again() -> None:
    with xlsx.write(ROWS) as written:
        assert xlsx.read(written.read(), most=10) == list(enumerate(ROWS, start=1))


def test_no_cell_is_a_formula_or_a_number() -> None:
    with xlsx.write(ROWS) as written, zipfile.ZipFile(written) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
    assert "<f" not in sheet
    assert sheet.count('t="inlineStr"') == sheet.count("<c ") == 8


def test_cells_as_spreadsheets_write_them() -> None:
    sheet = (
        f'<worksheet xmlns="{xlsx.MAIN}"><sheetData><row r="1"><c r="A1" t="s"><v>1</v></c><c r="C1"><v>7.0</v></c>'
        '<c r="D1" t="b"><v>1</v></c><c r="E1" t="str"><f>1+1</f><v>2</v></c></row>'
        '<row r="9"><c r="A9"><v>0.30000000000000004</v></c><c r="B9"><v>4.8221234567E10</v></c></row>'
        "</sheetData></worksheet>"
    )
    shared = f'<sst xmlns="{xlsx.MAIN}"><si><t>a</t></si><si><r><t>Pół</t></r><r><t>noc</t></r></si></sst>'
    assert xlsx.read(packed(sheet, shared), most=1) == [
        (1, ["Północ", "", "7", "yes", "2"]),
        (9, ["0.3", "48221234567"]),
    ]


def packed(sheet: str, shared: str = "") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet1.xml", sheet)
        if shared:
            package.writestr("xl/sharedStrings.xml", shared)
    return file.getvalue()


def changed(file: bytes, *, flags: int = 0, method: int = zipfile.ZIP_DEFLATED, first_byte: int | None = None) -> bytes:
    """The same package, its one part said to be packed otherwise (APPNOTE 4.3.7, 4.3.12)."""
    made, index = bytearray(file), file.index(b"PK\x01\x02")
    made[6], made[8], made[index + 8], made[index + 10] = flags, method, flags, method
    if first_byte is not None:
        made[30 + len("xl/worksheets/sheet1.xml")] = first_byte
    return bytes(made)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04",
        packed("<worksheet"),
        packed('<!DOCTYPE x [<!ENTITY a "aa">]><x>&a;</x>'),
        packed(f'<worksheet xmlns="{xlsx.MAIN}"><sheetData><row><c r="ZZZZZZ1"/></row></sheetData></worksheet>'),
        changed(packed("<worksheet/>"), flags=1),  # encrypted
        changed(packed("<worksheet/>"), method=99),
        changed(packed("<worksheet/>"), first_byte=0xFF),  # no stream of what it says
        packed(f'<worksheet xmlns="{xlsx.MAIN}"><sheetData><row><c t="s"><v>9</v></c></row></sheetData></worksheet>'),
    ],
)
def test_what_is_none_is_refused(content: bytes) -> None:
    with pytest.raises(xlsx.Unreadable):
        xlsx.read(content, most=1)


def test_what_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "LARGEST", 1_000)
    with pytest.raises(xlsx.Unreadable):
        xlsx.read(packed(f'<worksheet xmlns="{xlsx.MAIN}">{" " * 100_000}</worksheet>'), most=1)
