"""Words that are said in one way only, in any of their forms."""

from __future__ import annotations

import pytest

from app.catalogs.glossary import Glossary, Term

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
