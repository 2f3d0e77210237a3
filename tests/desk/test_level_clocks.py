"""The end of a promised time against counting minute by minute: random hours, pauses, nights of 23 and 25 hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.calendar.clock import business_time_between
from app.calendar.explain import explain
from app.calendar.model import WEEKDAYS, Calendar
from app.calendar.windows import Window
from app.desk.levels import Stretch, end_of
from tests.calendar.clocks import MINUTE, open_by_the_minute


def windows(bounds: list[int]) -> tuple[Window, ...]:
    """Each bound with the next one, in quarters of an hour."""
    quarters = [15 * bound for bound in sorted(bounds)]
    return tuple(Window(*pair) for pair in zip(quarters[::2], quarters[1::2], strict=False))


WINDOWS = st.lists(st.integers(0, 24 * 4), min_size=2, max_size=4, unique=True).map(windows)
SPRING, AUTUMN = datetime(2026, 3, 26, tzinfo=UTC), datetime(2026, 10, 22, tzinfo=UTC)
AMERICA = datetime(2026, 3, 5, tzinfo=UTC), datetime(2026, 10, 29, tzinfo=UTC)
MINUTES = st.builds(
    lambda first, minutes: first + minutes * MINUTE,
    st.sampled_from((SPRING, AUTUMN, *AMERICA)),
    st.integers(0, 3 * 24 * 60),
)
CHANGES = (date(2026, 3, 29), date(2026, 10, 25), date(2026, 3, 8), date(2026, 11, 1))  # days of 23 and of 25 hours


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    off = draw(st.sets(st.sampled_from([date(2026, 3, 28), date(2026, 10, 24)])))
    return Calendar(
        "Random",
        draw(st.sampled_from(["Europe/Warsaw", "UTC", "America/New_York"])),
        {day: draw(WINDOWS) for day in draw(st.sets(st.sampled_from(WEEKDAYS), min_size=3))},
        country=draw(st.sampled_from([None, "PL"])),
        days_off=dict.fromkeys(off, "Inventory"),
        special_days=draw(st.dictionaries(st.sampled_from(CHANGES), WINDOWS)),
    )


@st.composite
def lives(draw: st.DrawFn) -> tuple[datetime, list[Stretch]]:
    """When a clock starts and when it stands after that; the last pause may go on."""
    began = at = draw(MINUTES)
    pauses: list[Stretch] = []
    for _pause in range(draw(st.integers(0, 3))):
        at += draw(st.integers(0, 20 * 60)) * MINUTE
        end = at + draw(st.integers(0, 30 * 60)) * MINUTE
        pauses.append((at, end))
        at = end
    if pauses and draw(st.booleans()):
        pauses[-1] = (pauses[-1][0], None)
    return began, pauses


def stands(pauses: list[Stretch], minute: datetime) -> bool:
    return any(begins <= minute and (ends is None or minute < ends) for begins, ends in pauses)


def on(day: date, opens: int, closes: int) -> Calendar:
    return Calendar("Odd", "Europe/Warsaw", {"monday": (Window(0, 60),)}, special_days={day: (Window(opens, closes),)})


@given(calendars(), lives(), st.integers(1, 20 * 60), st.integers(0, 4 * 24 * 60))
@example(on(CHANGES[0], 0, 135), (SPRING, []), 1, 4381)  # ends within the hour that does not exist
@example(on(CHANGES[0], 135, 195), (SPRING, []), 10, 4400)  # begins within it
@example(on(CHANGES[0], 135, 150), (SPRING, []), 1, 4400)  # lies wholly within it
@example(on(CHANGES[1], 0, 150), (AUTUMN, []), 150, 4600)  # ends within the hour that occurs twice
@example(on(CHANGES[1], 150, 195), (AUTUMN, []), 70, 4600)  # begins within it
@settings(max_examples=80, deadline=None)
def test_the_end_and_the_lines_agree_with_counting_minute_by_minute(
    calendar: Calendar, life: tuple[datetime, list[Stretch]], minutes: int, later: int
) -> None:
    began, pauses = life
    now, counted, slow = began + later * MINUTE, 0, None
    for step in range(later):
        minute = began + step * MINUTE
        if open_by_the_minute(calendar, minute) and not stands(pauses, minute):
            counted += 1
            slow = minute + MINUTE if counted == minutes else slow
    due_at = end_of(calendar, began, minutes * MINUTE, pauses)
    closed = [(begins, ends or max(now, begins)) for begins, ends in pauses]
    assert business_time_between(calendar, began, now, closed) == counted * MINUTE
    lines = explain(calendar, began, now, closed)
    assert sum((line.worked for line in lines), timedelta(0)) == counted * MINUTE
    assert due_at == slow or (slow is None and (due_at is None or due_at > now or later == 0))
