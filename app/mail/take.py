"""The worker's half of the intake: every waiting journal row becomes a ticket, a message, or waits with its reason."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain

from flask import current_app
from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlalchemy.orm import joinedload

import config
from app.accounts.addresses import canonical
from app.events.holders import own_name
from app.events.transaction import transaction
from app.extensions import db
from app.files.store import FileStore
from app.mail import budget, guard, reasons
from app.mail.authority import Authority
from app.mail.known import Known
from app.mail.letter import Understood
from app.mail.parse import understand
from app.mail.place import Clerk, Placement
from app.mail.reading import LONGEST_ID, Keep, Reading, read
from app.models.engine import hold
from app.models.journal import JournalEntry, Outcome
from app.models.mailbox import Mailbox
from app.models.tables import journal
from app.models.types import utc_now

log = logging.getLogger(__name__)

BATCH = 100
LONGEST_FILING = 1.0  # seconds that a transaction goes on; at least one letter is filed
LOOKED_AT = 20_000  # waiting letters among which senders take turns
FILED_TOGETHER = 50  # letters; while the next are read, SQLite's lock is free for pages that wait for it
LARGEST_BATCH = 8 * 2**20  # bytes of the letters that are filed together
LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 3
MOST_SECONDS = 60.0  # of reading a batch: then it is filed, and its other letters come again when the lease ends


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
    """Hold waiting rows that nobody holds: the oldest of every sender, then the second of each, so that whoever sends
    thousands keeps nobody else waiting. The letters of one sender stay in order."""
    free = and_(
        journal.c.outcome == Outcome.WAITING, or_(journal.c.claimed_until.is_(None), journal.c.claimed_until < now)
    )
    looked_at = (
        select(journal.c.id, func.coalesce(journal.c.envelope_from, journal.c.recipient).label("sender"))
        .where(free)
        .order_by(journal.c.id)
        .limit(LOOKED_AT)
        .subquery()
    )
    turn = func.row_number().over(partition_by=looked_at.c.sender, order_by=looked_at.c.id)
    turns = select(looked_at.c.id, turn.label("turn")).subquery()
    next_ones = (
        select(journal.c.id)
        .join(turns, turns.c.id == journal.c.id)
        .where(free)
        .order_by(turns.c.turn, journal.c.id)
        .limit(BATCH)
        .with_for_update(of=journal, skip_locked=True)
        .cte()  # a plain subquery might be run again for each row, and find others (PostgreSQL)
    )
    held = (journal.c.id, journal.c.attempts, journal.c.sha256, journal.c.size)
    with transaction():
        rows = db.session.execute(
            update(journal)
            .where(journal.c.id.in_(select(next_ones.c.id)), free)
            .values(claimed_until=now + LEASE, claimed_by=own_name(), attempts=journal.c.attempts + 1)
            .returning(*held, journal.c.recipient, journal.c.envelope_from, journal.c.transport, journal.c.peer)
        ).all()
    return sorted((Claimed(*row) for row in rows), key=lambda letter: letter.id)


def _batches(letters: Sequence[Claimed]) -> Iterator[list[Claimed]]:
    """Letters that are taken for the first time, as many together as memory allows; then the others, each alone."""
    batch: list[Claimed] = []
    for letter in letters:
        if letter.attempts > 1:
            continue
        too_large = sum(other.size for other in batch) + letter.size > LARGEST_BATCH
        if batch and (len(batch) == FILED_TOGETHER or too_large):
            yield batch
            batch = []
        batch.append(letter)
    if batch:
        yield batch
    yield from ([letter] for letter in letters if letter.attempts > 1)


def _take(letters: Sequence[Claimed], own: frozenset[str], authority: Authority) -> None:
    """Read the letters with no transaction open, then file them: in one, or where the machine is slow in several, as
    SQLite lets nobody else write meanwhile."""
    readings = _read_all(letters, own, authority)
    left = [letter for letter in letters if letter.id in readings]
    with transaction():
        _give_back([letter.id for letter in letters if letter.id not in readings])
        left = _file_some(left, readings, own)
    while left:
        with transaction():
            left = _file_some(left, readings, own)


def _file_some(letters: Sequence[Claimed], readings: Readings, own: frozenset[str]) -> list[Claimed]:
    """File as many as a transaction has time for; answers those that are left and still held."""
    hold(db.session.connection(), chain.from_iterable(_names(readings[letter.id]) for letter in letters))
    entries = _still_held(letters)
    _file(entries, readings, own)
    waiting = {entry.id for entry in entries if entry.outcome == Outcome.WAITING}
    return [letter for letter in letters if letter.id in waiting]


def _read_all(letters: Sequence[Claimed], own: frozenset[str], authority: Authority) -> Readings:
    """What is understood of each letter; nothing where the disk does not take their files now, and nothing of those for
    which no time is left."""
    files: FileStore = current_app.extensions["files"]
    raws = {letter.id: _raw(letter) for letter in letters}
    whole = [(letter, raw) for letter in letters if isinstance(raw := raws[letter.id], bytes)]
    found: dict[int, Reading | str] = {id_: raw for id_, raw in raws.items() if isinstance(raw, str)}
    until = time.monotonic() + MOST_SECONDS
    try:
        with files.together() as keep:
            understood = budget.each([raw for _letter, raw in whole], understand, beside=letters[0].attempts > 1)
            for (letter, raw), said in zip(whole, understood, strict=False):
                found[letter.id] = _reading(letter, raw, said, own, authority, keep)
                if time.monotonic() > until:
                    break
    except OSError:
        log.exception("The disk did not take what %d letters hold; they wait", len(letters))
        return {}
    return found


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


def _raw(letter: Claimed) -> bytes | str:
    """Its bytes, or the reason why they are not read."""
    if letter.attempts > MOST_ATTEMPTS:
        return reasons.GAVE_UP
    files: FileStore = current_app.extensions["files"]
    try:
        return files.get(letter.sha256)
    except OSError:
        log.exception("The file of journal row %d could not be read", letter.id)
        return reasons.LOST_FILE


def _reading(
    letter: Claimed, raw: bytes, said: Understood | Exception, own: frozenset[str], authority: Authority, keep: Keep
) -> Reading | str:
    """What follows from how it was understood. No letter may block the next, whatever is in it."""
    if isinstance(said, Exception):
        return reasons.TOO_COSTLY if isinstance(said, budget.OverBudget) else reasons.FAILED
    try:
        found = read(
            raw,
            said,
            recipient=letter.recipient,
            envelope_from=letter.envelope_from,
            own=guard.Own(own, _settings().hostname),
            transport=letter.transport,
            key=_settings().secret_key.encode(),
            keep=keep,
        )
        proof = authority.proof_of(
            raw,
            said,
            recipient=letter.recipient,
            path=letter.envelope_from,
            peer=letter.peer if letter.transport == "smtp" else None,
        )
        return replace(found, proof=proof)
    except OSError:
        raise  # A full disk is no fault of the letter.
    except Exception:
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
    until = time.monotonic() + LONGEST_FILING
    for entry in entries:
        reading = readings[entry.id]
        if isinstance(reading, str):
            _settle(entry, Placement(Outcome.NOT_SURE, reading))
        else:
            _describe(entry, reading)
            _settle(entry, clerk.place(entry, reading))
        if time.monotonic() > until:
            break
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
