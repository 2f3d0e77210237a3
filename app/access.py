"""Who sees what and may do what: the only place that decides it.

Lists, pages, attachments, search, counts, exports, the API and letters all
pass through these clauses. A row beyond reach and a row that never was look
the same: NotFound.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, false, literal, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from app.models.account import Account, Role
from app.models.event import Event
from app.models.invitation import Invitation
from app.models.journal import JournalEntry
from app.models.mailbox import Mailbox
from app.models.organisation import Membership, Organisation, Sharing
from app.models.product_group import Assignment, CalendarRecord, ProductGroup
from app.models.ranges import Rows
from app.models.ticket import Attachment, Message, MessageKind, Participant, Ticket

ROLES = ("customer", "consultant", "translator", "editor", "administrator", "auditor")
SEES_EVERYTHING = frozenset({"administrator", "auditor"})
STAFF = frozenset({"consultant", "administrator", "auditor"})
LARGEST_ID = 2**31 - 1  # What an INTEGER column of PostgreSQL holds.


class NotFound(LookupError):
    """The row does not exist, or this account may not know that it does."""


class Right(StrEnum):
    """What somebody may do with a ticket that he sees."""

    SEE = "see"
    WRITE = "write"  # answer in the conversation, attach, close
    HANDLE = "handle"  # notes, assignment, states, priority: the consultants' acts


@dataclass(frozen=True)
class Standing:
    """All that the rules need to know of an account. Build it by `standing_of`."""

    account_id: int
    roles: frozenset[str]
    shared_organisations: frozenset[int]
    product_groups: frozenset[int]
    managed_organisations: frozenset[int] = frozenset()  # those that it invites people to, and removes people from

    @property
    def answered_groups(self) -> frozenset[int]:
        """The product groups that it answers for."""
        return self.product_groups if "consultant" in self.roles else frozenset()

    @property
    def managed_groups(self) -> frozenset[int]:
        """The product groups that it manages."""
        return self.answered_groups

    @property
    def is_staff(self) -> bool:
        """Whether the desk's side is open to this account: internal notes, grids, the journal."""
        return bool(self.roles & STAFF)

    @property
    def sees_everything(self) -> bool:
        return bool(self.roles & SEES_EVERYTHING)

    @property
    def handles_everything(self) -> bool:
        return "administrator" in self.roles

    def sees(self, ticket: Ticket, *, is_participant: bool) -> bool:
        """What `sees_ticket` says, of a row that is loaded already."""
        return (
            self.sees_everything
            or is_participant
            or ticket.requester_id == self.account_id
            or (ticket.organisation_id in self.shared_organisations and not ticket.confidential)
            or ("consultant" in self.roles and ticket.product_group_id in self.product_groups)
        )

    def rights(self, ticket: Ticket) -> frozenset[Right]:
        """What this account may do with a ticket that it sees."""
        if self.handles_everything or ("consultant" in self.roles and ticket.product_group_id in self.product_groups):
            return frozenset(Right)
        if self.sees_everything and not self._is_customer_of(ticket):
            return frozenset({Right.SEE})
        return frozenset({Right.SEE, Right.WRITE})

    def _is_customer_of(self, ticket: Ticket) -> bool:
        return ticket.requester_id == self.account_id


def standing_of(session: Session, account: Account) -> Standing:
    """The account's roles, shared organisations and product groups, read in one statement."""
    return standings_of(session, [account])[account.id]


def standings_of(session: Session, accounts: Iterable[Account]) -> dict[int, Standing]:
    """The standing of each account by its id, read in one statement beside their roles."""
    known = {account.id: account for account in accounts}
    shared = select(Membership.account_id, literal("organisation"), Membership.organisation_id).where(
        Membership.account_id.in_(known), Membership.sharing != Sharing.OWN
    )
    managed = select(Membership.account_id, literal("managed"), Membership.organisation_id).where(
        Membership.account_id.in_(known), Membership.sharing == Sharing.MANAGER
    )
    groups = select(Assignment.account_id, literal("group"), Assignment.product_group_id).where(
        Assignment.account_id.in_(known)
    )
    held: dict[tuple[int, str], set[int]] = {}
    for account_id, kind, row_id in session.execute(shared.union_all(managed, groups)):
        held.setdefault((account_id, kind), set()).add(row_id)
    return {
        row_id: Standing(
            account_id=row_id,
            roles=account.role_names,
            shared_organisations=frozenset(held.get((row_id, "organisation"), ())),
            product_groups=frozenset(held.get((row_id, "group"), ())),
            managed_organisations=frozenset(held.get((row_id, "managed"), ())),
        )
        for row_id, account in known.items()
    }


def ways_to_tickets(standing: Standing) -> tuple[ColumnElement[bool], ...]:
    """The ways by which this account may come to know of a ticket. Lists go each of them by its own index."""
    if standing.sees_everything:
        return (true(),)
    ways: list[ColumnElement[bool]] = [
        Ticket.requester_id == standing.account_id,
        Ticket.id.in_(select(Participant.ticket_id).where(Participant.account_id == standing.account_id)),
    ]
    if standing.shared_organisations:
        ways.append(and_(Ticket.organisation_id.in_(standing.shared_organisations), Ticket.confidential.is_(False)))
    if "consultant" in standing.roles and standing.product_groups:
        ways.append(Ticket.product_group_id.in_(standing.product_groups))
    return tuple(ways)


