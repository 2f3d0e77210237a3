"""The ready document of every published text, made in the transaction that publishes it.

`keep` looks at every flush. So whatever changes what readers get, by whatever door, also changes the documents, and
moves on the stamp by which lists know that nothing has changed since.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import inspect, select, update
from sqlalchemy.orm import Session

from app.content.markdown import as_html
from app.events import hooks
from app.extensions import db
from app.models.delivered import Delivered
from app.models.entry import Entry, PublishedText, Variant
from app.models.hook import HookEvent
from app.models.product_group import ProductGroup
from app.models.ticket import Counter

STAMP = "content"  # of counters
READ: dict[type[Any], tuple[str, ...]] = {
    Entry: ("visibility", "organisations", "groups", "tags", "binned_at"),
    Variant: ("published",),
}
Document = dict[str, Any]


def keep(session: Session, _context: object, _instances: object) -> None:
    """Make the documents of the entries anew that are about to change. Listens to `before_flush`."""
    changed = [row for row in (*session.new, *session.dirty, *session.deleted) if _is_read(row)]
    for entry in set(_entries_of(changed)):
        make(entry)
    for row in changed:
        if row not in session.new:
            _tell(row)
    if changed:
        session.execute(update(Counter).where(Counter.name == STAMP).values(value=Counter.value + 1))


def make(entry: Entry) -> None:
    """The documents of all that is published of the entry: each names the addresses of the others."""
    texts = {variant.language: variant.published for variant in entry.variants if variant.published is not None}
    stand_in = entry.source_language if entry.source_language in texts else next(iter(sorted(texts)), None)
    addresses = {language: text.slug for language, text in sorted(texts.items())}
    for language, text in texts.items():
        document = json.dumps(document_of(entry, text, addresses), ensure_ascii=False, separators=(",", ":"))
        if text.delivered is None:
            text.delivered = Delivered(entry_id=entry.id, type_code=entry.type_code, language=language)
        row = text.delivered
        row.stands_in, row.slug = language == stand_in, text.slug
        row.published_at, row.first_published_at = text.published_at, text.first_published_at
        row.document, row.etag = document, etag_of(document)


def make_missing() -> int:
    """The documents of texts that were published before there were any; answers of how many entries."""
    query = select(Entry).join(Entry.variants).join(Variant.published).outerjoin(PublishedText.delivered)
    entries = db.session.scalars(query.where(Delivered.variant_id.is_(None))).unique().all()
    for entry in entries:
        make(entry)
    return len(entries)


def document_of(entry: Entry, text: PublishedText, addresses: dict[str, str]) -> Document:
    """What the API tells of a text."""
    return {
        "id": entry.id,
        "type": entry.type_code,
        "language": text.variant.language,
        "source_language": entry.source_language,
        "version": text.version,
        "title": text.title,
        "summary": text.summary,
        "body": text.body,
        "html": as_html(text.body),
        "address": text.slug,
        "addresses": addresses,
        "tags": sorted(tag.name for tag in entry.tags),
        "product_groups": sorted(group.id for group in entry.groups),
        "published_at": text.published_at.isoformat(),
        "first_published_at": text.first_published_at.isoformat(),
    }


def etag_of(*parts: str) -> str:
    """A strong validator (RFC 9110, 8.8.3) of what these parts make up."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def _is_read(row: object) -> bool:
    """Whether a change of the row can change what readers get. Of a text's drafts it cannot."""
    if isinstance(row, Entry | Variant):
        attributes: Any = inspect(row).attrs
        return any(attributes[name].history.has_changes() for name in READ[type(row)])
    return isinstance(row, PublishedText | ProductGroup)


def _tell(row: object) -> None:
    """Let hooks hear what changes for readers."""
    if isinstance(row, Variant):
        is_up = row.published is not None
        hooks.tell(HookEvent.ENTRY_PUBLISHED if is_up else HookEvent.ENTRY_WITHDRAWN, **_named(row.entry, row))
    elif isinstance(row, PublishedText) and inspect(row).attrs.published_at.history.has_changes():
        hooks.tell(HookEvent.ENTRY_PUBLISHED, **_named(row.variant.entry, row.variant))
    elif isinstance(row, Entry):
        hooks.tell(HookEvent.ENTRY_CHANGED, **_named(row, None))


def _named(entry: Entry, variant: Variant | None) -> dict[str, Any]:
    return {
        "entry": {"id": entry.id, "type": entry.type_code},
        "text": {"id": variant.id, "language": variant.language} if variant else None,
    }


def _entries_of(rows: list[object]) -> Iterator[Entry]:
    for row in rows:
        entry = row if isinstance(row, Entry) else row.entry if isinstance(row, Variant) else None
        if isinstance(row, PublishedText) and row.variant is not None:
            entry = row.variant.entry
        if entry is not None and entry.id is not None:
            yield entry
