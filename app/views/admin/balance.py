"""The balance of mail: a page for people, and numbers for a monitor."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask, Response, abort, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from flask_babel import format_date

from app.locale import DEFAULT_ZONE, choose_zone
from app.mail.balance import MOST_DAYS, MOST_SHOWN, Day, days, silences
from app.models.journal import Outcome
from app.models.types import utc_now
from app.views.doors import requires
from app.views.health import may_know

USUAL = 7


class BalanceView(BaseView):
    route_base = "/desk/balance"
    default_view = "page"

    @expose("/")
    @requires("list")
    def page(self) -> ResponseReturnValue:
        """By mailbox and day: taken in, and what became of it; red where it does not add up."""
        asked = request.args.get("days", "")
        number = int(asked) if asked.isascii() and asked.isdigit() and 0 < int(asked[:3]) <= MOST_DAYS else USUAL
        quiet = silences()
        return self.render_template(
            "desk/balance.html",
            days=days(number, choose_zone()),
            written=format_date,
            silences=quiet,
            names={each.mailbox.id: each.mailbox.name for each in quiet},
            outcomes=Outcome,
            number=number,
            most=MOST_DAYS,
            most_shown=MOST_SHOWN,
        )


def metrics() -> ResponseReturnValue:
    """Today's balance in Prometheus' text format, for loopback and bearers of BILETY_HEALTH_TOKEN."""
    if not may_know():
        abort(404)
    text = "\n".join((*_of_today(days(1, DEFAULT_ZONE)), *_of_silence()))
    return Response(f"{text}\n", mimetype="text/plain; version=0.0.4")


def _of_today(today: list[Day]) -> Iterator[str]:
    yield "# TYPE bilety_letters_today gauge"
    for day in today:
        for outcome in Outcome:
            label = f'mailbox="{day.mailbox_id or ""}",outcome="{outcome}"'
            yield f"bilety_letters_today{{{label}}} {day.ends[outcome]}"
    yield "# TYPE bilety_letters_unaccounted gauge"
    for day in today:
        yield f'bilety_letters_unaccounted{{mailbox="{day.mailbox_id or ""}"}} {len(day.lost) + len(day.late)}'


def _of_silence() -> Iterator[str]:
    yield "# TYPE bilety_mailbox_silent_seconds gauge"
    now, quiet = utc_now(), silences()
    for each in quiet:
        if each.since is not None:
            seconds = int((now - each.since).total_seconds())
            yield f'bilety_mailbox_silent_seconds{{mailbox="{each.mailbox.id}"}} {seconds}'
    yield "# TYPE bilety_mailbox_silent_too_long gauge"
    for each in quiet:
        yield f'bilety_mailbox_silent_too_long{{mailbox="{each.mailbox.id}"}} {int(each.too_long)}'


def init_app(app: Flask) -> None:
    app.add_url_rule("/metrics", "metrics", metrics)
