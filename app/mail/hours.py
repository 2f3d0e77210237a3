"""The letters of each past hour are counted once and kept; whoever changes what became of a letter drops its hour.

A chore counts the hours that are missing, and each of them anew once a day, so that damage is seen too.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, func, insert, inspect, or_, select
from sqlalchemy.orm import Session

from app.access.net import BEYOND
from app.events.transaction import transaction
from app.extensions import db
from app.mail.known import SHOWN
from app.mail.reasons import TWICE
from app.models.hour import HourOf, begun_at
from app.models.journal import JournalEntry, Outcome
from app.models.mail_hour import MailHour
from app.models.ticket import Message
from app.models.types import utc_now

HOUR = timedelta(hours=1)
KEPT_FOR = timedelta(days=32)
YOUNG = timedelta(hours=2)  # so long letters may still come into an hour that has ended: clocks differ
ANEW_AFTER = timedelta(days=1)
MOST_AT_ONCE = 48  # hours that one run counts
MOST_GAPS = 20


@dataclass
class Sum:
    """Of one mailbox in one hour."""

    ends: Counter[str] = field(default_factory=Counter)
    twice: int = 0
    lost: list[int] = field(default_factory=list)  # rows of the journal


Sums = dict[tuple[datetime, int], Sum]  # by hour and mailbox; 0 where a letter came to none


def since(first: datetime, now: datetime) -> Sums:
    """The sums of every hour from then on: kept ones, and the others counted now. Three statements at most."""
    first = begun(first)
    columns = (MailHour.hour, MailHour.mailbox, MailHour.ends, MailHour.twice, MailHour.lost)
    kept = db.session.execute(select(*columns).where(MailHour.hour >= first)).all()
    gaps = _gaps({row.hour for row in kept}, first, now)
    if len(gaps) > MOST_GAPS:
        gaps, kept = [(first, now + HOUR)], []
    found: Sums = counted(gaps) if gaps else {}
    for row in kept:
        if row.ends:
            found[row.hour, row.mailbox] = Sum(Counter(row.ends), row.twice, row.lost)
    return found


def counted(ranges: Sequence[tuple[datetime, datetime]]) -> Sums:
    """The sums of the hours in these ranges, from the letters themselves. Two statements."""
    found: Sums = defaultdict(Sum)
    within = or_(*(and_(JournalEntry.arrived_at >= start, JournalEntry.arrived_at < end) for start, end in ranges))
    hour, is_twice = HourOf(JournalEntry.arrived_at), JournalEntry.reason.is_not_distinct_from(TWICE)
    columns = (hour, JournalEntry.mailbox_id, JournalEntry.outcome, is_twice)
    query = select(*columns, func.count()).where(within).group_by(*columns)
    for at, mailbox, outcome, twice, count in db.session.execute(query, execution_options=BEYOND):
        each = found[begun_at(at), mailbox or 0]
        each.ends[outcome] += count
        each.twice += count if twice else 0
    message = select(Message.id).where(Message.journal_id == JournalEntry.id).exists()
    # By what they are not: SQLite would walk every letter that is shown, instead of those of the hours.
    unseen = [outcome for outcome in Outcome if outcome not in SHOWN]
    lost = (JournalEntry.outcome.not_in(unseen), JournalEntry.reason.is_distinct_from(TWICE), ~message)
    rows = select(JournalEntry.id, JournalEntry.arrived_at, JournalEntry.mailbox_id).where(within, *lost)
    for row in db.session.execute(rows, execution_options=BEYOND):
        found[begun(row.arrived_at), row.mailbox_id or 0].lost.append(row.id)
    return found


def keep_counting(now: datetime) -> int:
    """Count the past hours that are missing or were counted long ago, the newest first; answers how many."""
    last = begun(now - YOUNG)
    rows = db.session.execute(select(MailHour.hour, MailHour.counted_at).where(MailHour.mailbox == 0)).all()
    fresh = {row.hour for row in rows if row.counted_at > now - ANEW_AFTER}
    wanted = [last - number * HOUR for number in range(KEPT_FOR // HOUR)]
    due = [hour for hour in wanted if hour not in fresh][:MOST_AT_ONCE]
    with transaction():
        if due:
            _count(due, now)
        db.session.execute(delete(MailHour).where(MailHour.hour < wanted[-1]))
    return len(due)


def begun(at: datetime) -> datetime:
    """The beginning of the hour."""
    return at.replace(minute=0, second=0, microsecond=0)


def _count(hours: Collection[datetime], now: datetime) -> None:
    sums = counted(_ranges(hours))
    db.session.execute(delete(MailHour).where(MailHour.hour.in_(hours)))
    rows = {(hour, 0): Sum() for hour in hours} | sums
    values: list[dict[str, Any]] = [
        {
            "hour": hour,
            "mailbox": mailbox,
            "ends": dict(each.ends),
            "twice": each.twice,
            "lost": each.lost,
            "counted_at": now,
        }
        for (hour, mailbox), each in rows.items()
    ]
    db.session.execute(insert(MailHour), values)


def _gaps(known: Collection[datetime], first: datetime, now: datetime) -> list[tuple[datetime, datetime]]:
    """The hours from the first one on that are not known, as ranges."""
    hours = (first + number * HOUR for number in range((now - first) // HOUR + 1))
    return _ranges(hour for hour in hours if hour not in known)


def _ranges(hours: Iterable[datetime]) -> list[tuple[datetime, datetime]]:
    """The hours as few spans of time."""
    spans: list[tuple[datetime, datetime]] = []
    for hour in sorted(hours):
        begins = spans.pop()[0] if spans and spans[-1][1] == hour else hour
        spans.append((begins, hour + HOUR))
    return spans


def drop_changed(session: Session, _context: object, _instances: object) -> None:
    """What became of a letter changes: its hour is counted anew. Listens to `before_flush`."""
    hours = {begun(row.arrived_at) for row in _changed(session.dirty) if row.arrived_at}
    if hours:
        session.execute(delete(MailHour).where(MailHour.hour.in_(hours)))


def _changed(rows: Iterable[object]) -> Iterable[JournalEntry]:
    for row in rows:
        if isinstance(row, JournalEntry):
            attributes: Any = inspect(row).attrs
            old = attributes.outcome.history.deleted or attributes.reason.history.deleted
            if old and begun(row.arrived_at) < begun(utc_now() - YOUNG) + HOUR:
                yield row
