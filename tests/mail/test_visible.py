"""What the author newly wrote; what his mail program added is folded, nothing is removed."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.mail.parse import understand
from app.mail.visible import part, plain_lines

LETTERS = Path(__file__).resolve().parent.parent / "letters"


@pytest.mark.parametrize(
    ("name", "visible", "kinds"),
    [
        ("gmail", "Nadal nie działa.", ["attribution", "quote", "signature"]),
        ("outlook-html", "Odświeżyłam, dalej pusto.", ["attribution", "quote"]),
        ("outlook-plain-polish", "Dziękuję, już działa.\n\nAnna", ["attribution", "quote"]),
        (
            "thunderbird-flowed",
            "To jest bardzo długi wiersz, który program złamał w połowie zdania.",
            ["attribution", "quote", "signature"],
        ),
        ("phone", "Jestem w pociągu, sprawdzę jutro.", ["footer", "attribution", "quote"]),
        ("disclaimer", "Raport jest pusty.", ["disclaimer"]),
        ("only-a-quote", "", ["quote"]),
    ],
)
def test_letters_of_common_programs(name: str, visible: str, kinds: list[str]) -> None:
    letter = understand((LETTERS / f"{name}.eml").read_bytes())
    assert letter.text == visible
    assert [part["kind"] for part in letter.folded] == kinds


def test_what_is_forwarded_is_content() -> None:
    letter = understand((LETTERS / "forwarded.eml").read_bytes())
    assert letter.is_forward
    assert "Eksport kończy się błędem 17." in letter.text
    assert letter.folded == ()


def visible_of(text: str) -> str:
    return part(plain_lines(text)).visible


@pytest.mark.parametrize(
    "announcement",
    [
        "W dniu 27.11.2026 o 10:00, Pomoc DYNAMICS pisze:",
        "W dniu pt., 27 lis 2026 o 10:00 Pomoc <pomoc@pomoc.example> napisał(a):",
        "Dnia 27 listopada 2026 10:00 Pomoc <pomoc@pomoc.example> napisał(a):",
        "W dniu 2026-11-27 10:00 użytkownik Pomoc\n<pomoc@pomoc.example> napisał:",
        "On Fri, Nov 27, 2026 at 10:00 AM Support <pomoc@pomoc.example> wrote:",
    ],
)
def test_who_wrote_when_above_a_quote_is_folded(announcement: str) -> None:
    assert visible_of(f"Nie działa.\n\n{announcement}\n> Proszę odświeżyć.\n> Pomoc") == "Nie działa."


@pytest.mark.parametrize(
    "separator",
    [
        "-----Oryginalna wiadomość-----",
        "-------- Oryginalna wiadomość --------",
        "-----Original Message-----",
        "________________________________\nOd: Pomoc <p@pomoc.example>\nWysłano: piątek, 27 listopada 2026",
        "Od: Pomoc <p@pomoc.example>\nWysłano: 27.11.2026\nDo: Anna\nTemat: Raport",
        "From: Support <p@pomoc.example>\nSent: Friday, November 27, 2026\nTo: Anna\nSubject: Report",
        "________________________________ Od: Pomoc <p@pomoc.example> Wysłane: 27.11.2026 Do: Anna Temat: Raport",
        "  W dniu pt., 27 lis 2026 o 09:00, Pomoc<p@pomoc.example> napisał(a):   Dzień dobry,",
    ],
)
def test_everything_below_an_announced_letter_is_folded(separator: str) -> None:
    assert visible_of(f"Nie działa.\n\n{separator}\n\nProszę odświeżyć.\nPomoc") == "Nie działa."


@pytest.mark.parametrize(
    "own",
    [
        "W dniu 12 stycznia zgłosiłem awarię i nikt nie odpisał.",
        "On Monday it worked.\n\nOn Tuesday it did not.",
        "Od: kiedy zmieniliśmy serwer\njest źle.",
        ">From tu zaczyna się zdanie w skrzynce.",
        "Kwota: -- 5 zł",
        "a > b oraz c < d",
        "Temat: raport\nOpis: pusty",
        "Przepraszam za zamieszanie, dzwoniłam z telefonu męża.",
        "Nie drukuj, dopóki nie wymienią tonera.",
        "Jeśli nie jest to problem, proszę adresata zmienić na Jana.",
        "Sala:\n\nData: 20.10.2026\nOd: 10:00\nDo: 12:00\nTemat: szkolenie\n\nDziękuję",
        "Od: Warszawa\nDo: Kraków\nProszę o kuriera.",
        'Dnia 14.10.2026 o 9:00 Jan <jan@klient.example> napisał: "nie mamy". Co dalej?',
    ],
)
def test_the_authors_own_words_stay(own: str) -> None:
    assert visible_of(own) == own


def test_answers_between_the_quoted_lines_stay_in_their_order() -> None:
    text = "> Czy działa?\nNie.\n\n> A eksport?\nTeż nie."
    parted = part(plain_lines(text))
    assert parted.visible == "Nie.\n\nTeż nie."
    assert [folded["text"] for folded in parted.folded] == ["> Czy działa?", "> A eksport?"]


def test_nothing_of_a_letter_is_lost() -> None:
    text = (LETTERS / "gmail.eml").read_text().partition("\n\n")[2]
    parted = part(plain_lines(text))
    words = " ".join([parted.visible, *(folded["text"] for folded in parted.folded)]).split()
    assert sorted(words) == sorted(text.split())
