"""The consultants' grid of tickets and the page of one (S9, S12, S19, S24-S26)."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload, undefer

from app.access import Right, get_ticket, sees_ticket, tickets_of
from app.desk import confirmations, tickets
from app.desk.alarms import due_of
from app.desk.copied import copied_of, leave_out
from app.desk.ends import CLOSE
from app.desk.errors import DeskError, NotAConsultant
from app.desk.incoming_calls import calls_of
from app.desk.joining import conversation_of
from app.desk.marking import rating_of, tags_of, watches
from app.desk.participants import participants_of
from app.desk.relations import CHOSEN, relations_of
from app.desk.transfer import transfer
from app.events.transaction import transaction
from app.extensions import db
from app.locale import choose_zone, language
from app.mail.bounces import is_unreachable
from app.mail.names import PRIORITY_NAMES
from app.models.account import Account
from app.models.product_group import ProductGroup
from app.models.ranges import Order, Rows
from app.models.ticket import Channel, Message, StateKind, Ticket
from app.models.types import utc_now
from app.views import ticket_sharing, visitor
from app.views.desk import bulk
from app.views.desk.acts import LIST, NUMBER, JoiningActs, LetterActs, MarkingActs, done, locked
from app.views.desk.filters import conditions, quick_views, row_id, search_address
from app.views.desk.forms import AnswerForm, NoteForm
from app.views.desk.grid import GridView, visible
from app.views.desk.history import history_of
from app.views.desk.letters_of import letters_of
from app.views.desk.placed import placed
from app.views.desk.widgets import TicketGridWidget
from app.views.doors import requires
from app.views.listing import Page, keyset_page
from app.views.portal.forms import CHANNEL_NAMES
from app.views.promised import promised
from app.views.reference import active_states, consultant_choices, group_choices, state_choices, states_ahead
from app.views.why import why_counts

ORDERS = {
    "updated": Order(Ticket.updated_at, Ticket.id),
    "arrived": Order(Ticket.arrived_at, Ticket.id),
    "number": Order(Ticket.number, Ticket.id),
    "due": Order(Ticket.due_at, Ticket.id, descending=False),
}
NAMED = (Account.first_name, Account.last_name, Account.email)


class TicketModelView(JoiningActs, MarkingActs, LetterActs, GridView):
    """Menu Bilety of the desk."""

    route_base = "/desk/tickets"
    datamodel = GridView.over(Ticket)
    clause = staticmethod(sees_ticket)
    base_filters = visible(sees_ticket)
    # FAB's own show, add and edit are left out: tickets change by verbs only.
    include_route_methods = {
        *JoiningActs.routes, *MarkingActs.routes, *LetterActs.routes, "undo",
        "list", "page_of", "reply", "note", "assign", "priority", "move", "resolve", "close", "reopen", "many",
        "let_in", "leave_out", "show_out", "confidential", "transfer",
    }  # fmt: skip
    list_template = "desk/tickets.html"
    list_widget = TicketGridWidget
    list_title = _l("Tickets")
    list_columns = ["number", "subject", "status"]
    add_columns = edit_columns = show_columns = ["subject"]
    eager = (
        joinedload(Ticket.state),
        joinedload(Ticket.product_group),
        joinedload(Ticket.organisation),
        joinedload(Ticket.requester).load_only(*NAMED),
        joinedload(Ticket.assignee).load_only(*NAMED),
        undefer(Ticket.sender_proof),
    )

    @expose("/list/")
    @requires("list")
    def list(self) -> ResponseReturnValue:
        """The tickets of the consultant's product groups, as the address filters and sorts them."""
        if elsewhere := search_address(request.args):
            return redirect(elsewhere)
        page = self.page()
        return self.render_template(
            self.list_template,
            title=self.list_title,
            page=page,
            widget=self.list_widget(
                page=page,
                consultants=consultant_choices(),
                states=active_states(),
                may_act=_may_act(),
                here=_here(),
                now=utc_now(),
            ),
            args=request.args,
            quick_views=quick_views(),
            states=state_choices(language()),
            groups=group_choices(),
            consultants=consultant_choices(),
            priorities=PRIORITY_NAMES,
            may_act=_may_act(),
            may_undo=bulk.can_be_undone(),
            here=_here(),
        )

    def page(self) -> Page:
        # What is due soon stands in the order of the index by which it is found, unless another is asked for.
        usual = "due" if request.args.get("due") else "updated"
        order = ORDERS.get(request.args.get("sort", ""), ORDERS[usual])
        return keyset_page(self.rows(), order, eager=self.eager, tickets=True)

    def rows(self) -> Rows:
        return tickets_of(visitor.standing()).where(*conditions(request.args, me=visitor.account().id))

    @expose("/many", methods=["POST"])
    @requires("edit")
    def many(self) -> ResponseReturnValue:
        """Assign, move or close all that were ticked; says how many were changed, and why others were not."""
        numbers = [int(text) for text in request.form.getlist("number") if text.isdecimal() and len(text) < 11]
        act = self._act()
        if not numbers or act is None:
            flash(_("Tick some tickets and choose what to do with them."), "warning")
        else:
            for sentence, kind in bulk.on_each(numbers, visitor.standing(), act, by=visitor.account()).sentences():
                flash(sentence, kind)
        return redirect(_list_address(request.form.get("back", "")), 303)

    @expose("/undo", methods=["POST"])
    @requires("edit")
    def undo(self) -> ResponseReturnValue:
        """Take the last act on many tickets back, as far as nothing has changed since."""
        for sentence, kind in bulk.undo_last(visitor.standing(), by=visitor.account()).sentences():
            flash(sentence, kind)
        return redirect(_list_address(request.form.get("back", "")), 303)

    @expose(f"/{NUMBER}")
    @requires("show")
    def page_of(self, number: int) -> ResponseReturnValue:
        """The conversation with notes, both clocks, the history, and all that can be done."""
        return self._page(number, AnswerForm(), NoteForm(prefix="note"))

    @expose(f"/{NUMBER}/reply", methods=["POST"])
    @requires("edit")
    def reply(self, number: int) -> ResponseReturnValue:
        form = AnswerForm()
        if form.validate():
            try:
                contribution = form.contribution(form.text.data or "")
                with transaction():
                    ticket = locked(number)
                    message = tickets.answer(ticket, contribution, by=visitor.account(), then=form.then.data or None)
                return redirect(f"/desk/tickets/{number}#m{message.id}", 303)
            except DeskError as error:
                form.form_errors.append(str(error))
        return self._page(number, form, NoteForm(None, prefix="note"))

    @expose(f"/{NUMBER}/note", methods=["POST"])
    @requires("edit")
    def note(self, number: int) -> ResponseReturnValue:
        form = NoteForm(prefix="note")
        if form.validate():
            try:
                contribution = form.contribution(form.text.data or "")
                with transaction():
                    message = tickets.note(locked(number), contribution, by=visitor.account())
                return redirect(f"/desk/tickets/{number}#m{message.id}", 303)
            except DeskError as error:
                form.form_errors.append(str(error))
        return self._page(number, AnswerForm(None), form)

    @expose(f"/{NUMBER}/assign", methods=["POST"])
    @requires("edit")
    def assign(self, number: int) -> ResponseReturnValue:
        return done(number, _assigning(request.form.get("assignee", "")))

    @expose(f"/{NUMBER}/priority", methods=["POST"])
    @requires("edit")
    def priority(self, number: int) -> ResponseReturnValue:
        chosen = request.form.get("priority", "")
        return done(number, lambda ticket: tickets.set_priority(ticket, to=chosen, by=visitor.account()))

    @expose(f"/{NUMBER}/move", methods=["POST"])
    @requires("edit")
    def move(self, number: int) -> ResponseReturnValue:
        chosen = request.form.get("state", "")
        return done(number, lambda ticket: tickets.move(ticket, to=chosen, by=visitor.account()))

    @expose(f"/{NUMBER}/resolve", methods=["POST"])
    @requires("edit")
    def resolve(self, number: int) -> ResponseReturnValue:
        """S24."""
        return done(number, lambda ticket: tickets.resolve(ticket, by=visitor.account()))

    @expose(f"/{NUMBER}/close", methods=["POST"])
    @requires("edit")
    def close(self, number: int) -> ResponseReturnValue:
        """S25."""
        return done(number, lambda ticket: tickets.close(ticket, by=visitor.account()))

    @expose(f"/{NUMBER}/reopen", methods=["POST"])
    @requires("edit")
    def reopen(self, number: int) -> ResponseReturnValue:
        return done(number, lambda ticket: tickets.reopen(ticket, by=visitor.account()))

    @expose(f"/{NUMBER}/transfer", methods=["POST"])
    @requires("edit")
    def transfer(self, number: int) -> ResponseReturnValue:
        """Another product group, which the one who moves it may not see himself."""
        chosen = row_id(request.form.get("product_group", ""))
        with transaction():
            ticket = get_ticket(db.session(), visitor.standing(), number, may=Right.MANAGE, lock=True)
            transfer(ticket, to=db.session.get(ProductGroup, chosen) if chosen else None, by=visitor.account())
            name = ticket.product_group.name
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

    def _page(self, number: int, form: AnswerForm, note_form: NoteForm) -> ResponseReturnValue:
        standing = visitor.standing()
        ticket = get_ticket(db.session(), standing, number)
        messages = conversation_of(ticket, standing).options(
            joinedload(Message.author).load_only(*NAMED), selectinload(Message.attachments), joinedload(Message.ticket)
        )
        said = db.session.scalars(messages).unique().all()
        return self.render_template(
            "desk/ticket.html",
            ticket=ticket,
            channel_name=CHANNEL_NAMES.get(Channel(ticket.channel), ticket.channel),
            messages=said,
            placed=placed(ticket, said),
            history=history_of(ticket, standing),
            form=form,
            note_form=note_form,
            participants=participants_of(ticket),
            copied=copied_of(ticket),
            may_ask_why=visitor.may("can_list", "WhyView"),
            groups=group_choices() if Right.MANAGE in standing.rights(ticket) and _may_act() else [],
            may_act=_may_act(),
            may_handle=Right.HANDLE in standing.rights(ticket) and _may_act(),
            promised=promised(ticket),
            to_confirm=confirmations.is_awaited(ticket),
            why=why_counts(ticket),
            ahead=states_ahead(standing, ticket),
            closes_at=due_of(ticket, CLOSE) if ticket.state.kind == StateKind.RESOLVED else None,
            relations=relations_of(ticket, standing),
            calls=calls_of(ticket, standing),
            chosen_kinds=CHOSEN,
            tags=tags_of(ticket),
            follow_up_day=ticket.follow_up_at.astimezone(ZoneInfo(choose_zone())).date() if ticket.follow_up_at else "",
            is_watched=watches(ticket, visitor.account()),
            rating=rating_of(ticket),
            letters=letters_of(ticket),
            unreachable=is_unreachable(ticket.requester),
            priorities=PRIORITY_NAMES,
            consultants=consultant_choices(ticket.product_group_id),
        )

    def _act(self) -> Callable[[Ticket], None] | None:
        """What the form of many tickets asks for."""
        chosen = request.form.get("act")
        if chosen == "assign" and request.form.get("assignee"):
            return _assigning(request.form["assignee"])
        by, to = visitor.account(), request.form.get("state", "")
        if chosen == "close":
            return lambda ticket: tickets.close(ticket, by=by)
        if chosen == "move" and to:
            return lambda ticket: tickets.move(ticket, to=to, by=by)
        return None


def _assigning(chosen: str) -> Callable[[Ticket], None]:
    """Give a ticket to me, to nobody or to the account of that id."""
    by = visitor.account()

    def act(ticket: Ticket) -> None:
        tickets.assign(ticket, to=_person(chosen, by), by=by)

    return act


def _person(chosen: str, me: Account) -> Account | None:
    if chosen == "nobody":
        return None
    if chosen == "me":
        return me
    if chosen not in dict(consultant_choices()):
        raise NotAConsultant
    return db.session.get(Account, int(chosen))


def _may_act() -> bool:
    return visitor.may("can_edit", "TicketModelView")


def _here() -> str:
    return request.full_path.rstrip("?")


def _list_address(text: str) -> str:
    """Back to the list that the form was sent from, and nowhere else (attack case O27)."""
    parts = urlsplit(text)
    is_list = not parts.scheme and not parts.netloc and parts.path == LIST and text.isprintable()
    return f"{LIST}?{parts.query}" if is_list and parts.query else LIST
