"""The REST API."""

from __future__ import annotations

from app.views.api.accounts import AccountApi
from app.views.api.call_hook import CallHook
from app.views.api.calls import CallApi
from app.views.api.conversation import AttachmentApi, MessageApi
from app.views.api.description import OpenApi
from app.views.api.desk import CalendarApi, MailboxApi, ProductGroupApi, StateApi
from app.views.api.history import EventApi
from app.views.api.journal import JournalApi
from app.views.api.organisations import OrganisationApi
from app.views.api.search import SearchApi
from app.views.api.signing_in import SecurityApi
from app.views.api.tickets import TicketApi

APIS: tuple[type, ...] = (
    CallHook,
    TicketApi,
    MessageApi,
    AttachmentApi,
    EventApi,
    AccountApi,
    OrganisationApi,
    ProductGroupApi,
    MailboxApi,
    StateApi,
    CalendarApi,
    JournalApi,
    CallApi,
    SearchApi,
    OpenApi,
    SecurityApi,
)
READ = ("can_get",)
ONESELF: dict[str, tuple[str, ...]] = {"AccountApi": ("can_get", "can_put")}
# A customer's token opens what his pages show him, by the same clauses; the journal and the description are the desk's.
CUSTOMERS: dict[str, tuple[str, ...]] = {
    "TicketApi": ("can_get", "can_post", "can_put", "can_act"),
    "MessageApi": ("can_get", "can_post"),
    "AttachmentApi": ("can_get", "can_post"),
    "EventApi": READ,
    **ONESELF,
    "OrganisationApi": READ,
    "ProductGroupApi": READ,
    "MailboxApi": READ,
    "StateApi": READ,
    "CalendarApi": READ,
    "SearchApi": ("*",),
}
STAFF: dict[str, tuple[str, ...]] = {
    **CUSTOMERS,
    "JournalApi": READ,
    "CallApi": ("can_get", "can_act"),
    "OpenApi": READ,
}
READERS: dict[str, tuple[str, ...]] = {**dict.fromkeys(STAFF, READ), **ONESELF}
GRANTS: dict[str, dict[str, tuple[str, ...]]] = {
    "customer": CUSTOMERS,
    "consultant": STAFF,
    "auditor": READERS,
    "translator": ONESELF,
    "editor": ONESELF,
}
