"""What we write is what the standard library reads, within the limits of the standards."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses

import pytest
from flask_mail import Attachment

from app.mail import mime

ENCODED_WORD = re.compile(rb"=\?[^?\s]+\?[qQbB]\?[^?\s]*\?=")
SUBJECTS = [
    "",
    "Raport",
    "[#1001] Otrzymaliśmy zgłoszenie: raport sprzedaży jest pusty od rana w module zakupów i sprzedaży",
    "[#1001] a plain subject that is much longer than one line may be, so that it has to be folded somewhere",
    "=?utf-8?q?nie_taki?= jak się wydaje",
    "ż" * 200,
    "報告書が空です 🙂," * 10,
    "słowo " + "x" * 190,
    "a_b=c?d ś",
]
NAMES = ["Anna Nowak", "Anna Żółć-Nowak", "Ł" * 60, "A. B. (Firma)", 'Jan "Żuk" Kos', "=?x?q?y?="]
TEXTS = [
    "Dzień dobry,\n\nzażółć gęślą jaźń.\n",
    "a\r\nb\rc\nd",
    "spacje na końcu   \n\ttab\t\n",
    ".\n..\nFrom tutaj\n>cytat\n-- \npodpis",
    "x" * 5000 + " ż" * 1000,
    "=3D =\n\u2028 🙂",
    "",
]


def read(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw + b"\r\n", policy=default)
    assert isinstance(message, EmailMessage)
    return message


def assert_well_formed(raw: bytes) -> None:
    """Lines within 78 where they can be parted and 998 anyway; encoded words whole and of at most 75 signs."""
    assert raw.endswith(b"\r\n")
    for line in raw.split(b"\r\n"):
        assert b"\n" not in line
        assert len(line) <= (76 if b"=?utf-8" in line else 998)
    assert all(len(word) <= 75 for word in ENCODED_WORD.findall(raw))


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_header_is_read_as_it_was_meant(subject: str) -> None:
    raw = mime.header("Subject", subject)
    assert_well_formed(raw)
    assert read(raw)["Subject"] == subject.strip()


def test_the_tickets_number_stays_readable_beside_polish_words() -> None:
    assert mime.header("Subject", "[#1001] Zgłoszenie").startswith(b"Subject: [#1001] =?utf-8?q?Zg=C5=82oszenie?=")


@pytest.mark.parametrize("name", NAMES)
def test_names_and_addresses_are_read_as_they_were_meant(name: str) -> None:
    raw = mime.address_header("To", (name, "anna@klient.example"), "jan@klient.example")
    assert_well_formed(raw)
    pairs = getaddresses([message_from_bytes(raw + b"\r\n")["To"]])
    assert [(str(make_header(decode_header(owner))), address) for owner, address in pairs] == [
        (name, "anna@klient.example"),
        ("", "jan@klient.example"),
    ]


def test_an_address_in_a_domain_of_other_letters_is_written_in_ascii() -> None:
    assert mime.address_header("To", "anna@żuk.example") == b"To: anna@xn--uk-vva.example\r\n"


def test_many_references_are_folded() -> None:
    names = [f"<{number}-{'x' * 40}@klient.example>" for number in range(20)]
    raw = mime.header("References", " ".join(names))
    assert max(map(len, raw.splitlines())) <= 76
    assert str(read(raw)["References"]).split() == names


@pytest.mark.parametrize("sign", ["\r\n", "\n", "\r", "\0", "\x1b"])
def test_no_value_begins_a_header_of_its_own(sign: str) -> None:
    with pytest.raises(ValueError, match="Subject"):
        mime.header("Subject", f"Raport{sign}Bcc: ofiara@inny.example")
    with pytest.raises(ValueError, match="To"):
        mime.address_header("To", f"anna@klient.example{sign}Bcc: ofiara@inny.example")


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("kind", ["plain", "html"])
def test_a_text_is_read_as_it_was_written(text: str, kind: str) -> None:
    raw = mime.text_part(kind, text)
    part = read(raw)
    assert part.get_content_type() == f"text/{kind}"
    content = part.get_content()
    assert content.rstrip("\r\n").replace("\r\n", "\n") == re.sub(r"\r\n?", "\n", text).rstrip("\n")
    assert max(map(len, raw.split(b"\r\n"))) <= 76


@pytest.mark.parametrize("name", ["plik.csv", "Łata do faktur.pdf", 'a"b;c.txt', "報" * 100 + ".txt"])
def test_a_file_comes_with_its_name_and_all_its_bytes(name: str) -> None:
    content = bytes(range(256)) * 50
    raw = mime.multipart(
        "mixed", [mime.text_part("plain", "W pliku."), mime.file_part(Attachment(name, "application/pdf", content))]
    )
    assert max(map(len, raw.split(b"\n"))) <= 998
    (file,) = read(raw).iter_attachments()
    assert (file.get_filename(), file.get_content_type(), file.get_content()) == (name, "application/pdf", content)
