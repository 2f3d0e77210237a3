"""Set what a ticket's rules will do by themselves, and let them do it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import delete, select

from app.events.transaction import transaction
from app.extensions import db
from app.models.alarm import Alarm
from app.models.ticket import Ticket

MOST_AT_ONCE = 500
Rule = Callable[[Ticket, datetime], None]
log = logging.getLogger(__name__)


def set_alarm(ticket: Ticket, kind: str, due_at: datetime) -> None:
    """Let the rule of this kind look at the ticket then, and no longer at another time."""
    cancel(ticket, kind)
    db.session.add(Alarm(ticket=ticket, kind=kind, due_at=due_at))


def cancel(ticket: Ticket, *kinds: str) -> None:
    """The rules of these kinds have nothing to do any more."""
    db.session.flush()
    db.session.execute(delete(Alarm).where(Alarm.ticket_id == ticket.id, Alarm.kind.in_(kinds)))


def due_of(ticket: Ticket, kind: str) -> datetime | None:
    """When the rule of this kind will look at the ticket."""
    return db.session.scalar(select(Alarm.due_at).where(Alarm.ticket_id == ticket.id, Alarm.kind == kind).limit(1))


def ring(rules: Mapping[str, Rule], *, now: datetime) -> int:
    """Each due alarm in its own transaction, so that one that cannot be done holds up no other; how many were done."""
    due = select(Alarm.id).where(Alarm.due_at <= now).order_by(Alarm.due_at, Alarm.id).limit(MOST_AT_ONCE)
    done = 0
    for alarm_id in db.session.scalars(due).all():
        try:
            with transaction():
                done += _ring(alarm_id, rules, now)
        except Exception:  # The outermost edge: what fails is logged, stays due and is tried again.
            log.exception("Alarm %d could not be done", alarm_id)
    return done


def _ring(alarm_id: int, rules: Mapping[str, Rule], now: datetime) -> bool:
    """Perform the alarm unless another worker was faster."""
    query = select(Ticket, Alarm).join(Alarm, Alarm.ticket_id == Ticket.id).where(Alarm.id == alarm_id)
    found = db.session.execute(query.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if found is None:
        return False
    ticket, alarm = found
    db.session.delete(alarm)
    db.session.flush()
    rules[alarm.kind](ticket, now)
    return True
