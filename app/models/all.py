"""Every mapped class in one import, for the application and for Alembic."""

from __future__ import annotations

from app.models.absence import Absence
from app.models.account import Account, AccountSession, Role, WebAuthn
from app.models.account_key import AccountKey, Scope
from app.models.alarm import Alarm
from app.models.answer import KeptAnswer
from app.models.audit import AuditEntry
from app.models.base import Model
from app.models.beside import BulkAct, CopiedPerson, Rating, Score, Tag, Watcher, ticket_tag
from app.models.call import Call, Confirmation, Way
from app.models.customer_note import CustomerNote
from app.models.delivered import Delivered
from app.models.desk_setting import DeskSetting
from app.models.draft import Draft
from app.models.entry import (
    ContentType,
    Entry,
    EntryAddress,
    EntryFile,
    EntryPreview,
    EntryTag,
    MessageEntry,
    PublishedText,
    TextState,
    Variant,
    Visibility,
    entry_group,
    entry_organisation,
)
from app.models.event import Event, Letter, OutboxItem
from app.models.field import FieldIndex, FieldMove, FieldProposal, FieldSet, FieldValue, FieldVersion, Misfit
from app.models.held_answer import HeldAnswer
from app.models.hook import Hook, HookDelivery
from app.models.import_run import ImportRun
from app.models.intake_rule import IntakeRule, RuleAct
from app.models.invitation import AccountLink, Invitation, InvitationState, LetterRequest, Purpose, Wish
from app.models.journal import Answered, JournalEntry, Outcome
from app.models.letter_template import LetterTemplate
from app.models.level import Pause, ServiceLevel, Term, TermKind
from app.models.mail_connection import MailConnection
from app.models.mail_domain import MailDomain
from app.models.mailbox import Mailbox
from app.models.mention import Mention
from app.models.organisation import (
    Departure,
    Membership,
    MembershipGroup,
    Organisation,
    OrganisationDomain,
    Sharing,
)
from app.models.product_group import Assignment, CalendarRecord, Level, ProductGroup
from app.models.reading import Counted, EntryCount, Opinion, PutAway, Sought
from app.models.ready_answer import ReadyAnswer
from app.models.saved_view import SavedView
from app.models.search import search_document, search_index
from app.models.search_words import SearchWords
from app.models.stable_id import StableId
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
from app.models.translation import GlossaryTerm, Translation
from app.models.version import Version

__all__ = [
    "Absence",
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
    "Counted",
    "Counter",
    "CustomerNote",
    "Delivered",
    "Departure",
    "DeskSetting",
    "Draft",
    "Entry",
    "EntryAddress",
    "EntryCount",
    "EntryFile",
    "EntryPreview",
    "EntryTag",
    "Event",
    "FieldIndex",
    "FieldMove",
    "FieldProposal",
    "FieldSet",
    "FieldValue",
    "FieldVersion",
    "GlossaryTerm",
    "HeldAnswer",
    "Hook",
    "HookDelivery",
    "ImportRun",
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
    "Mention",
    "Message",
    "MessageEntry",
    "MessageKind",
    "Misfit",
    "Model",
    "Mover",
    "Opinion",
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
    "PutAway",
    "Rating",
    "ReadyAnswer",
    "Role",
    "RuleAct",
    "SavedView",
    "Scope",
    "Score",
    "SearchWords",
    "ServiceLevel",
    "Sharing",
    "Sought",
    "StableId",
    "State",
    "StateKind",
    "StateMove",
    "Tag",
    "Term",
    "TermKind",
    "TextState",
    "Ticket",
    "TicketLink",
    "Translation",
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
