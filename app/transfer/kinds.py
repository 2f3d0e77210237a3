"""What is moved between desks, in the order in which things need each other. People, rows of customers and secrets
are not: neither accounts nor organisations, the levels agreed with one of them, or the passwords of mailboxes.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement

from app.accounts.choices import APPROVAL, SECOND_STEP
from app.catalogs.live import LANGUAGES_SETTING
from app.catalogs.translating import REVIEW
from app.desk.branding import PREFIX as LOOK
from app.desk.ends import PREFIX as ENDS
from app.desk.telephone import PREFIX as TELEPHONE
from app.models.all import (
    CalendarRecord,
    ContentType,
    DeskSetting,
    GlossaryTerm,
    IntakeRule,
    LetterTemplate,
    Mailbox,
    MailDomain,
    ProductGroup,
    Role,
    SavedView,
    SearchWords,
    ServiceLevel,
    State,
    Tag,
    Translation,
)
from app.transfer.kind import Kind
from app.transfer.saved_views import SavedViews
from app.transfer.special import Calendars, Fields, Glossary, Roles, States, Templates
from app.transfer.words import Settings, Translations


def _own_levels() -> ColumnElement[bool]:
    return ServiceLevel.organisation_id.is_(None)


def _settings() -> ColumnElement[bool]:
    return (
        DeskSetting.name.startswith(ENDS, autoescape=True)
        | DeskSetting.name.startswith(TELEPHONE, autoescape=True)
        | DeskSetting.name.in_(
            [APPROVAL, SECOND_STEP, LANGUAGES_SETTING, REVIEW, *(f"{LOOK}{name}" for name in ("name", "bar", "fill"))]
        )
    )


KINDS: tuple[Kind, ...] = (
    Calendars("calendar", CalendarRecord, "name", {}),
    Kind("product_group", ProductGroup, "name", {"calendar_id": "calendar"}),
    Kind("mailbox", Mailbox, "address", {"product_group_id": "product_group"}),
    States("state", State, "name_en", {}, own_id=True),
    Kind(
        "service_level",
        ServiceLevel,
        "name",
        {"product_group_id": "product_group"},
        left_out=frozenset({"organisation_id"}),
        moved=_own_levels,
    ),
    Kind("intake_rule", IntakeRule, "name", {"mailbox_id": "mailbox", "product_group_id": "product_group"}),
    Kind("mail_domain", MailDomain, "domain", {}, left_out=frozenset({"created_at"})),
    Kind("tag", Tag, "name", {}),
    Kind("search_words", SearchWords, "words", {}),
    Glossary("glossary_term", GlossaryTerm, "source", {}),
    Templates("letter_template", LetterTemplate, "source", {}, own_id=True, moved=lambda: LetterTemplate.source != ""),
    Roles("role", Role, "name_en", {}, own_id=True),
    Kind(
        "content_type",
        ContentType,
        "name_en",
        {},
        left_out=frozenset({"built_in"}),
        moved=lambda: ContentType.built_in.is_(False),
        own_id=True,
    ),
    Fields(),
    SavedViews(
        "saved_view", SavedView, "name", {"product_group_id": "product_group"}, left_out=frozenset({"owner_id"})
    ),
    Settings("setting", DeskSetting, "name", {}, moved=_settings, own_id=True),
    Translations("translation", Translation, "msgid", {}, own_id=True),
)
BY_NAME = {kind.name: kind for kind in KINDS}
