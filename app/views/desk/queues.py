"""What waits for a consultant today: each queue is a list of the desk with its count, asked for again and again."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from flask import current_app, jsonify, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload
from werkzeug.datastructures import MultiDict

from app.access import Standing, journal_of, sees_call, tickets_of
from app.access.net import BEYOND
from app.desk.mentions import waits_for
from app.desk.saved_views import SHOWN_ABOVE, views_of
from app.extensions import db
from app.models.call import Call
from app.models.event import Event
from app.models.journal import JournalEntry, Outcome
from app.models.mention import Mention
from app.models.ranges import Order, Rows
from app.models.ticket import Ticket
from app.models.types import utc_now
from app.views import visitor
from app.views.admin import all_settings
from app.views.desk.asked import opened
from app.views.desk.filters import conditions, quick_views
from app.views.doors import requires

GRID, JOURNAL, CALLS = "/desk/tickets/list/", "/desk/journal/list/", "/desk/calls/"
MOST_COUNTED = 99  # "99+" beyond
SHOWN = 5  # tickets of each queue that its own page shows
LATEST, NEAREST = Order(Ticket.updated_at, Ticket.id), Order(Ticket.due_at, Ticket.id, descending=False)


@dataclass(frozen=True)
class Queue:
    """Rows that wait, and the list that shows them all."""

    code: str
    label: Any
    address: str
    rows: Rows


def queues(standing: Standing, me: int) -> list[Queue]:
    """Those of this account, in the order in which a day begins. Each counts what its list shows."""
    found = [
        Queue(view.code, view.label, f"{GRID}?{view.query}", _tickets(standing, me, view.query))
        for view in quick_views()
        if view.query
    ]
    calls = Rows(Call, (sees_call(standing),)).where(Call.settled_at.is_(None))
    letters = journal_of(standing).where(JournalEntry.outcome == Outcome.NOT_SURE)
    return [
        *found,
        Queue("calls", _l("Calls that wait"), CALLS, calls),
        Queue("not_sure", _l("Letters to decide about"), f"{JOURNAL}?outcome={Outcome.NOT_SURE}", letters),
    ]


def counts(waiting: Sequence[Queue]) -> dict[str, str]:
    """How many wait in each, in one statement; what is more than MOST_COUNTED is told as that many and a plus."""
    columns = [queue.rows.count(MOST_COUNTED + 1).label(queue.code) for queue in waiting]
    row = db.session.execute(select(*columns)).one()._asdict()
    return {code: f"{MOST_COUNTED}+" if number > MOST_COUNTED else str(number) for code, number in row.items()}


def _first_steps() -> list[all_settings.Found]:
    """What there is to set up, told to administrators until the first ticket is there."""
    if "administrator" not in visitor.account().role_kinds or db.session.scalar(
        select(tickets_of(visitor.standing()).count(1))
    ):
        return []
    return all_settings.first_steps()


class QueuesView(BaseView):
    """Menu Dzisiaj: where a consultant's day begins."""

    route_base = "/desk/today"
    default_view = "today"

    @expose("/")
    @requires("list")
    def today(self) -> ResponseReturnValue:
        """The counts of all queues, and the first tickets of those that are worked off one by one."""
        waiting = queues(visitor.standing(), visitor.account().id)
        lists = {
            queue: _first(queue, NEAREST if queue.code in ("late", "due") else LATEST)
            for queue in waiting
            if queue.code in ("late", "due", "mine", "mentions", "unassigned")
        }
        may_act = visitor.may("can_edit", "TicketModelView")
        return self.render_template(
            "desk/today.html",
            queues=waiting,
            counts=counts(waiting),
            lists=lists,
            may_act=may_act,
            now=utc_now(),
            steps=[] if any(lists.values()) else _first_steps(),
        )

    @expose("/counts")
    @requires("list")
    def counts(self) -> ResponseReturnValue:
        """The counts alone, for screens that stay open: 304 while nothing has changed.

        They are not counted again within a minute in which nothing happened: two hundred screens ask all day.
        """
        turn, known = _turn(), request.if_none_match.as_set()
        if any(tag.startswith(turn) for tag in known):
            return current_app.response_class(status=304)
        answer = jsonify(counts([*queues(visitor.standing(), visitor.account().id), *_saved()]))
        said = hashlib.sha256(answer.data).hexdigest()[:16]
        if any(tag.endswith(said) for tag in known):
            answer = current_app.response_class(status=304)
        answer.set_etag(f"{turn}-{said}")
        return answer


def _turn() -> str:
    """Stands for who asks, the minute, the last thing that happened, came in or was called in, and what he has seen."""
    me = visitor.account().id
    mentions = select(func.count(Mention.id)).where(waits_for(me)).scalar_subquery()
    latest = [select(func.max(kind.id)).scalar_subquery() for kind in (Event, JournalEntry, Call)]
    row = db.session.execute(select(*latest, mentions), execution_options=BEYOND).one()
    said = (me, int(time.time() // 60), *row)
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def _saved() -> list[Queue]:
    """The views that stand above the list of tickets."""
    views = views_of(visitor.standing(), visitor.account())[:SHOWN_ABOVE]
    return [Queue(f"view{view.id}", view.name, f"{GRID}?view={view.id}", opened(view).rows()) for view in views]


def _tickets(standing: Standing, me: int, query: str) -> Rows:
    return tickets_of(standing).where(*conditions(MultiDict(parse_qsl(query)), me=me))


def _first(queue: Queue, order: Order) -> Sequence[Ticket]:
    shown = (joinedload(Ticket.state), joinedload(Ticket.product_group), joinedload(Ticket.requester))
    return db.session.scalars(queue.rows.read(order, SHOWN).options(*shown)).unique().all()
