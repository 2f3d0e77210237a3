"""An index is a folder of its own; the file `current` names the one in use."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import logging
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from whoosh import index, query
from whoosh.codec.whoosh3 import W3Codec
from whoosh.index import LockError
from whoosh.searching import Searcher
from whoosh.writing import IndexWriter

from app.search.document import COUNT_LIMIT, Document, Found, Question
from app.search.engine import IndexDamaged
from app.search.parse import parse
from app.search.plan import plan
from app.search.whoosh.queries import SCHEMA_VERSION, any_of, built, schema, stored, within_reach

log = logging.getLogger(__name__)

MEMORY_MB = 48
REBUILD_BATCH = 5_000
LOCK_SECONDS = 60.0
FACETS = ("status", "product_group")
HOST_TROUBLE = {errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.EACCES, errno.EROFS, errno.ENOMEM}
Answer = TypeVar("Answer")


class WhooshEngine:
    """One host's index. Threads share its reader, which is opened again after every commit."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lock = threading.Lock()
        self.opened: tuple[str, Any] | None = None
        self.searcher: Searcher | None = None

    def write(self, documents: Iterable[Document], gone: Iterable[int] = ()) -> None:
        wanted, removed = list(documents), list(gone)

        def put(opened: Any) -> None:
            writer = _writer(opened)
            try:
                _delete(writer, [*removed, *(document.id for document in wanted)])
                for document in wanted:
                    writer.add_document(**stored(document))
            except BaseException:
                writer.cancel()
                raise
            writer.commit()

        self._try(put)

    def rebuild(self, documents: Iterable[Document]) -> int:
        """A killed rebuild leaves a folder that the next one removes."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with open(self.folder / "rebuild.lock", "w") as alone:
            fcntl.flock(alone, fcntl.LOCK_EX)
            before = self._name()
            name = f"{SCHEMA_VERSION}-{uuid4().hex[:8]}"
            (self.folder / name).mkdir()
            count = _fill(index.create_in(str(self.folder / name), schema()), documents)
            draft = self.folder / "current.new"
            draft.write_text(name)
            os.replace(draft, self.folder / "current")
            for other in self.folder.iterdir():  # The one before stays: readers of this moment may still hold it.
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
        wanted = plan(parse(question.text))
        if wanted.is_empty or question.allowed == frozenset():
            return Found()

        def look(searcher: Searcher) -> Found:
            sought = within_reach(built(wanted, question, searcher.reader()), question)
            results = searcher.search(sought, limit=question.page * question.limit, groupedby=list(FACETS))
            first = (question.page - 1) * question.limit
            return Found(
                hits=tuple((int(hit["id"]), float(hit.score or 0)) for hit in results[first : first + question.limit]),
                count=min(len(results), COUNT_LIMIT),
                facets={name: {str(key): len(ids) for key, ids in results.groups(name).items()} for name in FACETS},
                terms=wanted.marks,
            )

        return self._read(look)

    def with_any(self, terms: frozenset[str], question: Question, limit: int) -> tuple[int, ...]:
        def look(searcher: Searcher) -> tuple[int, ...]:
            sought: query.Query = within_reach(any_of(terms, internal=question.internal), question)
            return tuple(int(hit["id"]) for hit in searcher.search(sought, limit=limit))

        return self._read(look)

    def _name(self) -> str | None:
        try:
            return (self.folder / "current").read_text().strip()
        except (OSError, UnicodeDecodeError):
            return None

    def _open(self) -> Any:
        """The index in use, opened once a name. Raises IndexDamaged."""
        name = self._name()
        if name is None or not name.startswith(SCHEMA_VERSION) or not (self.folder / name).is_dir():
            raise IndexDamaged(f"There is no search index of the present schema in {self.folder}.")
        if self.opened is None or self.opened[0] != name:
            self._forget()
            try:
                self.opened = (name, index.open_dir(str(self.folder / name)))
            except Exception as error:  # Whoosh tells of a broken index by whatever its reading happens to raise.
                _raise_if_the_hosts(error)
                (self.folder / "current").unlink(missing_ok=True)
                raise IndexDamaged(f"The search index cannot be opened: {error!r}") from error
        return self.opened[1]

    def _read(self, look: Callable[[Searcher], Answer]) -> Answer:
        with self.lock:
            return self._try(lambda opened: look(self._fresh_searcher(opened)))

    def _fresh_searcher(self, opened: Any) -> Searcher:
        if self.searcher is None:
            self.searcher = opened.searcher()
        elif not self.searcher.up_to_date():
            self.searcher = self.searcher.refresh()
        return self.searcher

    def _try(self, act: Callable[[Any], Answer]) -> Answer:
        """Twice, since a merge may have taken a file away while it was opened; then the index counts as damaged."""
        try:
            return act(self._open())
        except (LockError, IndexDamaged):
            raise
        except Exception as error:
            _raise_if_the_hosts(error)
            self._forget()
        try:
            return act(self._open())
        except (LockError, IndexDamaged):
            raise
        except Exception as error:
            _raise_if_the_hosts(error)
            self._condemn()
            raise IndexDamaged(f"The search index cannot be read: {error!r}") from error

    def _condemn(self) -> None:
        """Nobody uses this index again; the next look asks for a rebuild."""
        log.error("The search index in %s is damaged and will be made anew", self.folder, exc_info=True)
        if self.opened is not None and self.opened[0] == self._name():
            (self.folder / "current").unlink(missing_ok=True)
        self._forget()

    def _forget(self) -> None:
        if self.searcher is not None:
            with contextlib.suppress(Exception):  # A broken one may fail to close, too.
                self.searcher.close()
        self.opened = self.searcher = None


def _raise_if_the_hosts(error: Exception) -> None:
    """A full disk is no damage: a rebuild would only make it worse."""
    if isinstance(error, OSError) and error.errno in HOST_TROUBLE:
        raise error


def _fill(fresh: Any, documents: Iterable[Document]) -> int:
    count = 0
    with contextlib.closing(fresh):
        writer = _writer(fresh)
        for document in documents:
            writer.add_document(**stored(document))
            count += 1
            if count % REBUILD_BATCH == 0:
                writer.commit(merge=False)
                writer = _writer(fresh)
        writer.commit(merge=False)
    return count


def _delete(writer: IndexWriter, ids: Iterable[int]) -> None:
    """Mark the documents of these ids as gone, by one reader for all: Whoosh's own update opens one for each."""
    with contextlib.closing(writer.reader()) as reader:
        for row_id in ids:
            if ("id", str(row_id)) in reader:
                for number in reader.postings("id", str(row_id)).all_ids():
                    writer.delete_document(number)


def _writer(opened: Any) -> IndexWriter:
    """One writer at a time, also between processes."""
    end = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            return opened.writer(limitmb=MEMORY_MB, codec=W3Codec(compression=0))  # Most blocks are too short for it.
        except LockError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
