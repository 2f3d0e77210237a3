"""The consultants' grid of tickets: shown, taken away as a file, and acted on many at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload, load_only, undefer

from app.access import sees_account
from app.desk import saved_views, tickets
from app.desk.answering import release
from app.extensions import db
from app.locale import language
from app.mail.names import PRIORITY_NAMES
from app.models.account import Account
from app.models.ranges import Order
from app.models.ticket import Ticket
from app.models.types import utc_now
from app.views import visitor
from app.views.csv_file import csv_answer
from app.views.desk import bulk, columns, field_filters, grouping, ticket_export
from app.views.desk.acts import LIST
from app.views.desk.asked import SEEN, Asked, asked, asked_now, list_address
from app.views.desk.assigned import assigning, may_act, transferring
from app.views.desk.field_filters import UnfitFilter, UnknownField
from app.views.desk.filters import Arguments, quick_views, row_id, search_address
from app.views.desk.grouping import Section
from app.views.desk.views import sharing_choices
from app.views.desk.widgets import TicketGridWidget
from app.views.doors import requires
from app.views.listing import Page, TooBroad, keyset_page
from app.views.reference import active_states, consultant_choices, group_choices, state_choices
from app.views.xlsx_file import xlsx_answer

ORDERS = {
    "updated": Order(Ticket.updated_at, Ticket.id),
    "arrived": Order(Ticket.arrived_at, Ticket.id),
    "number": Order(Ticket.number, Ticket.id),
    "due": Order(Ticket.due_at, Ticket.id, descending=False),
}
NAMED = (Account.first_name, Account.last_name, Account.email)
EAGER = (
    joinedload(Ticket.state),
    joinedload(Ticket.product_group),
    joinedload(Ticket.organisation),
    joinedload(Ticket.requester).load_only(*NAMED),
    joinedload(Ticket.assignee).load_only(*NAMED),
    undefer(Ticket.sender_proof),
)
EMPTY = Page([], None, None, None, tickets=True)
LEFT_OUT = {
    "filter": _l("a filter"),
    "order": _l("the order"),
    "column": _l("a column"),
}


class ListActs:
    """The list, and what is done with all that stands in it."""

    if TYPE_CHECKING:
        render_template: Callable[..., str]
    routes: ClassVar[tuple[str, ...]] = ("list", "export", "export_xlsx", "many", "undo")
    list_template = "desk/tickets.html"
    list_title = _l("Tickets")
    list_widget = TicketGridWidget

    @expose("/list/")
    @requires("list")
    def list(self) -> ResponseReturnValue:
        """The tickets of the consultant's product groups, as the address or a saved view filters and sorts them."""
        first = saved_views.first_of(visitor.account())
        views = saved_views.views_of(visitor.standing(), visitor.account())
        if not request.query_string and first in [view.id for view in views]:
            return redirect(f"{LIST}?view={first}")
        if elsewhere := search_address(request.args):
            return redirect(elsewhere)
        found = asked(views)
        try:
            page, sections = _page_of(found)
        except (UnknownField, UnfitFilter, TooBroad) as error:
            flash(str(error), "error")
            page, sections = EMPTY, []
        shown = columns.chosen(found.args, visitor.account())
        fields = columns.fields_in(shown)
        rows = [row for section in sections for row in section.rows]
        widget = self.list_widget(
            sections=sections,
            is_compact=columns.is_compact(visitor.account()),
            consultants=consultant_choices(),
            groups=group_choices() if _manages() else [],
            states=active_states(),
            may_act=may_act(),
            answers_for=visitor.standing().answers_for,
            here=_here(),
            now=utc_now(),
            columns=shown,
            cells=field_filters.cells(rows, fields),
        )
        return self.render_template(
            self.list_template,
            title=found.view or self.list_title,
            page=page,
            widget=widget,
            asked=found,
            left_out=_sentence(found.left_out),
            rows=rows,
            columns=shown,
            every_column=columns.every(),
            is_compact=columns.is_compact(visitor.account()),
            groupings=grouping.offered(),
            views=views,
            first_view=first,
            sharing=sharing_choices(),
            field_boxes=field_filters.boxes(found.args),
            field_orders=field_filters.orders(),
            args=found.args,
            customer=_customer(found.args),
            quick_views=quick_views(),
            states=state_choices(language()),
            groups=group_choices(),
            consultants=consultant_choices(),
            priorities=PRIORITY_NAMES,
            may_act=may_act(),
            may_undo=bulk.can_be_undone(),
            here=_here(),
        )

    @expose("/export")
    @requires("list")
    def export(self) -> ResponseReturnValue:
        """The list as it is filtered, as CSV: with `seen` as it is shown, else all that may be read of it."""
        return _file(csv_answer)

    @expose("/export.xlsx")
    @requires("list")
    def export_xlsx(self) -> ResponseReturnValue:
        """The same as XLSX."""
        return _file(xlsx_answer)

    @expose("/many", methods=["POST"])
    @requires("edit")
    def many(self) -> ResponseReturnValue:
        """What was chosen, of all that were ticked; says how many were changed, and why others were not."""
        numbers = [int(text) for text in request.form.getlist("number") if text.isdecimal() and len(text) < 11]
        act = _act()
        if not numbers or act is None:
            flash(_("Tick some tickets and choose what to do with them."), "warning")
        else:
            # An answer that waits leaves before the state is changed.
            first = release if request.form["act"] in ("move", "close") else None
            outcome = bulk.on_each(numbers, visitor.standing(), act, by=visitor.account(), first=first)
            for sentence, kind in outcome.sentences():
                flash(sentence, kind)
        return redirect(list_address(request.form.get("back", "")), 303)

    @expose("/undo", methods=["POST"])
    @requires("edit")
    def undo(self) -> ResponseReturnValue:
        """Take the last act on many tickets back, as far as nothing has changed since."""
        for sentence, kind in bulk.undo_last(visitor.standing(), by=visitor.account()).sentences():
            flash(sentence, kind)
        return redirect(list_address(request.form.get("back", "")), 303)


