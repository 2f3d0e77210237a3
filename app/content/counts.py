"""How often articles were offered, opened, and spared somebody a ticket: by entry and day, never by person."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from app.access import Standing, sees_entry
from app.extensions import db
from app.models.entry import Entry
from app.models.reading import Counted, EntryCount, Opinion


@dataclass
class Report:
    """What readers did with an entry, and what they said of it."""

    entry: Entry
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(Counted, 0))
    helpful: int = 0
    unhelpful: int = 0


def count(entry_ids: Collection[int], what: Counted, *, day: date) -> None:
    """Count once more for each of these entries. Call it in a transaction."""
    for entry_id in entry_ids:
        mine = (EntryCount.entry_id == entry_id, EntryCount.day == day, EntryCount.what == what)
        more = update(EntryCount).where(*mine).values(count=EntryCount.count + 1)
        if db.session.execute(more).rowcount:  # type: ignore[attr-defined]
            continue
        try:
            with db.session.begin_nested():
                db.session.add(EntryCount(entry_id=entry_id, day=day, what=what, count=1))
        except IntegrityError:  # Somebody else was the first of the day in this moment.
            db.session.execute(more)


def report(standing: Standing, since: date, *, limit: int) -> list[Report]:
    """The entries within its sight that were offered most since that day, or that readers said something of."""
    rows: dict[int, dict[str, int]] = {}
    counted = select(EntryCount.entry_id, EntryCount.what, func.sum(EntryCount.count)).where(EntryCount.day >= since)
    for entry_id, what, number in db.session.execute(counted.group_by(EntryCount.entry_id, EntryCount.what)):
        rows.setdefault(entry_id, {})[what] = int(number)
    said = select(Opinion.entry_id, Opinion.helpful, func.count()).where(Opinion.created_at >= _begin(since))
    for entry_id, helpful, number in db.session.execute(said.group_by(Opinion.entry_id, Opinion.helpful)):
        rows.setdefault(entry_id, {})["helpful" if helpful else "unhelpful"] = int(number)
    first = sorted(rows, key=lambda entry_id: (-sum(rows[entry_id].values()), entry_id))[:limit]
    seen = select(Entry).where(Entry.id.in_(first), sees_entry(standing))
    entries = {entry.id: entry for entry in db.session.scalars(seen)}
    return [_report(entries[entry_id], rows[entry_id]) for entry_id in first if entry_id in entries]


def _begin(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def by_day(entry_id: int, since: date) -> dict[date, dict[str, int]]:
    """The same of one entry, day by day."""
    found: dict[date, dict[str, int]] = {}
    query = select(EntryCount).where(EntryCount.entry_id == entry_id, EntryCount.day >= since).order_by(EntryCount.day)
    for row in db.session.scalars(query):
        found.setdefault(row.day, {})[row.what] = row.count
    return found


def _report(entry: Entry, row: dict[str, int]) -> Report:
    counts = {str(what): row.get(what, 0) for what in Counted}
    return Report(entry, counts, row.get("helpful", 0), row.get("unhelpful", 0))
