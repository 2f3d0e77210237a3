"""The fields that hold now, known to every process within KEPT_SECONDS of their publishing."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.fields import Definition
from app.models.field import FieldSet, FieldVersion

log = logging.getLogger(__name__)
KEPT_SECONDS = 2.0


@dataclass(frozen=True)
class Published:
    """A published set: its number, its hash, and the fields of each owner in the order of their form."""

    number: int = 0
    hash: str = ""
    fields: Mapping[str, tuple[Definition, ...]] = field(default_factory=dict)

    def of(self, owner: str, product_group_id: int | None = None) -> tuple[Definition, ...]:
        """The live fields of an owner; of tickets those of a product group's form."""
        return tuple(each for each in self.all_of(owner) if each.is_live and each.stands_on(product_group_id))

    def all_of(self, owner: str) -> tuple[Definition, ...]:
        """With those that are deleted and keep their values for a while."""
        return self.fields.get(owner, ())

    def named(self, owner: str, name: str, today: str) -> Definition | None:
        """The live field of that API name, or of a name that it once had and that still answers (`today`, ISO)."""
        live = self.of(owner)
        found = next((each for each in live if each.name == name), None)
        return found or next((each for each in live if each.old_names.get(name, "") >= today), None)

    def by_id(self, field_id: str) -> Definition | None:
        return next((each for fields in self.fields.values() for each in fields if each.id == field_id), None)


_kept: dict[str, tuple[float, Published]] = {}


def published(session: Session) -> Published:
    """What holds now. Every KEPT_SECONDS one number is compared; only a new one is read."""
    until, found = _kept.get("", (0.0, None))
    if found is None or time.monotonic() > until:
        number = session.scalar(select(func.max(FieldSet.number))) or 0
        if found is None or number != found.number:
            found = published_as(session, number)
        _kept[""] = (time.monotonic() + KEPT_SECONDS, found)
    return found


def published_now(session: Session) -> Published:
    """The same for who changes it: what another process published a moment ago is not to be written over."""
    forget()
    return published(session)


def forget() -> None:
    """Compare anew: a set was published here."""
    _kept.clear()


def published_as(session: Session, number: int) -> Published:
    """The set of that number: by it values of any age are read."""
    row = session.get(FieldSet, number) if number else None
    if row is None:
        return Published()
    versions = session.scalars(select(FieldVersion).where(FieldVersion.id.in_(row.versions)))
    return Published(number, row.hash, _by_owner(_read(version) for version in versions))


def _read(version: FieldVersion) -> Definition | None:
    """A definition that this version of Bilety cannot read is left out: it may stop nothing."""
    try:
        return Definition.from_plain(version.data)
    except (TypeError, ValueError, KeyError):
        log.exception("Field %s, version %s, cannot be read", version.field_id, version.number)
        return None


def _by_owner(definitions: Iterable[Definition | None]) -> dict[str, tuple[Definition, ...]]:
    found: dict[str, list[Definition]] = {}
    for each in definitions:
        if each is not None:
            found.setdefault(each.owner, []).append(each)
    return {owner: tuple(sorted(each, key=lambda one: (one.position, one.name))) for owner, each in found.items()}
