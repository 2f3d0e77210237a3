"""Windows of local time within one day: 09:00-17:00."""

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple, Self

from app.calendar.errors import CalendarError
from app.calendar.errors import mark as _

MINUTES_A_DAY = 24 * 60
_WINDOW = re.compile(r"([0-9]{2}):([0-9]{2})\s*[-–]\s*([0-9]{2}):([0-9]{2})")  # people type both dashes


class Window(NamedTuple):
    """Open from `opens` up to but not including `closes`, in minutes after local midnight; 24:00 is 1440."""

    opens: int
    closes: int

    def __str__(self) -> str:
        return f"{_clock(self.opens)}-{_clock(self.closes)}"

    @classmethod
    def parse(cls, text: str, where: str) -> Self:
        """Read "09:00-17:00"; `where` names the day in the error."""
        match = _WINDOW.fullmatch(text.strip())
        if match is None:
            raise _not_a_window(text, where)
        hour, minute, end_hour, end_minute = (int(part) for part in match.groups())
        if minute > 59 or end_minute > 59:
            raise _not_a_window(text, where)
        return cls(hour * 60 + minute, end_hour * 60 + end_minute)


Windows = tuple[Window, ...]


def check_windows(windows: Iterable[Window], where: str) -> Windows:
    """The windows in order; refused when one leaves its day or two overlap."""
    ordered = tuple(sorted(windows))
    for window in ordered:
        _check_window(window, where)
    for earlier, later in pairwise(ordered):
        if later.opens < earlier.closes:
            sentence = _("%(where)s: %(earlier)s and %(later)s overlap; make one window of them.")
            raise CalendarError("windows_overlap", sentence, where=where, earlier=earlier, later=later)
    return ordered


def _check_window(window: Window, where: str) -> None:
    if not (0 <= window.opens < MINUTES_A_DAY and 0 <= window.closes <= MINUTES_A_DAY):
        raise _not_a_window(str(window), where)
    if window.closes <= window.opens:
        raise CalendarError(
            "window_order",
            _(
                "%(where)s: %(window)s does not end after it begins; "
                "enter a night shift as two windows, up to 24:00 and from 00:00 on the next day."
            ),
            where=where,
            window=window,
        )


def _not_a_window(text: str, where: str) -> CalendarError:
    sentence = _("%(where)s: “%(text)s” is not a window of time; write it like 09:00-17:00.")
    return CalendarError("window_format", sentence, where=where, text=text)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
