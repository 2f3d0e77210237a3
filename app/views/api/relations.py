"""Rows that a request names by their id: those that this account may use, and no others exist for it (O11, O12)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, select

from app import access
from app.access import (
    LARGEST_ID,
    Right,
    sees_account,
    sees_calendar,
    sees_level,
    sees_mailbox,
    sees_organisation,
    sees_product_group,
    sees_settings,
)
from app.extensions import db
from app.models.account import Account
from app.models.entry import Entry, Variant
from app.models.hook import Hook
from app.models.intake_rule import IntakeRule
from app.models.level import ServiceLevel
from app.models.mailbox import Mailbox
from app.models.organisation import Membership, Organisation
from app.models.product_group import CalendarRecord, ProductGroup
from app.models.ticket import Message, Ticket
from app.views import visitor
from app.views.api.refusals import Forbidden, Missing


def ticket(ticket_id: int, *, may: Right, key: str | None = None, lock: bool = True) -> Ticket:
    """The ticket of that id, to be changed. Raises Missing; Forbidden where it may only be read."""
    try:
        found = access.get_ticket(db.session(), visitor.standing(), ticket_id, lock=lock, by=Ticket.id)
    except access.NotFound:
        raise Missing(key) from None
    if may not in visitor.standing().rights(found):
        raise Forbidden
    return found


def message_of(ticket: Ticket, message_id: int) -> Message:
    """A message of the ticket. Raises Missing."""
    return _one(Message, message_id, "message", Message.ticket_id == ticket.id)


def requester(account_id: int | None) -> Account:
    """For whom a ticket is opened: oneself, or whom the desk serves. Raises Missing."""
    me = visitor.account()
    if account_id is None or account_id == me.id:
        return me
    if not visitor.standing().is_staff:
        raise Missing("requester")
    return _one(Account, account_id, "requester", sees_account(visitor.standing()), Account.active.is_(True))


def product_group(group_id: int, *, on_behalf: bool) -> ProductGroup:
    """What a ticket is about; on behalf of somebody only where one answers for it. Raises Missing."""
    if on_behalf and not visitor.standing().answers_for(group_id):
        raise Missing("product_group")
    return _one(ProductGroup, group_id, "product_group", ProductGroup.active.is_(True))


def organisation_of(who: Account, organisation_id: int | None) -> Organisation | None:
    """The organisation for which the requester writes: one of his own. Raises Missing."""
    if organisation_id is None:
        return None
    own = select(Membership.organisation_id).where(Membership.account_id == who.id)
    return _one(Organisation, organisation_id, "organisation", Organisation.id.in_(own))


def account(account_id: int) -> Account:
    """The account of that id, to be changed. Raises Missing."""
    return _one(Account, account_id, None, sees_account(visitor.standing()))


def organisation(organisation_id: int, *, key: str | None = None) -> Organisation:
    """The organisation of that id, to be changed. Raises Missing."""
    return _one(Organisation, organisation_id, key, sees_organisation(visitor.standing()))


def any_product_group(group_id: int | None) -> ProductGroup | None:
    """For which product group a setting is; None is every one. Raises Missing."""
    if group_id is None:
        return None
    return _one(ProductGroup, group_id, "product_group", sees_product_group(visitor.standing()))


def entry(entry_id: int, clause: ColumnElement[bool]) -> Entry:
    """The entry of that id. Raises Missing."""
    return _one(Entry, entry_id, None, clause)


def service_level(level_id: int) -> ServiceLevel:
    """The service level of that id, to be changed. Raises Missing."""
    return _one(ServiceLevel, level_id, None, sees_level(visitor.standing()))


def intake_rule(rule_id: int) -> IntakeRule:
    """The rule of that id, to be changed. Raises Missing."""
    return _one(IntakeRule, rule_id, None, sees_settings(visitor.standing()))


def hook(hook_id: int) -> Hook:
    """The hook of that id, to be changed. Raises Missing."""
    return _one(Hook, hook_id, None, sees_settings(visitor.standing()))


def text(text_id: int, clause: ColumnElement[bool]) -> Variant:
    """The text of that id. Raises Missing."""
    return _one(Variant, text_id, None, clause)


def mailbox(mailbox_id: int | None) -> Mailbox | None:
    """For which mailbox a rule is; None is every one. Raises Missing."""
    if mailbox_id is None:
        return None
    return _one(Mailbox, mailbox_id, "mailbox", sees_mailbox(visitor.standing()))


def calendar(calendar_id: int | None) -> CalendarRecord | None:
    """By which calendar somebody is served; None is that of the product group. Raises Missing."""
    if calendar_id is None:
        return None
    return _one(CalendarRecord, calendar_id, "calendar", sees_calendar(visitor.standing()))


def assignee(account_id: int | None) -> Account | None:
    """To whom a ticket is given; None is nobody. Raises Missing."""
    if account_id is None:
        return None
    return _one(Account, account_id, "assignee", sees_account(visitor.standing()))


def possible(ids: Iterable[int]) -> list[int]:
    """Those of the numbers that a row's id can be."""
    return [row_id for row_id in ids if 0 < row_id <= LARGEST_ID]


def _one(model: Any, row_id: int, key: str | None, *conditions: ColumnElement[bool]) -> Any:
    found = db.session.scalars(select(model).where(model.id == row_id, *conditions)) if possible([row_id]) else None
    row = found.unique().one_or_none() if found else None
    if row is None:
        raise Missing(key)
    return row
