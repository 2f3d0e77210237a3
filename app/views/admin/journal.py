"""The journal of letters: what became of each, and the decisions about those that the rules could not place."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from app.access import NotFound, sees_journal
from app.broken_rule import BrokenRule
from app.events.transaction import transaction
from app.events.wake import INTAKE, wake
from app.extensions import db
from app.locale import language, size
from app.mail import by_hand, rejecting
from app.mail.letter import Understood
from app.mail.proof import kept
from app.mail.reasons import SENTENCES, sentence
from app.mail.shown import remote_pictures, shown
from app.models.intake_rule import DECIDING, IntakeRule
from app.models.journal import JournalEntry, Outcome
from app.models.mailbox import Mailbox
from app.models.product_group import ProductGroup
from app.models.ranges import Order, Rows
from app.models.ticket import Ticket
from app.views import visitor
from app.views.admin.letters_at_once import AtOnceActs, filters, may_begin_in, ticket_named
from app.views.admin.names import KINDS, TRANSPORTS, called, evidence_in_words, proof_in_words
from app.views.desk.filters import number_in, row_id
from app.views.desk.grid import ROW_ID, GridView, visible
from app.views.desk.widgets import LetterGridWidget
from app.views.doors import requires
from app.views.frame import as_address, as_html, framed, words
from app.views.kept import sent
from app.views.reference import group_choices

LARGEST_READ = 10 * 2**20  # bytes of a letter that its page reads again
LONGEST_TYPED = 320
RAW = "message/rfc822"
OUTCOMES = {
    Outcome.WAITING: _l("Waiting to be read"),
    Outcome.TICKET: _l("New ticket"),
    Outcome.MESSAGE: _l("Message of a ticket"),
    Outcome.AUTOMATIC: _l("Automatic letter, filed"),
    Outcome.NOT_SURE: _l("Not sure: somebody must look"),
    Outcome.REJECTED: _l("Rejected by a rule"),
}


class JournalModelView(AtOnceActs, GridView):
    route_base = "/desk/journal"
    datamodel = GridView.over(JournalEntry)
    clause = staticmethod(sees_journal)
    base_filters = visible(sees_journal)
    include_route_methods = {
        *("list", "show", "letter", "raw", "file", "ticket", "reject", "retry"),
        *AtOnceActs.routes,
    }
    list_widget = LetterGridWidget
    order = Order(JournalEntry.id, JournalEntry.id)
    eager = (
        joinedload(JournalEntry.mailbox),
        joinedload(JournalEntry.ticket).load_only(Ticket.number, Ticket.subject),
    )
    list_title = _l("Incoming letters")
    hint = _l("Every letter that arrived, kept as it came, and what became of it.")
    text_filter = _l("How the sender's address begins, or a whole Message-ID")
    add_columns = edit_columns = ["id"]
    label_columns = {
        "id": _l("Entry"),
        "arrived_at": _l("Arrived"),
        "mailbox": _l("Mailbox"),
        "sender": _l("Sender"),
        "subject": _l("Subject"),
        "outcome": _l("What became of it"),
        "reason": _l("Reason"),
        "ticket": _l("Ticket"),
        "transport": _l("Came by"),
        "recipient": _l("Recipient of the envelope"),
        "envelope_from": _l("Sender of the envelope"),
        "peer": _l("Handed over by"),
        "size": _l("Size"),
        "message_id": _l("Message-ID"),
        "sha256": _l("SHA-256 of the letter"),
        "kind": _l("Kind"),
        "evidence": _l("Evidence"),
        "proof": _l("Proof of the sender"),
        "attempts": _l("Attempts"),
        "settled_at": _l("Settled"),
    }
    list_columns = ["subject", "sender", "mailbox", "arrived_at", "outcome", "reason", "ticket"]
    show_columns = [
        "arrived_at", "outcome", "reason", "ticket", "mailbox", "sender", "subject", "message_id", "kind", "evidence",
        "proof", "transport", "recipient", "envelope_from", "peer", "size", "sha256", "attempts", "settled_at",
    ]  # fmt: skip
    formatters_columns = {
        "mailbox": lambda row: row.mailbox.name if row.mailbox else None,
        "subject": lambda row: row.subject or _("Letter %(id)s", id=row.id),
        "outcome": lambda row: OUTCOMES.get(row.outcome, row.outcome),
        "reason": lambda row: sentence(row.reason),
        "ticket": lambda row: ticket_link(row.ticket),
        "kind": lambda row: called(KINDS, row.kind),
        "transport": lambda row: called(TRANSPORTS, row.transport),
        "size": lambda row: size(row.size),
        "evidence": lambda row: evidence_in_words(row.evidence),
        "proof": lambda row: proof_in_words(row.proof),
        "sender": lambda row: marked_sender(row),
    }

    @expose(f"/show/{ROW_ID}")
    @requires("show")
    def show(self, pk: int) -> ResponseReturnValue:
        """What became of the letter, how it is read, and, where nobody could place it, what to do with it."""
        return self._shown(self.row(pk))

    def list_parts(self) -> dict[str, Any]:
        """What can be decided about several letters at once."""
        standing = visitor.standing()
        may_act = visitor.may("can_decide", self.class_permission_name)
        return {
            "filters": filters(),
            "groups": [(key, name) for key, name in group_choices() if may_begin_in(int(key))] if may_act else [],
            "may_act": may_act,
            "may_decide": lambda row: row.outcome == Outcome.NOT_SURE and by_hand.may_decide(standing, row),
            "longest_answer": rejecting.LONGEST,
        }

    def _shown(self, row: JournalEntry, typed: str | None = None) -> str:
        """The page; `typed` is an answer that could not be sent."""
        widget = self.show_widget(row=row, columns=self.show_columns, labels=self.label_columns, view=self)
        letter = by_hand.as_read(row) if row.size <= LARGEST_READ else None
        page: str = self.render_template(
            "desk/letter.html",
            title=self.title_of(row),
            widget=widget,
            row=row,
            view=self,
            letter=letter,
            remote=remote_pictures(letter.html) if letter else 0,
            typed=typed,
            filters=filters(),
            **_choices(row, letter),
        )
        return page

    @expose(f"/show/{ROW_ID}/letter")
    @requires("show")
    def letter(self, pk: int) -> ResponseReturnValue:
        """The frame of the letter with the layout that its author gave it."""
        row = self.row(pk)
        letter = by_hand.as_read(row) if row.size <= LARGEST_READ else None
        if letter is None:
            raise NotFound
        pictures = {file.content_id: as_address(file.content) for file in letter.files if file.content_id}
        kept = letter.html or as_html(letter.text)
        remote = bool(request.args.get("pictures"))
        found = shown(kept, words(), pictures=lambda name: pictures.get(name.strip("<>")), fold=False, remote=remote)
        return framed(found, title=self.title_of(row), lang=letter.desk_language or language())

    @expose(f"/show/{ROW_ID}/file", methods=["POST"])
    @requires("decide")
    def file(self, pk: int) -> ResponseReturnValue:
        """Put the letter into the ticket of that number."""
        with transaction():
            entry = self._undecided(pk)
            ticket = by_hand.file_into(entry, _ticket_named(), by=visitor.account(), sender=_typed("sender"))
        return _placed(ticket)

    @expose(f"/show/{ROW_ID}/ticket", methods=["POST"])
    @requires("decide")
    def ticket(self, pk: int) -> ResponseReturnValue:
        """Make a ticket of the letter."""
        with transaction():
            entry = self._undecided(pk)
            ticket = by_hand.make_ticket(entry, _group_chosen(), by=visitor.account(), sender=_typed("sender"))
        return _placed(ticket)

    @expose(f"/show/{ROW_ID}/reject", methods=["POST"])
    @requires("decide")
    def reject(self, pk: int) -> ResponseReturnValue:
        """Nothing follows from the letter, or only the answer that was typed, kept in the form on an error."""
        words = request.form.get("answer")
        if words is None:
            with transaction():
                rejecting.reject_silently(self._undecided(pk), by=visitor.account())
            flash(_("The letter is rejected. It is kept in the journal."), "success")
            return redirect(_back(), 303)
        words = words.replace("\r\n", "\n").replace("\x00", "")
        try:
            with transaction():
                rejecting.reject_with_answer(self._undecided(pk), words, by=visitor.account())
        except BrokenRule as error:
            flash(str(error), "error")
            return self._shown(self.row(pk), words), error.status
        flash(_("The letter is rejected, and the answer is on its way. Both are kept."), "success")
        return redirect(_back(), 303)

    @expose(f"/show/{ROW_ID}/retry", methods=["POST"])
    @requires("decide")
    def retry(self, pk: int) -> ResponseReturnValue:
        """Let the rules look at the letter again."""
        with transaction():
            by_hand.try_again(self._undecided(pk))
        wake(current_app.extensions["redis"], [INTAKE])
        flash(_("The letter is read again now."), "success")
        return redirect(self.address(f"show/{pk}{filters()}"), 303)

    def _undecided(self, pk: int) -> JournalEntry:
        """The letter, for somebody who may decide about it. Raises NotFound, Decided."""
        if not by_hand.may_decide(visitor.standing(), self.row(pk)):
            raise NotFound
        return by_hand.undecided(pk)

    @expose(f"/{ROW_ID}/raw")
    @requires("raw")
    def raw(self, pk: int) -> ResponseReturnValue:
        """The letter as it arrived, byte by byte; always a file, never a page of ours."""
        entry = self.row(pk)
        return sent(entry.sha256, name=f"letter-{entry.id}.eml", content_type=RAW)

    def rows(self) -> Rows:
        rows, outcome = super().rows(), request.args.get("outcome", "")
        reason = request.args.get("reason", "").replace("\x00", "")
        mailbox = row_id(request.args.get("mailbox", ""))
        if outcome in list(Outcome):
            rows = rows.where(JournalEntry.outcome == outcome)
        if reason:
            rows = rows.where(JournalEntry.reason == reason)
        return rows if mailbox is None else rows.where(JournalEntry.mailbox_id == mailbox)

    def narrowed_by(self, words: str) -> ColumnElement[bool]:
        if words.startswith("<"):
            return JournalEntry.message_id == words
        return JournalEntry.sender.istartswith(words, autoescape=True)

    def choices(self) -> list[tuple[str, Any, list[tuple[str, Any]]]]:
        mailboxes = db.session.execute(select(Mailbox.id, Mailbox.name).order_by(Mailbox.name).limit(200))
        return [
            ("outcome", _l("What became of it"), [(code.value, words) for code, words in OUTCOMES.items()]),
            ("reason", _l("Reason"), _reasons()),
            ("mailbox", _l("Mailbox"), [(str(mailbox_id), name) for mailbox_id, name in mailboxes]),
        ]

    def downloads(self, row: JournalEntry) -> list[tuple[Any, str]]:
        return [(_("Raw letter"), self.address(f"{row.id}/raw"))] if self.offers("raw") else []

    def title_of(self, row: JournalEntry) -> str:
        return row.subject or _("Letter %(id)s", id=row.id)


def _reasons() -> list[tuple[str, Any]]:
    """Why letters end as they do: by ourselves, and by the rules of the desk in their own words."""
    deciding = select(IntakeRule).where(IntakeRule.act.in_(DECIDING)).order_by(IntakeRule.name).limit(200)
    by_rule = {rule.words or rule.name for rule in db.session.scalars(deciding)}
    return [*SENTENCES.items(), *((words, words) for words in sorted(by_rule - SENTENCES.keys()))]


def _choices(row: JournalEntry, letter: Understood | None) -> dict[str, Any]:
    """What the page offers: the decisions, the groups that a ticket may begin in, and the answer to begin with."""
    standing = visitor.standing()
    offered = row.outcome == Outcome.NOT_SURE and by_hand.may_decide(standing, row)
    groups = [(key, name) for key, name in group_choices() if may_begin_in(int(key))] if offered else []
    silent = rejecting.why_not(row, letter) if offered else None
    return {
        "offered": offered,
        "groups": groups,
        "own_group": str(row.mailbox.product_group_id if row.mailbox else ""),
        "silent": silent,
        "proposed": rejecting.proposed(letter) if offered and letter and not silent else "",
        "longest_answer": rejecting.LONGEST,
    }


def _ticket_named() -> Ticket:
    """The ticket whose number was typed. Raises NoSuchTicket."""
    return ticket_named(number_in(_typed("number")) or 0, lock=True)


def _group_chosen() -> ProductGroup:
    group_id = row_id(_typed("group"))
    group = db.session.get(ProductGroup, group_id) if group_id else None
    if group is None or not may_begin_in(group.id):
        raise NotFound
    return group


def _back() -> str:
    """To the list, filtered as it was when the letter was opened; else to all that somebody must look at."""
    return f"{JournalModelView.route_base}/list/{filters() or '?outcome=not_sure'}"


def _typed(name: str) -> str:
    return request.form.get(name, "").replace("\x00", "").strip()[:LONGEST_TYPED]


def _placed(ticket: Ticket) -> ResponseReturnValue:
    flash(_("The letter is in ticket #%(number)s now.", number=ticket.number), "success")
    return redirect(f"/desk/tickets/{ticket.number}", 303)


def marked_sender(row: JournalEntry) -> Any:
    """The sender's address, marked where nothing proves it."""
    if not row.sender or row.proof is None or kept(row.proof).is_proven:
        return row.sender
    sign = Markup('{} <span class="badge bad">{}</span>')
    return sign.format(row.sender, _("Not verified"))


def ticket_link(ticket: Ticket | None) -> Markup | None:
    """A cell that leads to the ticket."""
    if ticket is None:
        return None
    return Markup('<a href="/desk/tickets/{0}">#{0}</a>').format(ticket.number)
