"""Kinds that are more than rows: with versions, with what leads out of them, or published together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select

from app.access.abilities import KINDS as ROLE_KINDS
from app.access.abilities import held_by
from app.accounts import roles
from app.calendar.errors import CalendarError
from app.calendar.plain import from_plain
from app.catalogs.live import addable
from app.desk import calendars, states
from app.desk.field_sets import publish
from app.extensions import db
from app.fields import Definition, check
from app.fields.check import Misdefined
from app.locale import LANGUAGES
from app.mail import source, texts
from app.mail.values import NAMED, OF_ACCOUNT
from app.mail.wording import ABOUT_TICKET
from app.models import definitions
from app.models.all import CalendarRecord, LetterTemplate, Model, Role, State, StateMove, Version
from app.models.role import new_stamp
from app.models.types import utc_now
from app.transfer.files import Item
from app.transfer.kind import Kind, Unfit


class Calendars(Kind):
    """In versions, so that a change alters nothing that is past (S9)."""

    @property
    def columns(self) -> dict[str, Any]:
        return {"definition": self.table.columns["definition"], "name": self.table.columns["name"]}

    def values(self, row: CalendarRecord) -> Item:
        kept = {name: value for name, value in row.definition.items() if name not in ("name", "version")}
        return {"name": row.name, "definition": kept}

    def check(self, uid: str, values: Item) -> None:
        super().check(uid, values)
        try:
            self._calendar(values)
        except CalendarError as error:
            raise Unfit(str(error)) from error

    def add(self, uid: str, values: Item) -> CalendarRecord:
        return calendars.add_calendar(self._calendar(values))

    def change(self, row: CalendarRecord, values: Item) -> None:
        calendars.change_calendar(row, self._calendar(self.values(row) | values))

    def remove(self, row: CalendarRecord) -> None:
        db.session.execute(delete(Version).where(Version.kind == calendars.KIND, Version.key == str(row.id)))
        db.session.delete(row)

    def _calendar(self, values: Item) -> Any:
        return from_plain({**values["definition"], "name": values["name"]})


class States(Kind):
    """With the moves that lead out of each."""

    @property
    def columns(self) -> dict[str, Any]:
        return {**super().columns, "moves": StateMove.__table__.columns["to_code"]}

    def values(self, row: State) -> Item:
        moves = sorted(f"{move.who}: {move.to_code}" for move in states.moves_from(row))
        return {name: getattr(row, name) for name in super().columns} | {"moves": moves}

    def check(self, uid: str, values: Item) -> None:
        moves = values.get("moves", [])
        super().check(uid, {name: value for name, value in values.items() if name != "moves"})
        if not isinstance(moves, list) or not all(isinstance(move, str) and ": " in move for move in moves):
            raise Unfit(_("“%(name)s” is of another kind: %(value)s.", name="moves", value=repr(moves)[:80]))

    def add(self, uid: str, values: Item) -> State:
        row: State = super().add(uid, {name: value for name, value in values.items() if name != "moves"})
        return row

    def change(self, row: State, values: Item) -> None:
        super().change(row, {name: value for name, value in values.items() if name != "moves"})

    def finish(self, row: State, values: Item) -> None:
        if "moves" in values:
            states.set_moves(row, [tuple(reversed(move.split(": ", 1))) for move in values["moves"]])

    def holds(self, row: State) -> dict[str, int]:
        return {table: count for table, count in self.touched(row).items() if table != "state_move"}


class Templates(Kind):
    """The desk's own words of letters."""

    @property
    def columns(self) -> dict[str, Any]:
        return {"source": self.table.columns["source"]}

    def key(self, row: LetterTemplate) -> str:
        return f"{row.name}.{row.language}"

    def check(self, uid: str, values: Item) -> None:
        super().check(uid, values)
        name, _dot, language = uid.rpartition(".")
        if name not in texts.names() or not (language in LANGUAGES or language in addable()):
            raise Unfit(_("This desk has no letter of that name and language."))
        try:
            source.check(values["source"], NAMED if name in ABOUT_TICKET else OF_ACCOUNT)
        except source.Unreadable as error:
            raise Unfit(str(error)) from error

    def add(self, uid: str, values: Item) -> None:
        name, _dot, language = uid.rpartition(".")
        texts.save(name, language, values["source"], by=None)

    def change(self, row: LetterTemplate, values: Item) -> None:
        texts.save(row.name, row.language, values["source"], by=None)

    def remove(self, row: LetterTemplate) -> None:
        texts.restore_shipped(row.name, row.language)


