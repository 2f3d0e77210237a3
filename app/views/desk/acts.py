"""What can be done with a ticket beside another, and what can be put beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.access import NotFound, Right, get_ticket
from app.accounts import links
from app.desk import tickets
from app.desk.answering import release
from app.desk.errors import DeskError, NotSplittable
from app.desk.joining import merge
from app.desk.marking import day_in, follow_up, set_tags, unwatch, watch
from app.desk.moving import move_message, put_back
from app.desk.relations import CHOSEN, link, unlink
from app.events.audit import AuditKind, write_down
from app.events.transaction import transaction
from app.extensions import db
from app.mail.bounces import works
from app.models.event import Letter
from app.models.ticket import Message, Ticket
from app.models.ticket_link import LinkKind
from app.views import visitor
from app.views.desk.filters import number_in, row_id
from app.views.desk.letters_of import send_again
from app.views.desk.values import FOLLOW_UP, STATE, TAGS, Value, check_seen
from app.views.doors import requires
from app.views.frame import framed_own

LIST = "/desk/tickets/list/"
NUMBER = "<int(max=2147483647):number>"


class NoSuchTicket(DeskError):
    sentence = _l("There is no ticket with that number, or it is not open to you.")


class UnknownLink(DeskError):
    sentence = _l("Choose one of the listed kinds of link.")


class JoiningActs:
    """Buttons of the ticket's page that name another ticket or a message."""

    routes: ClassVar[tuple[str, ...]] = ("link", "unlink", "merge", "split", "move_message", "put_back")

    @expose(f"/{NUMBER}/link", methods=["POST"])
    @requires("edit")
    def link(self, number: int) -> ResponseReturnValue:
        return done(number, lambda ticket: link(ticket, _other(Right.SEE), _kind(), by=visitor.account()))

    @expose(f"/{NUMBER}/unlink", methods=["POST"])
    @requires("edit")
    def unlink(self, number: int) -> ResponseReturnValue:
        return done(number, lambda ticket: unlink(ticket, _other(Right.SEE), _kind(), by=visitor.account()))

    @expose(f"/{NUMBER}/merge", methods=["POST"])
    @requires("edit")
    def merge(self, number: int) -> ResponseReturnValue:
        """Where the conversation goes on is where one goes on."""
        with transaction():
            ticket = locked(number)
            release(ticket)  # An answer that could still be taken back leaves first.
            into = _other(Right.HANDLE)
            merge(ticket, into=into, by=visitor.account())
        flash(_("Ticket #%(number)s is merged into this one.", number=number), "success")
        return redirect(f"/desk/tickets/{into.number}", 303)

    @expose(f"/{NUMBER}/split", methods=["POST"])
    @requires("edit")
    def split(self, number: int) -> ResponseReturnValue:
        with transaction():
            message = _message(locked(number))
            new = tickets.split(message, subject=request.form.get("subject", ""), by=visitor.account())
        flash(_("The ticket is registered under number %(number)s.", number=f"#{new.number}"), "success")
        return redirect(f"/desk/tickets/{new.number}", 303)

    @expose(f"/{NUMBER}/move-message", methods=["POST"])
    @requires("edit")
    def move_message(self, number: int) -> ResponseReturnValue:
        """Where it stands instead is where one goes on."""
        with transaction():
            message = _message(locked(number))
            ticket = move_message(message, to=_other(Right.HANDLE), by=visitor.account())
        flash(_("The message is in ticket #%(number)s now.", number=ticket.number), "success")
        return redirect(f"/desk/tickets/{ticket.number}#m{message.id}", 303)

    @expose(f"/{NUMBER}/put-back", methods=["POST"])
    @requires("edit")
    def put_back(self, number: int) -> ResponseReturnValue:
        with transaction():
            message = _message(locked(number))
            ticket = put_back(message, by=visitor.account())
        flash(_("The message is in ticket #%(number)s now.", number=ticket.number), "success")
        return redirect(f"/desk/tickets/{ticket.number}#m{message.id}", 303)


