"""Which tickets a consultant asked for: everything stands in the address, so a list can be kept and sent on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from sqlalchemy import ColumnElement, and_, select
from werkzeug.datastructures import MultiDict

from app.access import LARGEST_ID
from app.desk.absences import stood_in_for
from app.desk.mentions import waits_for
from app.extensions import db
from app.locale import choose_zone
from app.models.beside import Tag, ticket_tag
from app.models.mention import Mention
from app.models.organisation import Organisation
from app.models.ticket import UNFINISHED, Priority, StateKind, Ticket
from app.models.types import utc_now
from app.views.reference import codes_of, state_choices

Arguments = MultiDict[str, str]
Condition = ColumnElement[bool] | None
FEW_ORGANISATIONS = 20

WAITING = frozenset({StateKind.WAITING_CUSTOMER, StateKind.WAITING_THIRD_PARTY})


class QuickView(NamedTuple):
    """A list of every day: its name in the menu and the filters that it stands for."""

    code: str
    label: Any
    query: str


def quick_views() -> list[QuickView]:
    """The lists of every day, in the order in which a day begins."""
    unfinished = [("state", code) for code in codes_of(UNFINISHED)]
    unconfirmed, waiting = codes_of({StateKind.UNCONFIRMED}), codes_of(WAITING)
    return [
        QuickView(
            "mine", lazy_pgettext("list of every day", "My open tickets"), urlencode([("assignee", "me"), *unfinished])
        ),
        QuickView("mentions", _l("Mentions"), urlencode([("mention", "me")])),
        QuickView("away", _l("For whom I stand in"), urlencode([("assignee", "away"), *unfinished])),
        QuickView("unassigned", _l("Unassigned"), urlencode([("assignee", "nobody"), *unfinished])),
        QuickView("late", _l("Overdue"), urlencode([("due", "late")])),
        QuickView("due", _l("Due within a day"), urlencode([("due", "today")])),
        QuickView("waiting", _l("Waiting"), urlencode([("state", code) for code in waiting])),
        QuickView("unconfirmed", _l("Unconfirmed"), urlencode([("state", code) for code in unconfirmed])),
        QuickView("again", _l("To look at again"), urlencode([("follow_up", "due")])),
        QuickView("all", _l("All"), ""),
    ]


def conditions(args: Arguments, *, me: int) -> list[ColumnElement[bool]]:
    """What the address's filters ask for; a value that means nothing is left out."""
    found = [condition(args, me) for condition in CONDITIONS]
    return [condition for condition in found if condition is not None]


def number_in(text: str) -> int | None:
    """The ticket number that somebody typed, with or without #."""
    digits = text.strip().removeprefix("#")
    return int(digits) if digits.isdecimal() and len(digits) < 11 and int(digits) <= LARGEST_ID else None


def _states(args: Arguments, _me: int) -> Condition:
    """The states asked for; of somebody's tickets all states by name, since the index keeps his tickets by state."""
    codes = [code for code in args.getlist("state") if code.isidentifier()]
    if not codes and args.get("assignee"):
        codes = [code for code, _name in state_choices("en")]
    if not codes:
        return None
    return Ticket.status == codes[0] if len(codes) == 1 else Ticket.status.in_(codes[:20])


def _group(args: Arguments, _me: int) -> Condition:
    group_id = row_id(args.get("group", ""))
    return None if group_id is None else Ticket.product_group_id == group_id


def _assignee(args: Arguments, me: int) -> Condition:
    chosen = args.get("assignee", "")
    if chosen == "nobody":
        return Ticket.assignee_id.is_(None)
    if chosen == "away":
        return Ticket.assignee_id.in_(stood_in_for(me))
    account_id = me if chosen == "me" else row_id(chosen)
    return None if account_id is None else Ticket.assignee_id == account_id


