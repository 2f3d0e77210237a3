"""What a sent editor page does, in one transaction: the words, what is said of the entry, and what follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from app.access import NotFound, sees_draft, writes_entry
from app.content.entries import Readers, Words, add_variant, save, set_about
from app.content.errors import StaleText
from app.content.files import add_file, as_markdown
from app.desk.content import StoredFile
from app.desk.field_values import fill_row
from app.extensions import db
from app.models import field_values
from app.models.entry import Entry, Variant, Visibility, fields_owner
from app.views import visitor
from app.views.authors.forms import EntryForm
from app.views.fields import FieldsForm

Act = Callable[[Variant], None]


def shown_entry(pk: int) -> Entry:
    """An entry whose drafts this visitor may read. Raises NotFound."""
    query = select(Entry).where(Entry.id == pk, sees_draft(visitor.standing()))
    entry = db.session.scalars(query).one_or_none()
    if entry is None:
        raise NotFound
    return entry


def written_entry(pk: int) -> Entry:
    """An entry whose words this visitor may write. Raises NotFound."""
    query = select(Entry).where(Entry.id == pk, writes_entry(visitor.standing()))
    entry = db.session.scalars(query).one_or_none()
    if entry is None:
        raise NotFound
    return entry


def may_write(entry: Entry) -> bool:
    mine = select(Entry.id).where(Entry.id == entry.id, writes_entry(visitor.standing()))
    return visitor.may("can_edit", "EntriesView") and db.session.scalar(mine) is not None


def may_publish() -> bool:
    return visitor.may("can_publish", "EntriesView")


def may_tell(entry: Entry) -> bool:
    """Whether he says what it is about: who publishes, and who suggested it."""
    return may_publish() or entry.created_by_id == visitor.account().id


def owner_of(entry: Entry) -> str:
    """Whose fields its texts have."""
    return fields_owner(entry.type_code)


def fields_form(entry: Entry, code: str) -> FieldsForm:
    """The boxes of the fields that the type has."""
    variant = entry.variant(code)
    return FieldsForm(owner_of(entry), values=field_values.values(variant) if variant else None)


def keep(pk: int, code: str, form: EntryForm, files: list[StoredFile], given: Mapping[str, Any]) -> Variant:
    """Keep what was typed; a version is only made of other words or values (`given`, by field id).

    Raises ContentError, StaleText among them, and UnfitFields.
    """
    entry, by = written_entry(pk), visitor.account()

    def fill(text: Variant) -> None:
        if given:
            fill_row(text, owner_of(entry), given, by=by)

    words = _with_files(entry, form.words(), files)
    variant = entry.variant(code)
    if variant is None:
        variant = add_variant(entry, code, words, by=by, fill=fill)
    elif _fills(variant, fill) or _differ(variant, words) or (form.translated.data and variant.is_out_of_date):
        save(variant, words, seen=form.seen.data or 0, by=by, translated=form.translated.data)
    elif form.seen.data != variant.version:
        raise StaleText(variant)
    if may_tell(entry):
        _tell(entry, form)
    return variant


def _fills(variant: Variant, fill: Act) -> bool:
    """Fill it; whether that changed anything."""
    before = dict(variant.fields or {})
    fill(variant)
    return dict(variant.fields or {}) != before


def _tell(entry: Entry, form: EntryForm) -> None:
    """Who only suggests cannot open to readers what others keep closed."""
    kept = Readers(Visibility(entry.visibility), tuple(entry.organisations))
    readers = form.readers() if may_publish() else kept
    tags = (form.tags.data or "").split(",")
    set_about(entry, readers, groups=form.product_groups(), tags=tags, by=visitor.account())


def _with_files(entry: Entry, words: Words, files: list[StoredFile]) -> Words:
    """New files stand at the end of the text, where the author finds them."""
    links = []
    for file in files:
        kept = add_file(
            entry,
            name=file.name,
            content_type=file.content_type,
            size=file.size,
            sha256=file.sha256,
            by=visitor.account(),
        )
        links.append(as_markdown(kept))
    return replace(words, body="\n\n".join([words.body.rstrip(), *links])) if links else words


def _differ(variant: Variant, words: Words) -> bool:
    now = Words(variant.title, variant.summary, variant.body, variant.slug)
    return replace(words, slug=words.slug or variant.slug) != now
