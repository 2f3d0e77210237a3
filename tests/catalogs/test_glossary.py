"""Words that are said in one way only, in any of their forms."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from app.catalogs.check import as_forms
from app.catalogs.extract import ROOT
from app.catalogs.glossary import Glossary, Term
from app.catalogs.shipped import ALL

OTHER_WORD = re.compile(r"\bbile(?:t[a-ząó]*|cie)\b", re.IGNORECASE)  # for what a customer files
IN_THE_INSTRUCTION = {
    "Tickets": "Bilety",
    "Add a ticket": "Dodaj bilet",
}  # what it tells customers to press (S4)

TERMS = (
    Term("consultant", ("konsultant", "konsultanci"), ("agent", "doradca")),
    Term("knowledge base", ("baza wiedzy",)),
    Term("password", ("hasło",)),
    Term("ticket", ("zgłoszenie", "bilet"), ("tiket",)),
    Term("company", (), ("spółka",)),
)


@pytest.mark.parametrize(
    ("source", "said", "broken"),
    [
        ("%(count)s tickets wait", "%(count)s zgłoszeń czeka", []),
        ("Tickets of colleagues", "Bilety kolegów", []),
        ("Ticket closed", "Tiket zamknięty", ["ticket"]),
        ("Ticket closed", "Zgłoszenie (tiket) zamknięte", ["ticket"]),
        ("Ticket closed", "Sprawa zamknięta", ["ticket"]),
        ("%(ticket)s closed", "%(ticket)s: zamknięto", []),
        ("{{ ticket }} closed", "{{ ticket }}: zamknięto", []),
        ("Consultants", "Konsultanci", []),
        ("To the consultant", "Do konsultantki albo doradcy", ["consultant"]),
        ("Search the knowledge base", "Szukaj w bazie wiedzy", []),
        ("Search the knowledge base", "Szukaj w bazie artykułów", ["knowledge base"]),
        ("Passwords", "Haseł", []),
        ("Companies", "Spółki", ["company"]),
        ("Companies", "Firmy", []),
        ("A companion", "Spółka", []),
        ("Nothing of these", "Agent", []),
    ],
)
def test_polish_words_in_their_forms(source: str, said: str, broken: list[str]) -> None:
    assert [term.source for term in Glossary("pl", TERMS).broken(source, [said])] == broken


@pytest.mark.parametrize(
    ("language", "use", "said", "fits"),
    [
        ("de", "Anfrage", "Alle Anfragen", True),
        ("de", "Anfrage", "Alle Vorgänge", False),
        ("uk", "заявка", "Немає заявок", True),
        ("uk", "заявка", "Ваші заявки", True),
        ("uk", "заявка", "Немає квитків", False),
        ("ar", "تذكرة", "تذكرة جديدة", True),
    ],
)
def test_other_languages(language: str, use: str, said: str, *, fits: bool) -> None:
    assert bool(Glossary(language, (Term("ticket", (use,)),)).broken("Tickets", [said])) is not fits


def test_a_customer_files_a_zgloszenie_whatever_the_button_is_called() -> None:
    """Bilety is the product's name, its customers' menu and the button beside it; it is no word of a sentence."""
    said = Counter[tuple[str, str]]()
    for message in (each for shipped in ALL for each in shipped.read() if each.id):
        source = as_forms(message.id)[0]
        for text in as_forms(message.string):
            if len(OTHER_WORD.findall(text)) > len(re.findall(r"\bBilety\b", source)):
                said[source, text] += 1
    assert said == Counter(dict.fromkeys(IN_THE_INSTRUCTION.items(), 1))
    files = [*(ROOT / "app/mail/words/pl").iterdir(), *(ROOT / "app/demo").rglob("*.py")]
    assert [file.name for file in files if OTHER_WORD.search(file.read_text().replace("Bilety", ""))] == []
