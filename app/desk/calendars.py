"""Calendars as rows: saved in versions, so that a later change alters nothing that is past (S9)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Select, select

from app.calendar.model import Calendar
from app.calendar.plain import from_plain, to_plain
from app.extensions import db
from app.models.account import Account
from app.models.product_group import CalendarRecord
from app.models.version import Version

KIND = "calendar"


def add_calendar(calendar: Calendar, *, by: Account | None = None) -> CalendarRecord:
    """A new calendar, in its first version."""
    first = replace(calendar, version=1)
    record = CalendarRecord(name=calendar.name, definition=to_plain(first), version=1)
    db.session.add(record)
    db.session.flush()
    _keep(record, by)
    return record


def change_calendar(record: CalendarRecord, to: Calendar, *, by: Account | None = None) -> bool:
    """The calendar in its next version, which counts from now on; False when nothing is different."""
    if replace(to, version=record.version) == from_plain(record.definition):
        return False
    record.version += 1
    record.name = to.name
    record.definition = to_plain(replace(to, version=record.version))
    _keep(record, by)
    return True


def calendar_at(calendar_id: int, version: int) -> Calendar | None:
    """The calendar as it was in that version; None for one that was never kept."""
    definition = db.session.scalar(definition_at(calendar_id, version))
    return None if definition is None else from_plain(definition)


def definition_at(calendar_id: int | None, version: int | None) -> Select[Any]:
    """The statement that reads it, to be asked alone or within another."""
    kept = Version.kind == KIND, Version.key == str(calendar_id), Version.number == version
    return select(Version.data).where(*kept)


def versions_of(record: CalendarRecord) -> list[Version]:
    """All versions, the newest first."""
    query = select(Version).where(Version.kind == KIND, Version.key == str(record.id))
    return list(db.session.scalars(query.order_by(Version.number.desc())))


def _keep(record: CalendarRecord, by: Account | None) -> None:
    db.session.add(
        Version(
            kind=KIND,
            key=str(record.id),
            number=record.version,
            data=record.definition,
            account_id=by.id if by else None,
        )
    )
