"""Ask the clock: when something counts as received and falls due, explained line by line."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import SelectField, StringField
from wtforms.validators import Length

from app.calendar.clock import add_business_time, business_time_between, counts_as_received, is_open, next_opening
from app.calendar.errors import CalendarError
from app.calendar.explain import MINUTE, Line, explain, explain_received
from app.calendar.instants import parse_instant, parse_minutes
from app.calendar.model import Calendar, Rule
from app.calendar.wording import line_text
from app.desk.clocks import calendar_of
from app.extensions import db
from app.locale import language
from app.models.product_group import CalendarRecord
from app.views.admin.calendar_forms import RULE_NAMES, complaint
from app.views.admin.fields import REQUIRED, clean
from app.views.admin.product_groups import calendar_choices
from app.views.doors import requires


class ClockForm(FlaskForm):
    """What to ask. Instants are local to the calendar when they carry no offset."""

    class Meta:
        csrf = False  # It changes nothing, so its questions can be kept and sent on as addresses.

    calendar = SelectField(_l("Calendar"), coerce=int, choices=calendar_choices)
    arrived = StringField(_l("Arrived"), filters=[clean], validators=[REQUIRED, Length(max=64)])
    rule = SelectField(_l("Rule"), choices=[("", _l("The calendar's own")), *RULE_NAMES.items()], default="")
    add = StringField(_l("Working minutes until due"), filters=[clean], validators=[Length(max=12)])
    until = StringField(_l("Count working time until"), filters=[clean], validators=[Length(max=64)])


@dataclass(frozen=True)
class Answer:
    """What the clock says. Lines are sentences; instants are to be shown in `zone`, the calendar's."""

    zone: str
    arrived: datetime
    is_open: bool
    received: datetime
    next_opening: datetime | None
    why: list[str]
    due: datetime | None = None
    due_lines: list[str] | None = None
    minutes: float | None = None
    minutes_lines: list[str] | None = None


class ClockView(BaseView):
    """The same that `run.py clock` answers, as a page."""

    route_base = "/desk/clock"
    default_view = "page"

    @expose("/")
    @requires("list")
    def page(self) -> ResponseReturnValue:
        form = ClockForm(request.args)
        answer = None
        if "arrived" in request.args and form.validate():
            try:
                answer = _answer(form)
            except CalendarError as error:
                form.form_errors.append(complaint(error))
        return self.render_template("desk/clock.html", form=form, answer=answer, number=format_decimal)


def _answer(form: ClockForm) -> Answer:
    record = db.session.scalars(select(CalendarRecord).where(CalendarRecord.id == form.calendar.data)).one()
    calendar = calendar_of(record)
    if form.rule.data:
        calendar = replace(calendar, rule=Rule(form.rule.data))
    arrived = parse_instant(str(form.arrived.data), calendar.tz)
    received = counts_as_received(calendar, arrived)
    more: dict[str, Any] = {}
    if form.add.data:
        due = add_business_time(calendar, received, parse_minutes(form.add.data))
        more |= {"due": due, "due_lines": _lines(calendar, explain(calendar, received, due))}
    if form.until.data:
        until = parse_instant(form.until.data, calendar.tz)
        more["minutes"] = business_time_between(calendar, received, until) / MINUTE
        more["minutes_lines"] = _lines(calendar, explain(calendar, received, until))
    return Answer(
        calendar.zone,
        arrived,
        is_open(calendar, arrived),
        received,
        next_opening(calendar, arrived),
        _lines(calendar, explain_received(calendar, arrived)),
        **more,
    )


def _lines(calendar: Calendar, lines: list[Line]) -> list[str]:
    return [line_text(calendar, line, language=language(), gettext=_) for line in lines]
