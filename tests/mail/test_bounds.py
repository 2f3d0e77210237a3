"""Any bytes are read in bounded time, into text that a database keeps (attack cases O54 and O56)."""

from __future__ import annotations

import time
import tracemalloc
from base64 import encodebytes
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.mail.parse import understand

HEAD = b"From: Anna <anna@klient.example>\r\nSubject: x\r\nMIME-Version: 1.0\r\n"


def nested(depth: int) -> bytes:
    opened = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level) for level in range(depth)
    )
    closed = b"".join(b"--b%d--\r\n" % level for level in reversed(range(depth)))
    return HEAD + opened + b"Content-Type: text/plain\r\n\r\nGleboko.\r\n" + closed


def many(part: bytes, count: int) -> bytes:
    return HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + (b"--b\r\n" + part) * count + b"--b--\r\n"


def text(body: bytes, kind: bytes = b"text/plain") -> bytes:
    return HEAD + b"Content-Type: " + kind + b"\r\n\r\n" + body


BOMBS: dict[str, Callable[[], bytes]] = {
    "ten thousand parts": lambda: many(b"Content-Type: text/plain\r\n\r\nx\r\n", 10_000),
    "ten thousand files": lambda: many(b"Content-Type: image/png; name=x.png\r\n\r\nx\r\n", 10_000),
    "300 levels": lambda: nested(300),
    "1,000 levels": lambda: nested(1_000),
    "letters in letters": lambda: HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 50_000 + b"x",
    "a subject of 20 MB": lambda: HEAD.replace(b": x", b": " + b"x" * 20_000_000) + b"\r\nx",
    "a folded subject of 4 MB": lambda: HEAD.replace(b": x", b": " + b"x\r\n " * 1_000_000) + b"\r\nx",
    "100,000 headers": lambda: HEAD + b"X-A: b\r\n" * 100_000 + b"\r\nx",
    "100,000 recipients": lambda: HEAD + b"To: " + b"a@b.example, " * 100_000 + b"\r\n\r\nx",
    "a recipient of a million dashes": lambda: HEAD + b"To: " + b"-" * 1_000_000 + b"\r\n\r\nx",
    "100,000 references": lambda: HEAD + b"References: " + b"<a@b.example> " * 100_000 + b"\r\n\r\nx",
    "a million semicolons": lambda: text(b"x", b"text/plain" + b";" * 1_000_000),
    "a million semicolons in a multipart": lambda: text(b"x", b"multipart/mixed" + b";" * 1_000_000),
    "10 MB of base64 text": lambda: (
        HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n" + encodebytes(b"tekst " * 1_250_000)
    ),
    "10 MB in one line": lambda: text(b"x" * 10_000_000),
    "On and spaces": lambda: text(b"On" + b" " * 900_000 + b"x"),
    "spaces and dashes": lambda: text(b" " * 30_000 + b"-" * 30_000),
    "attributions and one quote": lambda: text(b"On 2020-01-01 10:00 a@b.example wrote:\r\n" * 8_000 + b"> q\r\n"),
    "headers of quoted letters": lambda: text(b"From: x\r\n" * 8_000),
    "a long disclaimer": lambda: text((b"this message " + b"confidential " * 5_000 + b"\r\n\r\n") * 20),
    "HTML of 100,000 levels": lambda: text(b"<div>" * 100_000 + b"x", b"text/html"),
    "lists of 20,000 levels": lambda: text(b"<ul><li>" * 20_000 + b"x", b"text/html"),
    "a million ampersands": lambda: text(b"&" * 1_000_000, b"text/html"),
    "a million hard spaces": lambda: text(b"\xa0" * 1_000_000, b"text/html; charset=latin-1"),
    "100,000 attributes": lambda: text(b"<p " + b"a=b " * 100_000 + b">x", b"text/html"),
    "a zone that changes every second": lambda: text(
        b"BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\nTZID:X\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\n"
        b"RRULE:FREQ=SECONDLY\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
        b"BEGIN:VEVENT\r\nDTSTART;TZID=X:20260101T100000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        b"text/calendar",
    ),
    "30,000 events in each other": lambda: text(
        b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 30_000, b"text/calendar"
    ),
    "renamed boundaries of 300 levels": lambda: (
        HEAD
        + b"".join(b"Content-Type: multipart/mixed; boundary=w\r\n\r\n--b%d\r\n" % level for level in range(300))
        + b"x" * 1_000_000
    ),
    "files begun and not ended": lambda: text(b"begin 644 x\r\n" * 200_000 + b"\r\nend"),
    "a million dashes": lambda: text(b"-" * 1_000_000),
    "lines of dashes": lambda: text((b"-" * 3_000 + b" " * 3_000 + b"\r\n") * 100),
    "marks and at signs": lambda: text(b">>> x" + b"@ 1:22 " * 100_000),
    "9,000 rules": lambda: text(b"a\r\n---\r\n" * 9_000),
    "9,000 dates of quotes": lambda: text(b"\r\n" * 10_000 + b"W dniu 27.11.2026 o 10:22, x pisze:\r\n" * 9_000),
    "three million lines": lambda: text(b"a\r\n" * 3_000_000),
    "all bytes": lambda: bytes(range(256)) * 10_000,
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_no_letter_takes_long(bomb: str) -> None:
    raw = BOMBS[bomb]()
    start = time.process_time()
    letter = understand(raw)
    assert time.process_time() - start < 5
    assert len(letter.files) <= 500
    assert len(letter.subject) <= 500
    if bomb != "all bytes":
        assert letter.sender is not None
        assert letter.sender.address == "anna@klient.example"


def test_a_large_letter_takes_a_few_times_its_length_of_memory() -> None:
    """So that one of 30 MB costs less than 300 MiB."""
    raw = many(
        b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n" + (b"eHh4" * 19 + b"\r\n") * 60_000, 1
    )
    tracemalloc.start()
    try:
        understand(raw)
        assert tracemalloc.get_traced_memory()[1] < 6 * len(raw)
    finally:
        tracemalloc.stop()


def test_fifty_levels_are_read() -> None:
    assert nested(50).count(b"multipart") == 50
    assert understand(nested(50)).text == "Gleboko."


def test_words_of_html_that_is_too_deep_are_still_read() -> None:
    letter = understand(text(b"<div>" * 1_000 + b"Raport &amp; <b>koszty</b>", b"text/html"))
    assert letter.text == "Raport &\nkoszty"
    assert letter.html is None


def test_what_lies_beyond_the_bounds_is_said() -> None:
    assert "too many parts" in understand(BOMBS["ten thousand parts"]()).warnings
    assert "too long: cut" in understand(BOMBS["three million lines"]()).warnings
    assert understand(BOMBS["1,000 levels"]()).warnings == ("not read as a letter: RecursionError",)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_into_text_that_a_database_keeps(raw: bytes) -> None:
    for letter in (understand(raw), understand(HEAD + raw), understand(text(raw, b"text/html; charset=utf-7"))):
        shown = [letter.subject, letter.text, letter.html or "", letter.message_id or ""]
        shown += [part["text"] for part in letter.folded]
        for file in letter.files:
            shown += [file.name, file.content_type, file.content_id or ""]
        for words in shown:
            words.encode()
            assert "\x00" not in words
