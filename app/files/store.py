"""Bytes under their hash, flushed to the disk before any row names them."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path


class Damaged(OSError):
    """The bytes on the disk are not the bytes that were put there."""


class FileStore:
    """A folder of files named by the SHA-256 of their content. Light: no Flask."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes) -> str:
        """Keep the bytes durably and answer their SHA-256 in hex. Raises OSError when they cannot be kept."""
        name = hashlib.sha256(content).hexdigest()
        path = self.path(name)
        if path.exists() and path.stat().st_size == len(content):
            return name
        if not path.parent.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _flush_folder(self.folder)
        handle, draft = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(draft, path)
        except BaseException:
            Path(draft).unlink(missing_ok=True)
            raise
        _flush_folder(path.parent)
        return name

    def get(self, name: str) -> bytes:
        """The bytes of that hash. Raises FileNotFoundError, or Damaged when the hash no longer fits."""
        content = self.path(name).read_bytes()
        if hashlib.sha256(content).hexdigest() != name:
            raise Damaged(f"File {name} is damaged.")
        return content

    def path(self, name: str) -> Path:
        """Where the bytes of that hash lie."""
        return self.folder / name[:2] / name


def _flush_folder(folder: Path) -> None:
    """A renamed file survives a power cut only when its folder was flushed as well."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
