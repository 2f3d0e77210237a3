"""Letters as the world writes them: what each says, whatever is wrong with it. The letters lie in tests/letters."""

from __future__ import annotations

import binascii
from pathlib import Path

import pytest

from app.languages import guess_any
from app.mail.letter import File, Understood
from app.mail.parse import understand
from tests.mail.letters import letter

LETTERS = Path(__file__).resolve().parent.parent / "letters"
GREETING = "Dzień dobry,\n\nraport „Sprzedaż” nie działa od wczoraj. Żółć, źdźbło, ćma.\n\nAnna"
PLAIN_GREETING = GREETING.replace("„", '"').replace("”", '"')
HEAD = b"From: Anna <anna@klient.example>\r\nSubject: x\r\nMIME-Version: 1.0\r\n"


def read(name: str) -> Understood:
    return understand((LETTERS / f"{name}.eml").read_bytes())


# Words in every charset


@pytest.mark.parametrize(
    ("name", "subject", "text"),
    [
        ("cp1250", "Raport śródowy", GREETING),
        ("iso-8859-2", "Zgłoszenie: raport nie działa", PLAIN_GREETING),
        ("cp1250-called-iso-8859-2", "Świetny raport, którego brak", GREETING),
        ("utf-8-called-latin-1", "Raport", GREETING),
        ("raw-cp1250-headers", "Zgłoszenie: źle działa", PLAIN_GREETING),
        ("raw-utf-8-headers", "Zgłoszenie: źle działa", GREETING),
        ("encoded-word-cut-in-a-letter", "Zażółć gęślą jaźń", "Nic nie widac."),
        ("unknown-charset", "Raport", GREETING),
        ("no-charset", "Raport", PLAIN_GREETING),
        ("utf-7-with-half-a-letter", "Raport", "Raport  nie działa."),
        ("nul-bytes", "Raport o zerach", "Zero."),
        ("blank-lines-before-the-header", "Raport", "Po pustych wierszach."),
        ("mbox-line-before-the-header", "Raport", "Ze skrzynki."),
        ("multipart-without-boundary", "Raport", "Tekst bez granic."),
        ("boundary-that-never-comes", "Raport", "Tekst przed granicą, której nie ma."),
        ("cut-off-multipart", "Raport", "Opis jest cały."),
        ("broken-base64", "Raport", "Plik w zalaczniku."),
        ("unknown-transfer-encoding", "Raport", "Tekst, jaki jest."),
        ("html-placeholder", "Raport", "Prawdziwa tresc listu."),
        ("signed", "Raport", "Podpisany list."),
        ("calendar-invitation", "Zaproszenie: spotkanie", "Spotkajmy sie w poniedzialek."),
        ("bytes-in-structured-headers", "Raport", "Dziwne naglowki."),
        ("empty-body", "Bez slowa", ""),
        ("empty", "", ""),
        ("only-a-file", "", ""),
        ("no-header-at-all", "", "Pomocy, nic nie działa!\n\nAnna"),
    ],
)
def test_subject_and_text(name: str, subject: str, text: str) -> None:
    letter = read(name)
    assert (letter.subject, letter.text) == (subject, text)


@pytest.mark.parametrize(
    ("name", "author", "address"),
    [
        ("cp1250", "Anna Nowak", "anna@klient.example"),
        ("iso-8859-2", "Anna Łódźka", "anna@klient.example"),
        ("raw-cp1250-headers", "Łukasz Żak", "lukasz@klient.example"),
        ("raw-utf-8-headers", "Łukasz Żak", "łukasz@klient.example"),
        ("upper-case-author", "", "anna@klient.example"),
        ("several-authors", "Jan Kos", "jan@klient.example"),
        ("group-as-author", "", "sekretariat@klient.example"),
        ("nul-bytes", "Anna", "anna@klient.example"),
    ],
)
def test_who_wrote(name: str, author: str, address: str) -> None:
    sender = read(name).sender
    assert sender is not None
    assert (sender.name, sender.address) == (author, address)


@pytest.mark.parametrize("name", ["no-author", "no-header-at-all"])
def test_nobody_wrote(name: str) -> None:
    assert read(name).sender is None


