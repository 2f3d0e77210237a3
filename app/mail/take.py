"""The worker's half of the intake: every waiting journal row becomes a ticket, a message, or waits with its reason."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import or_, select, update
from sqlalchemy.exc import InterfaceError, OperationalError

from app.desk.content import StoredFile
from app.events.transaction import transaction
from app.extensions import db
from app.files.store import FileStore
from app.mail import guard, reasons, thread
from app.mail.parse import understand
from app.mail.place import Clerk, Placement, Reading
from app.models.journal import JournalEntry, Outcome
from app.models.mailbox import Mailbox
from app.models.tables import journal
from app.models.types import utc_now

log = logging.getLogger(__name__)

BATCH = 20
LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 3


@dataclass(frozen=True)
class Claimed:
    """A journal row that this worker holds for the time of a lease."""

    id: int
    attempts: int
    sha256: str
    recipient: str
    envelope_from: str | None


def take_waiting() -> int:
    """Take up to BATCH waiting letters, each in a savepoint of its own; answers how many were taken.

    A letter whose batch died is taken again alone; after MOST_ATTEMPTS it ends as "not sure".
    """
    letters = claim(utc_now())
    own = frozenset(db.session.scalars(select(Mailbox.address)))
    fresh = [letter for letter in letters if letter.attempts == 1]
    for batch in ([fresh] if fresh else []) + [[letter] for letter in letters if letter.attempts > 1]:
        _take(batch, own)
    return len(letters)


def claim(now: datetime) -> list[Claimed]:
    """Hold the oldest waiting rows that nobody holds."""
    free = or_(journal.c.claimed_until.is_(None), journal.c.claimed_until < now)
    oldest = (
        select(journal.c.id)
        .where(journal.c.outcome == Outcome.WAITING, free)
        .order_by(journal.c.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    with transaction():
        rows = db.session.execute(
            update(journal)
            .where(journal.c.id.in_(oldest.scalar_subquery()), free)
            .values(claimed_until=now + LEASE, attempts=journal.c.attempts + 1)
            .returning(journal.c.id, journal.c.attempts, journal.c.sha256, journal.c.recipient, journal.c.envelope_from)
        ).all()
    return sorted((Claimed(*row) for row in rows), key=lambda letter: letter.id)


def _take(letters: list[Claimed], own: frozenset[str]) -> None:
    """Read the letters with no transaction open, then file them in one."""
    read = [(letter, _read(letter, own)) for letter in letters]
    clerk = Clerk(current_app.extensions["account_security"].datastore, own)
    with transaction():
        for letter, reading in read:
            _file(clerk, db.session.get_one(JournalEntry, letter.id), reading)


def _read(letter: Claimed, own: frozenset[str]) -> tuple[Reading, str] | str:
    """The letter's reading and the hash of its body; the code of a reason where it could not be read."""
    if letter.attempts > MOST_ATTEMPTS:
        return reasons.GAVE_UP
    files: FileStore = current_app.extensions["files"]
    try:
        raw = files.get(letter.sha256)
        understood = understand(raw)
        verdict = guard.judge(understood, envelope_from=letter.envelope_from, own_addresses=own)
        evidence = thread.evidence(understood, recipient=letter.recipient, key=_key())
        kept = [
            StoredFile(
                name=file.name,
                size=len(file.content),
                content_type=file.content_type,
                sha256=files.put(file.content),
                content_id=file.content_id,
                inline=file.inline,
            )
            for file in understood.files
        ]
    except FileNotFoundError:
        return reasons.LOST_FILE
    except Exception:  # No letter may block the next, whatever is in it.
        log.exception("Journal row %d could not be read", letter.id)
        return reasons.FAILED
    return Reading(understood, verdict, evidence, kept), body_sha256(raw)


def _file(clerk: Clerk, entry: JournalEntry, reading: tuple[Reading, str] | str) -> None:
    if isinstance(reading, str):
        _settle(entry, Placement(Outcome.NOT_SURE, reading))
        return
    _describe(entry, *reading)
    try:
        with db.session.begin_nested():
            placement = clerk.place(entry, reading[0])
    except (OperationalError, InterfaceError):
        raise  # The database is away: the lease ends and the letter is taken again.
    except Exception:  # No letter may block the next.
        log.exception("Journal row %d could not be filed", entry.id)
        placement = Placement(Outcome.NOT_SURE, reasons.FAILED)
    _settle(entry, placement)


def _describe(entry: JournalEntry, reading: Reading, body: str) -> None:
    understood = reading.understood
    entry.message_id = (understood.message_id or "")[:998] or None
    entry.body_sha256 = body
    entry.sender = understood.sender.address[:320] if understood.sender else None
    entry.subject = understood.subject
    entry.kind = reading.verdict.kind


def _settle(entry: JournalEntry, placement: Placement) -> None:
    entry.outcome = placement.outcome
    entry.reason = placement.reason
    entry.ticket = placement.ticket
    entry.evidence = list(placement.evidence)
    entry.settled_at = utc_now()
    entry.claimed_until = None


def body_sha256(raw: bytes) -> str:
    """A hash of a letter without its header, where every relay writes its own trace (RFC 5321 section 4.4)."""
    _header, _blank, body = raw.replace(b"\r\n", b"\n").lstrip(b"\n").partition(b"\n\n")
    return hashlib.sha256(body).hexdigest()


def _key() -> bytes:
    secret: str = current_app.config["SECRET_KEY"]
    return secret.encode()
