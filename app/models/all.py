"""Every mapped class in one import, for the application and for Alembic."""

from __future__ import annotations

from app.models.account import Account, AccountSession, Role, WebAuthn
from app.models.account_key import AccountKey, Scope
from app.models.alarm import Alarm
from app.models.answer import KeptAnswer
from app.models.audit import AuditEntry
from app.models.base import Model
from app.models.beside import BulkAct, CopiedPerson, Rating, Score, Tag, Watcher, ticket_tag
from app.models.call import Call, Confirmation, Way
from app.models.desk_setting import DeskSetting
from app.models.entry import (
    ContentType,
    Entry,
    EntryAddress,
    EntryTag,
    PublishedText,
    TextState,
    Variant,
    Visibility,
    entry_group,
    entry_organisation,
)
from app.models.event import Event, Letter, OutboxItem
from app.models.intake_rule import IntakeRule, RuleAct
from app.models.invitation import AccountLink, Invitation, InvitationState, LetterRequest, Purpose, Wish
from app.models.journal import Answered, JournalEntry, Outcome
from app.models.letter_template import LetterTemplate
from app.models.level import Pause, ServiceLevel, Term, TermKind
from app.models.mail_connection import MailConnection
from app.models.mail_domain import MailDomain
from app.models.mailbox import Mailbox
from app.models.organisation import (
    Departure,
    Membership,
    MembershipGroup,
    Organisation,
    OrganisationDomain,
    Sharing,
)
from app.models.product_group import Assignment, CalendarRecord, Level, ProductGroup
from app.models.search import search_document, search_index
from app.models.ticket import (
    Attachment,
    Channel,
    Counter,
    Message,
    MessageKind,
    Mover,
    Participant,
    Priority,
    State,
    StateKind,
    StateMove,
    Ticket,
)
from app.models.ticket_link import LinkKind, TicketLink
from app.models.version import Version

__all__ = [
    "Account",
    "AccountKey",
    "AccountLink",
    "AccountSession",
    "Alarm",
    "Answered",
    "Assignment",
    "Attachment",
    "AuditEntry",
    "BulkAct",
    "CalendarRecord",
    "Call",
    "Channel",
    "Confirmation",
    "ContentType",
    "CopiedPerson",
    "Counter",
    "Departure",
    "DeskSetting",
    "Entry",
    "EntryAddress",
    "EntryTag",
    "Event",
    "IntakeRule",
    "Invitation",
    "InvitationState",
    "JournalEntry",
    "KeptAnswer",
    "Letter",
    "LetterRequest",
    "LetterTemplate",
    "Level",
    "LinkKind",
    "MailConnection",
    "MailDomain",
    "Mailbox",
    "Membership",
    "MembershipGroup",
    "Message",
    "MessageKind",
    "Model",
    "Mover",
    "Organisation",
    "OrganisationDomain",
    "OutboxItem",
    "Outcome",
    "Participant",
    "Pause",
    "Priority",
    "ProductGroup",
    "PublishedText",
    "Purpose",
    "Rating",
    "Role",
    "RuleAct",
    "Scope",
    "Score",
    "ServiceLevel",
    "Sharing",
    "State",
    "StateKind",
    "StateMove",
    "Tag",
    "Term",
    "TermKind",
    "TextState",
    "Ticket",
    "TicketLink",
    "Variant",
    "Version",
    "Visibility",
    "Watcher",
    "Way",
    "WebAuthn",
    "Wish",
    "entry_group",
    "entry_organisation",
    "search_document",
    "search_index",
    "ticket_tag",
]