def _page_of(found: Asked) -> tuple[Page, Sequence[Section]]:
    """A page of the list, or the first tickets of each group."""
    by, order = grouping.grouping_of(found.args), _order(found.args)
    if by:
        return EMPTY, grouping.sections(found, by, order, EAGER, LIST)
    page = keyset_page(found.rows(), order, eager=EAGER, tickets=True)
    return page, [Section(page.rows)]


def _file(answer: ticket_export.Answer) -> ResponseReturnValue:
    found = asked_now()
    if not request.args.get(SEEN):
        return ticket_export.export(found.rows(), EAGER, answer)
    shown = columns.chosen(found.args, visitor.account())
    return ticket_export.export_seen(found.rows(), _order(found.args), shown, EAGER, answer)


def _order(args: Arguments) -> Order:
    # What is due soon stands in the order of the index by which it is found, unless another is asked for.
    usual = "due" if args.get("due") else "updated"
    return field_filters.order(args) or ORDERS.get(args.get("sort", ""), ORDERS[usual])


def _customer(args: Arguments) -> str:
    """Whose tickets are asked for, as far as this visitor may know of him."""
    account_id = row_id(args.get("requester", ""))
    known = select(Account).where(Account.id == account_id, sees_account(visitor.standing()))
    found = db.session.scalar(known.options(load_only(*NAMED))) if account_id is not None else None
    return found.name if found else ""


def _sentence(left_out: Sequence[str]) -> str:
    """What of the view is not shown. No names: its reader may not know of the field."""
    if not left_out:
        return ""
    kinds = ", ".join(str(LEFT_OUT[kind]) for kind in LEFT_OUT if kind in left_out)
    return _(
        "The view is shown without this: %(kinds)s. The field is not there any more, or it is not open to you.",
        kinds=kinds,
    )


def _act() -> Callable[[Ticket], None] | None:
    """What the form of many tickets asks for."""
    chosen = request.form.get("act")
    if chosen == "assign" and request.form.get("assignee"):
        return assigning(request.form["assignee"])
    by, to = visitor.account(), request.form.get("state", "")
    if chosen == "close":
        return lambda ticket: tickets.close(ticket, by=by)
    if chosen == "move" and to:
        return lambda ticket: tickets.move(ticket, to=to, by=by)
    if chosen == "priority" and request.form.get("priority"):
        return lambda ticket: tickets.set_priority(ticket, to=request.form["priority"], by=by)
    if chosen == "transfer" and request.form.get("group"):
        return transferring(request.form["group"])
    return None


def _manages() -> bool:
    standing = visitor.standing()
    return standing.handles_everything or bool(standing.managed_groups)


def _here() -> str:
    return request.full_path.rstrip("?")
