"""How instants are written for their reader."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask
from flask_babel import force_locale

from app.locale import when


def test_a_brief_instant_leaves_out_the_year_that_now_is(app: Flask) -> None:
    now = datetime.now(UTC)
    noon = now.replace(month=7, day=5, hour=10, minute=5)
    with app.test_request_context(), force_locale("pl"):
        assert when(noon, "brief") == "5 lip, 12:05"
        assert when(noon.replace(year=now.year - 1), "brief") == f"5.07.{now.year - 1}, 12:05"
        assert when(None, "brief") == "–"
    with app.test_request_context(), force_locale("en"):
        assert when(noon, "brief") == "5 Jul, 12:05"


def test_the_year_is_that_of_the_readers_zone(app: Flask) -> None:
    """At New Year, half an hour before midnight in UTC, it is the next year in Warsaw."""
    turn = datetime(datetime.now(UTC).year - 1, 12, 31, 23, 30, tzinfo=UTC)
    with app.test_request_context(), force_locale("pl"):
        assert when(turn, "brief", "Europe/Warsaw") == "1 sty, 00:30"
        assert when(turn, "brief", "UTC") == f"31.12.{turn.year}, 23:30"


def test_what_binds_is_told_to_the_minute_with_its_zone(app: Flask) -> None:
    summer, winter = datetime(2026, 7, 1, 15, 0, tzinfo=UTC), datetime(2026, 11, 27, 16, 1, 59, tzinfo=UTC)
    with app.test_request_context(), force_locale("pl"):
        assert when(winter, "minute", "Europe/Warsaw") == "27 listopada 2026, 17:01 CET"
        assert when(summer, "minute", "Europe/Warsaw") == "1 lipca 2026, 17:00 CEST"
    with app.test_request_context(), force_locale("en"):
        assert when(winter, "minute", "Europe/London") == "27 November 2026, 16:01 GMT"
