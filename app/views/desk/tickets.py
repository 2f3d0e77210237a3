"""The consultants' grid of tickets and the page of one (S9, S12, S19, S24-S26)."""

from __future__ import annotations

from collections.abc import Collection
from zoneinfo import ZoneInfo

from flask import flash, make_response, redirect, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.access import Right, get_ticket, sees_ticket
from app.content.from_ticket import entries_from
from app.desk import confirmations, mentions, tickets
from app.desk.alarms import due_of
from app.desk.answering import held_of, leaves_in
from app.desk.copied import copied_of, leave_out
from app.desk.ends import CLOSE
from app.desk.incoming_calls import calls_of
from app.desk.joining import conversation_of
from app.desk.marking import rating_of, tags_of
from app.desk.participants import participants_of
from app.desk.relations import CHOSEN, relations_of
from app.desk.transfer import transfer
from app.desk.unseen import seen_mark
from app.events.transaction import transaction
from app.extensions import db
from app.locale import called, choose_zone
from app.mail.bounces import is_unreachable
from app.mail.names import PRIORITY_NAMES
from app.models.product_group import ProductGroup
from app.models.ticket import Channel, Message, StateKind, Ticket
from app.views import ticket_fields, ticket_sharing, visitor
from app.views.desk.acts import LIST, NUMBER, JoiningActs, LetterActs, MarkingActs, done
from app.views.desk.assigned import assigning, may_act
from app.views.desk.beside import beside
from app.views.desk.customer_card import CustomerActs
from app.views.desk.filters import row_id
from app.views.desk.grid import GridView, visible
from app.views.desk.history import history_of
from app.views.desk.inline import InlineActs
from app.views.desk.letters_of import letters_of
from app.views.desk.live import LiveActs
from app.views.desk.placed import placed
from app.views.desk.ready_answers import ReadyActs
from app.views.desk.ticket_list import NAMED, ListActs
from app.views.desk.values import ASSIGNEE, GROUP, PRIORITY, STATE, check_seen
from app.views.desk.writing import WritingActs, both, places
from app.views.doors import requires
from app.views.drafting import DraftOf
from app.views.fields import FieldsForm
from app.views.overtaken import Overtaken
from app.views.portal.forms import CHANNEL_NAMES
from app.views.promised import promised
from app.views.reference import consultant_choices, group_choices, states_ahead
from app.views.why import why_counts

LED_HERE = frozenset({"placed", "by_letter", "relations"})  # what tells why a message stands in the ticket


