"""The REST API."""

from __future__ import annotations

from flask_appbuilder.api.manager import OpenApi

from app.views.api.journal import JournalApi
from app.views.api.search import SearchApi
from app.views.api.tickets import AttachmentApi, MessageApi, TicketApi

APIS: tuple[type, ...] = (TicketApi, MessageApi, AttachmentApi, JournalApi, SearchApi, OpenApi)
# A customer's token opens what his pages show him, by the same clauses; the journal and the description are the desk's.
CUSTOMERS: dict[str, tuple[str, ...]] = {
    "TicketApi": ("can_get",),
    "MessageApi": ("can_get",),
    "AttachmentApi": ("can_get",),
    "SearchApi": ("*",),
}
STAFF: dict[str, tuple[str, ...]] = {**CUSTOMERS, "JournalApi": ("can_get",), "OpenApi": ("can_get",)}
GRANTS: dict[str, dict[str, tuple[str, ...]]] = {"customer": CUSTOMERS, "consultant": STAFF, "auditor": STAFF}
