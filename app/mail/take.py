"""The worker's half of the intake: every waiting journal row becomes a ticket, a message, or waits with its reason."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain

from flask import current_app
from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlalchemy.orm import joinedload

import config
from app.accounts.addresses import canonical
from app.events.transaction import transaction
from app.extensions import db
from app.files.store import FileStore
from app.mail import guard, reasons
from app.mail.authority import Authority
from app.mail.known import Known
from app.mail.place import Clerk, Placement
from app.mail.reading import LONGEST_ID, Keep, Reading, read
from app.models.engine import hold
from app.models.journal import JournalEntry, Outcome
from app.models.mailbox import Mailbox
from app.models.tables import journal
from app.models.types import utc_now

log = logging.getLogger(__name__)

BATCH = 100
LARGEST_BATCH = 8 * 2**20  # bytes of the letters that are filed together
LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 3


@dataclass(frozen=True)
class Claimed:
    """A journal row that this worker holds for the time of a lease."""

    id: int
    attempts: int
    sha256: str
    size: int
    recipient: str
    envelope_from: str | None
    transport: str
    peer: str | None


Readings = Mapping[int, Reading | str]  # by row; the code of a reason where the letter could not be read


def take_waiting() -> int:
    """Take up to BATCH waiting letters; answers how many were taken.

    A letter whose batch died is taken again alone; after MOST_ATTEMPTS it ends as "not sure".
    """
    letters = claim(utc_now())
    rows = db.session.execute(select(Mailbox.address, Mailbox.verified_by)).all()
    authority = Authority.of(current_app, {row.address: row.verified_by for row in rows})
    own = frozenset(row.address for row in rows)
    for batch in _batches(letters):
        _take(batch, own, authority)
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
    held = (journal.c.id, journal.c.attempts, journal.c.sha256, journal.c.size)
    with transaction():
        rows = db.session.execute(
            update(journal)
            .where(journal.c.id.in_(oldest.scalar_subquery()), free)
            .values(claimed_until=now + LEASE, attempts=journal.c.attempts + 1)
            .returning(*held, journal.c.recipient, journal.c.envelope_from, journal.c.transport, journal.c.peer)
        ).all()
    return sorted((Claimed(*row) for row in rows), key=lambda letter: letter.id)


def _batches(letters: Sequence[Claimed]) -> Iterator[list[Claimed]]:
    """Letters that are taken for the first time, as many together as memory allows; then the others, each alone."""
    batch: list[Claimed] = []
    for letter in letters:
        if letter.attempts > 1:
            continue
        if batch and sum(other.size for other in batch) + letter.size > LARGEST_BATCH:
            yield batch
            batch = []
        batch.append(letter)
    if batch:
        yield batch
    yield from ([letter] for letter in letters if letter.attempts > 1)


def _take(letters: Sequence[Claimed], own: frozenset[str], authority: Authority) -> None:
    """Read the letters with no transaction open, then file them in one."""
    readings = _read_all(letters, own, authority)
    with transaction():
        _give_back([letter.id for letter in letters if letter.id not in readings])
        hold(db.session.connection(), chain.from_iterable(_names(reading) for reading in readings.values()))
        _file(_still_held([letter for letter in letters if letter.id in readings]), readings, own)


def _read_all(letters: Sequence[Claimed], own: frozenset[str], authority: Authority) -> Readings:
    """What is understood of each letter; nothing of those whose files the disk does not take now."""
    files: FileStore = current_app.extensions["files"]
    try:
        with files.together() as keep:
            return {letter.id: _read(letter, own, authority, keep) for letter in letters}
    except OSError:
        log.exception("The disk did not take what %d letters hold; they wait", len(letters))
        return {}


def _give_back(ids: Sequence[int]) -> None:
    """Letters that could not be tried: nothing was wrong with them. They come again when their lease ends."""
    if ids:
        db.session.execute(update(journal).where(journal.c.id.in_(ids)).values(attempts=journal.c.attempts - 1))


def _names(reading: Reading | str) -> Iterator[str]:
    """What no other worker may file at this instant: the same letter, and the first letter of the same person."""
    if isinstance(reading, Reading):
        yield f"letter {reading.fingerprint[0] or reading.fingerprint[1]}"
        if reading.understood.sender:
            yield f"account {canonical(reading.understood.sender.address)}"


def _read(letter: Claimed, own: frozenset[str], authority: Authority, keep: Keep) -> Reading | str:
    if letter.attempts > MOST_ATTEMPTS:
        return reasons.GAVE_UP
    files: FileStore = current_app.extensions["files"]
    try:
        raw = files.get(letter.sha256)
    except OSError:
        log.exception("The file of journal row %d could not be read", letter.id)
        return reasons.LOST_FILE
    try:
        reading = read(
            raw,
            recipient=letter.recipient,
            envelope_from=letter.envelope_from,
            own=guard.Own(own, _settings().hostname),
            key=_settings().secret_key.encode(),
            keep=keep,
        )
        proof = authority.proof_of(
            raw,
            reading.understood,
            recipient=letter.recipient,
            path=letter.envelope_from,
            peer=letter.peer if letter.transport == "smtp" else None,
        )
        return replace(reading, proof=proof)
    except OSError:
        raise  # A full disk is no fault of the letter.
    except Exception:  # No letter may block the next, whatever is in it.
        log.exception("Journal row %d could not be read", letter.id)
        return reasons.FAILED


def _still_held(letters: Sequence[Claimed]) -> list[JournalEntry]:
    """Their rows, without those that another worker took because the lease ended."""
    attempts = {letter.id: letter.attempts for letter in letters}
    query = (
        select(JournalEntry)
        .where(JournalEntry.id.in_(attempts), JournalEntry.outcome == Outcome.WAITING)
        .order_by(JournalEntry.id)
        .options(joinedload(JournalEntry.mailbox))
        .with_for_update(of=JournalEntry)
        .execution_options(populate_existing=True)
    )
    return [entry for entry in db.session.scalars(query) if entry.attempts == attempts[entry.id]]


def _file(entries: Sequence[JournalEntry], readings: Readings, own: frozenset[str], *, again: bool = True) -> None:
    """File the letters in one savepoint; where that fails, each in its own, so that none holds up another."""
    try:
        with db.session.begin_nested(), db.session.no_autoflush:
            _place(entries, readings, own)
    except (OperationalError, InterfaceError):
        raise  # The database is away: the lease ends and the letters are taken again.
    except Exception as error:  # No letter may block the next.
        if len(entries) > 1:
            log.warning("%d letters could not be filed together; each is filed alone", len(entries), exc_info=True)
            for entry in entries:
                _file([entry], readings, own)
        elif again and isinstance(error, IntegrityError):
            _file(entries, readings, own, again=False)  # Somebody registered at the portal this instant.
        else:
            log.exception("Journal row %d could not be filed", entries[0].id)
            _settle(entries[0], Placement(Outcome.NOT_SURE, reasons.FAILED))


def _place(entries: Sequence[JournalEntry], readings: Readings, own: frozenset[str]) -> None:
    known = Known([reading for entry in entries if isinstance(reading := readings[entry.id], Reading)])
    clerk = Clerk(current_app.extensions["account_security"].datastore, known, own)
    for entry in entries:
        reading = readings[entry.id]
        if isinstance(reading, str):
            _settle(entry, Placement(Outcome.NOT_SURE, reading))
        else:
            _describe(entry, reading)
            _settle(entry, clerk.place(entry, reading))
    known.keep_names()


def _describe(entry: JournalEntry, reading: Reading) -> None:
    understood = reading.understood
    entry.message_id = (understood.message_id or "")[:LONGEST_ID] or None
    entry.body_sha256 = reading.body_sha256
    entry.sender = understood.sender.address[:320] if understood.sender else None
    entry.subject = understood.subject
    entry.kind = reading.verdict.kind
    entry.proof = reading.proof.as_json()


def _settle(entry: JournalEntry, placement: Placement) -> None:
    entry.outcome = placement.outcome
    entry.reason = placement.reason
    entry.ticket = placement.ticket
    entry.evidence = list(placement.evidence)
    entry.settled_at = utc_now()
    entry.claimed_until = None


def _settings() -> config.Settings:
    settings: config.Settings = current_app.extensions["settings"]
    return settings