class TicketModelView(
    ListActs,
    InlineActs,
    LiveActs,
    CustomerActs,
    ReadyActs,
    WritingActs,
    JoiningActs,
    MarkingActs,
    LetterActs,
    GridView,
):
    """Menu Bilety of the desk."""

    route_base = "/desk/tickets"
    datamodel = GridView.over(Ticket)
    clause = staticmethod(sees_ticket)
    base_filters = visible(sees_ticket)
    # FAB's own show, add and edit are left out: tickets change by verbs only.
    include_route_methods = {
        *ListActs.routes, *InlineActs.routes, *LiveActs.routes, *CustomerActs.routes, *ReadyActs.routes,
        *WritingActs.routes,
        *JoiningActs.routes, *MarkingActs.routes, *LetterActs.routes,
        "page_of", "assign", "priority", "move", "resolve", "close", "reopen",
        "fields", "let_in", "leave_out", "show_out", "confidential", "transfer",
    }  # fmt: skip
    list_columns = ["number", "subject", "status"]
    add_columns = edit_columns = show_columns = ["subject"]

    @expose(f"/{NUMBER}")
    @requires("show")
    def page_of(self, number: int) -> ResponseReturnValue:
        """The conversation with notes, both clocks, the history, and all that can be done."""
        return self._page(number)

    @expose(f"/{NUMBER}/assign", methods=["POST"])
    @requires("edit")
    def assign(self, number: int) -> ResponseReturnValue:
        return done(number, assigning(request.form.get("assignee", "")), over=ASSIGNEE)

    @expose(f"/{NUMBER}/priority", methods=["POST"])
    @requires("edit")
    def priority(self, number: int) -> ResponseReturnValue:
        chosen = request.form.get("priority", "")
        return done(number, lambda ticket: tickets.set_priority(ticket, to=chosen, by=visitor.account()), over=PRIORITY)

    @expose(f"/{NUMBER}/move", methods=["POST"])
    @requires("edit")
    def move(self, number: int) -> ResponseReturnValue:
        chosen = request.form.get("state", "")
        return done(number, lambda ticket: tickets.move(ticket, to=chosen, by=visitor.account()), over=STATE)

    @expose(f"/{NUMBER}/resolve", methods=["POST"])
    @requires("edit")
    def resolve(self, number: int) -> ResponseReturnValue:
        """S24."""
        by = visitor.account()
        return done(number, lambda ticket: tickets.resolve(ticket, by=by), over=STATE, wanted=_("Resolve"))

    @expose(f"/{NUMBER}/close", methods=["POST"])
    @requires("edit")
    def close(self, number: int) -> ResponseReturnValue:
        """S25."""
        by = visitor.account()
        return done(number, lambda ticket: tickets.close(ticket, by=by), over=STATE, wanted=_("Close the ticket"))

    @expose(f"/{NUMBER}/reopen", methods=["POST"])
    @requires("edit")
    def reopen(self, number: int) -> ResponseReturnValue:
        by = visitor.account()
        return done(number, lambda ticket: tickets.reopen(ticket, by=by), over=STATE, wanted=_("Open it again"))

    @expose(f"/{NUMBER}/transfer", methods=["POST"])
    @requires("edit")
    def transfer(self, number: int) -> ResponseReturnValue:
        """Another product group, which the one who moves it may not see himself."""
        chosen = row_id(request.form.get("product_group", ""))
        with transaction():
            ticket = get_ticket(db.session(), visitor.standing(), number, may=Right.MANAGE, lock=True)
            check_seen(ticket, GROUP)
            transfer(ticket, to=db.session.get(ProductGroup, chosen) if chosen else None, by=visitor.account())
            name = called(ticket.product_group)
        flash(_("Ticket #%(number)s belongs to the product group %(group)s.", number=number, group=name), "success")
        sees = select(Ticket.id).where(Ticket.number == number, sees_ticket(visitor.standing()))
        return redirect(LIST if db.session.scalar(sees) is None else f"/desk/tickets/{number}", 303)

    @expose(f"/{NUMBER}/let-in", methods=["POST"])
    @requires("edit")
    def let_in(self, number: int) -> ResponseReturnValue:
        ticket_sharing.let_in(number)
        return redirect(f"/desk/tickets/{number}", 303)

    @expose(f"/{NUMBER}/leave-out", methods=["POST"])
    @requires("edit")
    def leave_out(self, number: int) -> ResponseReturnValue:
        email = request.form.get("email", "")
        return done(number, lambda ticket: leave_out(ticket, email))

    @expose(f"/{NUMBER}/show-out", methods=["POST"])
    @requires("edit")
    def show_out(self, number: int) -> ResponseReturnValue:
        ticket_sharing.show_out(number)
        return redirect(f"/desk/tickets/{number}", 303)

    @expose(f"/{NUMBER}/confidential", methods=["POST"])
    @requires("edit")
    def confidential(self, number: int) -> ResponseReturnValue:
        ticket_sharing.set_confidential(number)
        return redirect(f"/desk/tickets/{number}", 303)

    @expose(f"/{NUMBER}/fields", methods=["POST"])
    @requires("edit")
    def fields(self, number: int) -> ResponseReturnValue:
        form = ticket_fields.changed(number, Right.HANDLE)
        if form is None:
            return redirect(f"/desk/tickets/{number}", 303)
        return make_response(self._page(number, fields=form), Overtaken.status if form.theirs else 200)

    def _page(
        self,
        number: int,
        *,
        answer: DraftOf | None = None,
        note: DraftOf | None = None,
        fields: FieldsForm | None = None,
        missed: Collection[int] = (),
    ) -> ResponseReturnValue:
        """The page, with the form that was sent just now, or both as their drafts have them."""
        standing = visitor.standing()
        ticket = get_ticket(db.session(), standing, number)
        messages = conversation_of(ticket, standing).options(
            joinedload(Message.author).load_only(*NAMED), selectinload(Message.attachments), joinedload(Message.ticket)
        )
        said = db.session.scalars(messages).unique().all()
        found = beside(ticket, visitor.account().id, places(number))
        there = found.there
        held = held_of(ticket) if "held" in there else []
        answer, note = both(number, said, answer, note, kept="drafts" in there, held=held)
        form, note_form = answer.form, note.form
        form["seen"].data = seen_mark(said, held)
        page: ResponseReturnValue = self.render_template(
            "desk/ticket.html",
            ticket=ticket,
            channel_name=CHANNEL_NAMES.get(Channel(ticket.channel), ticket.channel),
            messages=said,
            placed=placed(ticket, said) if there & LED_HERE else {},
            history=history_of(ticket, standing),
            form=form,
            note_form=note_form,
            answer_saved_at=answer.saved_at,
            note_saved_at=note.saved_at,
            missed=missed,
            held=held,
            me=visitor.account().id,
            leaves_in=leaves_in,
            participants=participants_of(ticket) if "participants" in there else [],
            copied=copied_of(ticket) if "copied" in there else [],
            may_ask_why=visitor.may("can_list", "WhyView"),
            may_write_articles=visitor.may("can_add", "EntriesView"),
            articles=entries_from(ticket, standing) if "articles" in there else [],
            groups=group_choices() if Right.MANAGE in standing.rights(ticket) and may_act() else [],
            may_act=may_act(),
            may_handle=Right.HANDLE in standing.rights(ticket) and may_act(),
            facts=ticket_fields.facts(ticket),
            fields=fields or ticket_fields.form(ticket),
            promised=promised(ticket),
            to_confirm=confirmations.is_awaited(ticket),
            why=why_counts(ticket, found.calendar),
            ahead=states_ahead(standing, ticket),
            closes_at=due_of(ticket, CLOSE) if ticket.state.kind == StateKind.RESOLVED else None,
            relations=relations_of(ticket, standing) if "relations" in there else [],
            calls=calls_of(ticket, standing) if "calls" in there else [],
            chosen_kinds=CHOSEN,
            tags=tags_of(ticket) if "tags" in there else [],
            follow_up_day=ticket.follow_up_at.astimezone(ZoneInfo(choose_zone())).date() if ticket.follow_up_at else "",
            is_watched="watching" in there,
            rating=rating_of(ticket) if "rating" in there else None,
            letters=letters_of(ticket) if "letters" in there else [],
            unreachable=is_unreachable(ticket.requester),
            priorities=PRIORITY_NAMES,
            consultants=consultant_choices(ticket.product_group_id),
        )
        if "mentions" in there:
            with transaction():
                mentions.see(ticket, visitor.account())
        return page
