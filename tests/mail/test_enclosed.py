"""What stands packed in a letter: winmail.dat, invitations, signed and encrypted words."""

from __future__ import annotations

import time
from base64 import encodebytes

import pytest
from flask import Flask
from flask_babel import force_locale

from app.locale import in_zone
from app.mail import invitation, reasons, rtf, tnef
from app.mail.letter import ENCRYPTED, SIGNED, Understood
from app.mail.parse import understand
from tests.mail.letters import letter

HEAD = b"From: Anna <anna@klient.example>\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
RTF = rb"{\rtf1\ansi\ansicpg1250{\fonttbl{\f0 Arial;}}\uc1 Dzie\'f1 dobry,\par raport \u8222?Sprzeda\'bf\u8221?.\par}"


def number(value: int, size: int = 4) -> bytes:
    return value.to_bytes(size, "little")


def padded(value: bytes) -> bytes:
    return value + b"\x00" * (-len(value) % 4)


def attribute(level: int, kind: int, value: bytes) -> bytes:
    return bytes((level,)) + number(kind) + number(len(value)) + value + number(sum(value) % 65_536, 2)


def properties(*said: tuple[int, int, bytes]) -> bytes:
    """MAPI properties: name, kind, value."""
    return number(len(said)) + b"".join(
        number(name << 16 | kind) + number(1) + number(len(value)) + padded(value) for name, kind, value in said
    )


def packed_rtf(content: bytes) -> bytes:
    """Compressed RTF in which nothing is shortened."""
    runs = b"".join(b"\x00" + content[at : at + 8] for at in range(0, len(content), 8))
    return number(len(runs) + 12) + number(len(content)) + b"LZFu" + number(0) + runs


def winmail(*said: tuple[int, int, bytes], files: dict[str, bytes] | None = None) -> bytes:
    found = tnef.SIGNATURE + number(1, 2) + attribute(1, tnef.CODEPAGE, number(1250) + number(0))
    found += attribute(1, tnef.PROPERTIES, properties(*said))
    for name, content in (files or {}).items():
        found += attribute(2, tnef.NEXT_FILE, b"\x00" * 14) + attribute(2, tnef.FILE_DATA, content)
        long_name = (tnef.P_LONG_NAME, tnef.UNICODE, f"{name}\x00".encode("utf-16-le"))
        found += attribute(2, tnef.FILE_PROPERTIES, properties(long_name))
    return found


def with_part(kind: bytes, content: bytes, text: bytes = b"", around: bytes = b"mixed") -> Understood:
    body = b"--b\r\nContent-Type: text/plain\r\n\r\n" + text + b"\r\n" if text else b""
    part = b"Content-Type: " + kind + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + encodebytes(content)
    return understand(
        HEAD + b"Content-Type: multipart/" + around + b"; boundary=b\r\n\r\n" + body + b"--b\r\n" + part + b"--b--\r\n"
    )


# winmail.dat


def test_winmail_counts_by_what_it_holds() -> None:
    packed = winmail(
        (tnef.P_RTF, tnef.BINARY, packed_rtf(RTF)), files={"Żółta księga.pdf": b"%PDF", "zrzut.png": b"png"}
    )
    found = with_part(b"application/ms-tnef; name=winmail.dat", packed, b"Moje slowa.")
    assert found.text == "Moje slowa."
    assert [(file.name, file.content_type, file.content) for file in found.files] == [
        ("Żółta księga.pdf", "application/pdf", b"%PDF"),
        ("zrzut.png", "image/png", b"png"),
    ]


@pytest.mark.parametrize(
    "said",
    [
        (tnef.P_RTF, tnef.BINARY, packed_rtf(RTF)),
        (tnef.P_BODY, tnef.UNICODE, "Dzień dobry,\r\nraport „Sprzedaż”.\0".encode("utf-16-le")),
        (tnef.P_HTML, tnef.BINARY, "<p>Dzień dobry,<br>raport „Sprzedaż”.</p>".encode()),
    ],
)
def test_words_that_stand_only_in_winmail_are_read(said: tuple[int, int, bytes]) -> None:
    assert with_part(b"application/ms-tnef", winmail(said)).text == "Dzień dobry,\nraport „Sprzedaż”."


def test_a_message_within_winmail_is_one_letter() -> None:
    inner = winmail((tnef.P_SUBJECT, tnef.STRING, b"B\xb3\xb9d"), (tnef.P_BODY, tnef.STRING, b"Eksport."))
    data = (tnef.P_DATA, tnef.OBJECT, b"\x00" * 16 + inner)
    outer = winmail() + attribute(2, tnef.NEXT_FILE, b"") + attribute(2, tnef.FILE_PROPERTIES, properties(data))
    (file,) = with_part(b"application/ms-tnef", outer, b"W zalaczniku.").files
    assert (file.name, file.content_type) == ("Błąd.eml", "message/rfc822")
    assert understand(file.content).text == "Eksport."


@pytest.mark.parametrize("broken", [b"no winmail at all", tnef.SIGNATURE, winmail(files={"a.txt": b"a"})[:60]])
def test_a_broken_winmail_costs_nothing_of_the_letter(broken: bytes) -> None:
    found = with_part(b"application/ms-tnef; name=winmail.dat", broken, b"Moje slowa.")
    assert found.text == "Moje slowa."
    assert bool(found.files) is ("winmail.dat could not be opened" in found.warnings)


