"""PO and XLIFF files from anywhere: read, or refused with the line; never believed."""

from __future__ import annotations

import pytest
from flask import Flask

from app.catalogs import po_file, xliff_file
from app.catalogs.exchange import difference, exported
from app.catalogs.po_file import LARGEST, Unreadable
from app.catalogs.shipped import DOMAINS, Shipped

PO = """
msgid ""
msgstr ""
"Plural-Forms: nplurals=999999999; plural=__import__('os');\\n"

# a comment
#: somewhere:1
#, fuzzy
msgid "Contact"
msgstr "Napisz"
" do nas"

msgctxt "menu"
msgid "Two\\n\\"lines\\""
msgstr "Dwa"

#~ msgid "obsolete"
#~ msgstr "dawne"

msgid "%(num)d row"
msgid_plural "%(num)d rows"
msgstr[0] "a"
msgstr[1] "b"
msgstr[2] "c"
"""


def test_a_po_file_is_read_and_its_header_is_not_believed() -> None:
    first, second, third = po_file.read(PO.encode())
    assert (first.line, first.msgid, first.forms, first.fuzzy) == (9, "Contact", ["Napisz do nas"], True)
    assert (second.context, second.msgid, second.fuzzy) == ("menu", 'Two\n"lines"', False)
    assert (third.plural, third.forms) == ("%(num)d rows", ["a", "b", "c"])


HOSTILE = [
    (b"", 1),
    (b"\xff\xfe\x00", 1),
    (b'msgid "a"\nmsgstr "\xb1"', 2),
    (b'msgid "a"\nmsgstr "b', 2),
    (b'msgid "a"\nmsgstr "b" "c"', 2),
    (b'msgid "a"\nmsgstr[7] "b"', 2),
    (b'msgid "a"\nmsgstr[999] "b"', 2),
    (b'msgid "a"\nmsgstr "b"\n<html>', 3),
    (b'msgid "a\x00"\nmsgstr "b"', 1),
    (b"just words", 1),
    (b'"floating"', 1),
    (b'msgid "' + b"a" * 30_000 + b'"', 1),
    (b"#" * (LARGEST + 1), 1),
    (b'msgid "a"\nmsgstr "b"\n\n' * 20_001, 60_001),
    (b'msgid ""\nmsgstr "only a header"', 1),
    (b'msgid "a"\nmsgstr "\\x41"', 2),
]


