"""Which ticket a letter points to, the strongest evidence first."""

from __future__ import annotations

from app.mail import marks
from app.mail.parse import understand
from app.mail.thread import Evidence, evidence, known_ids

KEY = b"k" * 32
MAILBOX = "PomocDYNAMICS@pomoc.example"


def ours(letter: int, ticket: int) -> str:
    return marks.letter_message_id(letter, ticket, "pomoc.example", KEY)


def pointers(recipient: str = MAILBOX, **headers: str) -> list[tuple[int, str, bool, int | None]]:
    """What is found in a letter with these headers; `in_reply_to` means In-Reply-To."""
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    letter = understand("\r\n".join(["From: anna@klient.example", *lines, "", "Tekst"]).encode())
    return [(e.ticket, e.how, e.signed, e.letter) for e in evidence(letter, recipient=recipient, key=KEY)]


def test_every_place_where_a_mark_can_stand() -> None:
    address = marks.reply_address(MAILBOX, 1001, KEY)
    assert pointers(recipient=address) == [(1001, "address", True, None)]
    for header in ("to", "cc", "delivered_to", "x_original_to", "envelope_to"):
        assert pointers(**{header: address}) == [(1001, "address", True, None)]
    assert pointers(in_reply_to=ours(7, 1001)) == [(1001, "message_id", True, 7)]
    assert pointers(references=f"<x@y> {ours(7, 1001)}") == [(1001, "references", True, 7)]
    assert pointers(subject="Odp: [#1001] Raport") == [(1001, "subject", False, None)]


def test_ids_are_read_however_programs_break_encode_or_multiply_them() -> None:
    mark = ours(7, 1001)
    local, host = mark.strip("<>").split("@")
    many = "\r\n ".join(f"<{n}{'y' * 50}@x>" for n in range(300))
    for value in (
        *(f"<{local}@\r\n {host}>", f"<{local[:9]}\r\n\t{local[9:]}@{host}>"),
        *(f"=?utf-8?Q?=3C{local}=40{host}=3E?=", mark.strip("<>"), f"<x@y>{mark}<z@y>", f'"{mark}"', mark.upper()),
        *(f"{many}\r\n {mark}", f"{mark} {many[:9_000]}", f"<{local}@prod.exchangelabs.com>"),
    ):
        assert pointers(references=value) == [(1001, "references", True, 7)], value[-80:]
    assert pointers(in_reply_to=f"<x@y> {mark}\r\nIn-Reply-To: <z@y>") == [(1001, "message_id", True, 7)]


def test_the_strongest_comes_first() -> None:
    found = pointers(
        subject="[#1005] x",
        references=f"{ours(1, 1001)} {ours(2, 1002)}",
        in_reply_to=ours(3, 1003),
        to=marks.reply_address(MAILBOX, 1004, KEY),
    )
    assert [ticket for ticket, *_rest in found] == [1004, 1003, 1002, 1001, 1005]


def test_the_reply_address_learns_from_in_reply_to_whose_copy_was_answered() -> None:
    found = pointers(to=marks.reply_address(MAILBOX, 1001, KEY), in_reply_to=ours(7, 1001))
    assert found[0] == (1001, "address", True, 7)
    other = pointers(to=marks.reply_address(MAILBOX, 1001, KEY), in_reply_to=ours(7, 1002))
    assert other[0] == (1001, "address", True, None)


def test_a_letter_about_no_ticket_points_to_none() -> None:
    assert pointers(in_reply_to=marks.letter_message_id(7, None, "pomoc.example", KEY)) == []


def test_a_forged_mark_is_no_evidence() -> None:
    assert pointers(in_reply_to="<l7.t1001.aaaaaaaaaaaaaaaa@pomoc.example>") == []
    assert pointers(to="PomocDYNAMICS+t1001.aaaaaaaaaaaaaaaa@pomoc.example") == []


def test_a_report_points_by_the_letter_that_it_returns() -> None:
    raw = (
        b"From: mailer-daemon@x.example\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b"
        b"\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n"
        b"Final-Recipient: rfc822; anna@klient.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        b"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: " + ours(7, 1001).encode() + b"\r\n\r\n--b--\r\n"
    )
    assert evidence(understand(raw), recipient=MAILBOX, key=KEY) == (Evidence(1001, "report", True, 7),)


def test_known_ids_are_the_nearest_first_each_once() -> None:
    letter = understand(b"In-Reply-To: <c@x>\r\nReferences: <a@x> <b@x> <c@x>\r\n\r\n")
    assert known_ids(letter) == ("c@x", "b@x", "a@x")
