"""The REST API."""

from __future__ import annotations

from app.views.api.accounts import AccountApi
from app.views.api.articles import ArticleApi
from app.views.api.call_hook import CallHook
from app.views.api.calls import CallApi
from app.views.api.content import ContentApi
from app.views.api.content_types import ContentTypeApi
from app.views.api.conversation import AttachmentApi, MessageApi
from app.views.api.definitions import DefinitionApi
from app.views.api.description import OpenApi
from app.views.api.desk import CalendarApi, MailboxApi, ProductGroupApi, StateApi
from app.views.api.entries import EntryApi
from app.views.api.field_schemas import FieldApi
from app.views.api.history import EventApi
from app.views.api.hooks import HookApi
from app.views.api.intake_rules import IntakeRuleApi
from app.views.api.invitations import InvitationApi
from app.views.api.journal import JournalApi
from app.views.api.levels import ServiceLevelApi
from app.views.api.organisations import OrganisationApi
from app.views.api.roles import RoleApi
from app.views.api.saved_views import SavedViewApi
from app.views.api.search import SearchApi
from app.views.api.signing_in import SecurityApi
from app.views.api.texts import TextApi
from app.views.api.tickets import TicketApi

APIS: tuple[type, ...] = (
    CallHook,
    TicketApi,
    MessageApi,
    AttachmentApi,
    EventApi,
    FieldApi,
    DefinitionApi,
    HookApi,
    AccountApi,
    OrganisationApi,
    InvitationApi,
    RoleApi,
    ProductGroupApi,
    MailboxApi,
    StateApi,
    CalendarApi,
    JournalApi,
    CallApi,
    ServiceLevelApi,
    ArticleApi,
    ContentApi,
    EntryApi,
    TextApi,
    ContentTypeApi,
    IntakeRuleApi,
    SavedViewApi,
    SearchApi,
    OpenApi,
    SecurityApi,
)
