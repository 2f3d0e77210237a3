"""What became of a made-up ticket: its state, its three messages, both clocks of each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from app.calendar.clock import counts_as_received
from app.calendar.model import Calendar
from app.models.ticket import Channel, MessageKind, Priority, StateKind

CUSTOMER, CONSULTANT = str(MessageKind.CUSTOMER), str(MessageKind.CONSULTANT)
FINISHED = ((StateKind.CLOSED, 0.94), (StateKind.RESOLVED, 0.97), (StateKind.WAITING_CUSTOMER, 0.985))
RECENT = (
    (StateKind.NEW, 0.25),
    (StateKind.OPEN, 0.55),
    (StateKind.WAITING_CUSTOMER, 0.72),
    (StateKind.WAITING_THIRD_PARTY, 0.8),
    (StateKind.RESOLVED, 0.95),
)
PRIORITIES = ((Priority.NORMAL, 0.72), (Priority.LOW, 0.84), (Priority.HIGH, 0.96))
CHANNELS = ((Channel.MAIL, 0.55), (Channel.PORTAL, 0.95))
TALKS = {  # who speaks in what order; somebody still unanswered has spoken alone
    StateKind.NEW: (CUSTOMER, CUSTOMER, CUSTOMER),
    StateKind.OPEN: (CUSTOMER, CONSULTANT, CUSTOMER),
}
TALK = (CUSTOMER, CONSULTANT, CONSULTANT)
RECENTLY = timedelta(days=21)


class Life(NamedTuple):
    """One ticket's course; `moments` are those of its messages."""

    status: str
    priority: str
    channel: str
    talk: tuple[str, ...]
    moments: tuple[datetime, datetime, datetime]
    ended_at: datetime | None


class Receipts(dict[datetime, datetime | None]):
    """When what arrives within a minute counts as received; None: at once. Hours begin on whole minutes."""

    def __init__(self, calendar: Calendar) -> None:
        super().__init__()
        self.calendar = calendar

    def __missing__(self, minute: datetime) -> datetime | None:
        if len(self) > 100_000:
            self.clear()
        received = counts_as_received(self.calendar, minute)
        self[minute] = answer = None if received == minute else received
        return answer

    def of(self, arrived_at: datetime) -> datetime:
        """What app.calendar.clock.counts_as_received says of the same instant."""
        return self[arrived_at.replace(second=0, microsecond=0)] or arrived_at


def live(arrived_at: datetime, receipts: Receipts, now: datetime, random: Random) -> Life:
    """Old tickets are mostly closed, recent ones in every state; nothing happens after `now`."""
    chance = random.random
    status = _drawn(FINISHED if now - arrived_at > RECENTLY else RECENT, StateKind.CLOSED, chance)
    talk = TALKS.get(status, TALK)
    first = arrived_at if talk[1] is CUSTOMER else receipts.of(arrived_at)
    answered = first + timedelta(minutes=5 + 300 * chance() ** 2)
    last = answered + timedelta(hours=0.2 + 30 * chance() ** 3)
    moments = (arrived_at, min(answered, now), min(last, now))
    ended_at = None
    if status in (StateKind.RESOLVED, StateKind.CLOSED):
        ended_at = min(moments[2] + timedelta(hours=1 + 100 * chance() ** 2), now)
    return Life(
        str(status),
        str(_drawn(PRIORITIES, Priority.URGENT, chance)),
        str(_drawn(CHANNELS, Channel.TELEPHONE, chance)),
        talk,
        moments,
        ended_at,
    )


def _drawn(table: tuple[tuple[Any, float], ...], otherwise: Any, chance: Callable[[], float]) -> Any:
    """The first of the table whose bound the dice stay under."""
    value = chance()
    for name, bound in table:
        if value < bound:
            return name
    return otherwise
