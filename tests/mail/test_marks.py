"""Marks that only we can make."""

from __future__ import annotations

import pytest

from app.mail import marks
from app.mail.marks import LetterMark

KEY, OTHER = b"k" * 32, b"o" * 32
MAILBOX = "PomocDYNAMICS@pomoc.example"


def test_a_reply_address_names_its_ticket() -> None:
    address = marks.reply_address(MAILBOX, 1001, KEY)
    assert address.startswith("PomocDYNAMICS+t1001.")
    assert marks.read_address(address, KEY) == 1001
    assert marks.read_address(f"Pomoc <{address.upper()}>", KEY) == 1001
    assert len(address.partition("@")[0]) <= 64  # RFC 5321 section 4.5.3.1.1


def test_a_mark_in_a_text_is_found_alone_and_in_an_address() -> None:
    mark = marks.written_mark(1001, KEY)
    for text in (f"> {mark}", f"Do: {marks.reply_address(MAILBOX, 1001, KEY)}", f"t1002.{'a' * 16} {mark.upper()}."):
        assert marks.read_written(text, KEY) == 1001
    for text in (f"x{mark}", f"{mark}7", mark.replace("1001", "1002"), ""):
        assert marks.read_written(text, KEY) is None
    assert marks.read_written(mark, OTHER) is None


def test_a_message_id_names_letter_and_ticket() -> None:
    message_id = marks.letter_message_id(7, 1001, "pomoc.example", KEY)
    assert marks.read_message_id(message_id, KEY) == LetterMark(7, 1001)
    assert marks.read_message_id(message_id.strip("<>").upper(), KEY) == LetterMark(7, 1001)
    assert marks.letter_message_id(7, 1001, "pomoc.example", KEY) == message_id
    about_nothing = marks.letter_message_id(7, None, "pomoc.example", KEY)
    assert marks.read_message_id(about_nothing, KEY) == LetterMark(7, 0)


def test_another_desks_marks_mean_nothing() -> None:
    assert marks.read_address(marks.reply_address(MAILBOX, 1001, OTHER), KEY) is None
    assert marks.read_message_id(marks.letter_message_id(7, 1001, "pomoc.example", OTHER), KEY) is None


def test_no_number_can_be_changed_and_no_mark_moved() -> None:
    address = marks.reply_address(MAILBOX, 1001, KEY)
    assert marks.read_address(address.replace("t1001", "t1002"), KEY) is None
    message_id = marks.letter_message_id(7, 1001, "pomoc.example", KEY)
    assert marks.read_message_id(message_id.replace("l7", "l8"), KEY) is None
    assert marks.read_message_id(message_id.replace("t1001", "t1002"), KEY) is None
    mac = address.partition(".")[2].partition("@")[0]
    assert marks.read_message_id(f"<l7.t1001.{mac}@pomoc.example>", KEY) is None


@pytest.mark.parametrize(
    "nonsense",
    ["", "@", "+t1.@", "+t99999999999999999999.aaaaaaaaaaaaaaaa@x", "<l1.t1.aaaaaaaaaaaaaaaa@x>", "\x00", "l1.t1", "ż"],
)
def test_nonsense_is_no_mark(nonsense: str) -> None:
    assert marks.read_address(nonsense, KEY) is None
    assert marks.read_message_id(nonsense, KEY) is None


@pytest.mark.parametrize(
    ("subject", "number"),
    [
        *(("[#1001] Raport", 1001), ("Odp: Re: [#7] x", 7), ("#1001", None), ("[#x]", None)),
        ("[#1234567890123]", None),
        *((subject, 1001) for subject in ("［＃1001］ x", "[#１００１]", "[ # 1001 ]", "[#\xa01001]", "\\[#1001\\] x")),
        *((subject, 1001) for subject in ("Odp: [# 1001] x", "Odp: [#10 01] x", "Odp: [ #1001] x")),  # broken by lines
        *((subject, None) for subject in ("Re: [#1001", "[#10,01]", "[1001]")),
    ],
)  # fmt: skip
def test_the_number_in_a_subject(subject: str, number: int | None) -> None:
    assert marks.read_subject(subject) == number
