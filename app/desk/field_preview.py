"""What a change of a field would do to the rows that there are, before it is published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.desk.field_moves import converted
from app.extensions import db
from app.fields import Definition, Unfit, as_text, clean
from app.fields.kinds import CHOOSING
from app.fields.take import hangs_on
from app.models.account import Account
from app.models.account_key import ASKED_WITHIN, AccountKey
from app.models.definitions import Published
from app.models.entry import Entry, Variant
from app.models.letter_template import LetterTemplate
from app.models.organisation import Organisation
from app.models.ticket import Ticket
from app.models.types import utc_now

LOOKED_AT = 10_000  # of the newest rows: a preview is to be quick on a million
SHOWN = 20


@dataclass
class Preview:
    """`rows` have a value, of the newest LOOKED_AT; those that would not fit are shown with it, by row id and text."""

    looked_at: int = 0
    rows: int = 0
    misfits: int = 0
    examples: list[tuple[int, str, Unfit]] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)  # the parts of the definition
    dependents: list[Definition] = field(default_factory=list)  # fields whose conditions hang on it
    letters: list[str] = field(default_factory=list)  # templates that name it
    asking: list[str] = field(default_factory=list)  # API keys whose programs named it lately
    keys: list[str] = field(default_factory=list)  # others that were used lately and open its rows


def preview(before: Definition | None, after: Definition, now: Published) -> Preview:
    """What the change would mean. Reads only."""
    found = Preview(changed=changes(before, after))
    others = [each for each in now.of(after.owner) if each.id != after.id]
    found.dependents = [each for each in others if after.id in hangs_on(each)]
    before = before or now.by_id(after.follows)
    if before is None:
        return found
    for row_id, values in _newest(after.owner):
        found.looked_at += 1
        value = (values or {}).get(before.id)
        if value is None:
            continue
        found.rows += 1
        unfit = _misfit(after, value) if after.id == before.id else _unconverted(before, after, value)
        if unfit is not None:
            found.misfits += 1
            if len(found.examples) < SHOWN:
                found.examples.append((row_id, as_text(before, value, "pl"), unfit))
    found.asking = _asking(before.id)
    found.keys = [name for name in _keys(after.owner) if name not in found.asking]
    names = {before.name, *before.old_names}
    for template in db.session.scalars(select(LetterTemplate)):
        if any(f"field_{name}" in str(template.source) for name in names):
            found.letters.append(template.name)
    return found


def changes(before: Definition | None, after: Definition) -> list[str]:
    """The names of the parts that differ."""
    if before is None:
        return []
    return [part.name for part in fields(Definition) if getattr(before, part.name) != getattr(after, part.name)]


def _misfit(definition: Definition, value: Any) -> Unfit | None:
    """Why the kept value would not be taken now; what was chosen once stays readable, so options do not count."""
    if definition.kind in CHOOSING:
        return None
    try:
        clean(definition, value)
    except Unfit as unfit:
        return unfit
    return None


def _unconverted(before: Definition, after: Definition, value: Any) -> Unfit | None:
    """Why the value of a field of another kind would not follow it."""
    try:
        converted(before, after, value)
    except Unfit as unfit:
        return unfit
    return None


def _keys(owner: str) -> list[str]:
    """Whose programs may ask for it: keys used within ASKED_WITHIN, and not for other content types only."""
    used = select(AccountKey).where(AccountKey.last_used_at > utc_now() - ASKED_WITHIN).order_by(AccountKey.name)
    kind = owner.partition(":")[2]
    lately = db.session.scalars(used.options(joinedload(AccountKey.account)))
    return _called(key for key in lately if key.content_types is None or kind in key.content_types)


def _asking(field_id: str) -> list[str]:
    """The keys whose programs named the field within ASKED_WITHIN, by name."""
    since = (utc_now() - ASKED_WITHIN).date().isoformat()
    query = select(AccountKey).where(AccountKey.asked_fields.is_not(None)).order_by(AccountKey.name)
    found = db.session.scalars(query.options(joinedload(AccountKey.account)))
    return _called(key for key in found if (key.asked_fields or {}).get(field_id, "") >= since)


def _called(found: Iterable[AccountKey]) -> list[str]:
    return [f"{key.name} ({key.account.name})" for key in found]


def _newest(owner: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    table: Any = {"ticket": Ticket, "organisation": Organisation, "account": Account}.get(owner, Variant)
    query = select(table.id, table.fields).order_by(table.id.desc()).limit(LOOKED_AT)
    if table is Variant:
        query = query.join(Entry, Entry.id == Variant.entry_id).where(Entry.type_code == owner.partition(":")[2])
    yield from (tuple(row) for row in db.session.execute(query))
