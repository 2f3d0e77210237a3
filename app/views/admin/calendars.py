"""Working hours as data: calendars, their year at a glance, iCalendar in and out (S7, S9)."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Response, abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.calendar.errors import CalendarError
from app.calendar.ical import read_ical, write_ical
from app.calendar.model import Calendar
from app.calendar.preset import CWT
from app.desk.calendars import add_calendar, change_calendar, versions_of
from app.desk.clocks import calendar_of
from app.events.transaction import transaction
from app.extensions import db
from app.locale import language
from app.models.product_group import CalendarRecord
from app.models.ranges import Order
from app.models.types import utc_now
from app.views import visitor
from app.views.admin import year as years
from app.views.admin.calendar_forms import HOURS_HINT, RULE_NAMES, CalendarForm, ImportForm, complaint, merged
from app.views.admin.settings import SettingsView
from app.views.desk import guarded
from app.views.desk.grid import ROW_ID
from app.views.doors import requires

LARGEST_FILE = 2 * 2**20
YEARS_AHEAD = 5


class CalendarModelView(SettingsView):
    """Every saving makes a new version, which counts from now on."""

    route_base = "/desk/calendars"
    datamodel = SettingsView.over(CalendarRecord)
    include_route_methods = {"list", "show", "add", "edit", "read_file", "file"}
    order = Order(CalendarRecord.name, CalendarRecord.id, descending=False)
    list_title = _l("Calendars")
    add_title = _l("Add a calendar")
    edit_title = _l("Change the calendar")
    hint = _l("Working hours, public holidays and days off. A change counts for what arrives from then on.")
    label_columns = {
        "name": _l("Name"),
        "zone": _l("Time zone"),
        "hours": _l("Working hours"),
        "version": _l("Version"),
    }
    list_columns = ["name", "zone", "hours", "version"]
    show_columns = add_columns = edit_columns = ["name"]
    formatters_columns = {
        "zone": lambda row: calendar_of(row).zone,
        "hours": lambda row: "; ".join(f"{day} {hours}" for day, hours in years.week_of(calendar_of(row)) if hours),
    }

    @expose(f"/show/{ROW_ID}")
    @requires("show")
    def show(self, pk: int) -> ResponseReturnValue:
        """The week, the rule and a whole year."""
        return self._page(self.row(pk), ImportForm())

    @expose("/add", methods=["GET", "POST"])
    @requires("add")
    def add(self) -> ResponseReturnValue:
        form = CalendarForm.of(CWT)
        if request.method == "GET":
            form.name.data = ""
        if form.validate_on_submit():
            try:
                calendar = form.calendar()
                self._check_name(calendar, None)
                with transaction():
                    return self._kept(add_calendar(calendar, by=visitor.account()))
            except CalendarError as error:
                form.form_errors.append(complaint(error))
        return self._form(None, form, str(self.add_title))

    @expose(f"/edit/{ROW_ID}", methods=["GET", "POST"])
    @requires("edit")
    def edit(self, pk: int) -> ResponseReturnValue:
        record, title = self.row(pk), str(self.edit_title)
        if request.method != "POST":
            return self._form(record, _opened(record), title)
        try:
            with transaction():
                record = self._locked(pk)
                form = _opened(record)
                if is_saved := not guarded.is_overtaken(form) and form.validate_on_submit():
                    calendar = form.calendar()
                    self._check_name(calendar, record)
                    change_calendar(record, calendar, by=visitor.account())
        except CalendarError as error:
            form.form_errors.append(complaint(error))
            is_saved = False
        return self._kept(record) if is_saved else self._form(record, form, title)

    @expose(f"/{ROW_ID}/import", methods=["POST"])
    @requires("edit")
    def read_file(self, pk: int) -> ResponseReturnValue:
        """Take days off and exceptional openings from an iCalendar file."""
        record, form = self.row(pk), ImportForm()
        content = form.file.data.stream.read(LARGEST_FILE + 1) if form.validate() and form.file.data else b""
        calendar = calendar_of(record)
        try:
            found = read_ical(content[:LARGEST_FILE], calendar, until=utc_now().year + YEARS_AHEAD)
            with transaction():
                changed = merged(calendar, found.days_off, found.special_days)
                change_calendar(self._locked(pk), changed, by=visitor.account())
        except CalendarError as error:
            form.form_errors.append(complaint(error))
            return self._page(record, form)
        flash(
            _(
                "Read from the file: days off: %(days)s, exceptional openings: %(openings)s, left out: %(ignored)s.",
                days=len(found.days_off),
                openings=len(found.special_days),
                ignored=found.ignored,
            ),
            "success",
        )
        return redirect(self.address(f"show/{pk}"), 303)

    @expose(f"/{ROW_ID}/file.ics")
    @requires("show")
    def file(self, pk: int) -> ResponseReturnValue:
        """The days of the year asked for and the next as iCalendar."""
        calendar, year = calendar_of(self.row(pk)), _year()
        answer = Response(write_ical(calendar, (year, year + 1), language()), mimetype="text/calendar")
        answer.headers["Content-Disposition"] = f'attachment; filename="calendar-{pk}-{year}.ics"'
        return answer

    def _kept(self, record: CalendarRecord) -> ResponseReturnValue:
        flash(_("The calendar is saved; what arrives from now on is counted by it."), "success")
        return redirect(self.address(f"show/{record.id}"), 303)

    def _form(self, record: CalendarRecord | None, form: CalendarForm, title: str) -> ResponseReturnValue:
        page = self.render_template(
            "desk/calendar_form.html", title=title, form=form, view=self, hours_hint=HOURS_HINT, record=record
        )
        return page, guarded.status_of(form)

    def _check_name(self, calendar: Calendar, record: CalendarRecord | None) -> None:
        holder = db.session.scalar(select(CalendarRecord.id).where(CalendarRecord.name == calendar.name))
        if holder is not None and (record is None or holder != record.id):
            raise CalendarError("name_taken", _("There is a calendar named “%(name)s” already."), name=calendar.name)

    def _locked(self, pk: int) -> CalendarRecord:
        query = select(CalendarRecord).where(CalendarRecord.id == pk).with_for_update()
        return db.session.scalars(query.execution_options(populate_existing=True)).one()

    def _page(self, record: CalendarRecord, form: ImportForm) -> ResponseReturnValue:
        calendar, year = calendar_of(record), _year()
        try:
            months, differing = years.months_of(calendar, year), years.differing_of(calendar, year)
        except CalendarError as error:
            months, differing = [], []
            flash(complaint(error), "warning")
        return self.render_template(
            "desk/calendar.html",
            title=_("Calendar %(name)s", name=record.name),
            record=record,
            calendar=calendar,
            rule=RULE_NAMES[calendar.rule],
            week=years.week_of(calendar),
            year=year,
            months=months,
            differing=differing,
            weekdays=years.weekday_names(),
            versions=versions_of(record)[:20],
            form=form,
            view=self,
        )


def _opened(record: CalendarRecord) -> CalendarForm:
    return guarded.opened(partial(CalendarForm.of, calendar_of(record)))


def _year() -> int:
    """The year that the address asks for, by default this one."""
    asked: Any = request.args.get("year", default=utc_now().year, type=int)
    if not years.FIRST_YEAR <= asked <= years.LAST_YEAR:
        abort(404)
    return int(asked)
