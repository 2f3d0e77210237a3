"""Names of files as they may be kept, shown and sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.files.names import LONGEST_NAME, safe_name


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("faktura.pdf", "faktura.pdf"),
        ("zażółć gęślą.txt", "zażółć gęślą.txt"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Anna\\a.txt", "a.txt"),
        ("a\x00b\r\nc.txt", "abc.txt"),
        ('"><svg onload=alert(1)>.jpg', "svg onload=alert(1).jpg"),
        ("faktura\u202efdp.exe", "fakturafdp.exe"),
        ("faktura\u2067\u061c.p\u200bd\u00adf\ufeff", "faktura.pdf"),
        ("a\u0085b\u2028c\U000e0041.txt", "abc.txt"),
        (" . ", "attachment-3.pdf"),
        ("", "attachment-3.pdf"),
        (None, "attachment-3.pdf"),
        (".htaccess", "htaccess"),
        ("a" * 300 + ".txt", "a" * 146 + ".txt"),
        ("a" * 300, "a" * 150),
        ("e\u0301.txt", "\u00e9.txt"),
    ],
)
def test_what_is_kept_of_a_name(given: str | None, kept: str) -> None:
    assert safe_name(given, "application/pdf", 3) == kept


def test_a_type_without_an_ending_of_its_own_is_bin() -> None:
    assert safe_name(None, "x/y", 1) == "attachment-1.bin"


@given(st.text(max_size=400))
def test_any_name_becomes_one_that_is_short_and_has_no_way_out(name: str) -> None:
    kept = safe_name(name, "text/plain", 1)
    assert 0 < len(kept) <= LONGEST_NAME
    assert kept not in (".", "..")
    assert not set(kept) & set('/\\\x00\r\n<>"')
