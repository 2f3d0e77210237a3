"""One decision about the letters that were ticked in the list, what became of each, and how to take it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar
from urllib.parse import urlencode

from flask import current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import lazy_gettext as _l

from app.access import NotFound, Right, get_ticket
from app.desk.errors import DeskError
from app.desk.undoing import UNDO_WITHIN
from app.events.wake import INTAKE, wake
from app.extensions import db
from app.mail import at_once, by_hand, rejecting
from app.mail.at_once import Decision
from app.models.beside import BulkAct
from app.models.journal import JournalEntry
from app.models.product_group import ProductGroup
from app.models.ticket import Ticket
from app.models.types import utc_now
from app.views import visitor
from app.views.desk.filters import number_in, row_id
from app.views.doors import requires

FILTERS = ("outcome", "reason", "mailbox", "text")
ACT = "<int(max=2147483647):act>"


class Unchosen(DeskError):
    sentence = _l("Tick some letters and choose what to do with them.")


class WhichGroup(DeskError):
    sentence = _l("It came to no mailbox of ours: choose the product group.")


class NoSuchTicket(DeskError):
    sentence = _l("Write the number of a ticket that you answer.")


class AtOnceActs:
    """Buttons above the list of incoming letters. The list's filters stay in the address throughout."""

    routes: ClassVar[tuple[str, ...]] = ("several", "several_done", "several_undone")
    route_base: ClassVar[str] = "/desk/journal"

    @expose("/several", methods=["POST"])
    @requires("decide")
    def several(self) -> ResponseReturnValue:
        """File, make tickets of, reject, or read again all that were ticked."""
        ids = [id_ for text in request.form.getlist("letter") if (id_ := row_id(text)) is not None]
        decision = DECISIONS.get(request.form.get("act", ""))
        if not ids or decision is None:
            raise Unchosen
        act = at_once.decide(ids, decision(), visitor.standing(), by=visitor.account())
        wake(current_app.extensions["redis"], [INTAKE])
        return redirect(self._result(act.id), 303)

    @expose(f"/several/{ACT}")
    @requires("decide")
    def several_done(self, act: int) -> ResponseReturnValue:
        """What became of each letter."""
        found = _own(act)
        young = utc_now() - found.created_at < UNDO_WITHIN
        return render_template(
            "desk/letters_at_once.html",
            rows=found.before,
            entries=at_once.entries(found),
            undone=f"{self.route_base}/several/{act}/undo{filters()}",
            may_undo=young and any(row.get("undo") for row in found.before),
            back=f"{self.route_base}/list/{filters()}",
        )

    @expose(f"/several/{ACT}/undo", methods=["POST"])
    @requires("decide")
    def several_undone(self, act: int) -> ResponseReturnValue:
        """Let what was rejected wait again."""
        at_once.take_back(_own(act).id, visitor.standing(), by=visitor.account())
        return redirect(self._result(act), 303)

    def _result(self, act: int) -> str:
        return f"{self.route_base}/several/{act}{filters()}"


def filters() -> str:
    """The list's filters, as they stand in this address."""
    kept = [(name, request.args[name]) for name in FILTERS if request.args.get(name)]
    return f"?{urlencode(kept)}" if kept else ""


def ticket_named(number: int, *, lock: bool = False) -> Ticket:
    """Raises NoSuchTicket: one that this consultant does not answer is none."""
    try:
        return get_ticket(db.session(), visitor.standing(), number, may=Right.HANDLE, lock=lock)
    except NotFound:
        raise NoSuchTicket from None


def may_begin_in(group_id: int) -> bool:
    """Whether this consultant may begin tickets in the product group."""
    standing = visitor.standing()
    return standing.handles_everything or group_id in standing.answered_groups


def _own(act_id: int) -> BulkAct:
    found = db.session.get(BulkAct, act_id)
    if found is None or found.account_id != visitor.account().id or any("letter" not in row for row in found.before):
        raise NotFound
    return found


def _filing() -> Decision:
    """Into the ticket whose number was typed. Raises NoSuchTicket."""
    number = number_in(request.form.get("number", "")) or 0
    ticket_named(number)

    return lambda entry: by_hand.file_into(entry, ticket_named(number, lock=True), by=visitor.account())


def _making() -> Decision:
    """A ticket of each, in the group that was chosen, else in that of its mailbox."""
    group_id = row_id(request.form.get("group", ""))

    def make(entry: JournalEntry) -> Ticket:
        own = entry.mailbox.product_group_id if entry.mailbox else None
        group = db.session.get(ProductGroup, group_id or own or 0)
        if group is None:
            raise WhichGroup
        if not may_begin_in(group.id):
            raise NotFound
        return by_hand.make_ticket(entry, group, by=visitor.account())

    return make


def _rejecting() -> Decision:
    return lambda entry: rejecting.reject_silently(entry, by=visitor.account())


def _answering() -> Decision:
    """With the same answer to each. Raises NoWords, TooManyWords."""
    words = rejecting.fit(request.form.get("answer", "").replace("\r\n", "\n").replace("\x00", ""))
    return lambda entry: rejecting.reject_with_answer(entry, words, by=visitor.account())


def _reading() -> Decision:
    return lambda entry: by_hand.try_again(entry)


DECISIONS: dict[str, Callable[[], Decision]] = {
    "file": _filing,
    "ticket": _making,
    "reject": _rejecting,
    "answer": _answering,
    "retry": _reading,
}
