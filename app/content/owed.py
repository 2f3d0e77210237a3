"""What readers find follows every change, by whichever verb it came."""

from __future__ import annotations

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from app.events.record import Reaction, owe
from app.models.entry import Entry, PublishedText, Variant


def owe_index(session: Session, _context: object, _rows: object) -> None:
    """Owe the search index each entry that readers find otherwise from now on. Listens to `before_flush`."""
    changed = {_entry_of(row) for row in [*session.new, *session.dirty]} - {None}
    for entry in changed:
        owe(Reaction.INDEX, entry=entry)


def _entry_of(row: object) -> Entry | None:
    """Whose readers the changed row concerns; None where it changes nothing for them."""
    if isinstance(row, PublishedText) and inspect(row).modified:
        return row.variant.entry if row.variant is not None else None
    if isinstance(row, Variant) and inspect(row).attrs.published.history.has_changes():
        return row.entry
    if isinstance(row, Entry) and inspect(row).persistent and inspect(row).modified:
        return row
    return None
