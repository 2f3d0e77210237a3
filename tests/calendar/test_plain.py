"""A calendar as plain JSON, and every mistake in it named."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.calendar.errors import CalendarError
from app.calendar.model import Rule
from app.calendar.plain import from_plain, to_plain
from app.calendar.preset import CWT
from app.calendar.windows import Window


def test_there_and_back() -> None:
    calendar = replace(
        CWT,
        days_off={date(2026, 5, 2): "Long weekend"},
        special_days={date(2026, 12, 31): (Window(540, 780),), date(2026, 12, 30): ()},
        rule=Rule.SAME_DAY,
        version=7,
    )

    assert from_plain(json.loads(json.dumps(to_plain(calendar)))) == calendar


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"zone": "Europe/Nowhere"}, "unknown_zone"),
        ({"zone": "Europe"}, "unknown_zone"),
        ({"country": "XX"}, "unknown_country"),
        ({"country": "DE-XX"}, "unknown_country"),
        ({"week": {}}, "no_hours"),
        ({"week": {"funday": ["09:00-17:00"]}}, "unknown_weekday"),
        ({"week": {"monday": ["9-17"]}}, "window_format"),
        ({"week": {"monday": ["17:00-09:00"]}}, "window_order"),
        ({"week": {"monday": ["09:00-13:00", "12:00-17:00"]}}, "windows_overlap"),
        ({"week": {"monday": "09:00-17:00"}}, "windows_format"),
        ({"days_off": {"2026-02-30": ""}}, "not_a_date"),
        ({"days_off": ["2026-02-03"]}, "not_an_object"),
        ({"rule": "whenever"}, "unknown_rule"),
        ({"version": 0}, "version"),
        ({"name": " "}, "text_missing"),
        ({"hours": 8}, "unknown_key"),
    ],
)
def test_every_mistake_has_its_own_answer(change: dict[str, Any], code: str) -> None:
    with pytest.raises(CalendarError) as caught:
        from_plain({**to_plain(CWT), **change})

    assert caught.value.code == code
    assert "%(" not in str(caught.value)
    assert caught.value.translated(lambda sentence: sentence) == str(caught.value)