def sees_ticket(standing: Standing) -> ColumnElement[bool]:
    """The rows of Ticket that this account may know exist. `Standing.sees` says the same of a loaded row."""
    return or_(*ways_to_tickets(standing))


def tickets_of(standing: Standing) -> Rows:
    """The same rows for a list, which finds the first of them however many there are."""
    return Rows(Ticket, ways_to_tickets(standing))


def may_see(session: Session, account: Account, ticket: Ticket) -> bool:
    """Whether this account may know of this ticket now. A letter is a door like any other."""
    clause = sees_ticket(standing_of(session, account))
    return session.scalar(select(Ticket.id).where(Ticket.id == ticket.id, clause)) is not None


@dataclass(frozen=True)
class Reach:
    """Which of some accounts may do what with which of some tickets. Build it by `reach_of`."""

    standings: Mapping[int, Standing]
    let_in: frozenset[tuple[int, int]]  # (account, ticket) of every participant

    def rights(self, account: Account, ticket: Ticket) -> frozenset[Right]:
        """What the account may do with the ticket; nothing where it may not know of it."""
        standing = self.standings[account.id]
        if not standing.sees(ticket, is_participant=(account.id, ticket.id) in self.let_in):
            return frozenset()
        return standing.rights(ticket)


def reach_of(session: Session, accounts: Iterable[Account], tickets: Iterable[Ticket]) -> Reach:
    """What these accounts may do with these tickets now: for a batch of letters, in two statements."""
    ids = {ticket.id for ticket in tickets}
    rows = session.execute(select(Participant.account_id, Participant.ticket_id).where(Participant.ticket_id.in_(ids)))
    return Reach(standings_of(session, accounts), frozenset((row[0], row[1]) for row in rows))


def sees_message(standing: Standing) -> ColumnElement[bool]:
    """The rows of Message, within visible tickets, that this account may read. Join Ticket."""
    if standing.is_staff:
        return true()
    return Message.kind != MessageKind.NOTE


def sees_journal(standing: Standing) -> ColumnElement[bool]:
    """The rows of JournalEntry that this account may read: the desk's side, by product group."""
    if standing.sees_everything:
        return true()
    if "consultant" not in standing.roles or not standing.product_groups:
        return false()
    own = select(Mailbox.id).where(Mailbox.product_group_id.in_(standing.product_groups))
    return or_(JournalEntry.mailbox_id.in_(own), JournalEntry.mailbox_id.is_(None))


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
    return ~Invitation.account.has(Account.roles.any(Role.name != "customer"))


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


def sees_event(standing: Standing) -> ColumnElement[bool]:
    """The rows of Event, within visible tickets, that this account may read: none about a note for a customer."""
    if standing.is_staff:
        return true()
    return ~Event.message.has(Message.kind == MessageKind.NOTE)


def get_ticket(
    session: Session,
    standing: Standing,
    number: int,
    *,
    may: Right = Right.SEE,
    lock: bool = False,
    by: InstrumentedAttribute[int] = Ticket.number,
) -> Ticket:
    """The ticket of that number (or id), with what its page shows. Raises NotFound; `lock` before changing it."""
    if not 0 < number <= LARGEST_ID:
        raise NotFound
    query = select(Ticket).where(by == number, sees_ticket(standing))
    if lock:
        query = query.with_for_update(of=Ticket).execution_options(populate_existing=True)
    else:
        query = query.options(
            joinedload(Ticket.requester),
            joinedload(Ticket.assignee),
            joinedload(Ticket.organisation),
            joinedload(Ticket.product_group),
            joinedload(Ticket.state),
        )
    ticket = session.scalars(query).unique().one_or_none()
    if ticket is None or may not in standing.rights(ticket):
        raise NotFound
    return ticket


def get_attachment(session: Session, standing: Standing, attachment_id: int) -> Attachment:
    """The attachment, when its message may be read. Raises NotFound."""
    if not 0 < attachment_id <= LARGEST_ID:
        raise NotFound
    query = (
        select(Attachment)
        .join(Attachment.message)
        .join(Message.ticket)
        .where(Attachment.id == attachment_id, sees_ticket(standing), sees_message(standing))
    )
    attachment = session.scalars(query).one_or_none()
    if attachment is None:
        raise NotFound
    return attachment


def document_terms(ticket: Ticket, participants: frozenset[int] = frozenset()) -> frozenset[str]:
    """The access terms under which a ticket is indexed; `search_terms` is their other half."""
    terms = {f"requester:{ticket.requester_id}", f"group:{ticket.product_group_id}"}
    terms |= {f"participant:{account_id}" for account_id in participants}
    if ticket.organisation_id and not ticket.confidential:
        terms.add(f"organisation:{ticket.organisation_id}")
    return frozenset(terms)


def search_terms(standing: Standing) -> frozenset[str] | None:
    """The access terms that this account holds now; None sees every document."""
    if standing.sees_everything:
        return None
    terms = {f"requester:{standing.account_id}", f"participant:{standing.account_id}", "public", "signed-in"}
    terms |= {f"organisation:{row_id}" for row_id in standing.shared_organisations}
    if "consultant" in standing.roles:
        terms |= {f"group:{row_id}" for row_id in standing.product_groups}
    return frozenset(terms)
