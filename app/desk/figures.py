"""How the desk is doing, in numbers: what came and was solved, what is open and since when, which promises were kept.

All of it of the tickets that one account may see; days are those of a zone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, select

from app.access import Standing, sees_ticket
from app.extensions import db
from app.models.beside import Rating, Score
from app.models.hour import HourOf, begun_at
from app.models.level import Term, TermKind
from app.models.ticket import UNFINISHED, State, Ticket
from app.models.types import utc_now

MOST_TERMS = 20_000  # the newest; so many are enough to see how promises are kept
AGES = (timedelta(days=1), timedelta(days=3), timedelta(days=7), timedelta(days=30))
_DAY = timedelta(days=1)
Key = int | None  # a product group or consultant; None: nobody


@dataclass
class Promises:
    """Of one kind: kept in time or too late, or still owed; and how long it took, typically."""

    kept: int = 0
    late: int = 0
    owed: int = 0
    seconds: list[float] = field(default_factory=list)

    @property
    def percent(self) -> int | None:
        """Of those that are decided."""
        decided = self.kept + self.late
        return round(100 * self.kept / decided) if decided else None

    @property
    def typical(self) -> timedelta | None:
        """The median, by the clock on the wall."""
        return timedelta(seconds=round(median(self.seconds) / 60) * 60) if self.seconds else None


@dataclass
class Line:
    """The figures of one product group or consultant."""

    came: int = 0
    solved: int = 0
    open: int = 0
    promises: dict[str, Promises] = field(default_factory=lambda: {kind: Promises() for kind in TermKind})
    scores: Counter[str] = field(default_factory=Counter)


@dataclass
class Figures:
    """`ages[n]` are open tickets younger than AGES[n], the last ones older than all."""

    days: dict[date, tuple[int, int]]  # how many came, how many were solved
    ages: list[int] = field(default_factory=lambda: [0] * (len(AGES) + 1))
    whole: Line = field(default_factory=Line)
    groups: dict[Key, Line] = field(default_factory=dict)
    consultants: dict[Key, Line] = field(default_factory=dict)
    capped: bool = False  # promises are told of the newest MOST_TERMS only


def figures(standing: Standing, first: date, last: date, zone: str) -> Figures:
    """Of these days, both of them included; open tickets are those of now. Five statements."""
    begins, ends = (datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC) for day in (first, last + _DAY))
    mine = sees_ticket(standing)
    found = Figures({first + number * _DAY: (0, 0) for number in range((last - first).days + 1)})
    for column, is_arrival in ((Ticket.arrived_at, True), (Ticket.resolved_at, False)):
        columns = (HourOf(column), Ticket.product_group_id)
        query = select(*columns, func.count()).where(mine, column >= begins, column < ends)
        for hour, group, count in db.session.execute(query.group_by(*columns)):
            day = max(begun_at(hour), begins).astimezone(ZoneInfo(zone)).date()  # a zone may begin within an hour
            came, solved = found.days[day]
            found.days[day] = (came + count, solved) if is_arrival else (came, solved + count)
            for line in (found.whole, found.groups.setdefault(group, Line())):
                line.came += count if is_arrival else 0
                line.solved += 0 if is_arrival else count
    _count_open(found, standing)
    _count_promises(found, standing, begins, ends)
    scores = select(Rating.score, Ticket.product_group_id, Ticket.assignee_id, func.count()).join(Rating.ticket)
    scores = scores.where(mine, Rating.created_at >= begins, Rating.created_at < ends)
    for score, group, assignee, count in db.session.execute(
        scores.group_by(Rating.score, Ticket.product_group_id, Ticket.assignee_id)
    ):
        for line in _lines(found, group, assignee):
            line.scores[score] += count
    return found


def satisfied(scores: Counter[str]) -> int | None:
    """The percentage of good ratings among all."""
    return round(100 * scores[Score.GOOD] / scores.total()) if scores else None


def _count_open(found: Figures, standing: Standing) -> None:
    now = utc_now()
    age = case(*((Ticket.arrived_at > now - limit, place) for place, limit in enumerate(AGES)), else_=len(AGES))
    unfinished = select(State.code).where(State.kind.in_(UNFINISHED))
    query = select(age, Ticket.product_group_id, Ticket.assignee_id, func.count())
    query = query.where(sees_ticket(standing), Ticket.status.in_(unfinished))
    for place, group, assignee, count in db.session.execute(
        query.group_by(age, Ticket.product_group_id, Ticket.assignee_id)
    ):
        found.ages[place] += count
        for line in _lines(found, group, assignee):
            line.open += count


def _count_promises(found: Figures, standing: Standing, begins: datetime, ends: datetime) -> None:
    columns = (Term.kind, Term.starts_at, Term.due_at, Term.met_at, Ticket.product_group_id, Ticket.assignee_id)
    query = select(*columns).join(Term.ticket).where(sees_ticket(standing), Term.dropped_at.is_(None))
    query = query.where(Ticket.arrived_at >= begins, Ticket.arrived_at < ends)
    rows = db.session.execute(query.order_by(Ticket.arrived_at.desc(), Term.id).limit(MOST_TERMS + 1)).all()
    found.capped, now = len(rows) > MOST_TERMS, utc_now()
    for kind, starts_at, due_at, met_at, group, assignee in rows[:MOST_TERMS]:
        for line in _lines(found, group, assignee):
            promises = line.promises[kind]
            if met_at is not None:
                promises.seconds.append((met_at - starts_at).total_seconds())
            if due_at is not None and (met_at or now) > due_at:
                promises.late += 1
            elif met_at is not None:
                promises.kept += 1
            else:
                promises.owed += 1


def _lines(found: Figures, group: Key, assignee: Key) -> Iterable[Line]:
    yield found.whole
    yield found.groups.setdefault(group, Line())
    yield found.consultants.setdefault(assignee, Line())