def _organisation(args: Arguments, _me: int) -> Condition:
    """By how its name begins. Of a few organisations an index keeps the tickets; of many it is no use."""
    name = args.get("organisation", "").replace("\x00", "").strip()[:200]
    if not name:
        return None
    begins = Organisation.name.istartswith(name, autoescape=True)
    found = db.session.scalars(select(Organisation.id).where(begins).limit(FEW_ORGANISATIONS + 1)).all()
    return Ticket.organisation_id.in_(found) if len(found) <= FEW_ORGANISATIONS else Ticket.organisation.has(begins)


def _requester(args: Arguments, _me: int) -> Condition:
    account_id = row_id(args.get("requester", ""))
    return None if account_id is None else Ticket.requester_id == account_id


def _priority(args: Arguments, _me: int) -> Condition:
    chosen = args.get("priority", "")
    return Ticket.priority == chosen if chosen in list(Priority) else None


def _number(args: Arguments, _me: int) -> Condition:
    number = number_in(args.get("text", ""))
    return None if number is None else Ticket.number == number


def search_address(args: Arguments) -> str | None:
    """Where words lead: to the search, since no list of a million subjects can be scanned while somebody waits."""
    words = args.get("text", "").replace("\x00", "").strip()[:400]
    if not words or number_in(words) is not None:
        return None
    kept = [(name, args[name]) for name in ("state", "group") if args.get(name)]
    return f"/search?{urlencode([('q', words), *kept])}"


def _since(args: Arguments, _me: int) -> Condition:
    day = day_in(args.get("since", ""))
    return None if day is None else Ticket.arrived_at >= day


def _until(args: Arguments, _me: int) -> Condition:
    day = day_in(args.get("until", ""))
    return None if day is None else Ticket.arrived_at < day + timedelta(days=1)


def _due(args: Arguments, _me: int) -> Condition:
    """Overdue, due within a day, or promised at all; a list by due times holds only what is promised."""
    chosen, now = args.get("due", ""), utc_now()
    if chosen == "late":
        return Ticket.due_at < now
    if chosen == "today":
        return and_(Ticket.due_at >= now, Ticket.due_at < now + timedelta(days=1))
    return Ticket.due_at.is_not(None) if chosen == "any" or args.get("sort") == "due" else None


def _tag(args: Arguments, _me: int) -> Condition:
    name = " ".join(args.get("tag", "").replace("\x00", "").lower().split())[:40]
    if not name:
        return None
    tagged = select(ticket_tag.c.ticket_id).join(Tag, Tag.id == ticket_tag.c.tag_id).where(Tag.name == name)
    return Ticket.id.in_(tagged)


def _follow_up(args: Arguments, _me: int) -> Condition:
    """Those that somebody wanted to look at again, all of them or those whose time has come."""
    asked = args.get("follow_up", "")
    if asked == "due":
        return and_(Ticket.follow_up_at.is_not(None), Ticket.follow_up_at <= utc_now())
    return Ticket.follow_up_at.is_not(None) if asked == "any" else None


def _mention(args: Arguments, me: int) -> Condition:
    """Those with an internal note that speaks to the reader and that he has not seen."""
    waiting = select(Mention.ticket_id).where(waits_for(me))
    return Ticket.id.in_(waiting) if args.get("mention") == "me" else None


CONDITIONS: tuple[Callable[[Arguments, int], Condition], ...] = (
    _states,
    _group,
    _assignee,
    _organisation,
    _requester,
    _priority,
    _number,
    _since,
    _until,
    _due,
    _tag,
    _follow_up,
    _mention,
)


def row_id(text: str) -> int | None:
    """An id of a row as an address holds it."""
    return int(text) if text.isdecimal() and len(text) < 11 and int(text) <= LARGEST_ID else None


def day_in(text: str) -> datetime | None:
    """The beginning of a day in the reader's zone; years that no desk has seen are left out."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return datetime.combine(day, time(), ZoneInfo(choose_zone())) if 1970 <= day.year < 9000 else None
