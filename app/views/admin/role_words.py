"""Roles and abilities in the words of people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from app.access.abilities import DOORS, KINDS, SHOWS_CUSTOMERS, Ability
from app.locale import language
from app.models.account import Role
from app.models.named import name_in
from app.views.reference import KnownRole

ROLE_NAMES: Mapping[str, Any] = {
    "customer": _l("Customer"),
    "consultant": _l("Consultant"),
    "translator": _l("Translator"),
    "editor": _l("Editor"),
    "administrator": _l("Administrator"),
    "auditor": _l("Auditor"),
}
# Which rows a role of each kind shows, whatever it may do with them: the clauses of app/access say the same.
ROWS: Mapping[str, Any] = {
    "customer": _l(
        "Sees the own tickets, those that somebody let the person into, and as many of the company's as the membership"
        " shares. Never internal notes."
    ),
    "consultant": _l(
        "Sees the tickets, internal notes, calls and letters of those product groups in which the person has a level;"
        " the level says whether they are only read, answered or managed. Knows all customers and organisations, and of"
        " unpublished texts those that the person began."
    ),
    "translator": _l("Sees no tickets and no customers; knows all texts for readers, drafts included."),
    "editor": _l("Sees no tickets and no customers; knows all texts for readers, drafts included."),
    "administrator": _l(
        "Sees all tickets, internal notes, letters, customers and settings, and may answer everywhere."
    ),
    "auditor": _l("Sees all tickets, internal notes, letters, customers and settings, and changes nothing."),
}
DOES: Mapping[Ability, Any] = {
    Ability.READ_TICKETS: _l("Reads tickets with their conversations and files, and finds them by search"),
    Ability.WRITE_TICKETS: _l("Reports tickets and continues conversations in the portal; letters are taken anyway"),
    Ability.LEAD_COLLEAGUES: _l("Invites and removes colleagues, where the company made the person its manager"),
    Ability.DESK: _l("Works with tickets at the desk: lists, internal notes, answers, states, assignment"),
    Ability.CALLS: _l("Writes calls down and settles them"),
    Ability.MAIL: _l("Reads incoming letters, and decides about those that nobody could place"),
    Ability.HAND_OVER: _l("Hands letters over by API, as if they had come by e-mail"),
    Ability.SEE_CUSTOMERS: _l("Looks up customers and organisations"),
    Ability.CHANGE_CUSTOMERS: _l("Adds and changes customers and organisations, what is shared with them included"),
    Ability.INVITATIONS: _l("Invites customers, and follows invitations and registrations"),
    Ability.STAFF: _l("Invites people to the desk, changes their roles and levels, revokes API keys"),
    Ability.ROLES: _l("Decides what roles may do"),
    Ability.WHO_SEES_WHAT: _l("Asks who sees what and why, and views the portal as a customer"),
    Ability.LEAD_GROUPS: _l("Changes the product groups that the person manages, and who answers for them"),
    Ability.GROUPS: _l("Adds product groups, and keeps mailboxes and the telephone menu"),
    Ability.TIMES: _l("Keeps calendars and service levels"),
    Ability.STATES: _l("Keeps states and tags, and says how tickets end"),
    Ability.FIELDS: _l("Adds and changes fields of tickets, organisations, accounts and entries"),
    Ability.REGISTRATION: _l("Says who may register, and who signs in with a second step"),
    Ability.WORDING: _l("Changes the words of letters and of ready answers"),
    Ability.LOOK: _l("Chooses the name, logo and colours of the desk"),
    Ability.HOOKS: _l("Keeps the hooks by which other systems hear of what happens"),
    Ability.IMPORT: _l("Imports organisations, customers, entries and fields of tickets from files"),
    Ability.CONFIG: _l("Moves settings to this desk from a file of another, and so changes all of them at once"),
    Ability.WRITE_ENTRIES: _l("Writes drafts of articles and other texts for readers, and translates them"),
    Ability.PUBLISH_ENTRIES: _l("Publishes, schedules and withdraws texts, and says who reads them"),
    Ability.CONTENT_TYPES: _l("Keeps the content types and the words of search"),
    Ability.TRANSLATE: _l("Translates the product, its letters and the names of states, fields and types"),
    Ability.LETTERS: _l("Reads outgoing letters, and sends again what could not be sent"),
    Ability.AUDIT: _l("Reads and exports the audit log"),
}
ONLY_READS: Mapping[Ability, Any] = {
    Ability.DESK: _l("Reads the ticket lists and pages of the desk, internal notes included"),
    Ability.CALLS: _l("Reads calls"),
    Ability.MAIL: _l("Reads incoming letters"),
    Ability.INVITATIONS: _l("Reads who was invited and who registered"),
    Ability.STAFF: _l("Reads who works at the desk and which API keys there are"),
    Ability.ROLES: _l("Reads what roles may do"),
    Ability.GROUPS: _l("Reads the mailboxes and the telephone menu"),
    Ability.TIMES: _l("Reads calendars and service levels"),
    Ability.STATES: _l("Reads states and tags, and how tickets end"),
    Ability.FIELDS: _l("Reads which fields there are, and what does not fit them"),
    Ability.REGISTRATION: _l("Reads who may register, and who signs in with a second step"),
    Ability.WORDING: _l("Reads the words of letters and of ready answers"),
    Ability.LOOK: _l("Reads the name, logo and colours of the desk"),
    Ability.HOOKS: _l("Reads which other systems hear of what happens"),
    Ability.IMPORT: _l("Reads which files were imported, and what of them did not fit"),
    Ability.CONFIG: _l("Downloads the settings of the desk as a file"),
    Ability.WRITE_ENTRIES: _l("Reads texts for readers, drafts and versions included"),
    Ability.CONTENT_TYPES: _l("Reads the content types and the words of search"),
    Ability.TRANSLATE: _l("Reads the translations"),
    Ability.LETTERS: _l("Reads outgoing letters"),
}
SUBJECTS: Sequence[tuple[Any, tuple[Ability, ...]]] = (
    (
        _l("Tickets"),
        (
            *(Ability.READ_TICKETS, Ability.WRITE_TICKETS, Ability.DESK, Ability.CALLS, Ability.MAIL),
            *(Ability.HAND_OVER, Ability.LETTERS, Ability.LEAD_GROUPS),
        ),
    ),
    (
        _l("People"),
        (
            *(Ability.LEAD_COLLEAGUES, Ability.SEE_CUSTOMERS, Ability.CHANGE_CUSTOMERS, Ability.INVITATIONS),
            *(Ability.STAFF, Ability.ROLES, Ability.WHO_SEES_WHAT, Ability.AUDIT),
        ),
    ),
    (_l("Content"), (Ability.WRITE_ENTRIES, Ability.PUBLISH_ENTRIES, Ability.CONTENT_TYPES, Ability.TRANSLATE)),
    (
        _l("Settings"),
        (
            Ability.GROUPS,
            Ability.TIMES,
            Ability.STATES,
            Ability.FIELDS,
            Ability.REGISTRATION,
            Ability.WORDING,
            Ability.LOOK,
            Ability.HOOKS,
            Ability.CONFIG,
            Ability.IMPORT,
        ),
    ),
)


def role_name(role: Role | KnownRole) -> str:
    """What people call the role, in the reader's language."""
    own = name_in(language(), role.name_pl or "", role.name_en or "", role.names)
    return own or str(ROLE_NAMES.get(role.name, role.name))


def role_names(roles: Iterable[Role]) -> str:
    return ", ".join(sorted(map(role_name, roles)))


def says(kind: str, ability: Ability) -> str:
    """The ability as a sentence about whoever holds a role of that kind."""
    reads_only = KINDS[kind].only_reads and bool(DOORS[ability].changes)
    return str(ONLY_READS[ability] if reads_only else DOES[ability])


def shows_customers(kind: str, ability: Ability) -> bool:
    """Whether it lets a role of that kind see what belongs to customers. A customer's role shows his own side only."""
    return kind != "customer" and ability in SHOWS_CUSTOMERS
