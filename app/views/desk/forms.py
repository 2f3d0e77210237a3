"""What a consultant types on a ticket's page."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import Email, Length

from app.desk.tickets import LONGEST_SUBJECT
from app.models.ticket import Priority, StateKind
from app.views.portal.forms import LONGEST_TEXT, PRIORITY_NAMES, REQUIRED, ReplyForm
from app.views.reference import group_choices

# S26: what becomes of the ticket after the answer.
THEN = {
    "": _l("Leave the state as it is"),
    StateKind.WAITING_CUSTOMER: _l("Wait for the customer"),
    StateKind.RESOLVED: _l("Resolve the ticket"),
}


class AnswerForm(ReplyForm):
    """An answer to the customer, and what follows from it."""

    then = SelectField(_l("And then"), choices=list(THEN.items()), default="")


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
