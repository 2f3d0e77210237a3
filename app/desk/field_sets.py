"""Publishing fields: each publishing is a numbered set of all definitions, so any of them can be taken back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from app.desk.errors import DeskError
from app.events.audit import AuditKind, write_down
from app.extensions import db
from app.fields import Definition, check, check_all
from app.fields.check import Misdefined
from app.models import definitions
from app.models.account import Account
from app.models.engine import hold
from app.models.field import FieldSet, FieldVersion
from app.models.types import utc_now

LONGEST_REASON = 500
ANSWERS_FOR = timedelta(days=366)  # an old API name


class NoReason(DeskError):
    sentence = _l("Say why, in a few words: others will read it in the history.")


class BadDefinition(DeskError):
    """`about` names the part of the definition that is wrong."""

    def __init__(self, error: Misdefined) -> None:
        self.about, self.sentence = error.about, error.translated(_)
        super().__init__(self.sentence)


class StaleField(DeskError):
    status = 412
    sentence = _l("Somebody has changed this field since you opened it. Look at it anew, then change it again.")


class NothingToUndo(DeskError):
    sentence = _l("This was not the last change, or it was taken back already. Undo the later ones first.")


def publish(
    changes: Iterable[Definition], *, reason: str, by: Account | None, seen: dict[str, int] | None = None
) -> FieldSet:
    """A new set with these fields added or changed. It holds in every process some seconds after the commit.

    `seen` are the numbers of the versions that the changes were written over. Raises BadDefinition, StaleField,
    NoReason.
    """
    before = _lock()
    held = _versions(before.versions) if before else {}
    for field_id, number in (seen or {}).items():
        if number != (held[field_id].number if field_id in held else 0):
            raise StaleField
    changes = list(changes)
    new = {
        change.id: FieldVersion(field_id=change.id, owner=change.owner, data=change.to_plain()) for change in changes
    }
    for field_id, version in new.items():
        version.number = _last_number(field_id) + 1
    _check(changes, held | new)
    db.session.add_all(new.values())
    return _next(before, held | new, changed=list(new), reason=reason, by=by)


def rehearse(changes: Sequence[Definition]) -> int:
    """The number of the version that the first would follow if all were published now. Raises BadDefinition."""
    before = _lock()
    held = _versions(before.versions) if before else {}
    new = {each.id: FieldVersion(field_id=each.id, owner=each.owner, data=each.to_plain()) for each in changes}
    _check(changes, held | new)
    first = changes[0].id
    return held[first].number if first in held else 0


def version_numbers() -> dict[str, int]:
    """Of each field the number of its version that holds now."""
    last = db.session.scalars(select(FieldSet).order_by(FieldSet.number.desc()).limit(1)).first()
    return {field_id: version.number for field_id, version in _versions(last.versions).items()} if last else {}


def renamed(old: Definition | None, new: Definition) -> Definition:
    """A changed API name goes on answering for a year."""
    if old is None or old.name == new.name:
        return new
    until = (utc_now() + ANSWERS_FOR).date().isoformat()
    kept = {name: day for name, day in old.old_names.items() if name != new.name}
    return new.changed(old_names={**kept, old.name: until})


def with_followed(change: Definition, today: str) -> list[Definition]:
    """The change, and where it takes another field's place (its kind changed) that field, hidden from now on."""
    followed = definitions.published_now(db.session()).by_id(change.follows) if change.follows else None
    if followed is None or followed.deleted_on:
        return [change]
    return [change, followed.changed(deleted_on=today)]


def undo(number: int, *, reason: str, by: Account) -> FieldSet:
    """A new set that is what held before the last one. Raises NothingToUndo."""
    last = _lock()
    if last is None or last.number != number:
        raise NothingToUndo
    before = db.session.get(FieldSet, number - 1)
    held = _versions(before.versions) if before else {}
    return _next(last, held, changed=last.changed, reason=reason, by=by, undoes=number)


def history(limit: int = 100) -> Sequence[FieldSet]:
    """The sets that were published, the newest first."""
    return db.session.scalars(select(FieldSet).order_by(FieldSet.number.desc()).limit(limit)).all()


def _lock() -> FieldSet | None:
    """The set that holds now. Two administrators publish one after the other."""
    hold(db.session.connection(), ["field_set"])
    return db.session.scalars(select(FieldSet).order_by(FieldSet.number.desc()).limit(1)).first()


def _versions(ids: Sequence[int]) -> dict[str, FieldVersion]:
    found = db.session.scalars(select(FieldVersion).where(FieldVersion.id.in_(ids)))
    return {version.field_id: version for version in found}


def _last_number(field_id: str) -> int:
    query = select(func.max(FieldVersion.number)).where(FieldVersion.field_id == field_id)
    return db.session.scalar(query) or 0


def _check(changes: Sequence[Definition], held: dict[str, FieldVersion]) -> None:
    try:
        for change in changes:
            check(change)
        for owner in {change.owner for change in changes}:
            check_all([Definition.from_plain(each.data) for each in held.values() if each.owner == owner])
    except Misdefined as error:
        raise BadDefinition(error) from error


def _next(
    before: FieldSet | None,
    held: dict[str, FieldVersion],
    *,
    changed: list[str],
    reason: str,
    by: Account | None,
    undoes: int | None = None,
) -> FieldSet:
    reason = " ".join(reason.split())[:LONGEST_REASON]
    if not reason:
        raise NoReason
    db.session.flush()
    found = FieldSet(
        number=before.number + 1 if before else 1,
        hash=_hash(held.values()),
        versions=sorted(version.id for version in held.values()),
        changed=changed,
        reason=reason,
        undoes=undoes,
        account_id=by.id if by else None,
    )
    db.session.add(found)
    db.session.flush()
    definitions.forget()
    if by is not None:
        _tell(found, {field_id: held[field_id].data["name"] for field_id in changed if field_id in held}, by)
    return found


def _tell(found: FieldSet, names: dict[str, str], by: Account) -> None:
    """Into the audit log; what a command publishes is told as a whole by it."""
    fields = ", ".join(sorted(names.get(field_id, "") or field_id for field_id in found.changed))
    values = {"fields": fields, "reason": found.reason} | ({"undoes": str(found.undoes)} if found.undoes else {})
    write_down(AuditKind.SETTINGS, by=by, about=fields, table="field_set", act="changed", values=values)


def _hash(versions: Iterable[FieldVersion]) -> str:
    """The same for the same definitions, on every desk and database."""
    plain = sorted((version.data for version in versions), key=lambda data: str(data["id"]))
    return hashlib.sha256(json.dumps(plain, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
