"""Roles and abilities in the words of people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from app.access.abilities import DOORS, KINDS, SHOWS_CUSTOMERS, Ability
from app.locale import language
from app.models.account import Role
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
        " the level says whether they are only read, answered or managed. Knows all customers and organisations."
    ),
    "translator": _l("Sees no tickets and no customers."),
    "editor": _l("Sees no tickets and no customers."),
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
    Ability.REGISTRATION: _l("Says who may register, and who signs in with a second step"),
    Ability.WORDING: _l("Changes the words of letters"),
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
    Ability.GROUPS: _l("Reads the mailboxes"),
    Ability.TIMES: _l("Reads calendars and service levels"),
    Ability.STATES: _l("Reads states and tags"),
    Ability.REGISTRATION: _l("Reads the rules for mail domains"),
    Ability.WORDING: _l("Reads the words of letters"),
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
    (
        _l("Settings"),
        (Ability.GROUPS, Ability.TIMES, Ability.STATES, Ability.REGISTRATION, Ability.WORDING),
    ),
)


def role_name(role: Role | KnownRole) -> str:
    """What people call the role, in the reader's language."""
    own = role.name_pl if language() == "pl" else role.name_en
    return str(own or ROLE_NAMES.get(role.name, role.name))


def role_names(roles: Iterable[Role]) -> str:
    return ", ".join(sorted(map(role_name, roles)))


def says(kind: str, ability: Ability) -> str:
    """The ability as a sentence about whoever holds a role of that kind."""
    reads_only = KINDS[kind].only_reads and bool(DOORS[ability].changes)
    return str(ONLY_READS[ability] if reads_only else DOES[ability])


def shows_customers(kind: str, ability: Ability) -> bool:
    """Whether it lets a role of that kind see what belongs to customers. A customer's role shows his own side only."""
    return kind != "customer" and ability in SHOWS_CUSTOMERS