def test_hostile_winmail_takes_no_time() -> None:
    endless = winmail()[:-2] + attribute(1, tnef.PROPERTIES, number(2**32 - 1) + (number(0x1003) + number(2**31)) * 2)
    bomb = packed_rtf(b"")[:16] + b"\xff" + (b"\x00\x0f" * 8 + b"\xff") * 200_000
    start = time.process_time()
    tnef.opened(endless)
    assert len(rtf.unpacked(bomb)) < rtf.LONGEST + 1_000
    rtf.words(b"{\\rtf1" + b"{\\*" * 500_000)
    assert time.process_time() - start < 5


# Invitations

MEETING = """BEGIN:VCALENDAR
VERSION:2.0
METHOD:{method}
BEGIN:VEVENT
UID:1@klient.example
SUMMARY:Przegląd wdrożenia
{when}
LOCATION:Sala 3
ORGANIZER;CN=Anna Nowak:mailto:anna@klient.example
ATTENDEE;CN=Jan:mailto:jan@pomoc.example
ATTENDEE:mailto:ewa@pomoc.example
DESCRIPTION:Proszę o udział.
END:VEVENT
END:VCALENDAR
"""
AT_NINE = "DTSTART;TZID=Europe/Warsaw:20261130T090000\nDTEND;TZID=Europe/Warsaw:20261130T100000"


def invited(when: str = AT_NINE, method: str = "REQUEST", text: bytes = b"") -> Understood:
    content = MEETING.format(method=method, when=when).encode()
    return with_part(b"text/calendar; charset=utf-8; method=REQUEST", content, text, b"alternative")


def test_an_invitation_says_what_when_where_and_who(app: Flask) -> None:
    found = invited(text=b"Zapraszam.")
    (told,) = found.folded
    assert (told["kind"], told["what"], told["where"]) == ("invitation", "Przegląd wdrożenia", "Sala 3")
    assert told["organiser"] == "Anna Nowak <anna@klient.example>"
    assert told["guests"] == "Jan <jan@pomoc.example>, ewa@pomoc.example"
    assert (told["begins"], told["ends"]) == ("2026-11-30T08:00:00+00:00", "2026-11-30T09:00:00+00:00")
    with app.test_request_context(), in_zone("Asia/Tokyo"):
        assert "17:00" in invitation.spelled(told["begins"])
    assert found.text == "Zapraszam."


def test_an_invitation_is_kept_and_does_not_count() -> None:
    (file,) = invited().files
    assert (file.content_type, file.counts) == ("text/calendar", False)


def test_its_notes_are_the_words_of_a_letter_without_others() -> None:
    assert invited().text == "Proszę o udział."


def test_whole_days_and_cancellations(app: Flask) -> None:
    (told,) = invited("DTSTART;VALUE=DATE:20261130\nDTEND;VALUE=DATE:20261202", "CANCEL").folded
    assert (told["begins"], told["ends"], told["cancelled"]) == ("2026-11-30", "2026-12-01", "yes")
    with app.test_request_context():
        assert "30" in invitation.spelled(told["begins"])


# Signed and encrypted


def der(kind: int, content: bytes) -> bytes:
    size = len(content).to_bytes(3, "big")
    return bytes((kind, 0x83)) + size + content


def signed_data(content: bytes, *, endless: bool = False) -> bytes:
    octets = b"\x24\x80" + der(4, content[:9]) + der(4, content[9:]) + b"\0\0" if endless else der(4, content)
    carried = der(0x30, bytes.fromhex("06092a864886f70d010701") + der(0xA0, octets))
    inner = der(0x30, b"\x02\x01\x01" + der(0x31, b"") + carried)
    return der(0x30, bytes.fromhex("06092a864886f70d010702") + der(0xA0, inner))


@pytest.mark.parametrize("endless", [False, True])
def test_words_within_a_signature_are_read(endless: bool) -> None:
    content = b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + "Dzień dobry.".encode()
    kind = b"application/pkcs7-mime; smime-type=signed-data; name=smime.p7m"
    found = with_part(kind, signed_data(content, endless=endless))
    assert (found.text, found.files, found.warnings) == ("Dzień dobry.", (), (SIGNED,))


def test_what_is_encrypted_is_kept_and_marked() -> None:
    found = with_part(b"application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", b"\x30\x80\x06\x09tajne")
    assert (found.text, [file.name for file in found.files], found.warnings) == ("", ["smime.p7m"], (ENCRYPTED,))
    armour = b"-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n"
    version = b"--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n"
    part = b"--b\r\nContent-Type: application/octet-stream; name=encrypted.asc\r\n\r\n" + armour
    kind = b'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b\r\n\r\n'
    found = understand(HEAD + kind + version + part + b"--b--\r\n")
    assert (found.text, [file.name for file in found.files], found.warnings) == ("", ["encrypted.asc"], (ENCRYPTED,))
    assert ENCRYPTED in understand(letter(text=armour.decode())).warnings


def test_clear_signed_words_stand_without_their_armour() -> None:
    found = understand(
        letter(
            text="-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nNumer to 17.\n- -- \nAnna Nowak\n"
            "-----BEGIN PGP SIGNATURE-----\n\niQEzBAEB\n=xx\n-----END PGP SIGNATURE-----\n"
        )
    )
    assert (found.text, found.warnings) == ("Numer to 17.", (SIGNED,))
    assert [part["kind"] for part in found.folded] == ["signature"]


def test_what_a_letter_is_marked_with_is_said_in_the_readers_language(app: Flask) -> None:
    with app.test_request_context(), force_locale("pl"):
        assert reasons.told("empty file: raport.pdf") == "Plik raport.pdf przyszedł pusty."
        assert reasons.told(SIGNED) == "Wiadomość jest podpisana; podpis nie został sprawdzony."
        assert "zaszyfrowana" in reasons.encrypted_letter("pl")
