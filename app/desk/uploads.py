"""Files that a person attached in a form: named safely, kept durably, before any row names them."""

from __future__ import annotations

import logging
import mimetypes
from collections.abc import Iterable
from typing import IO, Protocol

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.desk.content import StoredFile
from app.desk.errors import DeskError
from app.files.names import safe_name
from app.files.store import FileStore

MOST_FILES = 20
log = logging.getLogger(__name__)


class Upload(Protocol):
    """What Werkzeug's FileStorage offers of itself."""

    filename: str | None
    stream: IO[bytes]


class TooLarge(DeskError):
    """A file over the limit."""

    def __init__(self, name: str, limit: int) -> None:
        self.sentence = _(
            "The file %(name)s is too large: a file may have %(limit)s MiB. Choose the files again.",
            name=name,
            limit=limit // 2**20,
        )
        super().__init__(self.sentence)


class TooMany(DeskError):
    """More files than one message may carry."""

    def __init__(self) -> None:
        self.sentence = _("One message may carry %(count)s files. Choose the files again.", count=MOST_FILES)
        super().__init__(self.sentence)


class NotKept(DeskError):
    """The disk did not take a file."""

    sentence = _l("The files could not be kept just now, and nothing was sent. Try again in a while.")


def store_uploads(uploads: Iterable[Upload], store: FileStore, *, limit: int) -> list[StoredFile]:
    """Keep each file that has a name. Its type comes from its name, never from the browser.

    Raises TooLarge, TooMany, NotKept.
    """
    chosen = [upload for upload in uploads if upload.filename]
    if len(chosen) > MOST_FILES:
        raise TooMany
    contents = [(upload.filename, _read(upload, limit)) for upload in chosen]
    for name, content in contents:
        if len(content) > limit:
            raise TooLarge(name or "", limit)
    try:
        return [_stored(name, content, number, store) for number, (name, content) in enumerate(contents, start=1)]
    except OSError as error:
        log.exception("An upload was not kept")
        raise NotKept from error


def _read(upload: Upload, limit: int) -> bytes:
    """The file's bytes, one more than the limit at most. A large one lies in a temporary file, which ends here."""
    with upload.stream as stream:
        return stream.read(limit + 1)


def _stored(name: str | None, content: bytes, number: int, store: FileStore) -> StoredFile:
    content_type = mimetypes.guess_type(name or "")[0] or "application/octet-stream"
    return StoredFile(
        name=safe_name(name, content_type, number),
        size=len(content),
        content_type=content_type,
        sha256=store.put(content),
    )
