"""The menus: what this person may open, in his language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from flask import Flask, request
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from app.desk.branding import branding
from app.desk.saved_views import SINGLE_KEYS, chosen
from app.locale import SPOKEN, language
from app.mail import invitation, reasons
from app.mail.names import PRIORITY_NAMES
from app.views import visitor
from app.views.frame import SANDBOX
from app.views.portal.forms import SCORE_NAMES
from app.views.portal.layout import layout_of, title_of
from app.views.relations import relation_name


@dataclass(frozen=True)
class Entry:
    """A menu entry, shown to whom FAB grants `permission` on `view` (an empty view: to everyone)."""

    label: Any
    url: str
    icon: str
    view: str = ""
    permission: str = "can_list"
    group: str = ""
    managers: bool = False  # only to who manages an organisation's people
    leads: bool = False  # only to who manages a product group
    leads_on: bool = False  # only to who may open others of its group

    @property
    def current(self) -> bool:
        return request.path == self.url or (self.url != "/" and request.path.startswith(self.url))

    @property
    def is_permitted(self) -> bool:
        permitted = not self.view or visitor.may(self.permission, self.view)
        if permitted and self.leads_on:
            return any(entry.is_permitted for entry in DESK if entry.group == self.group and entry is not self)
        if permitted and self.leads:
            return visitor.standing().sees_everything or bool(visitor.standing().managed_groups)
        return permitted and (not self.managers or bool(visitor.standing().managed_organisations))


@dataclass(frozen=True)
class Group:
    """Entries that fold out under one name."""

    label: Any
    icon: str
    entries: Sequence[Entry]

    @property
    def current(self) -> bool:
        return any(entry.current for entry in self.entries)


GROUPS = {
    "content": (_l("Content"), "note"),
    "people": (_l("People"), "users"),
    "settings": (_l("Settings"), "adjustments-horizontal"),
}
PORTAL = (
    Entry(lazy_pgettext("the customers' menu", "Tickets"), "/tickets/", "ticket", "TicketsView"),
    Entry(_l("Colleagues"), "/colleagues/", "users", "ColleaguesView", managers=True),
    Entry(_l("Knowledge base"), "/articles/", "help"),
    Entry(_l("Contact"), "/contact", "phone"),
)
DESK = (
    Entry(_l("Today"), "/desk/today/", "calendar", "QueuesView"),
    Entry(_l("Tickets"), "/desk/tickets/list/", "ticket", "TicketModelView"),
    Entry(_l("Calls"), "/desk/calls/", "phone", "CallModelView"),
    Entry(_l("Mail"), "/desk/journal/list/", "mail", "JournalModelView"),
    Entry(_l("Figures"), "/desk/figures/", "list", "FiguresView"),
    Entry(_l("Translations"), "/desk/translations/", "language", "TranslationsView", group="content"),
    Entry(_l("Glossary"), "/desk/glossary/list/", "help", "GlossaryView", group="content"),
    Entry(_l("All texts"), "/desk/entries/", "note", "EntriesView", group="content"),
    Entry(_l("What readers say"), "/desk/readers/", "message", "ReadersView", group="content"),
    Entry(_l("Words of search"), "/desk/search-words/list/", "search", "SearchWordsView", group="content"),
    Entry(_l("Content types"), "/desk/content-types/", "list", "ContentTypesView", group="content"),
    Entry(_l("Customers"), "/desk/customers/list/", "users", "CustomerModelView", group="people"),
    Entry(_l("Invitations"), "/desk/invitations/list/", "mail", "InvitationModelView", group="people"),
    Entry(_l("Organisations"), "/desk/organisations/list/", "building", "OrganisationModelView", group="people"),
    Entry(_l("Absences"), "/desk/absences/", "calendar", "AbsencesView", group="people"),
    Entry(_l("Staff"), "/desk/staff/list/", "address-book", "StaffModelView", group="people"),
    Entry(_l("Roles"), "/desk/roles/", "shield", "RolesView", group="people"),
    Entry(_l("Who sees what"), "/desk/why/", "search", "WhyView", group="people"),
    Entry(_l("API keys"), "/desk/keys/list/", "key", "KeyModelView", group="people"),
    Entry(_l("All settings"), "/desk/settings/", "search", "AllSettingsView", group="settings", leads_on=True),
    Entry(
        _l("Product groups"), "/desk/product-groups/list/", "box", "ProductGroupModelView", group="settings", leads=True
    ),
    Entry(_l("Mailboxes"), "/desk/mailboxes/list/", "inbox", "MailboxModelView", group="settings"),
    Entry(_l("Rules for letters"), "/desk/intake-rules/list/", "list", "IntakeRuleModelView", group="settings"),
    Entry(_l("Telephone"), "/desk/telephone/", "phone", "TelephoneView", group="settings"),
    Entry(_l("Service levels"), "/desk/levels/list/", "clock", "ServiceLevelModelView", group="settings"),
    Entry(_l("Calendars"), "/desk/calendars/list/", "calendar", "CalendarModelView", group="settings"),
    Entry(_l("States"), "/desk/states/", "refresh", "StatesView", group="settings"),
    Entry(_l("Fields"), "/desk/fields/", "edit", "FieldsView", group="settings"),
    Entry(_l("Tags"), "/desk/tags/list/", "list", "TagModelView", group="settings"),
    Entry(_l("Resolving and closing"), "/desk/ends/", "check", "EndsView", group="settings"),
    Entry(_l("Ask the clock"), "/desk/clock/", "clock", "ClockView", group="settings"),
    Entry(
        _l("Registration and signing in"),
        "/desk/registration/",
        "lock",
        "RegistrationView",
        group="settings",
    ),
    Entry(_l("Look of the desk"), "/desk/look/", "edit", "BrandingView", group="settings"),
    Entry(_l("Mail domains"), "/desk/mail-domains/list/", "shield", "MailDomainModelView", group="settings"),
    Entry(_l("Hooks"), "/desk/hooks/", "send", "HooksView", group="settings"),
    Entry(_l("Import"), "/desk/imports/", "list", "ImportsView", group="settings"),
    Entry(_l("Moving settings"), "/desk/config/", "download", "TransferView", group="settings"),
    Entry(_l("Ready answers"), "/desk/ready-answers/list/", "message", "ReadyAnswerModelView", group="settings"),
    Entry(_l("Letter templates"), "/desk/templates/", "note", "LetterTemplatesView", group="settings"),
    Entry(_l("Balance of mail"), "/desk/balance/", "check", "BalanceView", group="settings"),
    Entry(_l("Outgoing letters"), "/desk/letters/list/", "send", "LetterModelView", group="settings"),
    Entry(_l("Audit log"), "/desk/audit/list/", "shield", "AuditModelView", group="settings"),
)


FOLDED_NAMES: dict[str, Any] = {
    "quote": _l("Quoted text"),
    "attribution": _l("Who wrote the quoted text"),
    "signature": _l("Signature"),
    "footer": _l("Added by the mail program"),
    "disclaimer": _l("Legal notice"),
    "invitation": _l("Invitation"),
}


def init_app(app: Flask) -> None:
    app.context_processor(context)
    app.jinja_env.globals.update(
        priority_name=lambda code: PRIORITY_NAMES.get(code, code),
        priority_names=lambda: {code: str(name) for code, name in PRIORITY_NAMES.items()},
        relation_name=relation_name,
        score_name=lambda code: SCORE_NAMES.get(code, code),
        score_names=lambda: {str(code): name for code, name in SCORE_NAMES.items()},
        invited=invitation.spelled,
        mail_mark=reasons.told,
        folded_name=lambda kind: FOLDED_NAMES.get(kind, kind),
        layout_of=layout_of,
        layout_title=title_of,
        frame_sandbox=SANDBOX,
        with_their_authors=with_their_authors,
    )


def with_their_authors(folded: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """The folded parts of a letter; who wrote a quote stands in it, not beside it."""
    parts: list[dict[str, str]] = []
    for part in folded:
        if part["kind"] == "quote" and parts and parts[-1]["kind"] == "attribution":
            part = {**part, "text": f"{parts.pop()['text']}\n{part['text']}"}
        parts.append(part)
    return parts


def context() -> dict[str, Any]:
    """What base.html needs on every page."""
    signed_in = visitor.is_signed_in()
    return {
        "current_account": visitor.account() if signed_in else None,
        "portal_menu": list(menu(PORTAL)),
        "desk_menu": list(menu(DESK)),
        "may_read_tickets": visitor.may("can_list", "TicketsView"),
        "may_add": visitor.may("can_add", "TicketsView"),
        "may_jump": visitor.may("can_list", "ShortcutsView"),
        "single_keys": signed_in and chosen(visitor.account(), SINGLE_KEYS, True),
        "branding": branding(),
        "desk_name": branding().name,
        "locale": language(),
        "languages": SPOKEN,
        "switch_language_url": lambda code: f"/lang/{code}?{urlencode({'next': request.full_path.rstrip('?')})}",
    }


def menu(entries: Sequence[Entry]) -> Iterator[Entry | Group]:
    """What this person may open; neighbours of one group together where there are several."""
    for group, together in groupby((entry for entry in entries if entry.is_permitted), key=lambda entry: entry.group):
        members = list(together)
        if group and len(members) > 1:
            yield Group(*GROUPS[group], members)
        else:
            yield from members
