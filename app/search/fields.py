"""`field:value` in a search: which values of the index are meant. What means nothing is searched as words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from sqlalchemy import select

from app.extensions import db
from app.models.entry import ContentType
from app.models.product_group import ProductGroup
from app.models.ticket import State
from app.search.analysis import fold
from app.search.document import TICKET, Question, Values, several
from app.search.parse import parse
from app.search.people import accounts_of

A_MONTH = re.compile(r"(20\d\d)(?:-(0[1-9]|1[0-2]))?")
MOST_AUTHORS = 50
NOBODY = ("0",)
TICKETS = ("zgloszenie", "zgloszenia", "bilet", "bilety", "ticket", "tickets")
SPOKEN = {"polski": "pl", "polish": "pl", "angielski": "en", "english": "en"}


def narrowed(question: Question) -> Question:
    """The question with its words only, its fields as filters beside those that it had."""
    parsed = parse(question.text)
    filters, barred = dict(question.filters), dict(question.barred)
    text = parsed.text
    for said in reversed(parsed.fields):
        values = FINDERS[said.name][1](said.value) if said.value else ()
        if not values:  # No such value: its words may still stand somewhere.
            text = f"{text[: said.start]}{'-' if said.minus else ''}{said.typed_value}{text[said.end :]}"
            continue
        text = f"{text[: said.start]} {text[said.end :]}"
        column = FINDERS[said.name][0]
        if said.minus:
            barred[column] = (*several(barred.get(column, ())), *values)
        else:
            filters[column] = _both(filters.get(column, ()), values)
    told = filters != dict(question.filters) or barred != dict(question.barred)
    anything = told and not parse(text).words and not parse(text).without
    return replace(question, text=" ".join(text.split()), filters=filters, barred=barred, anything=anything)


def fields_of(text: str) -> str:
    """What of a search names fields, as it was typed."""
    parsed = parse(text)
    return " ".join(parsed.text[said.start : said.end] for said in parsed.fields)


def _both(before: Values, values: tuple[str, ...]) -> tuple[str, ...]:
    """What both ask for; of a field that is named twice any value will do only where one of them is new."""
    kept = tuple(value for value in several(before) if value in values)
    return kept or (NOBODY if before else values)


def _named(names: Iterable[tuple[str, Iterable[str]]], value: str) -> tuple[str, ...]:
    """The codes one of whose names is the value; else those with a name that begins so."""
    known = [(code, [fold(name) for name in said]) for code, said in names]
    exact = tuple(code for code, said in known if value in said)
    return exact or tuple(code for code, said in known if any(name.startswith(value) for name in said))


def _states(value: str) -> tuple[str, ...]:
    rows = db.session.execute(select(State.code, State.name_pl, State.name_en, State.names))
    return _named(((code, (code, pl, en, *names.values())) for code, pl, en, names in rows), value)


def _groups(value: str) -> tuple[str, ...]:
    rows = db.session.execute(select(ProductGroup.id, ProductGroup.name, ProductGroup.names))
    return _named(((str(id_), (name, name.replace(" ", ""), *names.values())) for id_, name, names in rows), value)


def _kinds(value: str) -> tuple[str, ...]:
    kind = ContentType
    rows = db.session.execute(select(kind.code, kind.name_pl, kind.name_en, kind.names))
    return _named(
        [(TICKET, TICKETS), *((code, (code, pl, en, *names.values())) for code, pl, en, names in rows)], value
    )


def _languages(value: str) -> tuple[str, ...]:
    return (value,) if value in SPOKEN.values() else _named(((code, (name,)) for name, code in SPOKEN.items()), value)


def _dates(value: str) -> tuple[str, ...]:
    return (value,) if A_MONTH.fullmatch(value) else ()


def _authors(value: str) -> tuple[str, ...]:
    """Whoever is called so; of nobody nothing is found, so that it never tells whether there is such an account."""
    if value.isascii() and value.isdecimal() and len(value) < 10:
        return (value,)
    return tuple(map(str, accounts_of(value, MOST_AUTHORS))) or NOBODY


FINDERS: Mapping[str, tuple[str, Callable[[str], tuple[str, ...]]]] = {
    "status": ("status", _states),
    "product_group": ("product_groups", _groups),
    "kind": ("kind", _kinds),
    "language": ("languages", _languages),
    "author": ("authors", _authors),
    "date": ("dates", _dates),
}
