"""What a customer may ask for by a word."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from app.desk import levels, moves
from app.desk.confirmations import confirm
from app.desk.content import Contribution
from app.desk.errors import DeskError
from app.desk.joining import survivor_of
from app.desk.moves import take_up
from app.desk.rows import new_message
from app.events.record import EventKind, owe_letter, record
from app.extensions import db
from app.models.account import Account
from app.models.call import Way
from app.models.ticket import Message, MessageKind, StateKind, Ticket


class Wish(StrEnum):
    CLOSE = "close"
    ACCEPT = "accept"
    CONFIRM = "confirm"
    REOPEN = "reopen"


ACTS: dict[Wish, Callable[[Ticket, Account], object]] = {
    Wish.CLOSE: lambda ticket, by: moves.close(ticket, by=by),
    Wish.ACCEPT: lambda ticket, by: moves.accept(ticket, by=by),
    Wish.CONFIRM: lambda ticket, by: confirm(ticket, by=by, way=Way.REPLY),
    Wish.REOPEN: lambda ticket, by: moves.reopen(ticket, by=by),
}


def fulfil(
    ticket: Ticket, wish: Wish, contribution: Contribution, *, by: Account, arrived_at: datetime, answer: bool
) -> Message:
    """Do what the customer's word says, and keep the word. What the rules do not allow is told to him, if he may be
    answered, and to the desk; where the desk waits for him, it is his answer. A word never opens a finished ticket by
    being a message."""
    ticket = survivor_of(ticket, lock=True)
    message = new_message(ticket, contribution, kind=MessageKind.CUSTOMER, by=by, arrived_at=arrived_at)
    try:
        with db.session.begin_nested():
            ACTS[wish](ticket, by)
    except DeskError as error:
        answers = ticket.state.kind == StateKind.WAITING_CUSTOMER
        said = {} if answers else {"refused": str(error)}
        event = record(ticket, EventKind.CUSTOMER_REPLIED, by=by, message=message, **said)
        if not ticket.is_finished:
            levels.customer_wrote(ticket, message)
        if answers:
            take_up(ticket, by=by)
        elif answer:
            reason = "requester" if by.id == ticket.requester_id else "participant"
            owe_letter("wish_refused", account=by, reason=reason, event=event, ticket=ticket)
    else:
        record(ticket, EventKind.WISHED, by=by, message=message, wish=str(wish))
    return message
