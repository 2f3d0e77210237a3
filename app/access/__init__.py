"""Who sees what and may do what: the only place that decides it.

Lists, pages, attachments, search, counts, exports, the API and letters all pass through these clauses. A row beyond
reach and a row that never was look the same: NotFound.

abilities.py: what a role lets somebody do. standing.py: what the rules know of an account. tickets.py: tickets,
messages, attachments. entries.py: what is written for readers. people.py: the other rows. terms.py: the same for the
search index.
"""

from __future__ import annotations

from app.access.abilities import KINDS, ROLES, Ability, held_by, opened_by
from app.access.entries import sees_entry, sees_text
from app.access.people import (
    manages_organisation,
    manages_product_group,
    sees_account,
    sees_calendar,
    sees_call,
    sees_invitation,
    sees_journal,
    sees_level,
    sees_mailbox,
    sees_organisation,
    sees_product_group,
    sees_records,
    sees_settings,
)
from app.access.standing import SEES_EVERYTHING, STAFF, Right, Standing, standing_of, standings_of
from app.access.terms import document_terms, search_terms
from app.access.tickets import (
    LARGEST_ID,
    NotFound,
    Reach,
    WayName,
    get_attachment,
    get_ticket,
    may_see,
    reach_of,
    sees_attachments,
    sees_event,
    sees_message,
    sees_messages,
    sees_ticket,
    tickets_of,
    ways_to_tickets,
)

__all__ = [
    "KINDS",
    "LARGEST_ID",
    "ROLES",
    "SEES_EVERYTHING",
    "STAFF",
    "Ability",
    "NotFound",
    "Reach",
    "Right",
    "Standing",
    "WayName",
    "document_terms",
    "get_attachment",
    "get_ticket",
    "held_by",
    "manages_organisation",
    "manages_product_group",
    "may_see",
    "opened_by",
    "reach_of",
    "search_terms",
    "sees_account",
    "sees_attachments",
    "sees_calendar",
    "sees_call",
    "sees_entry",
    "sees_event",
    "sees_invitation",
    "sees_journal",
    "sees_level",
    "sees_mailbox",
    "sees_message",
    "sees_messages",
    "sees_organisation",
    "sees_product_group",
    "sees_records",
    "sees_settings",
    "sees_text",
    "sees_ticket",
    "standing_of",
    "standings_of",
    "tickets_of",
    "ways_to_tickets",
]
