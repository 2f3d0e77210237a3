"""People, settings and letters."""

from __future__ import annotations

from app.views.admin.all_settings import AllSettingsView
from app.views.admin.audit import AuditModelView
from app.views.admin.balance import BalanceView
from app.views.admin.branding import BrandingView
from app.views.admin.calendars import CalendarModelView
from app.views.admin.clock import ClockView
from app.views.admin.ends import EndsView
from app.views.admin.field_sets import FieldsView
from app.views.admin.hooks import HooksView
from app.views.admin.imports import ImportsView
from app.views.admin.intake_rules import IntakeRuleModelView
from app.views.admin.invitations import InvitationModelView
from app.views.admin.journal import JournalModelView
from app.views.admin.keys import KeyModelView
from app.views.admin.letter_templates import LetterTemplatesView
from app.views.admin.letters import LetterModelView
from app.views.admin.levels import ServiceLevelModelView
from app.views.admin.mailboxes import MailboxModelView
from app.views.admin.organisations import OrganisationModelView
from app.views.admin.people import CustomerModelView
from app.views.admin.product_groups import ProductGroupModelView
from app.views.admin.registration import MailDomainModelView, RegistrationView
from app.views.admin.roles import RolesView
from app.views.admin.search_words import SearchWordsView
from app.views.admin.staff import StaffModelView
from app.views.admin.states import StatesView
from app.views.admin.tags import TagModelView
from app.views.admin.telephone import TelephoneView
from app.views.admin.transfer import TransferView
from app.views.admin.why import WhyView
from app.views.viewing import ViewingView

VIEWS: tuple[type, ...] = (
    AllSettingsView,
    WhyView,
    HooksView,
    TransferView,
    ImportsView,
    ViewingView,
    JournalModelView,
    CustomerModelView,
    InvitationModelView,
    OrganisationModelView,
    StaffModelView,
    RolesView,
    ProductGroupModelView,
    BalanceView,
    IntakeRuleModelView,
    MailboxModelView,
    CalendarModelView,
    TelephoneView,
    ServiceLevelModelView,
    StatesView,
    EndsView,
    BrandingView,
    FieldsView,
    SearchWordsView,
    TagModelView,
    RegistrationView,
    MailDomainModelView,
    KeyModelView,
    LetterModelView,
    LetterTemplatesView,
    ClockView,
    AuditModelView,
)
