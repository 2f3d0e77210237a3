"""What a role lets somebody do: named abilities, each of which stands for permissions of Flask-AppBuilder.

Which rows the abilities reach is another question, and the clauses beside this file answer it: by the kind of a role,
which is the shipped role that it is or was copied from. Every permission of every view stands in exactly one place
here; a new view without an entry fails tests/test_frame.py.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

Pair = tuple[str, str]  # view, permission
Views = Mapping[str, str]  # view -> permissions, separated by spaces


class Ability(StrEnum):
    """What somebody may be able to do, in the order in which people read of it."""

    READ_TICKETS = "read_tickets"
    WRITE_TICKETS = "write_tickets"
    LEAD_COLLEAGUES = "lead_colleagues"
    DESK = "desk"
    CALLS = "calls"
    MAIL = "mail"
    HAND_OVER = "hand_over"
    SEE_CUSTOMERS = "see_customers"
    CHANGE_CUSTOMERS = "change_customers"
    INVITATIONS = "invitations"
    STAFF = "staff"
    ROLES = "roles"
    WHO_SEES_WHAT = "who_sees_what"
    LEAD_GROUPS = "lead_groups"
    GROUPS = "groups"
    TIMES = "times"
    STATES = "states"
    FIELDS = "fields"
    REGISTRATION = "registration"
    WORDING = "wording"
    LOOK = "look"
    HOOKS = "hooks"
    CONFIG = "config"
    IMPORT = "import"
    WRITE_ENTRIES = "write_entries"
    PUBLISH_ENTRIES = "publish_entries"
    CONTENT_TYPES = "content_types"
    TRANSLATE = "translate"
    LETTERS = "letters"
    AUDIT = "audit"


@dataclass(frozen=True)
class Doors:
    """What an ability opens: to read, and to change. Roles that only read are given the first half."""

    reads: Views
    changes: Views


EVERYONE: Views = {
    "AccountApi": "can_get can_put",
    "ArticleApi": "can_get",
    "DeskView": "can_list",
    "InvitationApi": "can_get can_post can_act",  # it asks who may open the page of invitations, or of colleagues
    "KeysView": "can_list can_add can_revoke",
    "OpenApi": "can_get",  # it tells what this account may do
    "ProfileView": "can_edit",
    "SecondStepView": "can_edit",
}
READ = "can_list can_show"
DOORS: Mapping[Ability, Doors] = {
    Ability.READ_TICKETS: Doors(
        {
            "TicketsView": READ,
            "FilesView": "can_download",
            "LayoutView": "can_show",
            "ReceiptView": "can_show",
            **dict.fromkeys(("TicketApi", "MessageApi", "AttachmentApi", "EventApi", "OrganisationApi"), "can_get"),
            "FieldApi": "can_get",
            **dict.fromkeys(("ProductGroupApi", "MailboxApi", "StateApi", "CalendarApi", "SearchApi"), "can_get"),
        },
        {},
    ),
    Ability.WRITE_TICKETS: Doors(
        {},
        {
            "TicketsView": "can_add can_edit",
            "OfferingView": "can_add",
            "TicketApi": "can_post can_put can_act",
            "MessageApi": "can_post",
            "AttachmentApi": "can_post",
        },
    ),
    Ability.LEAD_COLLEAGUES: Doors(
        {"ColleaguesView": "can_list"}, {"ColleaguesView": "can_invite can_remove can_share"}
    ),
    Ability.DESK: Doors(
        {
            "TicketModelView": READ,
            "QueuesView": "can_list",
            "AbsencesView": "can_list",
            "SavedViewsView": "can_list",
            "ShortcutsView": "can_list",
            "AllSettingsView": "can_list",
            "FiguresView": "can_list",
            "ProductGroupModelView": READ,
            "ServiceLevelApi": "can_get",
            "SavedViewApi": "can_get",
        },
        {
            **dict.fromkeys(("TicketModelView", "AbsencesView", "SavedViewsView"), "can_edit"),
            "SavedViewApi": "can_post can_put can_delete",
        },
    ),
    Ability.CALLS: Doors(
        {"CallModelView": READ, "CallApi": "can_get"},
        {"CallsView": "can_add", "CallModelView": "can_settle", "CallApi": "can_act"},
    ),
    Ability.MAIL: Doors(
        {"JournalModelView": f"{READ} can_raw", "JournalApi": "can_get"}, {"JournalModelView": "can_decide"}
    ),
    Ability.HAND_OVER: Doors({}, {"JournalApi": "can_post"}),
    Ability.SEE_CUSTOMERS: Doors({"CustomerModelView": READ, "OrganisationModelView": READ}, {}),
    Ability.CHANGE_CUSTOMERS: Doors(
        {},
        {
            "CustomerModelView": "can_add can_edit can_reset_factors",
            "OrganisationModelView": "can_add can_edit",
            "OrganisationApi": "can_put",
        },
    ),
    Ability.INVITATIONS: Doors({"InvitationModelView": READ}, {"InvitationModelView": "can_add can_act"}),
    Ability.STAFF: Doors(
        {"StaffModelView": READ, "KeyModelView": READ},
        {"StaffModelView": "can_add can_edit can_reset_factors", "KeyModelView": "can_revoke"},
    ),
    Ability.ROLES: Doors(
        {"RolesView": "can_list", "RoleApi": "can_get"},
        {"RolesView": "can_edit", "RoleApi": "can_post can_put can_act"},
    ),
    Ability.WHO_SEES_WHAT: Doors({"WhyView": "can_list"}, {"ViewingView": "can_begin"}),
    Ability.LEAD_GROUPS: Doors({}, {"ProductGroupModelView": "can_edit"}),
    Ability.GROUPS: Doors(
        {
            "MailboxModelView": READ,
            "IntakeRuleModelView": READ,
            "IntakeRuleApi": "can_get",
            "TelephoneView": "can_list",
        },
        {
            "ProductGroupModelView": "can_add",
            "MailboxModelView": "can_add can_edit",
            "IntakeRuleModelView": "can_add can_edit",
            "IntakeRuleApi": "can_post can_put can_delete",
            "TelephoneView": "can_edit",
        },
    ),
    Ability.TIMES: Doors(
        {"CalendarModelView": READ, "ClockView": "can_list", "ServiceLevelModelView": READ},
        {
            "CalendarModelView": "can_add can_edit",
            "ServiceLevelModelView": "can_add can_edit",
            "ServiceLevelApi": "can_post can_put",
        },
    ),
    Ability.STATES: Doors(
        {"StatesView": "can_list", "TagModelView": READ, "EndsView": "can_list"},
        {"StatesView": "can_edit", "TagModelView": "can_add can_edit", "EndsView": "can_edit"},
    ),
    Ability.FIELDS: Doors(
        {"FieldsView": "can_list", "DefinitionApi": "can_get"},
        {"FieldsView": "can_edit", "DefinitionApi": "can_post can_put"},
    ),
    Ability.REGISTRATION: Doors(
        {"MailDomainModelView": READ, "RegistrationView": "can_list"},
        {"MailDomainModelView": "can_add can_edit", "RegistrationView": "can_edit"},
    ),
    Ability.WORDING: Doors(
        {"LetterTemplatesView": "can_list", "ReadyAnswerModelView": READ},
        {"LetterTemplatesView": "can_edit", "ReadyAnswerModelView": "can_add can_edit"},
    ),
    Ability.LOOK: Doors({"BrandingView": "can_list"}, {"BrandingView": "can_edit"}),
    Ability.HOOKS: Doors(
        {"HooksView": "can_list", "HookApi": "can_get"},
        {"HooksView": "can_edit", "HookApi": "can_post can_put can_delete can_act"},
    ),
    Ability.IMPORT: Doors({"ImportsView": "can_list"}, {"ImportsView": "can_edit"}),
    Ability.CONFIG: Doors({"TransferView": "can_list"}, {"TransferView": "can_edit"}),
    Ability.WRITE_ENTRIES: Doors(
        {
            "EntriesView": READ,
            "ReadersView": "can_list",
            **dict.fromkeys(("EntryApi", "TextApi", "ContentTypeApi"), "can_get"),
        },
        {
            "EntriesView": "can_add can_edit",
            **dict.fromkeys(("EntryApi", "TextApi"), "can_post can_put can_act"),
        },
    ),
    Ability.PUBLISH_ENTRIES: Doors({}, {"EntriesView": "can_publish"}),
    Ability.CONTENT_TYPES: Doors(
        {"ContentTypesView": "can_list", "SearchWordsView": READ},
        {
            "ContentTypesView": "can_edit",
            "ContentTypeApi": "can_post can_put can_delete",
            "SearchWordsView": "can_add can_edit",
        },
    ),
    Ability.TRANSLATE: Doors(
        {"TranslationsView": "can_list", "GlossaryView": READ},
        {"TranslationsView": "can_edit", "GlossaryView": "can_add can_edit"},
    ),
    Ability.LETTERS: Doors({"LetterModelView": READ, "BalanceView": "can_list"}, {"LetterModelView": "can_retry"}),
    Ability.AUDIT: Doors({"AuditModelView": f"{READ} can_export"}, {}),
}
NEEDS = {  # what nobody can use without another ability
    Ability.CHANGE_CUSTOMERS: Ability.SEE_CUSTOMERS,
    Ability.PUBLISH_ENTRIES: Ability.WRITE_ENTRIES,
    Ability.IMPORT: Ability.CHANGE_CUSTOMERS,
    Ability.CONFIG: Ability.ROLES,  # the file holds what roles may do
}

_ADMINISTRATORS = frozenset(Ability) - {Ability.LEAD_COLLEAGUES}
_TICKETS = frozenset({Ability.READ_TICKETS, Ability.WRITE_TICKETS, Ability.DESK})
_READS = frozenset(ability for ability, doors in DOORS.items() if doors.reads) - {
    *(Ability.LEAD_COLLEAGUES, Ability.WHO_SEES_WHAT)
}
_CONSULTANTS = _TICKETS | {
    *(Ability.CALLS, Ability.MAIL, Ability.SEE_CUSTOMERS, Ability.INVITATIONS, Ability.LEAD_GROUPS),
    Ability.WRITE_ENTRIES,
}
_AUTHORS = frozenset({Ability.WRITE_ENTRIES, Ability.PUBLISH_ENTRIES})


@dataclass(frozen=True)
class Kind:
    """A shipped role as a kind: what its roles always hold, what they may hold, and what they hold as shipped."""

    always: frozenset[Ability]
    offered: frozenset[Ability]
    shipped: frozenset[Ability]
    only_reads: bool = False


KINDS: Mapping[str, Kind] = {
    "customer": Kind(
        always=frozenset({Ability.READ_TICKETS}),
        offered=frozenset({Ability.WRITE_TICKETS, Ability.LEAD_COLLEAGUES}),
        shipped=frozenset({Ability.READ_TICKETS, Ability.WRITE_TICKETS, Ability.LEAD_COLLEAGUES}),
    ),
    # What a consultant may do with tickets is said by his level in their product group, so it is no choice of a role.
    "consultant": Kind(
        always=_TICKETS,
        offered=_CONSULTANTS - _TICKETS
        | {Ability.CHANGE_CUSTOMERS, Ability.TIMES, Ability.STATES, Ability.WORDING, Ability.PUBLISH_ENTRIES}
        | {Ability.TRANSLATE},
        shipped=_CONSULTANTS,
    ),
    "translator": Kind(
        always=frozenset(),
        offered=_AUTHORS | {Ability.TRANSLATE},
        shipped=frozenset({Ability.WRITE_ENTRIES, Ability.TRANSLATE}),
    ),
    "editor": Kind(always=frozenset(), offered=_AUTHORS | {Ability.TRANSLATE}, shipped=_AUTHORS),
    # The shipped role of this kind always holds everything: nobody can take the last administrator's rights away.
    "administrator": Kind(always=_TICKETS, offered=_ADMINISTRATORS - _TICKETS, shipped=frozenset(Ability)),
    "auditor": Kind(always=_READS & _TICKETS, offered=_READS - _TICKETS, shipped=_READS, only_reads=True),
}
ROLES = tuple(KINDS)
# What shows other people's words, names or addresses to whoever holds it.
SHOWS_CUSTOMERS = frozenset(
    {
        *(Ability.READ_TICKETS, Ability.DESK, Ability.CALLS, Ability.MAIL, Ability.SEE_CUSTOMERS),
        *(Ability.CHANGE_CUSTOMERS, Ability.INVITATIONS, Ability.WHO_SEES_WHAT, Ability.LETTERS, Ability.AUDIT),
        Ability.IMPORT,
    }
)


def held_by(kind: str, chosen: Collection[str] | None) -> frozenset[Ability]:
    """What a role of that kind lets somebody do: what was chosen for it within its kind, or else what is shipped.

    An ability that is unknown (of a later version) or that the kind does not offer gives nothing.
    """
    known = KINDS.get(kind)
    if known is None:
        return frozenset()
    if chosen is None:
        return known.shipped
    named = frozenset(ability for ability in known.offered if ability in chosen)
    return known.always | named | {NEEDS[ability] for ability in named if ability in NEEDS}


def opened_by(kind: str, chosen: Collection[str] | None) -> frozenset[Pair]:
    """The views and permissions of Flask-AppBuilder that a role of that kind opens."""
    known = KINDS.get(kind)
    if known is None:
        return frozenset()
    views = [EVERYONE]
    for ability in held_by(kind, chosen):
        views.append(DOORS[ability].reads)
        if not known.only_reads:
            views.append(DOORS[ability].changes)
    return frozenset(pair for each in views for pair in pairs(each))


def pairs(views: Views) -> list[Pair]:
    """The views with each of their permissions."""
    return [(view, permission) for view, permissions in views.items() for permission in permissions.split()]
