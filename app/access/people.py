"""Organisations, accounts, invitations, product groups, calls and incoming letters."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from app.access.abilities import KINDS
from app.access.standing import STAFF, Standing
from app.models.account import Account, Role
from app.models.call import Call
from app.models.invitation import Invitation, InvitationState
from app.models.journal import JournalEntry
from app.models.mailbox import Mailbox
from app.models.organisation import Membership, Organisation
from app.models.product_group import CalendarRecord, ProductGroup
from app.models.ranges import Rows


def sees_journal(standing: Standing) -> ColumnElement[bool]:
    """The rows of JournalEntry that this account may read: the desk's side, by product group."""
    if standing.sees_everything:
        return true()
    if not standing.seen_groups:
        return false()
    own = select(Mailbox.id).where(Mailbox.product_group_id.in_(standing.seen_groups))
    return or_(JournalEntry.mailbox_id.in_(own), JournalEntry.mailbox_id.is_(None))


def journal_of(standing: Standing) -> Rows:
    """The same rows for a list."""
    return Rows(JournalEntry, (sees_journal(standing),), seen_by=standing.account_id)


def sees_call(standing: Standing) -> ColumnElement[bool]:
    """The rows of Call that this account may know of: those of its product groups, and those that chose none."""
    if standing.sees_everything:
        return true()
    if not standing.seen_groups:
        return false()
    return or_(Call.product_group_id.in_(standing.seen_groups), Call.product_group_id.is_(None))


def sees_level(standing: Standing) -> ColumnElement[bool]:
    """The rows of ServiceLevel: the desk works by all of them; what a customer is promised stands on his tickets."""
    return true() if standing.is_staff else false()


def sees_organisation(standing: Standing) -> ColumnElement[bool]:
    """The rows of Organisation that this account may know of: all for the desk, else its own."""
    if standing.is_staff:
        return true()
    return Organisation.id.in_(select(Membership.organisation_id).where(Membership.account_id == standing.account_id))


def manages_organisation(standing: Standing) -> ColumnElement[bool]:
    """The rows of Organisation whose people this account invites and removes."""
    return Organisation.id.in_(standing.managed_organisations)


def sees_invitation(standing: Standing) -> ColumnElement[bool]:
    """The rows of Invitation that the desk may know of: consultants those of customers, managers in the portal pass
    through `manages_organisation`."""
    if standing.sees_everything:
        return true()
    if "consultant" not in standing.roles:
        return false()
    return ~Invitation.account.has(Account.roles.any(Role.kind != "customer"))


def manages_invitation(standing: Standing) -> ColumnElement[bool]:
    """The rows of Invitation that a company's manager may know of: into his company, open or taken back.

    What became of one that was accepted is no news of the company: its member stands among the colleagues.
    """
    told = Invitation.state.in_((InvitationState.INVITED, InvitationState.WITHDRAWN))
    return and_(Invitation.organisation_id.in_(standing.managed_organisations), told)


def is_consultant(account: Account) -> bool:
    """Whether it can sign in and answer tickets of some product groups."""
    return bool(account.active and account.confirmed_at and account.role_kinds & STAFF - {"auditor"})


def sees_role(standing: Standing) -> ColumnElement[bool]:
    """The rows of Role that its page lists, for those whose role opens it."""
    return and_(Role.kind.in_(KINDS), sees_settings(standing))


def sees_account(standing: Standing) -> ColumnElement[bool]:
    """The rows of Account that this account may know of: all for the desk, else itself."""
    return true() if standing.is_staff else Account.id == standing.account_id


def sees_product_group(standing: Standing) -> ColumnElement[bool]:
    """The rows of ProductGroup that this account may know of: all for the desk, else those that take tickets."""
    return true() if standing.is_staff else ProductGroup.active.is_(True)


def sees_mailbox(standing: Standing) -> ColumnElement[bool]:
    """The rows of Mailbox that this account may know of: all for the desk, else those that take letters."""
    if standing.is_staff:
        return true()
    return and_(Mailbox.active.is_(True), Mailbox.product_group.has(sees_product_group(standing)))


def sees_calendar(standing: Standing) -> ColumnElement[bool]:
    """The rows of CalendarRecord that this account may know of: all for the desk, else those that are kept for it."""
    if standing.is_staff:
        return true()
    of_groups = select(ProductGroup.calendar_id).where(sees_product_group(standing))
    own = select(Organisation.calendar_id).where(sees_organisation(standing), Organisation.calendar_id.is_not(None))
    return or_(CalendarRecord.id.in_(of_groups), CalendarRecord.id.in_(own))


def sees_settings(standing: Standing) -> ColumnElement[bool]:
    """The rows of the desk's settings, which hold nothing of customers: all for the desk. Roles open their pages."""
    return true() if standing.is_staff else false()


def sees_glossary(standing: Standing) -> ColumnElement[bool]:
    """The rows of the glossary: for the desk, and for those who translate or write."""
    return true() if standing.is_staff or standing.roles & {"editor", "translator"} else false()


def sees_records(standing: Standing) -> ColumnElement[bool]:
    """The rows that tell of everybody (staff, API keys, letters, the audit log): for those who see everything."""
    return true() if standing.sees_everything else false()


def manages_product_group(standing: Standing) -> ColumnElement[bool]:
    """The rows of ProductGroup whose settings this account may look at, and change where its role lets it."""
    if standing.sees_everything:
        return true()
    return ProductGroup.id.in_(standing.managed_groups)
