"""What may never be kept as a translation (attack case O59), and what may."""

from __future__ import annotations

import pytest

from app.catalogs.faults import faults
from app.catalogs.plurals import form_of, forms, samples

LINK = 'Use <a href="%(link)s">this link</a> to go on.'
WRONG = [
    (["Hello %(name)s."], ["Witaj."], "placeholder"),
    (["Hello %(name)s."], ["Witaj %(nazwa)s."], "placeholder"),
    (["Hello %(name)s."], ["Witaj %(name)d."], "placeholder"),
    (["Hello %(name)s."], ["Witaj %(name)9999s."], "placeholder"),
    (["Hello %(name)s."], ["Witaj %(name)s i %(x)s."], "placeholder"),
    (["Hello %(name)s."], ["Witaj %(name)s %(name)s."], "placeholder"),
    (["Hello %(name)s."], ["Witaj %(name)."], "placeholder"),
    (["Hello %(name)s."], ["Witaj %(name)s w 100%."], "placeholder"),
    (["Hello."], ["Witaj %s."], "placeholder"),
    (["Hello."], ["Witaj {0}."], "placeholder"),
    (["Hello {name}."], ["Witaj."], "placeholder"),
    (["Hello."], ["Witaj {{ config }}."], "placeholder"),
    (["Hello."], ["<script>alert(1)</script>Witaj."], "markup"),
    (["Hello."], ["Witaj &lt;b&gt;."], "markup"),
    (["Hello."], ["Witaj <b>."], "markup"),
    (["Hello."], ["1 < 2."], "markup"),
    ([LINK], ['Użyj <a href="%(link)s" onclick="x()">linku</a>.'], "markup"),
    ([LINK], ['Użyj <a href="%(link)s">linku.'], "markup"),
    ([LINK], ['Użyj </a>linku<a href="%(link)s">.'], "markup"),
    ([LINK], ['<a href="javascript:alert(1)">%(link)s</a>.'], "script"),
    (["Hello."], ["java\u200bscript:alert(1)."], "script"),
    (["Hello."], ["JavaScript :alert(1)."], "script"),
    (["Hello."], ["data:text/html,x."], "script"),
    (["Hello."], ["Wejdź na https://evil.example."], "markup"),
    (["Hello."], ["Wejdź na www.evil.example."], "markup"),
    (["Hello."], [" Witaj."], "space"),
    (["Hello. "], ["Witaj."], "space"),
    (["Hello."], ["Witaj"], "ending"),
    (["Hello"], ["Witaj!"], "ending"),
    (["Hello?"], ["Witaj."], "ending"),
    (["Hello."], ["Wi\x00taj."], "hidden"),
    (["Hello."], ["Wi\u202etaj."], "hidden"),
    (["Hello."], ["Wi\ntaj."], "hidden"),
    (["Hello."], ["Wi\ud800taj."], "hidden"),
    (["Hello."], [""], "empty"),
    (["Hello."], ["Witaj " * 20 + "."], "length"),
    (["%(num)d row", "%(num)d rows"], ["%(num)d wiersz", "%(num)d wiersze"], "forms"),
    (["%(num)d row", "%(num)d rows"], ["%(num)d wiersz", "", "%(num)d wierszy"], "empty"),
    (["%(num)d row", "%(num)d rows"], ["%(num)d wiersz", "%(num)s wiersze", "%(num)d wierszy"], "placeholder"),
]


@pytest.mark.parametrize(("sources", "strings", "code"), WRONG)
def test_what_could_break_a_page_is_refused(sources: list[str], strings: list[str], code: str) -> None:
    assert code in {fault.code for fault in faults(sources, strings, "pl")}


@pytest.mark.parametrize(
    ("sources", "strings"),
    [
        (["Hello %(name)s."], ["%(name)s, witaj."]),
        ([LINK], ['Aby przejść dalej, użyj <a href="%(link)s">tego linku</a>.']),
        (["%(hours)s h"], ["%(hours)s godz."]),
        (["100%% of it"], ["100%% tego"]),
        (["Wait…"], ["Czekaj..."]),
        (["Two\nlines"], ["Dwie\nlinie"]),
        (["%(num)d row", "%(num)d rows"], ["jeden wiersz", "%(num)d wiersze", "%(num)d wierszy"]),
        (["Not “%(a)s” but %(b)s"], ["Nie „%(a)s”, lecz %(b)s"]),
    ],
)
def test_what_translators_need_is_kept(sources: list[str], strings: list[str]) -> None:
    assert faults(sources, strings, "pl") == []


def test_a_fault_says_where_it_is() -> None:
    (fault,) = faults(["One\nTwo <b>x</b>"], ["Raz\nDwa <b>x</b><i>"], "pl")[:1]
    assert (fault.form, fault.line) == (0, 2)


def test_forms_and_their_numbers_come_from_cldr() -> None:
    assert [len(forms(code)) for code in ("pl", "en", "de", "uk", "ar", "ja")] == [3, 2, 2, 3, 6, 1]
    assert [form_of("pl", number) for number in (1, 2, 5, 12, 22, 25, 101)] == [0, 1, 2, 2, 1, 2, 2]
    assert [form_of("uk", number) for number in (1, 2, 5, 11, 21, 22)] == [0, 1, 2, 2, 0, 1]
    assert samples("pl") == ((1,), (2, 22, 3), (5, 0, 6))
