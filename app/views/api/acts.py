"""What can be done with a ticket by POST /api/v1/ticket/<id>/<act>: every button of its pages."""

from __future__ import annotations

from app.access import Right
from app.accounts.addresses import BadAddress, understood
from app.desk import confirmations, participants, tickets
from app.desk.copied import leave_out
from app.desk.joining import merge
from app.desk.marking import day_in, follow_up, rate, set_tags, unwatch, watch
from app.desk.moving import move_message, put_back
from app.desk.relations import link, unlink
from app.desk.transfer import transfer
from app.models.account import Account
from app.models.call import Way
from app.models.ticket import Ticket
from app.models.ticket_link import LinkKind
from app.views.api import relations
from app.views.api.acting import Act
from app.views.api.bodies import (
    Assigning,
    FollowingUp,
    Hiding,
    LettingIn,
    Linking,
    Merging,
    Moving,
    MovingMessage,
    Nothing,
    Prioritising,
    PuttingBack,
    Rate,
    ShowingOut,
    Splitting,
    Tagging,
    Transferring,
)
from app.views.api.refusals import Unfit
from app.views.api.writing import Given
from app.views.ticket_sharing import owner_of


def _assign(ticket: Ticket, given: Given, by: Account) -> None:
    tickets.assign(ticket, to=relations.assignee(given["assignee"]), by=by)


def _merge(ticket: Ticket, given: Given, by: Account) -> None:
    merge(ticket, into=relations.ticket(given["into"], may=Right.HANDLE, key="into"), by=by)


def _split(ticket: Ticket, given: Given, by: Account) -> None:
    tickets.split(relations.message_of(ticket, given["message"]), subject=given["subject"], by=by)


def _move_message(ticket: Ticket, given: Given, by: Account) -> None:
    into = relations.ticket(given["into"], may=Right.HANDLE, key="into")
    move_message(relations.message_of(ticket, given["message"]), to=into, by=by)


def _put_back(ticket: Ticket, given: Given, by: Account) -> None:
    put_back(relations.message_of(ticket, given["message"]), by=by)


def _link(ticket: Ticket, given: Given, by: Account) -> None:
    other = relations.ticket(given["other"], may=Right.SEE, key="other", lock=False)
    link(ticket, other, LinkKind(given["kind"]), by=by)


def _unlink(ticket: Ticket, given: Given, by: Account) -> None:
    other = relations.ticket(given["other"], may=Right.SEE, key="other", lock=False)
    unlink(ticket, other, LinkKind(given["kind"]), by=by)


def _transfer(ticket: Ticket, given: Given, by: Account) -> None:
    transfer(ticket, to=relations.product_group(given["product_group"], on_behalf=False), by=by)


def _let_in(ticket: Ticket, given: Given, by: Account) -> None:
    try:
        email = understood(given["email"])
    except BadAddress as error:
        raise Unfit({"email": str(error)}) from error
    participants.let_in(ticket, owner_of(email), by=by)


def _confirm(ticket: Ticket, _given: Given, by: Account) -> None:
    confirmations.confirm(ticket, by=by, way=Way.API)


ACTS: dict[str, Act[Ticket]] = {
    "assign": Act(Right.HANDLE, Assigning, _assign, "Give the ticket to a consultant, or to nobody"),
    "priority": Act(
        Right.HANDLE,
        Prioritising,
        lambda ticket, given, by: tickets.set_priority(ticket, to=given["priority"], by=by),
        "Change the priority",
    ),
    "move": Act(
        Right.HANDLE,
        Moving,
        lambda ticket, given, by: tickets.move(ticket, to=given["status"], by=by),
        "Move to a state",
    ),
    "resolve": Act(
        Right.HANDLE, Nothing, lambda ticket, _given, by: tickets.resolve(ticket, by=by), "Say that it is solved"
    ),
    "transfer": Act(Right.MANAGE, Transferring, _transfer, "Move it to another product group"),
    "let-in": Act(Right.SHARE, LettingIn, _let_in, "Let somebody see this ticket, and no other"),
    "leave-out": Act(
        Right.SHARE,
        LettingIn,
        lambda ticket, given, _by: leave_out(ticket, given["email"]),
        "Do not let in somebody who was in copy of a letter",
    ),
    "show-out": Act(
        Right.SHARE,
        ShowingOut,
        lambda ticket, given, by: participants.show_out(ticket, given["account"], by=by),
        "Show a participant out",
    ),
    "confidential": Act(
        Right.HIDE,
        Hiding,
        lambda ticket, given, by: participants.set_confidential(ticket, to=given["confidential"], by=by),
        "Keep it from the requester's colleagues, or share it with them",
    ),
    "close": Act(Right.WRITE, Nothing, lambda ticket, _given, by: tickets.close(ticket, by=by), "End the ticket"),
    "accept": Act(
        Right.WRITE,
        Nothing,
        lambda ticket, _given, by: tickets.accept(ticket, by=by),
        "The customer is content with the solution",
    ),
    "confirm": Act(
        Right.WRITE,
        Nothing,
        _confirm,
        "Say that the customer's call was his (S6); once more changes nothing",
    ),
    "reopen": Act(Right.WRITE, Nothing, lambda ticket, _given, by: tickets.reopen(ticket, by=by), "Take it up again"),
    "merge": Act(Right.HANDLE, Merging, _merge, "Let its conversation go on in another ticket"),
    "split": Act(Right.HANDLE, Splitting, _split, "Make a customer's message a ticket of its own"),
    "move-message": Act(Right.HANDLE, MovingMessage, _move_message, "Move a customer's message to another ticket"),
    "put-back": Act(Right.HANDLE, PuttingBack, _put_back, "Undo that a message was moved here or split off"),
    "link": Act(Right.HANDLE, Linking, _link, "Say what it is to another ticket"),
    "unlink": Act(Right.HANDLE, Linking, _unlink, "Take that back"),
    "tags": Act(
        Right.HANDLE,
        Tagging,
        lambda ticket, given, by: set_tags(ticket, given["tags"], by=by),
        "Give it exactly these tags",
    ),
    "follow-up": Act(
        Right.HANDLE,
        FollowingUp,
        lambda ticket, given, by: follow_up(ticket, day_in(given["on"]), by=by),
        "Look at it again on a day",
    ),
    "watch": Act(Right.SEE, Nothing, lambda ticket, _given, by: watch(ticket, by=by), "Hear of it from now on"),
    "unwatch": Act(Right.SEE, Nothing, lambda ticket, _given, by: unwatch(ticket, by=by), "Hear of it no more"),
    "rate": Act(
        Right.WRITE,
        Rate,
        lambda ticket, given, by: rate(ticket, score=given["score"], comment=given.get("comment", ""), by=by),
        "The customer's rating, once it is resolved or closed",
    ),
}
