"""Invitations by API: the desk invites customers, managers of a company their colleagues, as their pages do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from flask_babel import gettext as _
from marshmallow import Schema
from marshmallow import fields as kinds
from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import joinedload

from app.access import Right, Standing, manages_invitation, sees_invitation
from app.accounts import colleagues, invitations
from app.accounts.addresses import BadAddress, understood
from app.accounts.errors import AlreadyColleague, AlreadyRegistered, Deactivated, NotYours
from app.accounts.invitations import shown_state
from app.extensions import db
from app.models.account import Account
from app.models.invitation import Invitation
from app.models.organisation import Organisation, Sharing
from app.models.product_group import ProductGroup
from app.views import visitor
from app.views.admin.invitations import may_decide, may_invite, may_make_managers
from app.views.api import relations
from app.views.api.acting import Act, Acting, add_acts, bodies_of, methods_of
from app.views.api.asked import Filterable
from app.views.api.bodies import MOST_GROUPS, Nothing
from app.views.api.body import Body, Code, Language, Line, RowId, Several
from app.views.api.refusals import Forbidden, Missing, Unfit
from app.views.api.resource import Resource
from app.views.api.schemas import Named, item_of
from app.views.api.writing import Given, Postable
from app.views.desk.grid import visible

PAGE_OF_DESK, PAGE_OF_MANAGERS = "InvitationModelView", "ColleaguesView"
LONGEST_ADDRESS = 320


class InvitationSchema(Schema):
    """Of an account that is invited nothing is told before it accepts; `state` says also whether the link expired."""

    id = kinds.Integer()
    email = kinds.String(attribute="account.email")
    name = kinds.String()
    organisation = kinds.Nested(Named, allow_none=True)
    sharing = kinds.String()
    product_groups = kinds.List(kinds.Integer(), allow_none=True)
    state = kinds.Function(lambda row: str(shown_state(row)))
    invited_by = kinds.Nested(Named, allow_none=True)
    created_at = kinds.DateTime()
    expires_at = kinds.DateTime(allow_none=True)


class NewInvitation(Body):
    """Whom to invite, and what he will see. A manager of one company need not name it."""

    email = Line(LONGEST_ADDRESS, least=1, required=True, metadata={"format": "email"})
    name = Line(120)
    language = Language()
    organisation = RowId(allow_none=True)
    sharing = Code(*Sharing)
    product_groups = Several(RowId(), MOST_GROUPS)  # which ones, where the sharing is that of chosen groups


def sees(standing: Standing) -> ColumnElement[bool]:
    """The rows of Invitation that this account may know of: by the page of the desk, or by that of managers."""
    ways: list[ColumnElement[bool]] = [false()]
    if visitor.is_permitted("can_list", PAGE_OF_DESK):
        ways.append(sees_invitation(standing))
    if visitor.is_permitted("can_list", PAGE_OF_MANAGERS):
        ways.append(manages_invitation(standing))
    return or_(*ways)


def _again(invitation: Invitation, _given: Given, _by: Account) -> None:
    _check(invitation, "again")
    if not visitor.standing().is_staff:
        colleagues.refuse_too_many(invitation.organisation_id)
    invitations.invite_again(invitation)


def _withdraw(invitation: Invitation, _given: Given, by: Account) -> None:
    _check(invitation, "withdraw")
    invitations.withdraw(invitation, by=by)


def _approve(invitation: Invitation, _given: Given, by: Account) -> None:
    _check(invitation, "approve")
    invitations.approve(invitation, by=by)


def _refuse(invitation: Invitation, _given: Given, by: Account) -> None:
    _check(invitation, "refuse")
    invitations.refuse(invitation, by=by)


INVITATION_ACTS: dict[str, Act[Invitation]] = {
    "again": Act(Right.SEE, Nothing, _again, "Send it again; the link of the letter before works no more"),
    "withdraw": Act(Right.SEE, Nothing, _withdraw, "Take it back; its link works no more"),
    "approve": Act(Right.SEE, Nothing, _approve, "Let in somebody who registered and waits"),
    "refuse": Act(Right.SEE, Nothing, _refuse, "Refuse somebody who registered and waits"),
}


class InvitationApi(Postable, Acting):
    resource_name = "invitation"
    datamodel = Resource.over(Invitation)
    clause = staticmethod(sees)
    base_filters = visible(sees)
    include_route_methods: ClassVar[set[str]] = {*Postable.include_route_methods, *methods_of(INVITATION_ACTS)}
    openapi_spec_component_schemas = bodies_of(INVITATION_ACTS)
    list_model_schema, show_model_schema = InvitationSchema(), item_of(InvitationSchema)
    add_model_schema = NewInvitation()
    list_columns = show_columns = list(InvitationSchema._declared_fields)
    eager = (
        joinedload(Invitation.account),
        joinedload(Invitation.organisation),
        joinedload(Invitation.invited_by),
    )
    filterable = {
        "id": Filterable(Invitation.id),
        "email": Filterable(Account.email, by=(Invitation.account_id, Account.id)),
        "organisation": Filterable(Invitation.organisation_id, relation=True),
        "created_at": Filterable(Invitation.created_at),
    }
    sortable = {"id": Invitation.id}

    def add(self, given: Given, _prepared: Any) -> Invitation:
        wanted = {
            "name": given.get("name", ""),
            "locale": given.get("language") or visitor.account().locale or "pl",
            "sharing": given.get("sharing", Sharing.ORGANISATION),
            "product_groups": _groups(given),
        }
        email = _address(given["email"])
        if visitor.is_permitted("can_add", PAGE_OF_DESK) and may_invite():
            organisation = _of_desk(given.get("organisation"))
            return _fitting(
                lambda: invitations.invite_customer(
                    email,
                    by=visitor.account(),
                    may_make_managers=may_make_managers(),
                    organisation=organisation,
                    **wanted,
                )
            )
        company = _managed(given.get("organisation"))
        colleagues.refuse_too_many(company.id)
        return _fitting(lambda: invitations.invite_address(email, by=visitor.account(), organisation=company, **wanted))

    def locked(self, pk: int, _right: Right) -> Invitation:
        if not relations.possible([pk]):
            raise Missing
        query = select(Invitation).where(Invitation.id == pk, sees(visitor.standing()))
        options = (joinedload(Invitation.account), joinedload(Invitation.organisation))
        found = db.session.scalars(query.options(*options).with_for_update(of=Invitation)).unique().one_or_none()
        if found is None:
            raise Missing
        return found


add_acts(InvitationApi, INVITATION_ACTS)


def _check(invitation: Invitation, act: str) -> None:
    """Whether the visitor may do that with it; the verb says whether it can be done. Raises Forbidden."""
    if visitor.standing().is_staff:
        if not visitor.is_permitted("can_act", PAGE_OF_DESK) or not may_decide(invitation):
            raise Forbidden
    elif act not in ("again", "withdraw") or not visitor.is_permitted("can_invite", PAGE_OF_MANAGERS):
        raise Forbidden


def _address(text: str) -> str:
    """Raises Unfit."""
    try:
        return understood(text)
    except BadAddress as error:
        raise Unfit({"email": str(error)}) from error


def _groups(given: Given) -> list[int]:
    """The product groups that he will see, where chosen ones are shared. Raises Missing, Unfit."""
    groups = set(given.get("product_groups", ()))
    if bool(groups) != (given.get("sharing") == Sharing.GROUPS):
        raise Unfit({"product_groups": _("Name product groups where the sharing is groups, and only there.")})
    query = select(ProductGroup.id).where(ProductGroup.id.in_(relations.possible(groups)))
    if set(db.session.scalars(query)) != groups:
        raise Missing("product_groups")
    return sorted(groups)


def _of_desk(organisation_id: int | None) -> Organisation | None:
    """The organisation that somebody is invited into by the desk. Raises Missing."""
    return None if organisation_id is None else relations.organisation(organisation_id, key="organisation")


def _managed(organisation_id: int | None) -> Organisation:
    """The company that a manager invites into: the one that is named, or his only one. Raises Missing, Forbidden."""
    managed = visitor.standing().managed_organisations
    if not managed or not visitor.is_permitted("can_invite", PAGE_OF_MANAGERS):
        raise Forbidden
    if organisation_id is None and len(managed) == 1:
        organisation_id = next(iter(managed))
    if organisation_id is None:
        raise Unfit({"organisation": _("You are a manager of several companies: name one.")})
    if organisation_id not in managed:
        raise Missing("organisation")
    return db.session.get_one(Organisation, organisation_id)


def _fitting(act: Callable[[], Invitation]) -> Invitation:
    """What the act answers. Raises Unfit with the key that broke the rule."""
    try:
        return act()
    except (AlreadyColleague, AlreadyRegistered, Deactivated) as error:
        raise Unfit({"email": str(error)}) from error
    except NotYours as error:
        raise Unfit({"sharing": str(error)}) from error
