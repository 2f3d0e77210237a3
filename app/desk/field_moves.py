"""Values that follow a change of their field: another kind, an option merged into another, a field deleted long ago.

What has to be done is read off the published fields, so it goes on after a restart and is done once. Each move keeps
how far it came and what it did; values that the new kind does not take stay where they were and go to the list of
misfits.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.desk.field_values import let_wait
from app.events.transaction import transaction
from app.extensions import db
from app.fields import Definition, Unfit, as_text, clean, from_form, to_form
from app.fields.kinds import CHOOSING, WORDED
from app.models import field_values
from app.models.account import Account
from app.models.definitions import Published, forget, published
from app.models.entry import Entry, Variant
from app.models.field import FieldMove
from app.models.organisation import Organisation
from app.models.ticket import Ticket
from app.models.types import utc_now

CHUNK = 500
KIND, REMOVAL = "kind", "removal"  # else the key of an option that was merged into another
KEPT_FOR = timedelta(days=90)  # a deleted field's values
TABLES: dict[str, Any] = {"ticket": Ticket, "organisation": Organisation, "account": Account}


def go_on() -> None:
    """Do what is left of every move. Can be stopped at any time."""
    forget()
    now = published(db.session())
    for field in [each for fields in now.fields.values() for each in fields]:
        for what in _wanted(field):
            while _step(field, what, now):
                pass


def moves() -> list[FieldMove]:
    """All moves, the newest first: the report of each."""
    return list(db.session.scalars(select(FieldMove).order_by(FieldMove.id.desc()).limit(100)))


def _wanted(field: Definition) -> Iterator[str]:
    if field.deleted_on:
        if field.deleted_on < (utc_now() - KEPT_FOR).date().isoformat():
            yield REMOVAL
        return
    if field.follows:
        yield KIND
    yield from (option.key for option in field.options if option.merged_into)


def _step(field: Definition, what: str, now: Published) -> bool:
    """The next CHUNK of rows in one transaction. Answers whether there may be more."""
    with transaction():
        kept = select(FieldMove).where(FieldMove.field_id == field.id, FieldMove.what == what)
        move = db.session.scalars(kept).one_or_none()
        if move is None:
            move = FieldMove(field_id=field.id, what=what, last_id=0, moved=0, misfits=0)
            db.session.add(move)
        if move.done_at is not None:
            return False
        rows = _rows(field.owner, after=move.last_id)
        for row in rows:
            _move(row, field, what, now, move)
            move.last_id = row.id
        if len(rows) < CHUNK:
            move.done_at = utc_now()
        return move.done_at is None


def _rows(owner: str, *, after: int) -> list[Any]:
    table = TABLES.get(owner, Variant)
    query = select(table).where(table.id > after).order_by(table.id).limit(CHUNK).with_for_update(of=table)
    if table is Variant:
        query = query.join(Entry, Entry.id == Variant.entry_id).where(Entry.type_code == owner.partition(":")[2])
    return list(db.session.scalars(query, execution_options={"populate_existing": True}).unique())


def _move(row: Any, field: Definition, what: str, now: Published, move: FieldMove) -> None:
    values = field_values.values(row)
    if what == REMOVAL:
        after = {field_id: value for field_id, value in values.items() if field_id != field.id}
    elif what == KIND:
        after = _converted(row, field, now, values, move)
    else:
        after = _merged(field, what, values)
    if after != values:
        move.moved += 1
        field_values.keep(db.session(), row, now.all_of(field.owner), after, now)


def _merged(field: Definition, key: str, values: dict[str, Any]) -> dict[str, Any]:
    option, value = field.option(key), values.get(field.id)
    if option is None or value is None:
        return values
    if isinstance(value, list):
        into = {option.merged_into if one == key else one for one in value}
        return {**values, field.id: [each.key for each in field.options if each.key in into]}
    return {**values, field.id: option.merged_into} if value == key else values


def _converted(row: Any, field: Definition, now: Published, values: dict[str, Any], move: FieldMove) -> dict[str, Any]:
    """With the old field's value under the new one; the old one stays."""
    old = now.by_id(field.follows)
    value = values.get(field.follows)
    if old is None or value is None or field.id in values:
        return values
    try:
        found = converted(old, field, value)
    except Unfit as unfit:
        move.misfits += 1
        let_wait(row, field.owner, {field.id: (as_text(old, value, "pl"), unfit.why)})
        return values
    return values if found is None else {**values, field.id: found}


def converted(old: Definition, new: Definition, value: Any) -> Any:
    """A value of the old kind as the new one keeps it: by its words, an option also by its label. Raises Unfit."""
    typed = to_form(old, value)
    if old.kind in CHOOSING and new.kind in WORDED:
        typed = [as_text(old, value, "pl")]
    if new.kind in CHOOSING and old.kind not in CHOOSING:
        typed = [_key_of(new, text) for text in typed]
    return clean(new, from_form(new, typed))


def _key_of(field: Definition, text: str) -> str:
    wanted = text.strip().casefold()
    labels = ((each.key, label) for each in field.options for label in each.labels.values())
    return next((key for key, label in labels if label.casefold() == wanted), text)
