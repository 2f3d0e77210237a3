"""When the desk works, as the contact page says it (S7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from flask_babel import get_locale
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.calendar import clock
from app.calendar.model import WEEKDAYS, Calendar
from app.desk.clocks import calendar_of
from app.extensions import db
from app.models.product_group import ProductGroup
from app.models.types import utc_now


@dataclass(frozen=True)
class Opening:
    """Whether the desk works now, when it opens next otherwise, and its week as (days, hours)."""

    is_open: bool = False
    opens_at: datetime | None = None
    week: tuple[tuple[str, str], ...] = ()


def opening_of_the_desk() -> Opening:
    """By the calendar of the first product group."""
    query = select(ProductGroup).where(ProductGroup.active).options(joinedload(ProductGroup.calendar))
    group = db.session.scalars(query.order_by(ProductGroup.position).limit(1)).first()
    if group is None:
        return Opening()
    calendar, now = calendar_of(group.calendar), utc_now()
    is_open = clock.is_open(calendar, now)
    return Opening(is_open, None if is_open else clock.next_opening(calendar, now), tuple(_week(calendar)))


def _week(calendar: Calendar) -> list[tuple[str, str]]:
    """Neighbouring days of the same hours in one line, days off left out."""
    hours = [", ".join(str(window).replace("-", "–") for window in calendar.week[day]) for day in WEEKDAYS]
    runs = [(text, [day for day, _text in days]) for text, days in groupby(enumerate(hours), key=lambda item: item[1])]
    return [(_days(days), text) for text, days in runs if text]


def _days(days: list[int]) -> str:
    locale = get_locale()
    if locale is None:
        return ""
    names = locale.days["stand-alone"]["wide"]
    return names[days[0]] if len(days) == 1 else f"{names[days[0]]} – {names[days[-1]]}"
