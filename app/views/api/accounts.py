"""Accounts by API: everybody's own, and for the desk those that it serves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.access import sees_account
from app.accounts import colleagues, roles
from app.accounts.membership import come, share, sign_out
from app.extensions import db
from app.models.account import Account
from app.models.organisation import Membership, Organisation, Sharing
from app.models.product_group import Assignment, ProductGroup
from app.views import reference, visitor
from app.views.api import relations
from app.views.api.asked import Filterable
from app.views.api.bodies import AccountChange
from app.views.api.fields import WithFields, fill
from app.views.api.refusals import Forbidden, Missing, Unfit
from app.views.api.resource import Resource
from app.views.api.rights import is_customer, set_levels, set_roles
from app.views.api.schemas import AccountSchema, item_of
from app.views.api.writing import Changeable, Given, refuse
from app.views.desk.grid import visible

PERSONAL = {  # what everybody changes of himself, and where it is kept
    "first_name": "first_name",
    "last_name": "last_name",
    "telephone": "telephone",
    "language": "locale",
    "timezone": "timezone",
}


class AccountApi(WithFields, Changeable):
    owner = "account"
    resource_name = "account"
    datamodel = Resource.over(Account)
    clause = staticmethod(sees_account)
    base_filters = visible(sees_account)
    include_route_methods: ClassVar[set[str]] = {*Resource.include_route_methods, "put", "file"}
    list_model_schema, show_model_schema = AccountSchema(), item_of(AccountSchema)
    edit_model_schema = AccountChange()
    list_columns = show_columns = list(AccountSchema._declared_fields)
    eager = (
        joinedload(Account.roles),
        joinedload(Account.memberships).options(joinedload(Membership.organisation), joinedload(Membership.groups)),
        joinedload(Account.assignments).joinedload(Assignment.product_group),
    )
    filterable = {
        "id": Filterable(Account.id),
        "email": Filterable(Account.email),
        "first_name": Filterable(Account.first_name),
        "last_name": Filterable(Account.last_name),
        "telephone": Filterable(Account.telephone),
        "language": Filterable(Account.locale),
        "timezone": Filterable(Account.timezone),
        "active": Filterable(Account.active),
        "organisations": Filterable(Membership.organisation_id, relation=True, by=(Account.id, Membership.account_id)),
        "product_groups": Filterable(
            Assignment.product_group_id, relation=True, by=(Account.id, Assignment.account_id)
        ),
    }
    sortable = {"id": Account.id, "email": Account.email}

    def change(self, pk: int, given: Given) -> None:
        """One's own name, telephone, language and time zone; those of others, and more, as their page lets one."""
        me, account = visitor.account(), relations.account(pk)
        may = visitor.is_permitted("can_edit", "CustomerModelView" if is_customer(account) else "StaffModelView")
        if account.id != me.id and not may:
            raise Forbidden
        if not may:
            refuse(name for name in given if name not in (*PERSONAL, "fields"))
        if not is_customer(account):
            roles.check_below(account, by=me)
        for name in PERSONAL.keys() & given.keys():
            setattr(account, PERSONAL[name], given[name])
        if "fields" in given:
            fill(account, self.owner, given["fields"])
        if "organisations" in given:
            _belong(account, given["organisations"], by=me)
        if "roles" in given:
            set_roles(account, given["roles"], by=me)
        if "product_groups" in given:
            set_levels(account, given["product_groups"])
        if "active" in given:
            _activate(account, to=given["active"], by=me)
        reference.forget()


def _activate(account: Account, *, to: bool, by: Account) -> None:
    """Let the account in, or shut every door at once. Raises Unfit, LastAdministrator."""
    if not to and account.id == by.id:
        raise Unfit({"active": _("You cannot deactivate your own account.")})
    if not to:
        roles.keep_an_administrator(account)
    account.active = to
    if not to:
        sign_out(account)


def _belong(account: Account, places: Sequence[Given], *, by: Account) -> None:
    """Make these the organisations of the account. Raises Missing, Unfit, NotYourself."""
    wanted = {place["id"]: place for place in places}
    if len(wanted) < len(places):
        raise Unfit({"organisations": _("An organisation stands here twice.")})
    query = select(Organisation).where(Organisation.id.in_(relations.possible(wanted)))
    known = {organisation.id: organisation for organisation in db.session.scalars(query)}
    if known.keys() != wanted.keys():
        raise Missing("organisations")
    held: dict[int, Any] = {membership.organisation_id: membership for membership in account.memberships}
    for membership in [held[row_id] for row_id in held.keys() - wanted.keys()]:
        colleagues.remove(membership, by=by)
    for row_id in wanted.keys() - held.keys():
        come(account, known[row_id], by=by)
    db.session.flush()
    db.session.expire(account, ["memberships"])
    for membership in account.memberships:
        _share(membership, wanted[membership.organisation_id])


def _share(membership: Membership, given: Given) -> None:
    """What the member sees there, as far as it is told. Raises Missing, Unfit."""
    if not {"sharing", "product_groups"} & given.keys():
        return
    sharing = given.get("sharing", membership.sharing)
    groups = set(given.get("product_groups", [row.product_group_id for row in membership.groups]))
    if not groups if sharing == Sharing.GROUPS else "product_groups" in given:
        raise Unfit({"product_groups": _("Name product groups where the sharing is groups, and only there.")})
    query = select(ProductGroup.id).where(ProductGroup.id.in_(relations.possible(groups)))
    if set(db.session.scalars(query)) != groups:
        raise Missing("product_groups")
    share(membership, sharing, groups)
