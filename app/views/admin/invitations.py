"""Who is invited and who registered: the grid, the queue of those who wait, the acts on each."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload
from wtforms import Form, SelectField, ValidationError

from app.access import sees_invitation
from app.accounts import invitations
from app.accounts.errors import AccountError
from app.accounts.invitations import ShownState, in_state, shown_state
from app.events.transaction import transaction
from app.extensions import db
from app.locale import SPOKEN
from app.models.account import Account
from app.models.invitation import Invitation, InvitationState
from app.models.organisation import Organisation, Sharing
from app.models.ranges import Order, Rows
from app.views import visitor
from app.views.admin.fields import REQUIRED, AnAddress, kept_address, text
from app.views.admin.settings import SettingsView
from app.views.company import chosen_groups
from app.views.desk.grid import ROW_ID, visible
from app.views.doors import requires
from app.views.invited import SHARING_NAMES, STATE_NAMES, badge, sharing_name

ACTS = {
    "approve": (_l("Approve"), _l("The invitation goes to %(email)s.")),
    "refuse": (_l("Refuse"), _l("%(email)s hears by letter that the registration is refused.")),
    "again": (_l("Send again"), _l("The invitation goes to %(email)s.")),
    "withdraw": (_l("Withdraw"), _l("The invitation of %(email)s is withdrawn; its link no longer works.")),
}
OFFERED = {
    ShownState.WAITING: ("approve", "refuse"),
    ShownState.INVITED: ("again", "withdraw"),
    ShownState.EXPIRED: ("again", "withdraw"),
    ShownState.WITHDRAWN: ("again",),
    ShownState.REFUSED: ("again",),
}


class KnownOrganisation:
    """There may be thousands, so one is named rather than chosen."""

    def __call__(self, _form: Form, field: Any) -> None:
        if field.data and _organisation(field.data) is None:
            raise ValidationError(_("There is no organisation named %(name)s.", name=field.data))


class InvitationModelView(SettingsView):
    route_base = "/desk/invitations"
    datamodel = SettingsView.over(Invitation)
    clause = staticmethod(sees_invitation)
    base_filters = visible(sees_invitation)
    include_route_methods = {"list", "show", "add", "act"}
    order = Order(Invitation.id, Invitation.id)
    eager = (
        joinedload(Invitation.account),
        joinedload(Invitation.organisation),
        joinedload(Invitation.invited_by),
        joinedload(Invitation.settled_by),
    )
    list_title = _l("Invitations and registrations")
    add_title = _l("Invite a customer")
    hint = _l("Who was invited or registered, and what became of it. A link is valid for 72 hours and works once.")
    text_filter = _l("How the address begins")
    label_columns = {
        "account": _l("E-mail"),
        "email": _l("E-mail"),
        "name": _l("First and last name"),
        "organisation": _l("Organisation"),
        "sharing": _l("Will see"),
        "state": _l("State"),
        "invited_by": _l("Invited by"),
        "created_at": _l("Since"),
        "expires_at": _l("The link is valid until"),
        "settled_at": _l("Decided"),
        "settled_by": _l("Decided by"),
    }
    list_columns = ["account", "name", "organisation", "state", "invited_by", "created_at", "expires_at"]
    show_columns = [*list_columns[:3], "sharing", *list_columns[3:], "settled_at", "settled_by"]
    add_columns = ["email", "name", "organisation", "sharing", "groups", "locale"]
    edit_columns = ["name"]
    add_form_extra_fields = {
        "email": text(_l("E-mail"), REQUIRED, AnAddress(), longest=320, filters=[kept_address]),
        "name": text(_l("First and last name"), longest=120),
        "organisation": text(
            _l("Organisation"),
            KnownOrganisation(),
            longest=200,
            hint=_l("Its name. Empty: that of the address's mail domain, where one owns it."),
        ),
        "sharing": SelectField(_l("Will see"), choices=list(SHARING_NAMES.items()), default=Sharing.ORGANISATION),
        "groups": chosen_groups(),
        "locale": SelectField(_l("Language"), choices=lambda: list(SPOKEN.items()), default="pl"),
    }
    formatters_columns = {
        "account": lambda row: row.account.email,
        "organisation": lambda row: row.organisation.name if row.organisation else None,
        "sharing": lambda row: sharing_name(row) if row.organisation else None,
        "state": lambda row: badge(shown_state(row)),
        "invited_by": lambda row: row.invited_by.name if row.invited_by else _("registered alone"),
        "expires_at": lambda row: row.expires_at if row.is_open else None,
        "settled_by": lambda row: row.settled_by.name if row.settled_by else None,
    }

    @expose("/add", methods=["GET", "POST"])
    @requires("add")
    def add(self) -> ResponseReturnValue:
        if not may_invite():
            abort(403)
        form = self.add_form.refresh()
        if request.method == "POST" and form.validate() and self._invite(form):
            flash(_("The invitation goes to %(email)s.", email=form.email.data), "success")
            return redirect(self.address("list/"), 303)
        widget = self.add_widget(form=form, include_cols=self.add_columns)
        return self.render_template(self.add_template, title=self.add_title, widget=widget, view=self)

    @expose(f"/show/{ROW_ID}/<any(approve, refuse, again, withdraw):name>", methods=["POST"])
    @requires("act")
    def act(self, pk: int, name: str) -> ResponseReturnValue:
        """Decide about who waits; send an invitation again, or take it back."""
        with transaction():
            invitation = self.row(pk)
            if name not in self._acts(invitation):
                abort(403)
            _do(name, invitation)
        flash(str(ACTS[name][1]) % {"email": invitation.account.email}, "success")
        return redirect(self.address(f"show/{pk}"), 303)

    def rows(self) -> Rows:
        state = request.args.get("state", "")
        return super().rows().where(in_state(ShownState(state))) if state in list(ShownState) else super().rows()

    def narrowed_by(self, words: str) -> ColumnElement[bool]:
        return Invitation.account.has(Account.email.startswith(words.lower(), autoescape=True))

    def choices(self) -> list[tuple[str, Any, list[tuple[str, Any]]]]:
        return [("state", _l("State"), list(STATE_NAMES.items()))]

    def acts(self, row: Invitation) -> list[tuple[Any, str]]:
        return [(ACTS[name][0], self.address(f"show/{row.id}/{name}")) for name in self._acts(row)]

    def title_of(self, row: Invitation) -> str:
        return row.account.email

    def _acts(self, row: Invitation) -> tuple[str, ...]:
        return acts_on(row) if self.offers("act") else ()

    def _invite(self, form: Any) -> bool:
        """Whether it could be done; if not, the form says why."""
        try:
            with transaction():
                _invite(form)
        except AccountError as error:
            form.email.errors = [str(error)]
            return False
        return True


def acts_on(row: Invitation) -> tuple[str, ...]:
    """What this visitor may do with it: approving is for administrators and who manages a product group."""
    return OFFERED.get(shown_state(row), ()) if may_decide(row) else ()


def may_decide(row: Invitation) -> bool:
    """Whether the visitor may do anything with it from the desk's side."""
    return may_make_managers() if row.state == InvitationState.WAITING else may_invite()


