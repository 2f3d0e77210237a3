"""The calendar of the instruction (S7): business days 9:00-17:00 in Warsaw, Polish public holidays free."""

from app.calendar.model import WEEKDAYS, Calendar
from app.calendar.windows import Window

OFFICE_HOURS = (Window(9 * 60, 17 * 60),)

CWT = Calendar(
    name="CWT",
    zone="Europe/Warsaw",
    week=dict.fromkeys(WEEKDAYS[:5], OFFICE_HOURS),
    country="PL",
)
