"""Why can this account see this, or not? For administrators, from the clauses that every door asks."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import SelectField
from wtforms.validators import Length

from app.access import Right
from app.access.explain import explain
from app.accounts.registration import find_account
from app.extensions import db
from app.models.account import Account
from app.models.journal import JournalEntry
from app.models.organisation import Organisation
from app.models.ticket import Attachment, Message, Ticket
from app.views.admin.fields import REQUIRED, text
from app.views.desk.filters import row_id
from app.views.doors import requires

KINDS: dict[str, tuple[Any, Any]] = {  # the column by which a row is asked for, and what it is called
    "ticket": (Ticket.number, _l("Ticket (its number)")),
    "message": (Message.id, _l("Message (its id)")),
    "attachment": (Attachment.id, _l("File (its id)")),
    "organisation": (Organisation.id, _l("Organisation (its id)")),
    "account": (Account.id, _l("Account (its id)")),
    "journal": (JournalEntry.id, _l("Incoming letter (its id)")),
}
WORDS: dict[str, Any] = {
    "not_accepted": _l("The invitation to the desk is not accepted yet, so roles and levels count for nothing."),
    "inactive": _l("The account is deactivated, so every door is closed, whatever else is true."),
    "everything_yes": _l("Administrators and auditors see every ticket."),
    "everything_no": _l("The account is neither an administrator's nor an auditor's."),
    "requester_yes": _l("This person reported the ticket."),
    "requester_no": _l("Somebody else reported the ticket."),
    "requester_left": _l("This person reported the ticket, but left the organisation that it belongs to."),
    "participant_yes": _l("This person is a participant of the ticket."),
    "participant_no": _l("This person is not a participant of the ticket."),
    "organisation_yes": _l("The organisation shares all its tickets with this member."),
    "organisation_none": _l("The ticket belongs to no organisation."),
    "organisation_other": _l("The ticket belongs to an organisation of which this person is no member."),
    "organisation_left": _l("This person left the organisation that the ticket belongs to."),
    "organisation_confidential": _l("The ticket is confidential, and those are never shared."),
    "organisation_own": _l("The organisation does not share all its tickets with this member."),
    "chosen_groups_yes": _l("The organisation shares the tickets of this product group with this member."),
    "chosen_groups_no": _l("No organisation shares the tickets of this product group with this person in particular."),
    "product_group_yes": _l("This consultant has a level in the ticket's product group."),
    "product_group_no": _l("This consultant has no level in the ticket's product group."),
    "no_consultant": _l("This person is no consultant."),
    "message_spoken": _l("The message is part of the conversation, open to everybody who sees the ticket."),
    "note_yes": _l("The message is an internal note, and this person belongs to the desk."),
    "note_no": _l("The message is an internal note, and those are the desk's only."),
    "desk_or_member": _l("An organisation is known to the desk and to its members."),
    "desk_or_self": _l("An account is known to the desk and to its owner."),
    "desk_of_mailbox": _l(
        "An incoming letter is read by consultants of its mailbox's product group, administrators and auditors."
    ),
}
RIGHTS: dict[str, Any] = {
    Right.SEE: _l("read"),
    Right.WRITE: _l("write messages and close"),
    Right.SHARE: _l("add and remove participants"),
    Right.HIDE: _l("make it confidential"),
    Right.HANDLE: _l("answer, write notes, assign, change"),
    Right.MANAGE: _l("move it to another product group"),
}


class WhyForm(FlaskForm):
    """Whom and what to ask about."""

    class Meta:
        csrf = False  # It changes nothing, so a question can be kept as an address.

    account = text(_l("Account (its e-mail address)"), REQUIRED, longest=320)
    kind = SelectField(_l("What"), choices=[(code, name) for code, (_column, name) in KINDS.items()])
    row = text(_l("Number or id"), REQUIRED, Length(max=12), longest=12)


class WhyView(BaseView):
    """Menu Who sees what."""

    route_base = "/desk/why"
    default_view = "page"

    @expose("/")
    @requires("list")
    def page(self) -> ResponseReturnValue:
        form = WhyForm(request.args)
        account, row = None, None
        if request.args.get("account") and request.args.get("row") and form.validate():
            account, row = _account(form), _row(form)
        found = explain(db.session(), account, row) if account is not None and row is not None else None
        return self.render_template(
            "desk/why.html",
            form=form,
            account=account,
            what=_called(row),
            found=found,
            words=WORDS,
            rights=RIGHTS,
            all_rights=Right,
        )


def _called(row: Any) -> str:
    """What the row is called in the answer."""
    if isinstance(row, Message):
        return _("message %(id)s of ticket %(ticket)s", id=row.id, ticket=row.ticket)
    if isinstance(row, Attachment):
        return _("file %(name)s of ticket %(ticket)s", name=row.name, ticket=row.message.ticket)
    if isinstance(row, JournalEntry):
        return _("incoming letter %(id)s", id=row.id)
    return str(row)


def _account(form: WhyForm) -> Account | None:
    account = find_account(form.account.data or "")
    if account is None:
        form.account.errors = [_("There is no account with this address.")]
    return account


def _row(form: WhyForm) -> Any:
    column, _name = KINDS[form.kind.data]
    number = row_id((form.row.data or "").removeprefix("#"))
    query = select(column.class_).where(column == number)
    row = db.session.scalars(query).unique().one_or_none() if number is not None else None
    if row is None:
        form.row.errors = [_("There is nothing with this number.")]
    return row
