"""What people put beside a ticket: tags, a date to look at it again, their wish to hear of it, a rating."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, insert, select

from app.calendar.clock import next_open_moment
from app.desk.alarms import cancel, set_alarm
from app.desk.clocks import calendar_of, record_for
from app.desk.ends import FOLLOW_UP, ends
from app.desk.errors import DeskError
from app.events.record import EventKind, record
from app.extensions import db
from app.models.account import Account
from app.models.beside import Rating, Score, Tag, Watcher, ticket_tag
from app.models.ticket import StateKind, Ticket
from app.models.types import utc_now

LONGEST_TAG, MOST_TAGS = 40, 20
LONGEST_COMMENT = 2_000
FURTHEST = timedelta(days=3 * 365)


class TooManyTags(DeskError):
    sentence = _l("A ticket has at most 20 tags of 40 characters each.")


class NotAhead(DeskError):
    sentence = _l("Choose a day from today on, within three years.")


class NothingToLookAt(DeskError):
    sentence = _l("A resolved or closed ticket is not looked at again. Open it first.")


class NotRateable(DeskError):
    sentence = _l("A ticket is rated by its customer, once it is resolved or closed.")


class UnknownScore(DeskError):
    sentence = _l("Choose one of the listed ratings.")


class TooLateToRate(DeskError):
    sentence = _l("The time to change this rating has passed.")


def set_tags(ticket: Ticket, names: Iterable[str], *, by: Account | None) -> None:
    """Give the ticket exactly these tags; new ones are made. Raises TooManyTags."""
    wanted = {name for name in (" ".join(name.replace("\x00", "").lower().split()) for name in names) if name}
    if len(wanted) > MOST_TAGS or any(len(name) > LONGEST_TAG for name in wanted):
        raise TooManyTags
    before = set(tags_of(ticket))
    if wanted == before:
        return
    known = {tag.name: tag for tag in db.session.scalars(select(Tag).where(Tag.name.in_(wanted)))}
    for name in sorted(wanted - known.keys()):
        known[name] = Tag(name=name)
        db.session.add(known[name])
    db.session.flush()
    db.session.execute(delete(ticket_tag).where(ticket_tag.c.ticket_id == ticket.id))
    if wanted:
        rows = [{"ticket_id": ticket.id, "tag_id": known[name].id} for name in sorted(wanted)]
        db.session.execute(insert(ticket_tag), rows)
    record(ticket, EventKind.TAGGED, by=by, before=sorted(before), after=sorted(wanted))


def tags_of(ticket: Ticket) -> list[str]:
    query = select(Tag.name).join(ticket_tag, ticket_tag.c.tag_id == Tag.id).where(ticket_tag.c.ticket_id == ticket.id)
    return list(db.session.scalars(query.order_by(Tag.name)))


def follow_up(ticket: Ticket, on: date | None, *, by: Account) -> None:
    """Look at the ticket again on that day, when its desk opens; None takes that back.

    Raises NotAhead, NothingToLookAt.
    """
    if on is not None and ticket.is_finished:
        raise NothingToLookAt
    before = ticket.follow_up_at
    cancel(ticket, FOLLOW_UP)
    ticket.follow_up_at = None
    if on is not None:
        calendar = calendar_of(record_for(ticket.product_group, ticket.organisation))
        now = utc_now()
        if not now.astimezone(calendar.tz).date() <= on <= (now + FURTHEST).date():
            raise NotAhead
        begins = datetime.combine(on, time(), calendar.tz)
        ticket.follow_up_at = next_open_moment(calendar, max(begins, now))
        set_alarm(ticket, FOLLOW_UP, ticket.follow_up_at)
    if ticket.follow_up_at != before:
        after = ticket.follow_up_at
        record(ticket, EventKind.FOLLOW_UP_SET, by=by, after=after.isoformat() if after else None)


def day_in(text: str | None) -> date | None:
    """A day as programs and browsers write it; nothing is None. Raises NotAhead."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise NotAhead from None


def remind_of_follow_up(ticket: Ticket) -> None:
    """The day has come; it stays in the list until somebody sets another or finishes the ticket."""
    record(ticket, EventKind.FOLLOW_UP_DUE, by=None)


def watch(ticket: Ticket, *, by: Account) -> None:
    """Hear of the ticket from now on."""
    if not watches(ticket, by):
        db.session.add(Watcher(ticket_id=ticket.id, account_id=by.id))


def unwatch(ticket: Ticket, *, by: Account) -> None:
    db.session.execute(delete(Watcher).where(Watcher.ticket_id == ticket.id, Watcher.account_id == by.id))


def watches(ticket: Ticket, account: Account) -> bool:
    query = select(Watcher.id).where(Watcher.ticket_id == ticket.id, Watcher.account_id == account.id)
    return db.session.scalar(query) is not None


def rate(ticket: Ticket, *, score: str, comment: str = "", by: Account) -> None:
    """The customer's rating, counted once; he may change it for some days. Raises DeskError."""
    if not may_rate(ticket, by):
        raise NotRateable
    if score not in list(Score):
        raise UnknownScore
    words = comment.replace("\x00", "").strip()[:LONGEST_COMMENT] or None
    rating = rating_of(ticket)
    if rating is None:
        rating = Rating(ticket_id=ticket.id, account_id=by.id, score=score, comment=words)
        db.session.add(rating)
        record(ticket, EventKind.RATED, by=by, before=None, after=score)
        return
    if not may_change(rating):
        raise TooLateToRate
    if (rating.score, rating.comment) != (score, words):
        record(ticket, EventKind.RATED, by=by, before=rating.score, after=score)
        rating.score, rating.comment, rating.account_id, rating.changed_at = score, words, by.id, utc_now()


def rating_of(ticket: Ticket) -> Rating | None:
    return db.session.scalars(select(Rating).where(Rating.ticket_id == ticket.id)).one_or_none()


def may_rate(ticket: Ticket, account: Account) -> bool:
    """Whether the ticket is finished and the account is its customer's: the desk does not rate itself."""
    return ticket.state.kind in (StateKind.RESOLVED, StateKind.CLOSED) and account.role_kinds <= {"customer"}


def may_change(rating: Rating) -> bool:
    return utc_now() <= rating.created_at + timedelta(days=ends().rate_days)
