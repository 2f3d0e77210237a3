"""Pictures and files of entries: kept under their hash, named by texts, never changed."""

from __future__ import annotations

import re

from sqlalchemy import select

from app.access import LARGEST_ID, NotFound, Standing, sees_file
from app.content.happened import EntryAct, happened
from app.content.previews import previewed
from app.extensions import db
from app.models.account import Account
from app.models.entry import FILES, Entry, EntryFile

NAMED = re.compile(re.escape(FILES) + r"(\d{1,10})/")
UNTOLD = str.maketrans(dict.fromkeys("[]\\`", " "))  # what would end a link's words


def add_file(entry: Entry, *, name: str, content_type: str, size: int, sha256: str, by: Account) -> EntryFile:
    """A row for bytes that are kept already."""
    file = EntryFile(entry=entry, name=name, content_type=content_type, size=size, sha256=sha256, account_id=by.id)
    db.session.add(file)
    db.session.flush()
    happened(entry, EntryAct.FILE_ADDED, by=by, name=name)
    return file


def as_markdown(file: EntryFile) -> str:
    """How a text shows it: a picture in place, anything else as a link."""
    words = " ".join(file.name.translate(UNTOLD).split())
    return f"{'!' if file.is_picture else ''}[{words}]({file.address})"


def files_in(body: str) -> list[int]:
    """The ids of the files that a text names."""
    return sorted({int(found) for found in NAMED.findall(body)})


def get_file(standing: Standing | None, file_id: int, *, token: str = "") -> EntryFile:
    """A file that this account may read, or that the private address of a draft shows. Raises NotFound."""
    if not 0 < file_id <= LARGEST_ID:
        raise NotFound
    shown = previewed(token) if token else None
    if shown is not None and file_id in files_in(shown.body):
        query = select(EntryFile).where(EntryFile.id == file_id, EntryFile.entry_id == shown.entry_id)
    else:
        query = select(EntryFile).where(EntryFile.id == file_id, sees_file(standing))
    file = db.session.scalars(query).one_or_none()
    if file is None:
        raise NotFound
    return file