@pytest.mark.parametrize(
    ("name", "warning"),
    [
        ("cp1250-called-iso-8859-2", "charset iso-8859-2 repaired"),
        ("no-charset", "charset none repaired"),
        ("cut-off-multipart", "the letter ends before its last part"),
        ("only-a-quote", "only quoted text"),
    ],
)
def test_what_was_wrong_is_said(name: str, warning: str) -> None:
    assert warning in read(name).warnings


def test_identifiers_have_no_brackets_and_those_that_no_row_holds_are_left_out() -> None:
    assert read("vacation").in_reply_to == ("OUR-LETTER",)
    assert read("cp1250").message_id == "cp1250@klient.example"
    assert read("long-message-id-without-brackets").message_id is None


def test_references_keep_their_order_each_once() -> None:
    letter = understand(HEAD + b"In-Reply-To: <b@x>\r\nReferences: <a@x> <b@x>\r\n\t<a@x> <c@x>\r\n\r\n")
    assert letter.references == ("a@x", "b@x", "c@x")
    assert letter.in_reply_to == ("b@x",)


def test_the_date_is_an_instant_or_nothing() -> None:
    date = read("cp1250").date
    assert date is not None
    assert date.isoformat() == "2026-11-27T09:00:00+00:00"
    for nonsense in (b"", b"yesterday", b"Fri, 99 Nov 2026 10:00:00 +0100", b"Fri, 27 Nov 9999999 10:00:00 +9999"):
        assert understand(HEAD + b"Date: " + nonsense + b"\r\n\r\n").date is None


@pytest.mark.parametrize(("name", "language"), [("cp1250", "pl"), ("machine-report", "en"), ("empty", None)])
def test_the_language_is_guessed_by_small_words(name: str, language: str | None) -> None:
    assert read(name).language == language


@pytest.mark.parametrize(
    ("text", "language"), [("I am out of office until Friday.", "en"), ("Wracam 7 grudnia.", "pl")]
)
def test_a_short_answer_tells_its_language(text: str, language: str) -> None:
    assert guess_any(text) == language


@pytest.mark.parametrize(
    "head",
    [
        "From: Anna <anna@klient.example>\nX-Spam: no\ntests=NONE, autolearn=no\nSubject: Raport",
        "---- Original message ----\nFrom: Anna <anna@klient.example>\nSubject: Raport",
        "From : Anna <anna@klient.example>\nSubject\t: Raport",
        "Reply-To: Anna <anna@klient.example>\nSubject: Raport",
    ],
)
def test_a_broken_header_is_mended(head: str) -> None:
    found = understand(f"{head}\nContent-Type: text/plain; charset=x-cp1250\n\nDziała, świetnie.".encode("cp1250"))
    assert (found.subject, found.text) == ("Raport", "Działa, świetnie.")
    assert found.sender is not None
    assert (found.sender.name, found.sender.address) == ("Anna", "anna@klient.example")


def test_a_body_without_its_blank_line_is_no_header() -> None:
    raw = b"From: Anna <anna@klient.example>\nSubject: Raport\nDzien dobry,\nSubject: to moje slowa\n\nAnna"
    found = understand(raw)
    assert (found.subject, found.text) == ("Raport", "Dzien dobry,\nSubject: to moje slowa\n\nAnna")


# Files


def files_of(name: str) -> list[tuple[str, str, bool]]:
    return [(file.name, file.content_type, file.inline) for file in read(name).files]


def test_files_keep_their_names_and_lose_what_is_dangerous_in_them() -> None:
    assert [name for name, _type, _inline in files_of("odd-names")] == [
        "Zażółć faktura.pdf",
        "Żali faktura.pdf",
        "x",
        "x.dll",
        "bardzo długa nazwa.txt",
        "attachment-6.png",
        "con.txt",
        "żółw.txt",
        "fakturafdp.exe",
        "ÿþ.bin",
    ]


def test_a_type_that_is_no_type_is_only_bytes() -> None:
    assert files_of("bytes-in-structured-headers") == [("łó˙.bin", "application/octet-stream", False)]
    assert files_of("nul-bytes") == [("ab.txt", "application/xy", False)]


