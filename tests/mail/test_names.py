"""Names of people and of files, in every form in which programs write them down."""

from __future__ import annotations

from base64 import encodebytes

import pytest

from app.mail.explain import explain

PDF = "application/pdf"


@pytest.mark.parametrize("charset", ["utf-8", "cp1250", "iso-8859-2"])
@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("Anna Nowak <anna@klient.example>", "Anna Nowak"),
        ('"Nowak, Anna" <anna@klient.example>', "Nowak, Anna"),
        ("Nowak, Anna <anna@klient.example>", "Nowak, Anna"),
        ("Łucja Żak <anna@klient.example>", "Łucja Żak"),
        ("=?utf-8?Q?=C5=81ucja_=C5=BBak?= <ANNA@Klient.Example>", "Łucja Żak"),
        ('"=?utf-8?B?xYF1Y2phIMW7YWs=?=" <anna@klient.example>', "Łucja Żak"),
        ("=?utf-8?Q?=C5=BBak=2C_=C5=81ucja?= <anna@klient.example>", "Żak, Łucja"),
        ("=?iso-8859-2?Q?=A3ucja?= =?iso-8859-2?Q?_=AFak?= <anna@klient.example>", "Łucja Żak"),
        ("anna@klient.example (=?utf-8?Q?=C5=81ucja_=C5=BBak?=)", "Łucja Żak"),
        ("anna@klient.example", ""),
        ("<anna@klient.example>", ""),
        ("Zespół: Anna Nowak <anna@klient.example>;", "Anna Nowak"),
        ("Anna Nowak [Klient] <anna@klient.example>", "Anna Nowak [Klient]"),
        ("Anna@Klient <anna@klient.example>", "Anna@Klient"),
        ("Anna\r\n Nowak\r\n <anna@klient.example>", "Anna Nowak"),
        ("Anna Nowak <mailto:anna@klient.example>", "Anna Nowak"),
        ("Anna Nowak <anna@klient.example", "Anna Nowak"),
        ("anna@klient.example, Jan Lis <jan@klient.example>", ""),
    ],
)
def test_who_wrote(value: str, name: str, charset: str) -> None:
    told = explain("x", f"From: {value}\r\nSubject: x\r\n\r\n".encode(charset))
    assert (told["from_name"], told["from_email"]) == (name, "anna@klient.example")


def attached(head: str, charset: str = "utf-8") -> tuple[str, int]:
    """Name and size of the only file."""
    part = f"{head}\nContent-Transfer-Encoding: base64\n\n{encodebytes(b'dane').decode()}"
    raw = f"From: a@x.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nTekst.\n--b\n{part}\n--b--\n"
    (file,) = explain("x", raw.encode(charset))["attachments"]
    return file["name"], file["size"]


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ("filename*=utf-8''Zg%C5%82oszenie.pdf", "Zgłoszenie.pdf"),
        ('filename="{}"'.format("Załącznik.pdf".encode().decode("latin-1")), "Załącznik.pdf"),
        ('filename="Ãrger über Zażółć.pdf"', "Ãrger über Zażółć.pdf"),
        ("filename*=iso-8859-2'pl'Zg%B3oszenie.pdf", "Zgłoszenie.pdf"),
        ("filename*=''Zg%C5%82oszenie.pdf", "Zgłoszenie.pdf"),
        ("filename*0*=utf-8''Za%C5;\n filename*1*=%BC%20;\n filename*2=\"b.pdf\"", "Zaż b.pdf"),
        ('filename*1="b.pdf"; filename*0="a"', "ab.pdf"),
        ("filename=\"Zg_oszenie.pdf\"; filename*=utf-8''Zg%C5%82oszenie.pdf", "Zgłoszenie.pdf"),
        ('filename="=?utf-8?Q?Zg=C5=82oszenie.pdf?="', "Zgłoszenie.pdf"),
        ("filename==?utf-8?Q?Zg=C5=82oszenie.pdf?=", "Zgłoszenie.pdf"),
        (
            'filename="=?utf-8?B?QmFyZHpvIGTFgnVnYSBuYXp3YSA=?=\n =?utf-8?B?cGxpa3UucGRm?="',
            "Bardzo długa nazwa pliku.pdf",
        ),
        ('filename="Zg%C5%82oszenie%20nowe.pdf"', "Zgłoszenie nowe.pdf"),
        ('filename="50% rabatu.pdf"', "50% rabatu.pdf"),
        ("filename=Raport za listopad.pdf", "Raport za listopad.pdf"),
        ('filename="C:\\\\Users\\\\Anna\\\\raport.pdf"', "raport.pdf"),
        ("x=y", "attachment-1.pdf"),
    ],
)
def test_what_a_file_is_called(disposition: str, name: str) -> None:
    assert attached(f"Content-Type: {PDF}\nContent-Disposition: attachment; {disposition}") == (name, 4)


@pytest.mark.parametrize("charset", ["utf-8", "cp1250", "iso-8859-2"])
def test_a_name_in_raw_bytes(charset: str) -> None:
    head = f'Content-Type: {PDF}\nContent-Disposition: attachment; filename="Zgłoszenie świąteczne.pdf"'
    assert attached(head, charset) == ("Zgłoszenie świąteczne.pdf", 4)


def test_a_letter_in_a_letter_in_base64_is_decoded() -> None:
    letter = "From: jan@x.example\r\nSubject: Błąd\r\n\r\nxx".encode()
    inner = encodebytes(letter).decode()
    raw = "From: a@x.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n"
    raw += f"Content-Transfer-Encoding: base64\n\n{inner}\n--b--\n"
    (file,) = explain("x", raw.encode())["attachments"]
    assert (file["name"], file["size"]) == ("Błąd.eml", len(letter))


def test_an_invitation_does_not_count_under_either_of_its_types() -> None:
    raw = b"From: a@x.example\nContent-Type: application/ics; name=invite.ics\n\nBEGIN:VCALENDAR\nEND:VCALENDAR\n"
    assert explain("x", raw)["attachments"] == []


@pytest.mark.parametrize("value", ["MAILER-DAEMON (Mail Delivery System)", "Mail Delivery System <MAILER-DAEMON>"])
def test_a_sender_without_a_domain_is_told_as_it_stands(value: str) -> None:
    told = explain("x", f"From: {value}\r\nSubject: x\r\n\r\nx".encode())
    assert (told["from_email"], told["from_name"]) == ("mailer-daemon", "Mail Delivery System")
    assert explain("x", b"From: Anna Nowak\r\nSubject: x\r\n\r\nx")["from_email"] is None


@pytest.mark.parametrize(("kind", "inline"), [("image/png", True), ("application/pdf", False)])
def test_a_picture_that_stands_in_the_letter_is_told_as_inline(kind: str, inline: bool) -> None:
    """Also where no Content-ID names its place (Apple Mail)."""
    raw = f"From: a@b.example\r\nContent-Type: {kind}; name=x\r\nContent-Disposition: inline\r\n\r\nx".encode()
    (file,) = explain("x", raw)["attachments"]
    assert file["inline"] is inline
