"""The desk in numbers, as a page that can be printed: each chart is a table with bars, or has one behind it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.desk.figures import Figures, figures, satisfied
from app.extensions import db
from app.locale import called, choose_zone
from app.models.account import Account
from app.models.level import TermKind
from app.models.product_group import ProductGroup
from app.models.types import utc_now
from app.views import visitor
from app.views.doors import requires

SPANS = (7, 30, 90)
LONGEST = 366  # days
TERM_NAMES: dict[str, Any] = {
    TermKind.FIRST: _l("First answer"),
    TermKind.NEXT: _l("Later answers"),
    TermKind.SOLUTION: _l("Solution"),
}


class FiguresView(BaseView):
    """Menu Statystyki: what each sees of the desk, in numbers."""

    route_base = "/desk/figures"
    default_view = "page"

    @expose("/")
    @requires("list")
    def page(self) -> ResponseReturnValue:
        """The last days, or those between two dates; what cannot be read means the last 30 days."""
        first, last, span = days_asked()
        found = figures(visitor.standing(), first, last, choose_zone())
        groups, consultants = _named(found)
        return self.render_template(
            "desk/figures.html",
            found=found,
            first=first,
            last=last,
            span=span,
            spans=SPANS,
            most=max((max(pair) for pair in found.days.values()), default=0),
            ages=list(zip(_age_names(), found.ages, strict=True)),
            term_names=TERM_NAMES,
            satisfied=satisfied,
            groups=groups,
            consultants=consultants,
        )


def days_asked() -> tuple[date, date, int | None]:
    """The first and the last day, and how many days back from today they are where they were asked for so."""
    today = utc_now().astimezone(ZoneInfo(choose_zone())).date()
    first, last = _day(request.args.get("since", "")), _day(request.args.get("until", ""))
    if first and last and first <= last <= today and (last - first).days < LONGEST:
        return first, last, None
    asked = request.args.get("days", "")
    span = int(asked) if asked.isdecimal() and len(asked) < 4 and int(asked) in SPANS else 30
    return today - timedelta(days=span - 1), today, span


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year >= 1970 else None


def _age_names() -> list[str]:
    return [
        _("Less than a day"),
        _("1 to 3 days"),
        _("3 to 7 days"),
        _("7 to 30 days"),
        _("More than 30 days"),
    ]


def _named(found: Figures) -> tuple[list[tuple[str, Any]], list[tuple[str, Any]]]:
    """The lines of product groups and consultants by name, who has nobody last."""
    groups = {
        row.id: called(row)
        for row in db.session.execute(select(ProductGroup.id, ProductGroup.name, ProductGroup.names))
    }
    ids = [key for key in found.consultants if key is not None]
    people = {row.id: row.name for row in db.session.scalars(select(Account).where(Account.id.in_(ids)))} if ids else {}
    named = [(people.get(key, "–"), line) for key, line in found.consultants.items() if key is not None]
    unassigned = [(_("Nobody"), found.consultants[None])] if None in found.consultants else []
    return (
        sorted(((groups.get(key or 0, "–"), line) for key, line in found.groups.items()), key=lambda pair: pair[0]),
        [*sorted(named, key=lambda pair: pair[0].casefold()), *unassigned],
    )
