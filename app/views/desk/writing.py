"""What a consultant writes on a ticket's page: answers, notes, and the drafts of both."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from flask import current_app, flash, make_response, redirect, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.access import Right, get_ticket
from app.desk import drafts, mentions, tickets
from app.desk.answering import hold, release, take_back
from app.desk.content import Contribution, StoredFile
from app.desk.errors import DeskError
from app.desk.joining import check_goes_on
from app.desk.sent_again import sent_before
from app.desk.unseen import Unseen, check_seen
from app.events.transaction import transaction
from app.extensions import db
from app.models.draft import Draft
from app.models.held_answer import HeldAnswer
from app.models.ticket import Message, MessageKind, Ticket
from app.views import visitor
from app.views.desk.acts import NUMBER, locked
from app.views.desk.forms import AnswerForm, NoteForm
from app.views.doors import requires
from app.views.drafting import DraftOf, draft_of
from app.views.fields import FieldsForm

ANSWER, NOTE = "answer", "note"


class WritingActs:
    """Forms of the ticket's page. What was typed or attached is a draft until it is sent."""

    routes: ClassVar[tuple[str, ...]] = ("reply", "take_back", "note", "mentionable", "draft")

    @expose(f"/{NUMBER}/reply", methods=["POST"])
    @requires("edit")
    def reply(self, number: int) -> ResponseReturnValue:
        """S26. Over a message that came meanwhile nothing is sent: it is shown first (409)."""
        answer, missed = _answer(number), frozenset[int]()
        form = answer.form
        if form.validate():
            try:
                contribution = form.contribution(form["text"].data or "")
                with transaction():
                    release(locked(number))  # Its writer sees what waits before he writes over it.
                with transaction():
                    ticket = locked(number)
                    check_seen(ticket, visitor.standing(), form["seen"].data or "")
                    message = _send(ticket, contribution, form["then"].data or None)
                    answer.forget()
                return redirect(f"/desk/tickets/{number}#{f'm{message.id}' if message else 'sent'}", 303)
            except DeskError as error:
                missed = error.messages if isinstance(error, Unseen) else missed
                form.say(error)
        get_ticket(db.session(), visitor.standing(), number, may=Right.HANDLE)
        answer.rescue()
        return make_response(self._page(number, answer=answer, missed=missed), 409 if missed else 200)

    @expose(f"/{NUMBER}/take-back", methods=["POST"])
    @requires("edit")
    def take_back(self, number: int) -> ResponseReturnValue:
        """The answer that was sent just now is a draft again, with its files, unless it has left."""
        by = visitor.account()
        with transaction():
            held = take_back(locked(number), by=by)
            if held is not None:
                words = {"text": held.text, "then": held.moves_to or ""}
                drafts.put_back(by.id, places(number)[0], words, [StoredFile(**file) for file in held.files])
        if held is None:
            flash(_("Too late: your answer has left already."), "warning")
            return redirect(f"/desk/tickets/{number}", 303)
        flash(_("Taken back in time: your answer went to nobody. It is a draft again."), "success")
        return redirect(f"/desk/tickets/{number}#reply", 303)

    @expose(f"/{NUMBER}/note", methods=["POST"])
    @requires("edit")
    def note(self, number: int) -> ResponseReturnValue:
        """A note for the desk alone; whom it speaks to is told."""
        note = _note(number)
        form = note.form
        if form.validate():
            try:
                contribution = form.contribution(form["text"].data or "")
                with transaction():
                    ticket, by = locked(number), visitor.account()
                    message = sent_before(ticket, contribution, by=by, kind=MessageKind.NOTE)
                    is_new = message is None
                    message = message or tickets.note(ticket, contribution, by=by)
                    spoken = mentions.mention(message) if is_new else None
                    note.forget()
                if spoken is not None:
                    _say_whom(spoken)
                return redirect(f"/desk/tickets/{number}#m{message.id}", 303)
            except DeskError as error:
                form.say(error)
        get_ticket(db.session(), visitor.standing(), number, may=Right.HANDLE)
        note.rescue()
        return self._page(number, note=note)

    @expose(f"/{NUMBER}/mentionable")
    @requires("show")
    def mentionable(self, number: int) -> ResponseReturnValue:
        """Whom a note of this ticket can speak to, as choices under its text."""
        ticket = get_ticket(db.session(), visitor.standing(), number)
        others = [each for each in mentions.mentionable(ticket) if each.id != visitor.account().id]
        return self.render_template("desk/_mentionable.html", people=mentions.inserted(others))

    @expose(f"/{NUMBER}/draft", methods=["POST"])
    @requires("edit")
    def draft(self, number: int) -> ResponseReturnValue:
        """Keep what is written of an answer, or of a note (?of=note)."""
        get_ticket(db.session(), visitor.standing(), number, may=Right.HANDLE)
        written = _note(number) if request.args.get("of") == NOTE else _answer(number)
        return written.answer(f"/desk/tickets/{number}")

    if TYPE_CHECKING:
        render_template: Callable[..., str]

    def _page(
        self,
        number: int,
        *,
        answer: DraftOf | None = None,
        note: DraftOf | None = None,
        fields: FieldsForm | None = None,
        missed: Collection[int] = (),
    ) -> ResponseReturnValue:
        raise NotImplementedError