class Glossary(Kind):
    """Words of the source in one language each."""

    def called(self, values: Mapping[str, Any], uid: str) -> str:
        return f"{values.get('source') or uid} ({values.get('language', '')})"


class Roles(Kind):
    """What the shipped roles were changed to do, and their copies; who holds them is not moved."""

    @property
    def columns(self) -> dict[str, Any]:
        return {name: self.table.columns[name] for name in ("abilities", "kind", "name_en", "name_pl", "names")}

    def rows(self) -> Sequence[Role]:
        """Copies, and shipped roles for which somebody chose otherwise; JSON's null is nothing, too."""
        shown = (role for role in roles.all_roles() if role.name != roles.ADMINISTRATOR)
        return [role for role in shown if role.abilities is not None or not roles.is_shipped(role)]

    def key(self, row: Role) -> str:
        return str(row.name)

    def check(self, uid: str, values: Item) -> None:
        super().check(uid, {name: value for name, value in values.items() if name != "abilities"})
        chosen = values["abilities"]
        if values["kind"] not in ROLE_KINDS or not isinstance(chosen, list):
            raise Unfit(_("“%(name)s” is of another kind: %(value)s.", name="kind", value=str(values["kind"])[:80]))
        if set(chosen) - held_by(values["kind"], chosen):
            unknown = sorted(set(chosen) - held_by(values["kind"], chosen))[0]
            raise Unfit(_("This role cannot be given “%(ability)s” here.", ability=str(unknown)[:80]))

    def add(self, uid: str, values: Item) -> Role:
        row = db.session.scalars(select(Role).where(Role.name == uid)).one_or_none() or Role(name=uid)
        self.change(row, values)
        return row

    def change(self, row: Role, values: Item) -> None:
        for name, value in values.items():
            setattr(row, name, value)
        row.stamp = new_stamp()
        db.session.add(row)
        db.session.flush()
        roles.write_out(row)

    def remove(self, row: Role) -> None:
        if roles.is_shipped(row):
            self.change(row, {"abilities": None})
        else:
            roles.remove(row)

    def holds(self, row: Role) -> dict[str, int]:
        people = self.touched(row).get("ab_user_role", 0)
        return {"ab_user_role": people} if people and not roles.is_shipped(row) else {}


class Fields(Kind):
    """Definitions of fields; all changes of a file are published as one set."""

    waiting: list[Definition]

    def __init__(self) -> None:
        super().__init__("field", Model, "name", {}, own_id=True)
        object.__setattr__(self, "waiting", [])

    def opened(self) -> Fields:
        return Fields()

    @property
    def columns(self) -> dict[str, Any]:
        return dict.fromkeys(each.name for each in fields(Definition) if each.name not in ("id", "deleted_on"))

    def rows(self) -> Sequence[Definition]:
        published = definitions.published(db.session())
        return [each for owner in published.fields.values() for each in owner if each.is_live]

    def key(self, row: Definition) -> str:
        return row.id

    def values(self, row: Definition) -> Item:
        return {name: value for name, value in row.to_plain().items() if name != "id"}

    def inside(self, values: Item) -> Iterable[tuple[str, str]]:
        return (("product_group", uid) for uid in values.get("groups", ()))

    def freed(self, values: Item, ids: Mapping[str, Mapping[str, str]]) -> Item:
        groups = [ids["product_group"][str(group)] for group in values.get("groups", ())]
        return {**values, "groups": sorted(groups)} if groups else values

    def bound(self, values: Item, ids: Mapping[str, Mapping[str, str]]) -> Item:
        keys = {uid: int(key) for key, uid in ids["product_group"].items()}
        return {**values, "groups": sorted(keys[uid] for uid in values["groups"])} if values.get("groups") else values

    def check(self, uid: str, values: Item) -> None:
        plain = {**values, "id": uid, "groups": ()}
        try:
            check(Definition.from_plain(plain))
        except Misdefined as error:
            raise Unfit(error.translated(_)) from error

    def add(self, uid: str, values: Item) -> None:
        self.waiting.append(Definition.from_plain({**values, "id": uid}))

    def change(self, row: Definition, values: Item) -> None:
        self.waiting.append(Definition.from_plain({**row.to_plain(), **values}))

    def remove(self, row: Definition) -> None:
        self.waiting.append(row.changed(deleted_on=utc_now().date().isoformat()))

    def close(self) -> None:
        if self.waiting:
            publish(self.waiting, reason=_("Moved from another desk"), by=None)

    def touched(self, row: Definition) -> dict[str, int]:
        return {}
