"""The few rows that every list shows in its filters, read together and kept for some seconds."""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Select, String, and_, cast, func, literal, select

from app.access import ROLES, Standing
from app.access.net import BEYOND
from app.desk.states import movers
from app.extensions import db
from app.locale import called
from app.models.account import Account, Role
from app.models.named import name_in
from app.models.product_group import ANSWERING as LEVELS
from app.models.product_group import Assignment, ProductGroup
from app.models.ticket import State, StateKind, StateMove, Ticket

KEPT_SECONDS = 5.0
ANSWERING = ("administrator", "consultant")


@dataclass(frozen=True)
class Reference:
    """States and the moves between them, product groups, each in the desk's order; who answers; roles."""

    states: tuple[KnownState, ...]
    moves: frozenset[tuple[str, str, str]]  # from, to, who
    product_groups: tuple[KnownGroup, ...]
    consultants: tuple[Consultant, ...]
    roles: tuple[KnownRole, ...]


@dataclass(frozen=True)
class KnownState:
    code: str
    name_pl: str
    name_en: str
    names: Mapping[str, str]
    kind: str
    active: bool

    def name(self, language: str) -> str:
        return name_in(language, self.name_pl, self.name_en, self.names)


@dataclass(frozen=True)
class KnownGroup:
    id: int
    name: str
    names: Mapping[str, str]


@dataclass(frozen=True)
class KnownRole:
    """A role: `name` is its code, the other two what people call a copy."""

    name: str
    name_pl: str | None
    name_en: str | None
    names: Mapping[str, str]
    kind: str


@dataclass(frozen=True)
class Consultant:
    """Somebody to whom a ticket can be given: an administrator, or a consultant of its product group."""

    id: int
    name: str
    product_groups: frozenset[int]
    answers_everywhere: bool


_kept: dict[str, tuple[float, Reference]] = {}


def reference() -> Reference:
    """The states and active product groups, in one statement every few seconds."""
    until, found = _kept.get("", (0.0, None))
    if found is None or time.monotonic() > until:
        found = _read()
        _kept[""] = (time.monotonic() + KEPT_SECONDS, found)
    return found


def forget() -> None:
    """Read anew: a state, product group, account or role was changed here."""
    _kept.clear()


def state_choices(language: str) -> list[tuple[str, str]]:
    """Every state by its code: for filters and histories, which know retired ones too."""
    return [(state.code, state.name(language)) for state in reference().states]


def codes_of(kinds: Collection[str]) -> list[str]:
    """The codes of all states of these kinds."""
    return [state.code for state in reference().states if state.kind in kinds]


def states_ahead(standing: Standing, ticket: Ticket) -> list[KnownState]:
    """The states that this account may move the ticket to."""
    who, moves = movers(standing, ticket), reference().moves
    return [
        state
        for state in reference().states
        if state.active and any((ticket.status, state.code, mover) in moves for mover in who)
    ]


def active_states(kinds: Collection[str] = tuple(StateKind)) -> list[KnownState]:
    """The states that tickets can be moved to, those of some kinds."""
    return [state for state in reference().states if state.active and state.kind in kinds]


def group_choices() -> list[tuple[str, str]]:
    return [(str(group.id), called(group)) for group in reference().product_groups]


def consultant_choices(product_group_id: int | None = None) -> list[tuple[str, str]]:
    """Who answers for the product group, or for any."""
    return [
        (str(person.id), person.name)
        for person in reference().consultants
        if product_group_id is None or person.answers_everywhere or product_group_id in person.product_groups
    ]


def _read() -> Reference:
    no_flag, none = literal(True), literal("{}")
    states = select(
        literal("state"),
        State.code,
        State.name_pl,
        State.name_en,
        State.position,
        State.kind,
        State.active,
        cast(State.names, String),
    )
    moves = select(
        literal("move"), StateMove.from_code, StateMove.to_code, StateMove.who, literal(0), literal(""), no_flag, none
    )
    groups = select(
        literal("group"),
        cast(ProductGroup.id, String),
        ProductGroup.name,
        ProductGroup.name,
        ProductGroup.position,
        literal(""),
        no_flag,
        cast(ProductGroup.names, String),
    ).where(ProductGroup.active)
    roles = select(
        literal("role"), Role.name, Role.name_pl, Role.name_en, literal(0), Role.kind, no_flag, cast(Role.names, String)
    )
    everything = states.union_all(moves, groups, roles.where(Role.kind.in_(ROLES)), _consultants())
    rows = db.session.execute(everything, execution_options=BEYOND).all()
    ordered = sorted(rows, key=lambda row: (row[4], row[1]))
    return Reference(
        tuple(
            KnownState(row[1], row[2], row[3], json.loads(row[7]), row[5], bool(row[6]))
            for row in ordered
            if row[0] == "state"
        ),
        frozenset((row[1], row[2], row[3]) for row in rows if row[0] == "move"),
        tuple(KnownGroup(int(row[1]), row[2], json.loads(row[7])) for row in ordered if row[0] == "group"),
        _people([(row[0], int(row[1]), row[2], row[3]) for row in rows if row[0] in ANSWERING]),
        tuple(KnownRole(row[1], row[2], row[3], json.loads(row[7]), row[5]) for row in ordered if row[0] == "role"),
    )


def _consultants() -> Select[tuple[str, str, str, str, int, str, bool, str]]:
    """A row for each product group that somebody answers for, or one without a group."""
    name = func.trim(func.coalesce(Account.first_name, "") + " " + func.coalesce(Account.last_name, ""))
    return (
        select(
            Role.kind,
            cast(Account.id, String),
            func.coalesce(func.nullif(name, ""), Account.email),
            cast(Assignment.product_group_id, String),
            literal(0),
            literal(""),
            literal(True),
            literal("{}"),
        )
        .select_from(Account)
        .join(Account.roles)
        .outerjoin(Assignment, and_(Assignment.account_id == Account.id, Assignment.level.in_(LEVELS)))
        .where(Account.active, Account.confirmed_at.is_not(None), Role.kind.in_(ANSWERING))
    )


def _people(rows: list[tuple[str, int, str, str | None]]) -> tuple[Consultant, ...]:
    found = [
        Consultant(
            account_id,
            name,
            frozenset(int(row[3]) for row in rows if row[1] == account_id and row[3]),
            any(row[0] == "administrator" for row in rows if row[1] == account_id),
        )
        for account_id, name in {row[1]: row[2] for row in rows}.items()
    ]
    return tuple(sorted(found, key=lambda person: person.name.casefold()))
