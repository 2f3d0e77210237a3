"""The people of the desk, and what they may do."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import selectinload
from wtforms import BooleanField, Form, ValidationError

from app.access import Standing, sees_records
from app.accounts import roles
from app.accounts.errors import AccountError, LastAdministrator
from app.extensions import db
from app.models.account import Account
from app.models.product_group import Assignment
from app.views import visitor
from app.views.admin.fields import REQUIRED, RolesSelectField, groups_field, role_choices
from app.views.admin.people import IS_STAFF, AccountView, email_field, name_fields
from app.views.admin.settings import SettingsView
from app.views.desk.grid import ROW_ID, visible
from app.views.doors import requires


def sees_staff(standing: Standing) -> ColumnElement[bool]:
    return and_(sees_records(standing), IS_STAFF)


class OneMoreAdministrator:
    """Nobody shuts himself out, and the last administrator stays one: nobody else could make another."""

    def __call__(self, form: Form, field: Any) -> None:
        account = db.session.get(Account, getattr(form, "_id", None) or 0)
        if account is None or not self._is_lost(field, account):
            return
        if account.id == visitor.account().id:
            raise ValidationError(
                _("You cannot deactivate your own account.")
                if field.name == "active"
                else _("You cannot take the administrator's role from yourself.")
            )
        try:
            roles.keep_an_administrator(account)
        except LastAdministrator as error:
            raise ValidationError(str(error)) from error

    def _is_lost(self, field: Any, account: Account) -> bool:
        """Whether the field takes the way in from the account, or the administrator's role."""
        if field.name == "active":
            return not field.data
        return roles.is_administrator(account) and roles.ADMINISTRATOR not in field.data


class StaffModelView(AccountView):
    """Consultants, translators, editors, auditors, administrators, and whoever holds a copy of their roles."""

    route_base = "/desk/staff"
    datamodel = SettingsView.over(Account)
    clause = staticmethod(sees_staff)
    base_filters = visible(sees_staff)
    eager = (selectinload(Account.roles), selectinload(Account.assignments).joinedload(Assignment.product_group))
    list_title = _l("Staff")
    add_title = _l("Invite somebody to the desk")
    edit_title = _l("Change the account")
    list_columns = ["email", "name", "roles", "assignments", "active"]
    show_columns = [
        "email",
        "name",
        "roles",
        "assignments",
        "telephone",
        "locale",
        "is_registered",
        "has_second_factor",
        "active",
    ]
    add_columns = ["email", "first_name", "last_name", "telephone", "locale", "roles", "assignments"]
    edit_columns = ["first_name", "last_name", "telephone", "locale", "roles", "assignments", "active"]
    add_form_extra_fields = edit_form_extra_fields = {
        "email": email_field(),
        **name_fields(),
        "roles": RolesSelectField(_l("Roles"), validators=[REQUIRED, OneMoreAdministrator()]),
        "assignments": groups_field(),
        "active": BooleanField(
            _l("Active"),
            description=_l("An inactive account cannot sign in; its sessions end at once."),
            validators=[OneMoreAdministrator()],
        ),
    }

    def choices(self) -> list[tuple[str, Any, list[tuple[str, Any]]]]:
        return [("role", _l("Role"), role_choices(staff=True))]

    @expose(f"/edit/{ROW_ID}", methods=["GET", "POST"])
    @requires("edit")
    def edit(self, pk: int) -> ResponseReturnValue:
        try:
            self.check(self.row(pk))
        except AccountError as error:
            flash(str(error), "error")
            return redirect(self.address(f"show/{pk}"), 303)
        return super().edit(pk)

    def check(self, account: Account) -> None:
        roles.check_below(account, by=visitor.account())
