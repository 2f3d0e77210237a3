"""Two versions of a text beside each other, part by part."""

from __future__ import annotations

from typing import Any

from app.content.compare import Piece, differences
from app.content.entries import Words, words_of
from app.extensions import db
from app.fields import Definition, readable
from app.locale import language
from app.models.definitions import published, published_as
from app.models.entry import Entry, fields_owner
from app.models.version import Version
from app.views import visitor
from app.views.authors.names import PART_NAMES
from app.views.fields import shown_text
from app.views.references import reference_names

Parts = list[tuple[Any, list[Piece]]]


def differing(before: Words, after: Words) -> Parts:
    """The name and the pieces of every part that is not the same in both."""
    parts = [(name, getattr(before, name), getattr(after, name)) for name in PART_NAMES]
    return [(PART_NAMES[name], differences(old, new)) for name, old, new in parts if old != new]


def versions_differ(entry: Entry, older: Version, newer: Version) -> Parts:
    """The same of two versions, with the fields that this visitor may read, each as it was defined then."""
    found, owner = differing(words_of(older), words_of(newer)), fields_owner(entry.type_code)
    before, after = (version.data.get("fields") or {} for version in (older, newer))
    then = {
        each.id: each
        for number in (older.data.get("fields_set"), newer.data.get("fields_set"))
        for each in published_as(db.session(), number or 0).all_of(owner)
    }
    live = (each.changed(deleted_on="") for each in published(db.session()).all_of(owner))
    now = {each.id for each in readable(live, visitor.standing().roles)}
    for field in then.values():
        if field.id in now and before.get(field.id) != after.get(field.id):
            texts = [_text(field, values.get(field.id)) for values in (before, after)]
            found.append((field.label(language()), differences(*texts)))
    return found


def _text(field: Definition, value: Any) -> str:
    return "" if value is None else shown_text(field, value, reference_names([(field, value)]))
