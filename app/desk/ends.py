"""How tickets end: what is resolved closes after some business days, and may be taken up again for a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.calendar.business_days import closing_after
from app.desk.alarms import cancel, set_alarm
from app.desk.choices import choose, chosen
from app.desk.clocks import calendar_of, record_for
from app.events.record import EventKind, record
from app.models.ticket import StateKind, Ticket

PREFIX = "ends_"
CLOSE, CLOSES_SOON, FOLLOW_UP = "close", "closes_soon", "follow_up"


@dataclass(frozen=True)
class Ends:
    """The administrators' choices. 0 business days: what is resolved stays so until somebody closes it."""

    close_days: int = 5  # business days from resolved to closed
    remind_days: int = 1  # business days before that, the customer is reminded; 0 never
    reopen_days: int = 14  # days after closing within which a reply opens the ticket again
    rate_days: int = 7  # days within which a rating may be changed


def ends() -> Ends:
    """The choices in force."""
    return chosen(Ends, PREFIX)


def set_ends(to: Ends) -> None:
    """Choose that from now on; tickets that are resolved already close when their customers were told."""
    choose(to, PREFIX)


def begin_closing(ticket: Ticket, now: datetime) -> None:
    """The ticket was resolved: it will close, by its calendar."""
    wanted = ends()
    calendar = calendar_of(record_for(ticket.product_group, ticket.organisation))
    if wanted.close_days:
        set_alarm(ticket, CLOSE, closing_after(calendar, now, wanted.close_days))
        if 0 < wanted.remind_days < wanted.close_days:
            set_alarm(ticket, CLOSES_SOON, closing_after(calendar, now, wanted.close_days - wanted.remind_days))


def stop_closing(ticket: Ticket) -> None:
    """The ticket is resolved no more."""
    cancel(ticket, CLOSE, CLOSES_SOON)


def forget_follow_up(ticket: Ticket) -> None:
    """The ticket is finished: nobody needs to look at it again."""
    if ticket.follow_up_at is not None:
        ticket.follow_up_at = None
        cancel(ticket, FOLLOW_UP)


def tell_that_it_closes(ticket: Ticket) -> None:
    """The reminder before the ticket closes by itself."""
    if ticket.state.kind == StateKind.RESOLVED:
        record(ticket, EventKind.CLOSES_SOON, by=None)


def takes_replies(ticket: Ticket, now: datetime) -> bool:
    """Whether a customer's reply still belongs here; one that comes later than the choice begins a new ticket."""
    if ticket.state.kind != StateKind.CLOSED or ticket.closed_at is None:
        return True
    return now <= ticket.closed_at + timedelta(days=ends().reopen_days)