@pytest.mark.parametrize(("raw", "line"), HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_po_file_is_refused_with_its_line(raw: bytes, line: int) -> None:
    with pytest.raises(Unreadable) as refused:
        po_file.read(raw)
    assert refused.value.line == line


def test_what_a_po_file_says_is_judged_as_what_is_typed(context: None) -> None:
    raw = "\n\n".join(
        f'msgid "{source}"\nmsgstr "{said}"'
        for source, said in (
            ("Contact", "Napisz do nas"),
            ("Ticket closed", "<script>alert(1)</script>"),
            ("Tickets", "Zgłoszenia"),
            ("Nobody says this", "Nikt"),
            ("Home", ""),
        )
    )
    found = difference(po_file.read(raw.encode()), "pl")
    assert [(each.text.source.msgid, each.strings) for each in found.changes] == [("Contact", ["Napisz do nas"])]
    assert [(change.text.source.msgid, change.line) for change, _faults in found.refused] == [("Ticket closed", 4)]
    assert ([each.msgid for each in found.unknown], found.same, found.empty) == (["Nobody says this"], 1, 1)


def test_forms_that_are_left_out_and_sentences_that_come_twice_are_not_taken(context: None) -> None:
    rows = 'msgid "%(num)d row"\nmsgid_plural "%(num)d rows"\nmsgstr[0] "%(num)d a"\nmsgstr[2] "%(num)d c"\n'
    other = 'msgid "%(num)d ticket"\nmsgid_plural "many"\nmsgstr[0] "a"\nmsgstr[1] "b"\nmsgstr[2] "c"\n'
    twice = "".join(f'msgid "Contact"\nmsgstr "{said}"\n' for said in ("Pierwszy", "Drugi", "Kontakt"))
    found = difference(po_file.read(f"{rows}\n{other}\n{twice}".encode()), "pl")
    assert [each.strings for each in found.changes] == [["Pierwszy"]]
    assert [(each.strings, wrong[0].code) for each, wrong in found.refused] == [
        (["%(num)d a", "", "%(num)d c"], "empty"),
        (["Drugi"], "again"),
    ]
    assert ([each.msgid for each in found.unknown], found.same) == (["%(num)d ticket"], 1)


@pytest.mark.parametrize("domain", DOMAINS)
def test_an_export_without_changes_is_the_file_of_the_repository(app: Flask, context: None, domain: str) -> None:
    assert exported("pl", domain) == Shipped("pl", domain).po.read_bytes()


@pytest.mark.parametrize("language", ["en", "de", "uk"])
def test_an_export_of_another_language_is_read_again(context: None, language: str) -> None:
    found = po_file.read(exported(language, "messages"))
    assert len(found) > 2_000
    assert difference(found, language).empty == len(found)


XLIFF_12 = """<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"><file><body>
<trans-unit id="1"><source>Contact</source><target state="translated">Napisz do nas</target></trans-unit>
<trans-unit id="2"><source>Tickets</source><target state="needs-review-translation">Sprawy</target></trans-unit>
<trans-unit id="3"><source>Home</source></trans-unit>
<group restype="x-gettext-plurals">
<trans-unit id="4[0]"><source>%(num)d row</source><target>a</target></trans-unit>
<trans-unit id="4[1]"><source>%(num)d rows</source><target>b</target></trans-unit>
<trans-unit id="4[2]"><source>%(num)d rows</source><target>c</target></trans-unit></group></body></file></xliff>"""
XLIFF_20 = """<xliff version="2.0" xmlns="urn:oasis:names:tc:xliff:document:2.0"><file id="f"><unit id="1"><segment>
<source>Contact</source><target>Napisz do nas</target></segment></unit></file></xliff>"""


def test_xliff_of_both_versions_is_read() -> None:
    rows, first, second = xliff_file.read(XLIFF_12.encode())
    assert (first.msgid, first.forms, first.fuzzy) == ("Contact", ["Napisz do nas"], False)
    assert (second.msgid, second.fuzzy) == ("Tickets", True)
    assert (rows.msgid, rows.plural, rows.forms) == ("%(num)d row", "%(num)d rows", ["a", "b", "c"])
    assert [each.forms for each in xliff_file.read(XLIFF_20.encode())] == [["Napisz do nas"]]


@pytest.mark.parametrize("encoding", ["UTF-7", "ISO-8859-1", "x-unknown"])
def test_the_encoding_that_a_file_says_of_itself_is_not_believed(encoding: str) -> None:
    raw = f'<?xml version="1.0" encoding="{encoding}"?>{XLIFF_20.replace("Napisz", "Zażółć")}'
    assert xliff_file.read(raw.encode())[0].forms == ["Zażółć do nas"]


GROUP = '<group restype="x-gettext-plurals">'
LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))


@pytest.mark.parametrize(
    "raw",
    [
        "", "<", "<html/>", "<xliff/>", f"<xliff>{GROUP * 9_000}{'</group>' * 9_000}</xliff>",
        f"<!DOCTYPE x [<!ENTITY a0 'ha'>{LAUGHS}]><xliff><source>&a8;</source></xliff>",
        '<!DOCTYPE x SYSTEM "file:///etc/passwd"><xliff/>',
        '<xliff xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file:///etc/passwd"/></xliff>',
    ],
)  # fmt: skip
def test_a_hostile_xliff_file_is_refused(raw: str) -> None:
    with pytest.raises(Unreadable):
        xliff_file.read(raw.encode())
