"""Whoosh behind our own analysis. An index is a folder of its own; the file `current` names the one in use."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

from whoosh import fields, index, query
from whoosh.analysis import Analyzer, Token
from whoosh.index import LockError
from whoosh.searching import Searcher
from whoosh.writing import IndexWriter

from app.search.analysis import ANALYSIS, indexed_terms, is_stop_word, terms
from app.search.document import COUNT_LIMIT, Document, Found, Question
from app.search.engine import IndexDamaged
from app.search.parse import Parsed, Sought, parse

SCHEMA_VERSION = f"1-{ANALYSIS}"
MEMORY_MB = 48
REBUILD_BATCH = 5_000
LOCK_SECONDS = 60.0
LONGEST_BODY = 100_000
FACETS = ("status", "product_group")
TITLE_BOOST, NUMBER_BOOST = 3.0, 100.0
MOST_PREFIXES = 64


class OwnAnalyzer(Analyzer):
    """Our terms as Whoosh's tokens; several may stand at one position."""

    def __call__(self, value: str, **_options: Any) -> Iterator[Token]:
        token = Token(positions=True, chars=False)
        for position, term in indexed_terms(value, None):
            token.text = term
            token.boost = 1.0
            token.pos = position
            token.stopped = False
            yield token


def schema() -> fields.Schema:
    text = fields.TEXT(analyzer=OwnAnalyzer(), phrase=True)
    return fields.Schema(
        id=fields.ID(unique=True, stored=True),
        number=fields.ID,
        title=text,
        body=text,
        internal=text,
        access=fields.KEYWORD,
        status=fields.ID(sortable=True),
        product_group=fields.ID(sortable=True),
    )


