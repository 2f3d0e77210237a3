"""Answers that are kept ready: their settings, and those that fit a ticket."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from flask import request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload
from wtforms import BooleanField, Form, SelectField, TextAreaField, ValidationError
from wtforms.validators import Length

from app.access import get_ticket, sees_settings
from app.extensions import db
from app.locale import SPOKEN, called, when
from app.mail.source import Unreadable, Values, filled
from app.models.ranges import Order
from app.models.ready_answer import ReadyAnswer
from app.models.ticket import Ticket
from app.views import visitor
from app.views.admin.fields import REQUIRED, Free, clean, text
from app.views.admin.settings import SettingsView
from app.views.desk.acts import NUMBER
from app.views.desk.grid import visible
from app.views.doors import requires
from app.views.reference import group_choices

LONGEST = 10_000
NAMED = ("number", "subject", "group", "customer", "first_name", "consultant", "arrived", "received")


class CanBeFilled:
    """Refuses names that no ticket has a value for."""

    def __call__(self, _form: Form, field: Any) -> None:
        try:
            filled(field.data or "", dict.fromkeys(NAMED, lambda: "x"))
        except Unreadable as error:
            raise ValidationError(str(error)) from error


def _group_or_all(code: Any) -> int | None:
    return int(code) if str(code or "").isdecimal() else None


class ReadyAnswerModelView(SettingsView):
    """Any number of them; a consultant sees those of the ticket's product group and those of all."""

    route_base = "/desk/ready-answers"
    datamodel = SettingsView.over(ReadyAnswer)
    clause = staticmethod(sees_settings)
    base_filters = visible(sees_settings)
    order = Order(ReadyAnswer.name, ReadyAnswer.id, descending=False)
    eager = (joinedload(ReadyAnswer.product_group),)
    list_title = _l("Ready answers")
    add_title = _l("Add a ready answer")
    edit_title = _l("Change the ready answer")
    hint = _l(
        "A consultant puts them into an answer by one click and goes on writing. Nothing of them is sent by itself."
    )
    text_filter = _l("How the name begins")
    label_columns = {
        "name": _l("Name"),
        "text": _l("Words"),
        "product_group": _l("Product group"),
        "active": _l("Active"),
    }
    list_columns = ["name", "product_group", "active"]
    show_columns = ["name", "text", "product_group", "active"]
    add_columns = edit_columns = ["name", "text", "product_group_id", "active"]
    add_form_extra_fields = edit_form_extra_fields = {
        "name": text(_l("Name"), REQUIRED, Free(ReadyAnswer.name), longest=80),
        "text": TextAreaField(
            _l("Words"),
            filters=[clean],
            validators=[REQUIRED, Length(max=LONGEST), CanBeFilled()],
            description=_l(
                "Values of the ticket stand in braces: {{ number }}, {{ subject }}, {{ group }}, {{ customer }},"
                " {{ first_name }}, {{ consultant }}, {{ arrived }}, {{ received }}."
            ),
        ),
        "product_group_id": SelectField(
            _l("Product group"), coerce=_group_or_all, choices=lambda: [("", _("All")), *group_choices()]
        ),
        "active": BooleanField(_l("Active"), default=True),
    }

    def narrowed_by(self, words: str) -> ColumnElement[bool]:
        narrowed: Any = ReadyAnswer.name.istartswith(words, autoescape=True)
        return narrowed


class ReadyActs:
    """The ready answers of a ticket, as a part of its page or as a page of their own."""

    if TYPE_CHECKING:
        render_template: Callable[..., str]
    routes: ClassVar[tuple[str, ...]] = ("ready",)

    @expose(f"/{NUMBER}/ready")
    @requires("show")
    def ready(self, number: int) -> ResponseReturnValue:
        ticket = get_ticket(db.session(), visitor.standing(), number)
        found = [(row.name, _written(row, ticket)) for row in _fitting(ticket)]
        template = "desk/_ready.html" if request.headers.get("HX-Request") else "desk/ready.html"
        return self.render_template(template, found=found, ticket=ticket)


def _fitting(ticket: Ticket) -> list[ReadyAnswer]:
    group = ReadyAnswer.product_group_id
    query = select(ReadyAnswer).where(ReadyAnswer.active, or_(group.is_(None), group == ticket.product_group_id))
    return list(db.session.scalars(query.order_by(ReadyAnswer.name)))


def _written(row: ReadyAnswer, ticket: Ticket) -> str:
    """Its words with the ticket's values, in the ticket's language: the customer reads them."""
    with force_locale(ticket.language if ticket.language in SPOKEN else "pl"):
        try:
            return filled(row.text.replace("\r\n", "\n"), _values(ticket))
        except Unreadable:  # kept by another version
            return row.text


def _values(ticket: Ticket) -> Values:
    me, asker = visitor.account(), ticket.requester
    said: dict[str, Callable[[], str]] = {
        "number": lambda: f"#{ticket.number}",
        "subject": lambda: ticket.subject,
        "group": lambda: called(ticket.product_group),
        "customer": lambda: asker.name,
        "first_name": lambda: asker.first_name or "",
        "consultant": lambda: me.name,
        "arrived": lambda: when(ticket.arrived_at, "minute"),
        "received": lambda: when(ticket.counts_as_received_at, "minute"),
    }
    return said
