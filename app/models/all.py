"""Every mapped class in one import, for the application and for Alembic."""

from __future__ import annotations

from app.models.account import Account, AccountSession, Role, WebAuthn
from app.models.base import Model
from app.models.event import Event, Letter, OutboxItem
from app.models.journal import JournalEntry, Outcome
from app.models.mailbox import Mailbox
from app.models.organisation import Membership, Organisation, OrganisationDomain, Sharing
from app.models.product_group import Assignment, CalendarRecord, ProductGroup
from app.models.search import search_document, search_index
from app.models.ticket import (
    Attachment,
    Channel,
    Counter,
    Message,
    MessageKind,
    Participant,
    Priority,
    State,
    StateKind,
    Ticket,
)
from app.models.version import Version

__all__ = [
    "Account",
    "AccountSession",
    "Assignment",
    "Attachment",
    "CalendarRecord",
    "Channel",
    "Counter",
    "Event",
    "JournalEntry",
    "Letter",
    "Mailbox",
    "Membership",
    "Message",
    "MessageKind",
    "Model",
    "Organisation",
    "OrganisationDomain",
    "OutboxItem",
    "Outcome",
    "Participant",
    "Priority",
    "ProductGroup",
    "Role",
    "Sharing",
    "State",
    "StateKind",
    "Ticket",
    "Version",
    "WebAuthn",
    "search_document",
    "search_index",
]