class WhooshEngine:
    """One host's index. Threads share its reader, which is opened again after every commit."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lock = threading.Lock()
        self.opened: tuple[str, Any] | None = None
        self.searcher: Searcher | None = None

    def write(self, documents: Iterable[Document], gone: Iterable[int] = ()) -> None:
        writer = self._writer(self._open()[1])
        try:
            for row_id in gone:
                writer.delete_by_term("id", str(row_id))
            for document in documents:
                writer.update_document(**_stored(document))
        except BaseException:
            writer.cancel()
            raise
        writer.commit()

    def rebuild(self, documents: Iterable[Document]) -> int:
        """A killed rebuild leaves a folder that the next one removes."""
        self.folder.mkdir(parents=True, exist_ok=True)
        before = self._name()
        name = f"{SCHEMA_VERSION}-{uuid4().hex[:8]}"
        fresh = self.folder / name
        fresh.mkdir()
        built = index.create_in(str(fresh), schema())
        count = 0
        writer = self._writer(built)
        for document in documents:
            writer.add_document(**_stored(document))
            count += 1
            if count % REBUILD_BATCH == 0:
                writer.commit(merge=False)
                writer = self._writer(built)
        writer.commit(merge=False)
        built.close()
        draft = self.folder / "current.new"
        draft.write_text(name)
        os.replace(draft, self.folder / "current")
        for other in self.folder.iterdir():
            if other.is_dir() and other.name not in (name, before):
                shutil.rmtree(other, ignore_errors=True)
        return count

    def is_healthy(self) -> bool:
        try:
            self._open()
        except IndexDamaged:
            return False
        return True

    def search(self, question: Question) -> Found:
        parsed = parse(question.text)
        wanted = _query(parsed, internal=question.internal)
        if wanted is None or question.allowed == frozenset():
            return Found()
        narrowing = [query.Term(name, value.lower()) for name, value in question.filters.items() if value]
        if question.allowed is not None:
            narrowing.append(query.Or([query.Term("access", term) for term in sorted(question.allowed)]))
        with self._reading() as searcher:
            results = searcher.search(
                wanted,
                filter=query.And(narrowing) if narrowing else None,
                limit=question.page * question.limit,
                groupedby=list(FACETS),
            )
            hits = [(int(hit["id"]), float(hit.score or 0)) for hit in results]
            first = (question.page - 1) * question.limit
            return Found(
                hits=tuple(hits[first : first + question.limit]),
                count=min(len(results), COUNT_LIMIT),
                facets={name: {str(key): len(ids) for key, ids in results.groups(name).items()} for name in FACETS},
                terms=frozenset(term for word in parsed.words for term in terms(word.text, None)),
            )

    def _name(self) -> str | None:
        try:
            return (self.folder / "current").read_text().strip()
        except OSError:
            return None

    def _open(self) -> tuple[str, Any]:
        """The index in use, opened once a name. Raises IndexDamaged."""
        name = self._name()
        if name is None or not name.startswith(SCHEMA_VERSION) or not (self.folder / name).is_dir():
            raise IndexDamaged(f"There is no search index of the present schema in {self.folder}.")
        if self.opened is None or self.opened[0] != name:
            with _damage():
                self.opened = (name, index.open_dir(str(self.folder / name)))
            self.searcher = None
        return self.opened

    @contextlib.contextmanager
    def _reading(self) -> Iterator[Searcher]:
        with self.lock, _damage():
            opened = self._open()[1]
            if self.searcher is None:
                self.searcher = opened.searcher()
            elif not self.searcher.up_to_date():
                self.searcher = self.searcher.refresh()
            searcher = self.searcher
            yield searcher

    def _writer(self, opened: Any) -> IndexWriter:
        """One writer at a time, also between processes."""
        import time

        end = time.monotonic() + LOCK_SECONDS
        while True:
            try:
                with _damage():
                    return opened.writer(limitmb=MEMORY_MB)
            except LockError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)


@contextlib.contextmanager
def _damage() -> Iterator[None]:
    """Whoosh tells of a broken index by whatever its reading happens to raise."""
    try:
        yield
    except (LockError, IndexDamaged):
        raise
    except Exception as error:
        raise IndexDamaged(f"The search index cannot be read: {error!r}") from error


def _stored(document: Document) -> dict[str, str]:
    return {
        "id": str(document.id),
        "number": str(document.number),
        "title": document.title,
        "body": document.body[:LONGEST_BODY],
        "internal": document.internal[:LONGEST_BODY],
        "access": " ".join(sorted(document.access)),
        "status": document.status.lower(),
        "product_group": document.product_group.lower(),
    }


def _query(parsed: Parsed, *, internal: bool) -> query.Query | None:
    """Every sought word must be found, in any of the fields; words joined by OR stand for each other."""
    names = ("title", "body", "internal") if internal else ("title", "body")
    each = [_word(word, names) for word in parsed.words]
    joined = [query.Or([each[number] for number in sorted(group)]) for group in parsed.either]
    alone = [each[number] for number in range(len(each)) if not any(number in group for group in parsed.either)]
    phrases = [_phrase(phrase, names) for phrase in parsed.phrases]
    parts = [*alone, *joined, *phrases]
    if not parts:
        return None
    wanted: query.Query = query.And(parts) if len(parts) > 1 else parts[0]
    digits = parsed.text.lstrip("#").strip()
    if digits.isdecimal() and len(digits) < 13:
        wanted = query.Or([wanted, query.Term("number", digits, boost=NUMBER_BOOST)])
    if parsed.without:
        wanted = query.AndNot(wanted, query.Or([_word(word, names) for word in parsed.without]))
    return wanted


def _word(word: Sought, names: tuple[str, ...]) -> query.Query:
    """A word in any of its forms, the surer the better."""
    found: list[query.Query] = []
    for name in names:
        boost = TITLE_BOOST if name == "title" else 1.0
        found += [query.Term(name, term, boost=boost * sure) for term, sure in terms(word.text, None).items()]
        found += [query.Term(name, whole, boost=boost) for whole in word.wholes]
        if word.is_prefix:
            found.append(query.Prefix(name, next(iter(terms(word.text, None)))))
    return query.Or(found)


def _phrase(phrase: list[Sought], names: tuple[str, ...]) -> query.Query:
    said = [next(iter(terms(word.text, None))) for word in phrase if not is_stop_word(word.text)]
    slop = max((b.position - a.position for a, b in itertools.pairwise(phrase)), default=1)
    return query.Or([query.Phrase(name, said, slop=slop) for name in names])
