"""The fields of content types where websites read them: told by name under `fields`, filtered by as `fields.<name>`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, false

from app.access import Standing
from app.access.fields import fields_of
from app.content.delivery import filled_with
from app.extensions import db
from app.fields import Definition, Kind, Unfit, clean, from_form
from app.fields.kinds import RANGED
from app.models.definitions import published
from app.models.entry import PublishedText, fields_owner
from app.models.field_column import beyond, equals, holds_key, may_sort
from app.views.api.asked import Refused
from app.views.api.fields import KEY, names_of, shown

Read = Callable[[str], ColumnElement[bool]]


@dataclass(frozen=True)
class Known:
    """The fields of a type that a reader may know of, and the number of the set that says so."""

    definitions: tuple[Definition, ...] = ()
    number: int = 0

    @property
    def stamp(self) -> tuple[str, ...]:
        """What answers depend on beside the texts themselves."""
        return (f"fields {self.number}",) if self.definitions else ()

    def joined(self, document: str, row: Any) -> str:
        """The ready document with the values of the row."""
        if not self.definitions:
            return document
        values = json.dumps(shown(row, self.definitions), ensure_ascii=False, separators=(",", ":"))
        return f'{document[:-1]},"{KEY}":{values}}}'

    def filters(self) -> Mapping[str, Read]:
        """How each parameter that filters by a field is read. A read raises Refused."""
        found: dict[str, Read] = {}
        for each in self.definitions:
            if each.filterable:
                for name in names_of(each):
                    found[f"{KEY}.{name}"] = _reading(each, "eq")
                    if each.kind in RANGED:
                        found[f"{KEY}.{name}_gt"], found[f"{KEY}.{name}_lt"] = (
                            _reading(each, "gt"),
                            _reading(each, "lt"),
                        )
        return found

    def named_in(self, args: Mapping[str, str]) -> list[str]:
        """The ids of the fields by which the parameters filter and sort."""
        asked = [*args, args.get("sort", "").removeprefix("-")]
        return [
            each.id
            for each in self.definitions
            if any(f"{KEY}.{name}{end}" in asked for name in names_of(each) for end in ("", "_gt", "_lt"))
        ]

    def sorts(self) -> Mapping[str, Definition]:
        """The fields that a list can be sorted by, by the names that it is asked for."""
        return {f"{KEY}.{name}": each for each in self.definitions if may_sort(each) for name in names_of(each)}


def known_to(reader: Standing | None, type_code: str) -> Known:
    return Known(
        fields_of(db.session(), reader, fields_owner(type_code)),
        published(db.session()).number,
    )


def _reading(definition: Definition, operator: str) -> Read:
    return lambda text: _condition(definition, operator, text)


def _condition(definition: Definition, operator: str, text: str) -> ColumnElement[bool]:
    plain = definition.changed(least=None, most=None)
    try:
        typed: Sequence[str] = [text.replace("\x00", "")]
        wanted = clean(plain, from_form(plain, typed))
    except Unfit as unfit:
        raise Refused(unfit.translated(_)) from unfit
    if wanted is None or wanted == []:
        return false()
    if operator != "eq":
        return filled_with(beyond(PublishedText, definition, wanted, above=operator == "gt"))
    if definition.kind in (Kind.CHOICES, Kind.TREE):
        return filled_with(holds_key(PublishedText, definition, wanted[0] if isinstance(wanted, list) else wanted))
    return filled_with(equals(PublishedText, definition, wanted))
