"""Documents and plans in Whoosh's words."""

from __future__ import annotations

import heapq
import itertools
import time
from collections.abc import Iterator
from typing import Any

from whoosh import fields, query
from whoosh.reading import IndexReader

from app.search.analysis import ANALYSIS, indexed_terms
from app.search.document import Document, Key, Question, Values, several
from app.search.plan import Clause, Options, Plan
from app.search.whoosh.codec import Places

SCHEMA_VERSION = f"5-{ANALYSIS}"
LONGEST_TEXT = 100_000
TITLE_BOOST, NUMBER_BOOST = 3.0, 100.0
MOST_PREFIXES, MOST_LOOKED_AT = 64, 2_000
PREFERENCE = 5.0
ALL_WORDS, ONE_WORD = 100.0, 20.0
SPOKEN = ("title", "body")


class Text(fields.TEXT):
    """Text by our own terms, several of which may stand at one position. Whoosh's own chain takes twice as long."""

    def __init__(self) -> None:
        super().__init__()
        self.format = Places()

    def index(self, value: str, **_options: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        places: dict[str, list[int]] = {}
        for position, term in indexed_terms(value, None):
            places.setdefault(term, []).append(position)
        for term, positions in places.items():
            yield term.encode(), len(positions), float(len(positions)), self.format.encode(positions)


def schema() -> fields.Schema:
    """`internal` holds notes: no customer's query names it."""
    text = Text()
    return fields.Schema(
        key=fields.ID(unique=True, stored=True),
        source=fields.ID,
        number=fields.ID,
        title=text,
        body=text,
        internal=text,
        access=fields.KEYWORD,
        kind=fields.ID(sortable=True),
        status=fields.ID(sortable=True),
        product_groups=fields.KEYWORD(sortable=True),
        languages=fields.KEYWORD(sortable=True),
        authors=fields.KEYWORD(sortable=True),
        dates=fields.KEYWORD(sortable=True),
    )


def stored(document: Document) -> dict[str, str]:
    return {
        "key": key_text(document.key),
        "source": document.key.source,
        "number": "" if document.number is None else str(document.number),
        "title": document.title,
        "body": document.body[:LONGEST_TEXT],
        "internal": document.internal[:LONGEST_TEXT],
        "access": " ".join(sorted(document.access)),
        "kind": document.kind,
        "status": document.status,
        "product_groups": " ".join(document.product_groups),
        "languages": " ".join(document.languages),
        "authors": " ".join(document.authors),
        "dates": " ".join(document.dates),
    }


def key_text(key: Key) -> str:
    return f"{key.source}:{key.id}"


def key_of(text: str) -> Key:
    source, _colon, row_id = text.partition(":")
    return Key(source, int(row_id))


def narrowing(question: Question) -> list[query.Query]:
    """What keeps the asker within his reach and his filters."""
    narrow: list[query.Query] = [_any_value(name, values) for name, values in question.filters.items() if values]
    if question.allowed is not None:
        narrow.append(query.Or([query.Term("access", term) for term in sorted(question.allowed)]))
    barred = [_any_value(name, values) for name, values in question.barred.items() if values]
    return [*narrow, query.AndNot(query.Every(), query.Or(barred))] if barred else narrow


def built(plan: Plan, question: Question, reader: IndexReader) -> query.Query:
    """Every group must be found in any of the fields; with `any_word` one group will do."""
    if plan.is_empty:
        return query.Every()
    names = (*SPOKEN, "internal") if question.internal else SPOKEN
    groups = [query.Or([_clause(clause, names, reader) for clause in group]) for group in plan.groups]
    parts = [*groups, *(_phrase(phrase, names) for phrase in plan.phrases)]
    found: list[query.Query] = [query.And(parts)] if parts else []
    if question.any_word:  # More of what is sought before better places of less of it.
        found += [query.ConstantScoreQuery(found[0], ALL_WORDS)] if found else []
        found += groups
        found += [query.ConstantScoreQuery(group, ONE_WORD) for group in groups]
    if plan.number is not None:
        found.append(query.Term("number", str(plan.number), boost=NUMBER_BOOST))
    wanted: query.Query = query.Or(found)
    if plan.without:
        wanted = query.AndNot(wanted, query.Or([_clause(clause, names, reader) for clause in plan.without]))
    preferred = [query.Term(name, value) for name, value in question.preferred.items() if value]
    if preferred:
        worth = [query.ConstantScoreQuery(term, PREFERENCE) for term in preferred]
        wanted = query.AndMaybe(wanted, query.Or(worth))
    return wanted


def _any_value(name: str, values: Values) -> query.Query:
    return query.Or([query.Term(name, value) for value in several(values)])


def any_of(terms: frozenset[str], question: Question, reader: IndexReader) -> query.Query:
    """Of thousands only the few that stand anywhere and are looked up in time, so that no others are walked for."""
    names = (*SPOKEN, "internal") if question.internal else SPOKEN
    found: set[tuple[str, str]] = set()
    for name, term in itertools.product(names, terms):
        if time.monotonic() > question.until:
            break
        if term.endswith("*"):
            found |= {(name, word) for word in _begun(name, term[:-1], reader)}
        elif (name, term) in reader:
            found.add((name, term))
    return query.Or([query.Term(name, term) for name, term in sorted(found)])


def _clause(clause: Clause, names: tuple[str, ...], reader: IndexReader) -> query.Query:
    found: list[query.Query] = []
    for name in names:
        found += _terms(name, clause.options)
        if clause.prefix:
            found += [query.Term(name, term) for term in _begun(name, clause.prefix, reader)]
    for said in clause.names:
        found.append(query.And([query.Or([t for name in names for t in _terms(name, word)]) for word in said]))
    return query.Or(found)


def _begun(name: str, prefix: str, reader: IndexReader) -> Iterator[str]:
    """The most frequent words that begin so."""
    known = itertools.islice(reader.iter_prefix(name, prefix), MOST_LOOKED_AT)
    for text, _info in heapq.nlargest(MOST_PREFIXES, known, key=lambda each: each[1].doc_frequency()):
        yield text.decode() if isinstance(text, bytes) else text


def _terms(name: str, options: Options) -> list[query.Query]:
    """A word in any of its forms, the surer the better."""
    boost = TITLE_BOOST if name == "title" else 1.0
    return [query.Term(name, term, boost=boost * sure) for term, sure in options]


def _phrase(phrase: tuple[tuple[str, int], ...], names: tuple[str, ...]) -> query.Query:
    said = [term for term, _distance in phrase]
    slop = max(distance for _term, distance in phrase)
    return query.Or([query.Phrase(name, said, slop=slop) for name in names])