def may_invite() -> bool:
    """Whether the visitor answers for a product group, and so may invite customers."""
    return may_make_managers() or bool(visitor.standing().answered_groups)


def may_make_managers() -> bool:
    """Whether the visitor manages a product group, and so decides about who waits and who manages a company."""
    return visitor.standing().handles_everything or bool(visitor.standing().managed_groups)


def _invite(form: Any) -> None:
    """Raises AlreadyColleague, AlreadyRegistered, Deactivated, NotYours."""
    invitations.invite_customer(
        form.email.data,
        by=visitor.account(),
        may_make_managers=may_make_managers(),
        name=form.name.data or "",
        locale=form.locale.data,
        organisation=_organisation(form.organisation.data),
        sharing=form.sharing.data,
        product_groups=map(int, form.groups.data or ()),
    )


def _do(name: str, invitation: Invitation) -> None:
    me = visitor.account()
    if name == "approve":
        invitations.approve(invitation, by=me)
    elif name == "refuse":
        invitations.refuse(invitation, by=me)
    elif name == "withdraw":
        invitations.withdraw(invitation, by=me)
    else:
        invitations.invite_again(invitation)


def _organisation(name: str | None) -> Organisation | None:
    if not name:
        return None
    return db.session.scalars(select(Organisation).where(Organisation.name == name)).one_or_none()