def _send(ticket: Ticket, contribution: Contribution, then: str | None) -> Message | None:
    """The message, or none while the answer can still be taken back, from a page whose script counts down."""
    by = visitor.account()
    check_goes_on(ticket, by)
    wait = timedelta(seconds=current_app.extensions["settings"].undo_send)
    if wait and "counts_down" in request.form:
        hold(ticket, contribution, by=by, then=then, wait=wait)
        return None
    return tickets.answer(ticket, contribution, by=by, then=then)


def _say_whom(spoken: mentions.Spoken) -> None:
    if spoken.accounts:
        names = ", ".join(account.name for account in spoken.accounts)
        flash(_("The note is kept. Told of it: %(names)s.", names=names), "success")
    if spoken.unknown:
        names = ", ".join(f"@{name}" for name in spoken.unknown)
        flash(_("Nobody who may see this ticket is called %(names)s: nobody was told by that.", names=names), "warning")


def places(number: int) -> list[str]:
    """Where the drafts of a ticket's page are kept: of its answer and of its note."""
    return [f"{each}:{number}" for each in (ANSWER, NOTE)]


def both(
    number: int,
    said: Sequence[Message],
    answer: DraftOf | None,
    note: DraftOf | None,
    *,
    kept: bool,
    held: Sequence[HeldAnswer] = (),
) -> tuple[DraftOf, DraftOf]:
    """The form that was sent just now, and the others with their drafts, of which there may be some (`kept`)."""
    for_answer, for_note = places(number)
    rows = drafts.drafts_of(visitor.account().id, for_answer, for_note) if kept else {}
    of_answer, of_note = (_unsent(rows.get(place), said, held) for place in (for_answer, for_note))
    answer = answer or DraftOf(AnswerForm(None), for_answer, of_answer, sent=False)
    return answer, note or DraftOf(NoteForm(None, prefix="note"), for_note, of_note, sent=False)


def _unsent(row: Draft | None, said: Sequence[Message], held: Sequence[HeldAnswer]) -> Draft | None:
    """The draft, unless it is what was sent: a script may have kept it a moment later."""
    if row is None or row.files:
        return row
    mine = [each.text.strip() for each in said if each.author_id == row.account_id and each.kind in OWN]
    mine += [each.text.strip() for each in held if each.account_id == row.account_id]
    return None if row.words.get("text", "").strip() in mine else row


OWN = (MessageKind.CONSULTANT, MessageKind.NOTE)


def _answer(number: int) -> DraftOf:
    return draft_of(AnswerForm(), f"{ANSWER}:{number}")


def _note(number: int) -> DraftOf:
    return draft_of(NoteForm(prefix="note"), f"{NOTE}:{number}")
