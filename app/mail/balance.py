"""Does every letter end somewhere? By mailbox and day, what was taken in against what can be found of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from app.access.net import BEYOND
from app.extensions import db
from app.mail import hours
from app.models.journal import JournalEntry, Outcome
from app.models.mail_connection import Direction, MailConnection
from app.models.mailbox import Mailbox
from app.models.types import utc_now

LATE = timedelta(minutes=15)  # so long a letter may wait to be read
MOST_DAYS = 31
MOST_SHOWN = 20  # of letters that do not add up


@dataclass
class Day:
    """What one mailbox took in on one day. `lost` are letters that the journal says are shown, and no message is."""

    day: date
    mailbox_id: int | None
    ends: Counter[str] = field(default_factory=Counter)
    twice: int = 0
    lost: list[int] = field(default_factory=list)  # rows of the journal
    late: list[int] = field(default_factory=list)

    @property
    def taken(self) -> int:
        return sum(self.ends.values())

    @property
    def found(self) -> int:
        """Of those that were read, how many can be found: as a message, or among what waits or was rejected."""
        return self.taken - self.ends[Outcome.WAITING] - len(self.lost)

    @property
    def adds_up(self) -> bool:
        known = sum(self.ends[outcome] for outcome in Outcome)
        return known == self.taken and not self.lost and not self.late


@dataclass(frozen=True)
class Silence:
    """How long nothing was read from a mailbox on another server, or came to any other."""

    mailbox: Mailbox
    since: datetime | None
    is_fetched: bool
    too_long: bool


def days(number: int, zone: str, *, now: datetime | None = None) -> list[Day]:
    """The last days of the zone, the newest first, without those that had no letters. At most four statements, of which
    those that read letters look at the hours that are not counted yet, and at what waits."""
    now = now or utc_now()
    first = (now.astimezone(ZoneInfo(zone)) - timedelta(days=min(number, MOST_DAYS) - 1)).date()
    since = datetime.combine(first, datetime.min.time(), ZoneInfo(zone)).astimezone(UTC)
    found: dict[tuple[date, int | None], Day] = {}

    def of(at: datetime, mailbox_id: int | None) -> Day:
        day = at.astimezone(ZoneInfo(zone)).date()
        return found.setdefault((day, mailbox_id), Day(day, mailbox_id))

    for (hour, mailbox), each in hours.since(since, now).items():
        day = of(max(hour, since), mailbox or None)  # of a zone whose days begin within an hour of UTC
        day.ends.update(each.ends)
        day.twice += each.twice
        day.lost += each.lost
    waiting = (JournalEntry.outcome == Outcome.WAITING, JournalEntry.arrived_at.between(since, now - LATE))
    late = select(JournalEntry.id, JournalEntry.arrived_at, JournalEntry.mailbox_id).where(*waiting)
    for row in db.session.execute(late, execution_options=BEYOND):
        of(row.arrived_at, row.mailbox_id).late.append(row.id)
    return sorted(found.values(), key=lambda day: (-day.day.toordinal(), day.mailbox_id or 0))


def silences(*, now: datetime | None = None) -> Sequence[Silence]:
    """Every active mailbox, and since when it is silent. One statement, which looks at one row of each."""
    now = now or utc_now()
    last = select(func.max(JournalEntry.arrived_at)).where(JournalEntry.mailbox_id == Mailbox.id).scalar_subquery()
    query = (
        select(Mailbox, MailConnection, last.label("last"))
        .outerjoin(
            MailConnection,
            (MailConnection.mailbox_id == Mailbox.id)
            & (MailConnection.direction == Direction.IN)
            & MailConnection.active,
        )
        .where(Mailbox.active)
        .order_by(Mailbox.address)
    )
    return [_silence(row[0], row[1], row[2], now) for row in db.session.execute(query, execution_options=BEYOND)]


def _silence(mailbox: Mailbox, connection: MailConnection | None, last: datetime | None, now: datetime) -> Silence:
    since = connection.read_at or connection.began_at if connection else last
    allowed = mailbox.quiet_minutes
    too_long = bool(allowed) and (since is None or now - since > timedelta(minutes=allowed or 0))
    return Silence(mailbox, since, connection is not None, too_long)
