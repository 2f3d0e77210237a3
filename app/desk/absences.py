"""Who is away, and who stands in for him meanwhile."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import joinedload

from app.access import is_consultant
from app.access.net import BEYOND
from app.desk.errors import DeskError
from app.extensions import db
from app.models.absence import Absence
from app.models.account import Account
from app.models.types import utc_now

LONGEST = timedelta(days=366)


class BadDays(DeskError):
    sentence = _l("Choose a last day that is not before the first one, not over yet and within a year.")


class NoSubstitute(DeskError):
    sentence = _l("Choose another consultant, who can sign in, or nobody.")


def is_now(now: datetime | None = None) -> ColumnElement[bool]:
    """Absences that have begun and not ended."""
    now = now or utc_now()
    return and_(Absence.starts_at <= now, Absence.ends_at > now)


def away(accounts: Collection[int]) -> dict[int, Absence]:
    """Those of the accounts that are away now, each with who stands in for it."""
    if not accounts:
        return {}
    query = select(Absence).where(Absence.account_id.in_(accounts), is_now())
    query = query.options(joinedload(Absence.substitute)).execution_options(**BEYOND)
    return {absence.account_id: absence for absence in db.session.scalars(query)}


def stood_in_for(account_id: int) -> Select[int]:
    """The accounts for which this one stands in now."""
    return select(Absence.account_id).where(Absence.substitute_id == account_id, is_now())


def set_absence(account: Account, first: date, last: date, *, substitute: Account | None, zone: str) -> Absence:
    """The account is away on these days of its zone, both of them included; replaces what was said before.

    Raises BadDays, NoSubstitute.
    """
    starts_at, ends_at = (datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC) for day in (first, _next(last)))
    if last < first or ends_at <= utc_now() or ends_at - starts_at > LONGEST:
        raise BadDays
    if substitute is not None and (substitute.id == account.id or not is_consultant(substitute)):
        raise NoSubstitute
    absence = db.session.get(Absence, account.id) or Absence(account_id=account.id)
    absence.starts_at, absence.ends_at = starts_at, ends_at
    absence.substitute_id = substitute.id if substitute else None
    db.session.add(absence)
    return absence


def end_absence(account_id: int) -> None:
    """The account is back, or does not go away after all."""
    absence = db.session.get(Absence, account_id)
    if absence is not None:
        db.session.delete(absence)


def _next(day: date) -> date:
    return day + timedelta(days=1) if day < date.max else day
