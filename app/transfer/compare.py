"""The plan: what a file of definitions would add, change and remove on this desk."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from app.broken_rule import BrokenRule
from app.transfer import ids
from app.transfer.files import Item, Items, fingerprint
from app.transfer.kind import Kind
from app.transfer.kinds import BY_NAME, KINDS

NEW = "new"
Answers = Mapping[str, str]  # "<kind>:<id in the file>": the id here that it is, or NEW


@dataclass(frozen=True)
class Change:
    """One row of the plan. `columns` has the old and the new value of each."""

    act: str  # add, change, remove
    kind: str
    id: str
    name: str
    columns: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    touches: Mapping[str, int] = field(default_factory=dict)  # rows that point to it, by table


@dataclass(frozen=True)
class Question:
    """Something of the file that may be something here under another id."""

    key: str  # of the answer
    name: str
    here: Mapping[str, str]  # what it may be: id and name


@dataclass(frozen=True)
class Refusal:
    """What keeps the file from being applied."""

    kind: str
    id: str
    name: str
    why: str


@dataclass
class Here:
    """This desk as a file would have it."""

    rows: dict[str, dict[str, Any]]
    ids: dict[str, dict[str, str]]

    def items(self) -> Items:
        return {kind.name: dict(sorted(self._of(kind).items())) for kind in KINDS}

    def row(self, kind: str, uid: str) -> Any:
        """The row that is known by that id; None for none."""
        return next((self.rows[kind][key] for key, own in self.ids[kind].items() if own == uid), None)

    def _of(self, kind: Kind) -> dict[str, Item]:
        return {self.ids[kind.name][key]: self._pointed(kind, row) for key, row in self.rows[kind.name].items()}

    def _pointed(self, kind: Kind, row: Any) -> Item:
        values = kind.values(row)
        for name, target in kind.points.items():
            values[name] = None if values[name] is None else self.ids[target][str(values[name])]
        return kind.freed(values, self.ids)


@dataclass(frozen=True)
class Plan:
    """What would happen, and from which definitions on."""

    changes: tuple[Change, ...]
    questions: tuple[Question, ...]
    refusals: tuple[Refusal, ...]
    since: str  # of this desk's definitions: a plan is good for them only
    here: Here

    @property
    def is_empty(self) -> bool:
        return not (self.changes or self.questions or self.refusals)


def look() -> Here:
    """What is here now; rows get their stable ids."""
    rows = {kind.name: {kind.key(row): row for row in kind.rows()} for kind in KINDS}
    found = {
        kind.name: {key: key for key in rows[kind.name]} if kind.own_id else ids.ids_of(kind.name, rows[kind.name])
        for kind in KINDS
    }
    return Here(rows, found)


def compare(wanted: Items, answers: Answers = {}) -> Plan:  # noqa: B006 it is only read
    """What `wanted` would do here. Writes nothing but ids."""
    here = look()
    since = fingerprint(here.items())
    questions = tuple(each for kind in KINDS if not kind.own_id for each in _match(kind, wanted, here, answers))
    now = here.items()
    refusals = [Refusal(name, "", name, _("This desk knows nothing of that kind.")) for name in wanted.keys() - BY_NAME]
    changes: list[Change] = []
    for kind in (kind for kind in KINDS if kind.name in wanted):
        for uid, values in sorted(wanted[kind.name].items()):
            why = _unfit(kind, uid, values, now.get(kind.name, {}).get(uid), wanted, now)
            if why:
                refusals.append(Refusal(kind.name, uid, kind.called(values, uid), why))
            elif change := _change(kind, uid, values, now[kind.name].get(uid), here):
                changes.append(change)
        for uid in sorted(now[kind.name].keys() - wanted[kind.name].keys()):
            row, name = here.row(kind.name, uid), kind.called(now[kind.name][uid], uid)
            held = _held(kind, row, wanted)
            if held:
                why = _("It is in use (%(where)s): leave it in the file, or switch it off there.", where=_told(held))
                refusals.append(Refusal(kind.name, uid, name, why))
            else:
                changes.append(Change("remove", kind.name, uid, name, touches=kind.touched(row)))
    return Plan(tuple(changes), questions, tuple(refusals), since, here)


def _match(kind: Kind, wanted: Items, here: Here, answers: Answers) -> list[Question]:
    """Let rows that are the same thing have the file's id; what may be the same is asked."""
    ours = here.ids[kind.name]
    free = {key: uid for key, uid in ours.items() if uid not in wanted.get(kind.name, {})}
    asked = []
    for uid, values in sorted(wanted.get(kind.name, {}).items()):
        if uid in ours.values():
            continue
        name, answer = kind.called(values, uid), answers.get(f"{kind.name}:{uid}")
        called = {key: kind.called(kind.values(here.rows[kind.name][key]), "") for key in free}
        same = [key for key in free if called[key] == name or free[key] == answer]
        alike = [key for key in free if _alike(called[key]) == _alike(name)]
        if same:
            ours[same[0]] = uid
            free.pop(same[0])
        elif alike and answer != NEW:
            asked.append(Question(f"{kind.name}:{uid}", name, {free[key]: called[key] for key in alike}))
    return asked


def _alike(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


def _unfit(kind: Kind, uid: str, values: Item, own: Item | None, wanted: Items, now: Items) -> str:
    """Why this desk cannot take it; empty when it can."""
    if unknown := sorted(values.keys() - kind.columns.keys()):
        return _("“%(name)s” is not known here.", name=unknown[0])
    for name, target in kind.points.items():
        points = values.get(name)
        known = wanted[target] if target in wanted else now[target]
        if points is not None and not (isinstance(points, str) and points in known):
            return _("“%(name)s” points to something that is neither in the file nor here.", name=name)
    try:
        for target, inner in kind.inside(values):
            if inner not in (wanted[target] if target in wanted else now[target]):
                return _("It names something inside that is neither in the file nor here: %(name)s.", name=inner[:80])
        kind.check(uid, values if own is None else own | values)
    except BrokenRule as error:
        return str(error)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return _("It cannot be read: %(error)s.", error=str(error)[:200])
    return ""


def _change(kind: Kind, uid: str, values: Item, own: Item | None, here: Here) -> Change | None:
    name = kind.called(values, uid)
    if own is None:
        return Change("add", kind.name, uid, name, {column: (None, value) for column, value in values.items()})
    columns = {column: (own[column], value) for column, value in values.items() if own.get(column) != value}
    if not columns:
        return None
    return Change("change", kind.name, uid, name, columns, kind.touched(here.row(kind.name, uid)))


def _held(kind: Kind, row: Any, wanted: Items) -> dict[str, int]:
    """Rows that keep it from being removed; those of kinds that the file holds are looked at by themselves."""
    return {table: count for table, count in kind.holds(row).items() if table not in wanted}


def _told(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{table}: {count}" for table, count in sorted(counts.items()))
