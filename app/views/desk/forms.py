"""What a consultant types on a ticket's page."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import Email, Length

from app.desk.tickets import LONGEST_SUBJECT
from app.locale import language
from app.models.ticket import Priority, StateKind
from app.views.portal.forms import LONGEST_TEXT, PRIORITY_NAMES, REQUIRED, ReplyForm
from app.views.reference import active_states, group_choices


def _then() -> list[tuple[str, Any]]:
    """S26: what becomes of the ticket after the answer."""
    ends = active_states((StateKind.WAITING_CUSTOMER, StateKind.WAITING_THIRD_PARTY, StateKind.RESOLVED))
    own = {StateKind.WAITING_CUSTOMER: _l("Wait for the customer"), StateKind.RESOLVED: _l("Resolve the ticket")}
    named = [(state.code, own.get(state.code) or state.name(language())) for state in ends]  # type: ignore[call-overload]
    return [("", _l("Leave the state as it is")), *named]


class AnswerForm(ReplyForm):
    """An answer to the customer, and what follows from it."""

    then = SelectField(_l("And then"), choices=_then, default="")


class NoteForm(ReplyForm):
    """Words for consultants only."""

    text = TextAreaField(_l("Internal note"), validators=[Length(max=LONGEST_TEXT)])


class CallForm(FlaskForm):
    """A ticket for a customer who called (S6, S18)."""

    email = StringField(_l("Customer's e-mail address"), validators=[REQUIRED, Email(), Length(max=320)])
    name = StringField(_l("Customer's name, if the address is new"), validators=[Length(max=120)])
    product_group = SelectField(_l("Product group"), choices=group_choices)
    subject = StringField(_l("Subject"), validators=[REQUIRED, Length(max=LONGEST_SUBJECT)])
    text = TextAreaField(_l("Description"), validators=[REQUIRED, Length(max=LONGEST_TEXT)])
    priority = SelectField(_l("Priority"), choices=list(PRIORITY_NAMES.items()), default=Priority.NORMAL)
