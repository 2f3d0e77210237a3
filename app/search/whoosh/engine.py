"""An index is a folder of its own; the file `current` names the one in use, `building` the one that is being made."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import itertools
import logging
import os
import shutil
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from whoosh import index
from whoosh.index import LockError
from whoosh.reading import IndexReader
from whoosh.searching import Searcher
from whoosh.writing import IndexWriter

from app.search.document import COUNT_LIMIT, FACETS, Document, Documents, Found, Key, Progress, Question
from app.search.engine import IndexDamaged, SearchFailed
from app.search.parse import parse
from app.search.plan import plan
from app.search.whoosh.budget import found_in_time
from app.search.whoosh.codec import Codec
from app.search.whoosh.counts import Values
from app.search.whoosh.merging import in_passing, merge, worth_merging
from app.search.whoosh.queries import (
    SCHEMA_VERSION,
    any_of,
    built,
    key_of,
    key_text,
    narrowing,
    schema,
    stored,
)

log = logging.getLogger(__name__)

MEMORY_MB = 48
REBUILD_BATCH = 5_000
CURRENT, BUILDING = "current", "building"
LOCK_SECONDS = 60.0
HOST_TROUBLE = {errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.EACCES, errno.EROFS, errno.ENOMEM}
READERS = ("whoosh.", "app.search.whoosh.codec", "app.search.whoosh.counts", "app.search.whoosh.postings")
NO_DAMAGE = (MemoryError, RecursionError, UnicodeEncodeError)
Answer = TypeVar("Answer")


class WhooshEngine:
    """One host's index. Threads share its reader, which is opened again after every commit."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lock = threading.Lock()
        self.opened: tuple[str, Any] | None = None
        self.searcher: Searcher | None = None
        self.values = Values()

    def write(self, documents: Iterable[Document], gone: Iterable[Key] = ()) -> None:
        wanted, removed = list(documents), list(gone)

        def put(opened: Any) -> None:
            with _written(opened, mergetype=in_passing) as writer:
                _delete(writer, [*removed, *(document.key for document in wanted)])
                for document in wanted:
                    writer.add_document(**stored(document))

        self._try(put)

    def rebuild(self, documents: Documents) -> Progress:
        """`building` names the new folder until it is whole, then becomes `current`."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with open(self.folder / "rebuild.lock", "w") as alone:
            fcntl.flock(alone, fcntl.LOCK_EX)
            before = self._name()
            name, fresh = self._begun() or self._begin()
            with contextlib.closing(fresh):
                so_far = self._progress(fresh)
                count = so_far.count + _fill(fresh, documents(so_far.reached))
            os.replace(self.folder / BUILDING, self.folder / CURRENT)
            for other in self.folder.iterdir():  # The one before stays: readers of this moment may still hold it.
                if other.is_dir() and other.name not in (name, before):
                    shutil.rmtree(other, ignore_errors=True)
        return Progress(so_far.begun, count)

    def tidy(self) -> None:
        """Merge segments while there are any to merge, one process at a time and not beside a rebuild."""
        while self.is_healthy():
            with open(self.folder / "rebuild.lock", "w") as alone:
                fcntl.flock(alone, fcntl.LOCK_EX)
                opened = self._open()
                chosen = worth_merging(opened._read_toc().segments)
                if not chosen:
                    return
                merge(opened, chosen, self.folder, MEMORY_MB)

    def unfinished(self) -> Progress | None:
        begun = self._begun()
        if begun is None:
            return None
        with contextlib.closing(begun[1]):
            return self._progress(begun[1])

    def _begin(self) -> tuple[str, Any]:
        name = f"{SCHEMA_VERSION}-{uuid4().hex[:8]}"
        (self.folder / name).mkdir()
        fresh = index.create_in(str(self.folder / name), schema())
        (self.folder / BUILDING).write_text(name)
        return name, fresh

    def _begun(self) -> tuple[str, Any] | None:
        """What a killed rebuild left, if it can be read and has the present schema."""
        name = self._name(BUILDING)
        if name is None or not name.startswith(SCHEMA_VERSION) or not (self.folder / name).is_dir():
            return None
        try:
            left = index.open_dir(str(self.folder / name))
            self._progress(left)
        except Exception as error:  # Whoosh tells of a broken index by whatever its reading happens to raise.
            _raise_if_the_hosts(error)
            return None
        return name, left

    def _progress(self, fresh: Any) -> Progress:
        """By the last document that it holds: they are put in one after the other."""
        begun = datetime.fromtimestamp((self.folder / BUILDING).stat().st_mtime, UTC)
        with contextlib.closing(fresh.reader()) as reader:
            count = reader.doc_count_all()
            return Progress(begun, count, key_of(reader.stored_fields(count - 1)["key"]) if count else None)

    def is_healthy(self) -> bool:
        try:
            self._open()
        except IndexDamaged:
            return False
        return True

    def reopen(self) -> None:
        with self.lock:
            self._forget()

    def search(self, question: Question) -> Found:
        wanted = plan(parse(question.text), any_form=question.any_form)
        if (wanted.is_empty and not question.anything) or question.allowed == frozenset():
            return Found()

        def look(searcher: Searcher) -> Found:
            reader = searcher.reader()
            found = found_in_time(searcher, built(wanted, question, reader), narrowing(question), question.until)
            numbers, first = sorted(found.scores), (question.page - 1) * question.limit
            if wanted.is_empty:
                page = [(each, 0.0) for each in self.values.newest(reader, numbers)[first : first + question.limit]]
            else:
                page = found.best(first, question.limit)
            return Found(
                hits=tuple((_key(reader, number), score) for number, score in page),
                count=min(len(numbers), COUNT_LIMIT + 1),
                facets=self.values.counted(reader, FACETS, numbers) if question.counted and question.faceted else {},
                terms=wanted.marks,
                partial=found.partial,
            )

        return self._read(look)

    def with_any(self, terms: frozenset[str], question: Question, limit: int) -> tuple[Key, ...]:
        def look(searcher: Searcher) -> tuple[Key, ...]:
            sought = any_of(terms, question, searcher.reader())
            found = found_in_time(searcher, sought, narrowing(question), question.until)
            return tuple(_key(searcher.reader(), number) for number, _score in found.best(0, limit))

        return self._read(look)

    def _name(self, which: str = CURRENT) -> str | None:
        try:
            return (self.folder / which).read_text().strip()
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
                (self.folder / CURRENT).unlink(missing_ok=True)
                raise IndexDamaged(f"The search index cannot be opened: {error!r}") from error
        return self.opened[1]

    def _read(self, look: Callable[[Searcher], Answer]) -> Answer:
        """Raises IndexDamaged; SearchFailed for another cause, as a host without memory or a mistake of ours."""
        try:
            with self.lock:
                return self._try(lambda opened: look(self._fresh_searcher(opened)))
        except (LockError, IndexDamaged):
            raise
        except Exception as error:
            raise SearchFailed(repr(error)) from error

    def _fresh_searcher(self, opened: Any) -> Searcher:
        if self.searcher is None:
            self.searcher = Searcher(opened.reader(), fromindex=opened)
        elif not self.searcher.up_to_date():
            self.searcher = self.searcher.refresh()
        return self.searcher

    def _try(self, act: Callable[[Any], Answer]) -> Answer:
        """Twice, since a merge may have taken a file away while it was opened; then the index counts as damaged.

        What does not tell of damage is raised as it is.
        """
        try:
            return act(self._open())
        except (LockError, IndexDamaged):
            raise
        except Exception as error:
            _raise_if_no_damage(error)
            self._forget()
        try:
            return act(self._open())
        except (LockError, IndexDamaged):
            raise
        except Exception as error:
            _raise_if_no_damage(error)
            self._condemn()
            raise IndexDamaged(f"The search index cannot be read: {error!r}") from error

    def _condemn(self) -> None:
        """Nobody uses this index again; the next look asks for a rebuild."""
        log.error("The search index in %s is damaged and will be made anew", self.folder, exc_info=True)
        if self.opened is not None and self.opened[0] == self._name():
            (self.folder / CURRENT).unlink(missing_ok=True)
        self._forget()

    def _forget(self) -> None:
        if self.searcher is not None:
            with contextlib.suppress(Exception):  # A broken one may fail to close, too.
                self.searcher.close()
        self.opened = self.searcher = None


def _raise_if_no_damage(error: Exception) -> None:
    """Whoosh tells of damage by whatever its reading happens to raise; but it is raised where files are read."""
    _raise_if_the_hosts(error)
    names = [str(frame.f_globals.get("__name__")) for frame, _line in traceback.walk_tb(error.__traceback__)]
    raised_by = next((name for name in reversed(names) if name.startswith(("app.", "whoosh."))), "")
    if isinstance(error, NO_DAMAGE) or not raised_by.startswith(READERS):
        raise error


def _raise_if_the_hosts(error: Exception) -> None:
    """A full disk is no damage: a rebuild would only make it worse."""
    if isinstance(error, OSError) and error.errno in HOST_TROUBLE:
        raise error


def _key(reader: IndexReader, number: int) -> Key:
    return key_of(reader.stored_fields(number)["key"])


def _fill(fresh: Any, documents: Iterable[Document]) -> int:
    count = 0
    waiting = iter(documents)
    while batch := list(map(stored, itertools.islice(waiting, REBUILD_BATCH))):
        with _written(fresh, merge=False) as writer:
            for fields in batch:
                writer.add_document(**fields)
        count += len(batch)
    return count


def _delete(writer: IndexWriter, keys: Iterable[Key]) -> None:
    """Mark the documents of these keys as gone, by one reader for all: Whoosh's own update opens one for each."""
    with contextlib.closing(writer.reader()) as reader:
        for text in map(key_text, keys):
            if ("key", text) in reader:
                for number in reader.postings("key", text).all_ids():
                    writer.delete_document(number)


@contextlib.contextmanager
def _written(opened: Any, **how: Any) -> Iterator[IndexWriter]:
    """A writer whose work is committed at the end. Where even that fails, as on a full disk, its lock is free again."""
    writer = _writer(opened)
    try:
        yield writer
        writer.commit(**how)
    except BaseException:
        with contextlib.suppress(Exception):  # Half-committed it cannot be cancelled as a whole.
            writer.cancel()
        if writer.writelock:
            writer.writelock.release()
            writer.writelock = None
        raise


def _writer(opened: Any) -> IndexWriter:
    """One writer at a time, also between processes."""
    end = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            return opened.writer(limitmb=MEMORY_MB, codec=Codec())
        except LockError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
