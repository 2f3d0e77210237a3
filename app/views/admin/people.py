"""Customers, and the people of the desk."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from wtforms import BooleanField, SelectField

from app.access import NotFound, Standing, sees_account
from app.accounts import factors
from app.accounts.membership import sign_out
from app.accounts.viewing import may_be_viewed
from app.events.transaction import transaction
from app.extensions import db
from app.locale import SPOKEN, called
from app.models.account import Account, Role
from app.models.organisation import Membership, Organisation
from app.models.ranges import Order, Rows
from app.views import reference, visitor
from app.views.admin.fields import (
    REQUIRED,
    AnAddress,
    CustomersRoleField,
    Free,
    OrganisationsField,
    kept_address,
    level_of,
    text,
)
from app.views.admin.invite import invite
from app.views.admin.role_words import role_names
from app.views.admin.settings import SettingsView
from app.views.company import save_sharing, sharing_form
from app.views.desk.filled import FilledView
from app.views.desk.filters import row_id
from app.views.desk.grid import ROW_ID, visible
from app.views.doors import requires
from app.views.invited import SHARING_NAMES

IS_STAFF = Account.roles.any(Role.kind != "customer")


def sees_customers(standing: Standing) -> ColumnElement[bool]:
    """Accounts that are customers and nothing else."""
    return and_(sees_account(standing), ~IS_STAFF)


def email_field() -> Any:
    return text(_l("E-mail"), REQUIRED, AnAddress(), Free(Account.email), longest=320, filters=[kept_address])


def _given(value: str | None) -> str:
    """A name that the sender left out is an empty one: its column holds no null."""
    return value or ""


def name_fields() -> dict[str, Any]:
    return {
        "first_name": text(_l("First name"), longest=64, filters=[_given]),
        "last_name": text(_l("Last name"), longest=64, filters=[_given]),
        "telephone": text(_l("Telephone"), longest=64),
        "locale": SelectField(_l("Language"), choices=lambda: list(SPOKEN.items()), default="pl"),
    }


class AccountView(FilledView, SettingsView):
    """What both kinds of people share: an invitation instead of a password, and no rights once inactive."""

    owner = "account"
    include_route_methods = {*SettingsView.include_route_methods, "reset_factors", "fields"}
    order = Order(Account.email, Account.id, descending=False)
    text_filter = _l("How the address or a name begins")
    label_columns = {
        "email": _l("E-mail"),
        "name": _l("First and last name"),
        "memberships": _l("Organisations"),
        "assignments": _l("Product groups"),
        "roles": _l("Roles"),
        "telephone": _l("Telephone"),
        "locale": _l("Language"),
        "active": _l("Active"),
        "is_registered": _l("Has set a password"),
        "confirmed_at": _l("Address confirmed"),
        "has_second_factor": _l("Signs in with a second step"),
    }
    formatters_columns = {
        "email": lambda row: row.email if row.has_address else _("None is known"),
        "memberships": lambda row: ", ".join(sorted(map(_place, row.memberships))),
        "assignments": lambda row: ", ".join(
            sorted(level_of(place, called(place.product_group)) for place in row.assignments)
        ),
        "roles": lambda row: role_names(row.roles),
        "locale": lambda row: SPOKEN.get(row.locale, row.locale),
    }

    @expose("/add", methods=["GET", "POST"])
    @requires("add")
    def add(self) -> ResponseReturnValue:
        """Invite somebody: the letter lets him set his own password (S2, S3)."""
        form = self.add_form.refresh()
        if request.method == "POST" and form.validate():
            account = invite(form, by=visitor.account())
            self.post_update(account)
            flash(_("The invitation goes to %(email)s.", email=account.email), "success")
            return redirect(self.address(f"show/{account.id}"), 303)
        widget = self.add_widget(form=form, include_cols=self.add_columns)
        return self.render_template(self.add_template, title=self.add_title, widget=widget, view=self)

    @expose(f"/show/{ROW_ID}/reset-factors", methods=["POST"])
    @requires("reset_factors")
    def reset_factors(self, pk: int) -> ResponseReturnValue:
        """For who lost his telephone and his recovery codes."""
        with transaction():
            account = self.row(pk)
            self.check(account)
            factors.reset(account)
        flash(
            _("%(name)s signs in by password alone until setting up a new second step.", name=account.name), "success"
        )
        return redirect(self.address(f"show/{pk}"), 303)

    def check(self, account: Account) -> None:
        """Whether this visitor may change the account. Raises AccountError."""

    def acts(self, row: Account) -> list[tuple[Any, str]]:
        has_any = row.has_second_factor or bool(row.webauthn)
        offered = has_any and self.offers("reset_factors")
        return [(_("Reset the second step"), self.address(f"show/{row.id}/reset-factors"))] if offered else []

    def rows(self) -> Rows:
        role = request.args.get("role", "").replace("\x00", "")
        return super().rows().where(Account.roles.any(Role.name == role)) if role else super().rows()

    def pre_update(self, item: Account) -> None:
        if not item.active:
            sign_out(item)

    def post_update(self, item: Account) -> None:
        reference.forget()

    def downloads(self, row: Account) -> list[tuple[Any, str]]:
        if not visitor.may("can_list", "WhyView"):
            return []
        return [(_("What this account sees"), f"/desk/why/?{urlencode({'account': row.email})}")]

    def narrowed_by(self, words: str) -> ColumnElement[bool]:
        return or_(
            Account.email.startswith(words.lower(), autoescape=True),
            Account.first_name.istartswith(words, autoescape=True),
            Account.last_name.istartswith(words, autoescape=True),
        )

    def title_of(self, row: Account) -> str:
        return row.name


class CustomerModelView(AccountView):
    route_base = "/desk/customers"
    include_route_methods = {*AccountView.include_route_methods, "sharing"}
    datamodel = SettingsView.over(Account)
    clause = staticmethod(sees_customers)
    base_filters = visible(sees_customers)
    eager = (selectinload(Account.roles), selectinload(Account.memberships).joinedload(Membership.organisation))
    list_title = _l("Customers")
    add_title = _l("Invite a customer")
    edit_title = _l("Change the customer")
    list_columns = ["email", "name", "memberships", "active"]
    show_columns = [
        "email",
        "name",
        "memberships",
        "roles",
        "telephone",
        "locale",
        "is_registered",
        "has_second_factor",
        "confirmed_at",
        "active",
    ]
    add_columns = ["email", "first_name", "last_name", "telephone", "locale", "memberships", "roles"]
    edit_columns = ["first_name", "last_name", "telephone", "locale", "memberships", "roles", "active"]
    add_form_extra_fields = edit_form_extra_fields = {
        "email": email_field(),
        **name_fields(),
        "memberships": OrganisationsField(
            _l("Organisations"), description=_l("Names of organisations, one a line; usually one.")
        ),
        "roles": CustomersRoleField(_l("Role")),
        "active": BooleanField(
            _l("Active"), description=_l("An inactive account cannot sign in; its sessions end at once.")
        ),
    }

    def rows(self) -> Rows:
        organisation = row_id(request.args.get("organisation", ""))
        rows = super().rows()
        if organisation is None:
            return rows
        return rows.where(Account.memberships.any(Membership.organisation_id == organisation))

    def narrowed_by(self, words: str) -> ColumnElement[bool]:
        named = Organisation.name.istartswith(words, autoescape=True)
        return or_(super().narrowed_by(words), Account.memberships.any(Membership.organisation.has(named)))

    @expose("/sharing/<int(max=2147483647):pk>", methods=["GET", "POST"])
    @requires("edit")
    def sharing(self, pk: int) -> ResponseReturnValue:
        """What the customer sees in one of his organisations."""
        membership = _membership_of(pk)
        form = sharing_form(membership)
        if not form.validate_on_submit():
            return self.render_template("desk/sharing.html", form=form, member=membership)
        save_sharing(form, membership)
        flash(_("What %(name)s sees is changed.", name=membership.account.name), "success")
        return redirect(self.address(f"show/{membership.account_id}"), 303)

    def downloads(self, row: Account) -> list[tuple[Any, str]]:
        tickets = [(_("Tickets"), f"/desk/tickets/list/?requester={row.id}"), *super().downloads(row)]
        if not self.offers("edit"):
            return tickets
        return tickets + [
            (_("Sees in %(organisation)s", organisation=place.organisation.name), self.address(f"sharing/{place.id}"))
            for place in row.memberships
        ]

    def acts(self, row: Account) -> list[tuple[Any, str]]:
        if not may_be_viewed(row) or not visitor.may("can_begin", "ViewingView"):
            return []
        return [(_("View as this customer"), f"/desk/view-as/{row.id}")]


def _membership_of(pk: int) -> Membership:
    """The membership of a customer. Raises NotFound."""
    query = select(Membership).join(Membership.account).where(Membership.id == pk)
    query = query.where(sees_customers(visitor.standing()))
    options = (contains_eager(Membership.account), joinedload(Membership.organisation))
    row = db.session.scalars(query.options(*options)).unique().one_or_none()
    if row is None:
        raise NotFound
    return row


def _place(membership: Membership) -> str:
    return f"{membership.organisation.name} ({SHARING_NAMES.get(membership.sharing, membership.sharing)})"
