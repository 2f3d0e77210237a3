"""Text of attached PDFs, read once, away from the index's writer, by a process of its own that can be ended."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from flask import current_app
from sqlalchemy import exists, func, select, update

from app.events.record import Reaction, owe
from app.events.transaction import transaction
from app.events.wake import ask_for
from app.extensions import db
from app.files.store import Damaged, FileStore
from app.models.event import Event
from app.models.ticket import Attachment, Message
from app.search.attached import LONGEST, legible

SECONDS = 5  # of the processor for one file
PATIENCE = 60.0  # seconds on the clock: the machine may be busy
MEMORY = 700 * 2**20  # bytes of addresses
READ_FOR = 10.0  # seconds; then letters and other long jobs have their turn at this worker
CHILD = Path(__file__).with_name("pdf_text.py")


def is_waiting() -> bool:
    """Whether a file waits to be read."""
    return bool(db.session.scalar(select(exists().where(Attachment.words.is_(None)))))


def read_waiting() -> None:
    """Read what waits, the newest first, and owe the index the tickets of what has words."""
    end = time.monotonic() + READ_FOR
    waiting = select(Attachment.id, Attachment.sha256).where(Attachment.words.is_(None)).order_by(Attachment.id.desc())
    while time.monotonic() < end and (row := db.session.execute(waiting.limit(1)).first()):
        db.session.commit()  # No transaction is open while a file is read.
        words = _words(row.sha256)
        with transaction():
            db.session.execute(update(Attachment).where(Attachment.id == row.id).values(words=words))
            if words:
                owe(Reaction.INDEX, event=_last_event(row.id))
    if is_waiting():
        ask_for(current_app.extensions["redis"], "read_files")


def _words(sha256: str) -> str:
    """Nothing where the file is away or damaged."""
    files: FileStore = current_app.extensions["files"]
    try:
        return legible(text_of(files.get(sha256)))
    except (OSError, Damaged):
        return ""


def text_of(data: bytes) -> str:
    """The text of a PDF up to LONGEST signs; of one that takes too much the pages that were read before."""
    order = [sys.executable, "-I", str(CHILD), str(SECONDS), str(MEMORY), str(LONGEST)]
    try:
        done = subprocess.run(order, input=data, capture_output=True, timeout=PATIENCE, check=False)  # noqa: S603 our own
        said = done.stdout
    except subprocess.TimeoutExpired as error:
        said = error.stdout or b""
    return said.decode("utf-8", "replace").replace("\x00", " ")


def _last_event(attachment_id: int) -> Event | None:
    """The last event of the file's ticket: by it the index learns which ticket is meant."""
    of_ticket = select(Message.ticket_id).join(Message.attachments).where(Attachment.id == attachment_id)
    last = select(func.max(Event.id)).where(Event.ticket_id == of_ticket.scalar_subquery()).scalar_subquery()
    return db.session.scalars(select(Event).where(Event.id == last)).first()
