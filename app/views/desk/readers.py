"""What readers did with articles and said of them, and what they looked for in vain: for whoever writes."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from flask import request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from sqlalchemy import select

from app.access import NotFound, sees_entry
from app.content import counts, opinions
from app.extensions import db
from app.locale import SPOKEN, language
from app.models.entry import Entry
from app.models.types import utc_now
from app.search.sought import unanswered
from app.views import visitor
from app.views.doors import requires
from app.views.reference import group_choices

SPANS = (7, 30, 90)
MOST_ENTRIES, MOST_SAID, MOST_SOUGHT = 50, 20, 50


class ReadersView(BaseView):
    """Counts by article, the last comments, and searches that found nothing or led nowhere."""

    route_base = "/desk/readers"
    default_view = "list"

    @expose("/")
    @requires("list")
    def list(self) -> ResponseReturnValue:
        days = _days()
        since = (utc_now() - timedelta(days=days)).date()
        groups = dict(group_choices())
        spoken, group = request.args.get("lang", ""), request.args.get("group", "")
        sought = unanswered(
            MOST_SOUGHT,
            since=datetime.combine(since, time(), UTC),
            language=spoken if spoken in SPOKEN else "",
            product_group_id=int(group) if group in groups else 0,
        )
        return self.render_template(
            "authors/readers.html",
            reports=counts.report(visitor.standing(), since, limit=MOST_ENTRIES),
            said=opinions.newest_opinions(visitor.standing(), MOST_SAID),
            sought=sought,
            groups=groups,
            days=days,
            spans=SPANS,
            names=SPOKEN,
            title_of=title_of,
            is_staff=visitor.standing().is_staff,
            may_write=visitor.may("can_add", "EntriesView"),
        )

    @expose("/<int:entry_id>")
    @requires("list")
    def entry(self, entry_id: int) -> ResponseReturnValue:
        """One article day by day, with everything that was said of it."""
        entry = db.session.scalars(
            select(Entry).where(Entry.id == entry_id, sees_entry(visitor.standing()))
        ).one_or_none()
        if entry is None:
            raise NotFound
        since = (utc_now() - timedelta(days=_days())).date()
        return self.render_template(
            "authors/readers_of.html",
            entry=entry,
            title=title_of(entry),
            title_of=title_of,
            is_staff=visitor.standing().is_staff,
            by_day=counts.by_day(entry_id, since),
            helped=opinions.opinions_of(entry_id),
            said=opinions.newest_opinions(visitor.standing(), MOST_SAID, entry_id=entry_id),
            days=_days(),
            names=SPOKEN,
        )


def title_of(entry: Entry) -> str:
    """As readers know it, in the language of who asks where it is published in it."""
    texts = [each.published for each in (entry.variant(language()), entry.source) if each and each.published]
    return texts[0].title if texts else entry.source.title


def _days() -> int:
    given = request.args.get("days", 30, type=int)
    return given if given in SPANS else 30
