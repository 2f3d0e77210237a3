"""Bytes to text: the declared charset where it fits, else the likeliest."""

from __future__ import annotations

import pytest

from app.mail.charset import clean, codec_named, decode

PANGRAM = "Pchnąć w tę łódź jeża lub ośm skrzyń fig"


@pytest.mark.parametrize("codec", ["utf-8", "cp1250", "iso-8859-2", "utf-16"])
def test_a_charset_that_is_named_rightly_is_read_without_a_word(codec: str) -> None:
    assert decode(PANGRAM.encode(codec), codec) == (PANGRAM, None)


@pytest.mark.parametrize("declared", [None, "us-ascii", "iso-8859-1", "x-unknown", "", "idna", "undefined", "utf-8"])
@pytest.mark.parametrize("codec", ["utf-8", "cp1250", "iso-8859-2"])
def test_polish_is_found_whatever_was_declared(codec: str, declared: str | None) -> None:
    text, warning = decode(PANGRAM.encode(codec), declared)
    assert text == PANGRAM
    assert warning is None if (codec, declared) == ("utf-8", "utf-8") else warning


def test_the_code_page_of_windows_under_the_name_of_its_cousin() -> None:
    """cp1250 differs from ISO-8859-2 in ą, ś and ź; bytes that are controls in the latter give it away."""
    assert decode("źle, świetnie".encode("cp1250"), "iso-8859-2")[0] == "źle, świetnie"


def test_utf_8_with_a_letter_cut_in_half_stays_utf_8() -> None:
    assert decode(PANGRAM.encode()[:-1] + b"\xc5", "utf-8")[0].startswith("Pchnąć w tę łódź")


@pytest.mark.parametrize("declared", ["utf-16", "utf-8", None])
def test_utf_16_with_a_letter_cut_in_half_stays_utf_16(declared: str | None) -> None:
    assert decode(PANGRAM.encode("utf-16")[:-1], declared)[0].startswith("Pchnąć w tę łódź")


def test_western_letters_stay_western() -> None:
    assert decode("Café à la crème".encode("latin-1"), "iso-8859-1") == ("Café à la crème", None)


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("UTF-8", "utf-8"),
        (" 'Windows-1250' ", "cp1250"),
        ("latin2", "iso8859-2"),
        ("x-cp1250", "cp1250"),
        ("windows1250", "cp1250"),
        ("iso-8859-1", "cp1252"),
        ("iso-8859-8-i", "iso8859-8"),
        ("gb2312", "gb18030"),
        ("base64", None),
        ("rot13", None),
        ("unicode_escape", None),
        ("a\x00b", None),
        ("x" * 10_000, None),
        (None, None),
    ],
)
def test_the_name_of_a_charset(name: str | None, codec: str | None) -> None:
    assert codec_named(name) == codec


def test_a_word_or_two_is_too_little_for_statistics() -> None:
    assert decode("Frösche am Weiher".encode("latin-1"))[0] == "Frösche am Weiher"


def test_text_is_cleaned_of_what_no_page_and_no_database_takes() -> None:
    assert clean("a\r\nb\rc\x00\x0b\ufeff\ud800\tf\x0cg") == "a\nb\nc\tf\ng"
