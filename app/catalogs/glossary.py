"""Words that the desk says in one way only, in each language: who says them otherwise is warned, never refused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer
from babel import Locale
from sqlalchemy import select

from app.catalogs.faults import BRACES, PERCENT
from app.extensions import db
from app.models.translation import GlossaryTerm
from app.search.analysis import fold, terms, words
from app.search.analysis.terms import stem

VALUE = re.compile(r"\{\{.*?\}\}")  # of letters
SHIPPED = (  # of Polish: source, what it is called, what it is not called, note
    (
        "ticket",
        "zgłoszenie, zgłaszający",
        "bilet, tiket, ticket",
        "Bilety to nazwa programu i menu klientów z przyciskiem „Dodaj bilet”, zgodnie z ich instrukcją.",
    ),
    ("letter", "wiadomość, list, e-mail, litera", "mejl", "Wiadomość e-mail; w nazwach i wzorcach litera."),
    ("customer", "klient, klienci", "kontrahent, kontrahenci", ""),
    ("consultant", "konsultant, konsultanci", "agent, agenci, doradca", ""),
    ("organisation", "organizacja, firma", "", "Firma klienta."),
    ("product group", "grupa produktowa", "", ""),
    ("article", "artykuł", "", ""),
    ("business day", "dzień roboczy", "", ""),
    ("colleague", "współpracownik, kolega", "", "Ktoś z tej samej organizacji."),
    ("draft", "szkic", "", ""),
    ("field", "pole", "", ""),
    ("hook", "webhook", "", ""),
    ("role", "rola", "", ""),
    ("rule", "reguła", "", ""),
    ("service level", "poziom obsługi", "", "Umówiona gwarancja czasu odpowiedzi i rozwiązania."),
    ("tag", "etykieta", "znacznik", ""),
    ("template", "szablon", "", ""),
    ("working hours", "godziny pracy", "", ""),
    ("mailbox", "skrzynka", "", ""),
    ("attachment", "załącznik, plik", "", ""),
    ("knowledge base", "baza wiedzy", "", ""),
    ("password", "hasło", "", ""),
)


@dataclass(frozen=True)
class Term:
    """A word of the source, what it is called in a language, and what it is not called."""

    source: str
    use: tuple[str, ...]
    avoid: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, eq=False)  # one object for as long as nothing of it changes
class Glossary:
    language: str
    terms: tuple[Term, ...] = ()

    def of(self, source: str) -> list[Term]:
        """The words of the source that have a place in the glossary."""
        bare = _bare(source)
        return [term for term in self.terms if _in_english(term.source).search(bare)]

    def broken(self, source: str, strings: Sequence[str]) -> list[Term]:
        """The words that are said otherwise: a wrong one is used, or none of the right ones, in whatever form."""
        said = [_stems(word.text, self.language) for word in words(_bare(" ".join(strings)))]
        return [
            term
            for term in self.of(source)
            if any(self._says(said, each) for each in term.avoid)
            or (term.use and not any(self._says(said, each) for each in term.use))
        ]

    def _says(self, said: list[frozenset[str]], name: str) -> bool:
        """Whether the words of the name stand there, side by side."""
        wanted = [_stems(word.text, self.language) for word in words(name)]
        places = range(len(said) - len(wanted) + 1)
        return any(all(a & b for a, b in zip(wanted, said[place:], strict=False)) for place in places)


def glossary(language: str) -> Glossary:
    """As it stands now."""
    row = GlossaryTerm
    query = select(row.source, row.allowed, row.forbidden, row.note).where(row.language == language, row.active)
    found = db.session.execute(query.order_by(row.source)).all()
    return _made(language, tuple(Term(each.source, _each(each[1]), _each(each[2]), each.note) for each in found))


def add_shipped() -> None:
    """The glossary that Bilety comes with, where there is none."""
    if db.session.scalar(select(GlossaryTerm.id).limit(1)) is None:
        for source, allowed, forbidden, note in SHIPPED:
            row = GlossaryTerm(source=source, language="pl", allowed=allowed, forbidden=forbidden, note=note)
            db.session.add(row)


@lru_cache(maxsize=32)
def _made(language: str, found: tuple[Term, ...]) -> Glossary:
    return Glossary(language, found)


def _each(names: str) -> tuple[str, ...]:
    return tuple(name for each in names.split(",") if (name := each.strip()))


def _bare(text: str) -> str:
    """Without what stands for values, whose names are no words."""
    return BRACES.sub(" ", PERCENT.sub(" ", VALUE.sub(" ", text)))


@lru_cache(maxsize=512)
def _in_english(source: str) -> re.Pattern[str]:
    """The word, also of many."""
    return re.compile(rf"\b{re.escape(source[:-1])}(?:{re.escape(source[-1:])}(?:e?s)?|ies)\b", re.IGNORECASE)


@lru_cache(maxsize=16384)
def _stems(word: str, language: str) -> frozenset[str]:
    """What all forms of a word have in common: by the stemmer of the language, or without the last two letters."""
    if language in ("pl", "en"):
        return frozenset(terms(word, language))
    word, algorithm = word.lower(), str(Locale.parse(language).english_name).lower()
    if algorithm in snowballstemmer.algorithms():
        return frozenset({fold(word), fold(stem(word, algorithm))})
    return frozenset({fold(word), fold(word)[: max(4, len(word) - 2)]})