def test_an_inline_picture_is_told_from_a_file() -> None:
    (picture,) = read("inline-picture").files
    assert picture == File("image001.png", "image/png", b"\x89PNG\r\n\x1a\n", "obraz1", True)


def test_a_letter_in_a_letter_is_one_file_with_all_that_it_holds() -> None:
    letter = read("letter-in-a-letter")
    (inner,) = letter.files
    assert (inner.name, inner.content_type) == ("Błąd 17.eml", "message/rfc822")
    assert letter.text == "W załączniku list od klienta."
    assert letter.message_id == "nested@klient.example"
    again = understand(inner.content)
    assert again.text == "To jest list wewnętrzny."
    assert [file.name for file in again.files] == ["inner.zip"]


def test_a_file_that_was_cut_off_is_kept_as_far_as_it_came() -> None:
    (file,) = read("cut-off-multipart").files
    assert file.content.startswith(b"%PDF-1.4")


@pytest.mark.parametrize("name", ["signed", "calendar-invitation"])
def test_what_machines_add_for_each_other_is_no_file(name: str) -> None:
    assert [file.name for file in read(name).files if file.counts] == []


def test_files_in_the_text_itself_are_taken_out() -> None:
    begin, end = "begin 644 raport.txt", "end"
    lines = binascii.b2a_uu(b"Raport za listopad").decode()
    found = understand(letter(text=f"W załączeniu raport.\n\n{begin}\n{lines}`\n{end}\n"))
    assert found.text == "W załączeniu raport."
    assert [(file.name, file.content_type, file.content) for file in found.files] == [
        ("raport.txt", "text/plain", b"Raport za listopad")
    ]


def test_a_person_who_writes_begin_and_end_keeps_his_words() -> None:
    text = "begin 644 raport.txt\nto nie jest plik\nend"
    assert understand(letter(text=text)).text == text


def test_a_content_type_without_its_semicolon_is_understood() -> None:
    raw = (
        b'From: a@x.example\nContent-Type: multipart/mixed\n\tboundary="b"\n\n--b\nContent-Type: image/png\n'
        b'Content-Disposition: ; filename="zrzut.png"\nContent-Transfer-Encoding: base64\n\naGVq\n--b--\n'
    )
    assert [file.content_type for file in understand(raw).files] == ["image/png"]


def test_an_empty_file_is_told_of_and_is_none() -> None:
    found = understand(
        HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nRaport.\r\n--b\r\n"
        b"Content-Type: application/pdf; name=raport.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n\r\n--b--\r\n"
    )
    assert (found.text, found.files, found.warnings) == ("Raport.", (), ("empty file: raport.pdf",))


def test_parts_below_another_boundary_than_the_named_one_are_read() -> None:
    picture = b"Content-Type: image/png; name=zrzut.png\r\nContent-Transfer-Encoding: base64\r\n\r\naGVq\r\n"
    said = "Żółty raport."
    parts = f"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{said}\r\n--b\r\n".encode() + picture + b"--b--\r\n"
    found = understand(HEAD + b"Content-Type: multipart/mixed; boundary=renamed\r\n\r\n" + parts)
    assert (found.text, [file.name for file in found.files]) == (said, ["zrzut.png"])


def test_parts_that_cannot_be_parted_are_read_as_text_and_kept_as_they_are() -> None:
    lost = b"Content-Type: multipart/mixed; boundary=never\r\n\r\n"
    found = understand(HEAD + lost + b"Raport.\r\n")
    assert (found.text, [file.content.strip() for file in found.files]) == ("Raport.", [b"Raport."])
    within = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nTekst.\r\n--b\r\n" + lost
    found = understand(HEAD + within + b"Raport.\r\n--b--\r\n")
    assert (found.text, len(found.files)) == ("Tekst.\n\nRaport.", 1)
    assert understand(HEAD + lost).files == ()


def test_a_signature_counts_as_a_file_only_where_it_signs_nothing() -> None:
    part = b'Content-Type: application/pkcs7-signature; name="smime.p7s"\n\nxx\n--b--\n'
    for kind, files in ((b"signed", 0), (b"mixed", 1)):
        raw = b"From: a@x.example\nContent-Type: multipart/" + kind + b"; boundary=b\n\n--b\n\nTak.\n--b\n" + part
        assert len(understand(raw).files) == files