class MarkingActs:
    """Buttons of the ticket's page that put something beside the ticket."""

    routes: ClassVar[tuple[str, ...]] = ("tags", "follow_up", "watch", "unwatch")

    @expose(f"/{NUMBER}/tags", methods=["POST"])
    @requires("edit")
    def tags(self, number: int) -> ResponseReturnValue:
        names = request.form.get("tags", "").split(",")
        return done(number, lambda ticket: set_tags(ticket, names, by=visitor.account()), over=TAGS)

    @expose(f"/{NUMBER}/follow-up", methods=["POST"])
    @requires("edit")
    def follow_up(self, number: int) -> ResponseReturnValue:
        on = day_in(request.form.get("on", ""))
        return done(number, lambda ticket: follow_up(ticket, on, by=visitor.account()), over=FOLLOW_UP)

    @expose(f"/{NUMBER}/watch", methods=["POST"])
    @requires("edit")
    def watch(self, number: int) -> ResponseReturnValue:
        return done(number, lambda ticket: watch(ticket, by=visitor.account()), may=Right.SEE)

    @expose(f"/{NUMBER}/unwatch", methods=["POST"])
    @requires("edit")
    def unwatch(self, number: int) -> ResponseReturnValue:
        return done(number, lambda ticket: unwatch(ticket, by=visitor.account()), may=Right.SEE)


class LetterActs:
    """The letters that the ticket sends, and the buttons beside them."""

    routes: ClassVar[tuple[str, ...]] = ("send_again", "address_works", "letter", "end_links")

    @expose(f"/{NUMBER}/letters/<int(max=2147483647):letter_id>")
    @requires("show")
    def letter(self, number: int, letter_id: int) -> ResponseReturnValue:
        """The frame of a letter about the ticket, as it would leave now."""
        ticket = get_ticket(db.session(), visitor.standing(), number)
        letter = db.session.get(Letter, letter_id)
        if letter is None or letter.ticket_id != ticket.id:
            raise NotFound
        return framed_own(letter)

    @expose(f"/{NUMBER}/send-again", methods=["POST"])
    @requires("edit")
    def send_again(self, number: int) -> ResponseReturnValue:
        with transaction():
            send_again(locked(number), row_id(request.form.get("letter", "")))
        flash(_("The letter will be sent again now."), "success")
        return redirect(f"/desk/tickets/{number}#letters", 303)

    @expose(f"/{NUMBER}/address-works", methods=["POST"])
    @requires("edit")
    def address_works(self, number: int) -> ResponseReturnValue:
        return done(number, lambda ticket: works(ticket.requester))

    @expose(f"/{NUMBER}/end-links", methods=["POST"])
    @requires("edit")
    def end_links(self, number: int) -> ResponseReturnValue:
        """A letter went to somebody whom the ticket does not concern."""
        answer = done(number, _end_links)
        flash(_("The links in the letters that have left are good no more."), "success")
        return answer


def _end_links(ticket: Ticket) -> None:
    links.end_of_ticket(ticket.id)
    write_down(AuditKind.LINKS_ENDED, about=f"#{ticket.number}")


def done(
    number: int,
    act: Callable[[Ticket], None],
    *,
    may: Right = Right.HANDLE,
    over: Value | None = None,
    wanted: Any = None,
) -> ResponseReturnValue:
    """Perform the act on the ticket and return to its page. A broken rule is told there.

    `over` is what it changes: another value than the form showed stops it. An answer that could still be taken back
    leaves before the ticket's state is changed.
    """
    with transaction():
        ticket = get_ticket(db.session(), visitor.standing(), number, may=may, lock=True)
        if over is not None:
            check_seen(ticket, over, wanted)
        if over is STATE:
            release(ticket)
        act(ticket)
    flash(_("The ticket is changed."), "success")
    return redirect(f"/desk/tickets/{number}", 303)


def locked(number: int) -> Ticket:
    return get_ticket(db.session(), visitor.standing(), number, may=Right.HANDLE, lock=True)


def _other(may: Right) -> Ticket:
    """The ticket whose number was typed. Raises NoSuchTicket."""
    number = number_in(request.form.get("number", ""))
    try:
        return get_ticket(db.session(), visitor.standing(), number or 0, may=may, lock=may is Right.HANDLE)
    except NotFound:
        raise NoSuchTicket from None


def _kind() -> LinkKind:
    kind = request.form.get("kind", "")
    if kind not in CHOSEN:
        raise UnknownLink
    return LinkKind(kind)


def _message(ticket: Ticket) -> Message:
    message = db.session.get(Message, row_id(request.form.get("message", "")) or 0)
    if message is None or message.ticket_id != ticket.id:
        raise NotSplittable
    return message
