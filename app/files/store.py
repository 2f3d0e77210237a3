"""Bytes under their hash, flushed to the disk before any row names them."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from app.files.flush import flush


class Damaged(OSError):
    """The bytes on the disk are not the bytes that were put there."""


class FileStore:
    """A folder of files named by the SHA-256 of their content. Light: no Flask."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes) -> str:
        """Keep the bytes durably and answer their SHA-256 in hex. Raises OSError when they cannot be kept."""
        with self.together() as put:
            return put(content)

    @contextmanager
    def together(self) -> Iterator[Callable[[bytes], str]]:
        """A `put` for many files, all of them durable when the block ends: the disk is waited for once."""
        drafts: dict[Path, Path] = {}
        folders: set[Path] = set()

        def put(content: bytes) -> str:
            name = hashlib.sha256(content).hexdigest()
            path = self.path(name)
            folders.update(_made(path.parent))
            if path not in drafts and not (path.exists() and path.stat().st_size == len(content)):
                drafts[path] = _drafted(path.parent, content)
            return name

        try:
            yield put
            flush(drafts.values())
            for path, draft in drafts.items():
                draft.replace(path)
            flush(folders)
        except BaseException:
            for draft in drafts.values():
                draft.unlink(missing_ok=True)
            raise

    def get(self, name: str) -> bytes:
        """The bytes of that hash. Raises FileNotFoundError, or Damaged when the hash no longer fits."""
        content = self.path(name).read_bytes()
        if hashlib.sha256(content).hexdigest() != name:
            raise Damaged(f"File {name} is damaged.")
        return content

    def checked(self, name: str) -> Path:
        """Where the bytes of that hash lie, just read and found whole. Raises FileNotFoundError, Damaged."""
        path = self.path(name)
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != name:
                raise Damaged(f"File {name} is damaged.")
        return path

    def path(self, name: str) -> Path:
        """Where the bytes of that hash lie."""
        return self.folder / name[:2] / name


def _made(folder: Path) -> Iterator[Path]:
    """Make the folder where it is missing; the folders whose entries may have changed."""
    yield folder
    if not folder.exists():
        folder.mkdir(parents=True, exist_ok=True)
        yield folder.parent


def _drafted(folder: Path, content: bytes) -> Path:
    handle, name = tempfile.mkstemp(dir=folder)
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return draft
