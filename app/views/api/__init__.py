"""The REST API."""

from __future__ import annotations

from app.views.api.conversation import AttachmentApi, MessageApi
from app.views.api.description import OpenApi
from app.views.api.journal import JournalApi
from app.views.api.search import SearchApi
from app.views.api.signing_in import SecurityApi
from app.views.api.tickets import TicketApi

APIS: tuple[type, ...] = (TicketApi, MessageApi, AttachmentApi, JournalApi, SearchApi, OpenApi, SecurityApi)
# A customer's token opens what his pages show him, by the same clauses; the journal and the description are the desk's.
CUSTOMERS: dict[str, tuple[str, ...]] = {
    "TicketApi": ("can_get", "can_post", "can_put", "can_act"),
    "MessageApi": ("can_get", "can_post"),
    "AttachmentApi": ("can_get", "can_post"),
    "SearchApi": ("*",),
}
STAFF: dict[str, tuple[str, ...]] = {**CUSTOMERS, "JournalApi": ("can_get",), "OpenApi": ("can_get",)}
READERS: dict[str, tuple[str, ...]] = dict.fromkeys(STAFF, ("can_get",))
GRANTS: dict[str, dict[str, tuple[str, ...]]] = {"customer": CUSTOMERS, "consultant": STAFF, "auditor": READERS}
