"""Writing entries: every saving is a version of the whole text, and nobody's words are written over unseen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select

from app.content.addresses import check_address, claim, free_address
from app.content.errors import (
    LanguageTaken,
    NoOrganisations,
    NoTitle,
    NotTranslated,
    StaleText,
    UnknownLanguage,
)
from app.content.files import files_in
from app.content.happened import EntryAct, happened
from app.extensions import db
from app.locale import SPOKEN
from app.models.account import Account
from app.models.entry import ContentType, Entry, EntryTag, TextState, Variant, Visibility
from app.models.organisation import Organisation
from app.models.product_group import ProductGroup
from app.models.types import utc_now
from app.models.version import Version

KIND = "entry"  # of versions
Fill = Callable[[Variant], None]
LONGEST_TITLE = 200


@dataclass(frozen=True)
class Words:
    """What a version holds. `body` is Markdown; without a `slug` the address is made from the title."""

    title: str
    summary: str = ""
    body: str = ""
    slug: str = ""


@dataclass(frozen=True)
class Readers:
    """Who may read what is published."""

    visibility: Visibility = Visibility.EVERYONE
    organisations: tuple[Organisation, ...] = ()


def add_entry(
    type_code: str,
    language: str,
    words: Words,
    *,
    by: Account,
    readers: Readers | None = None,
    groups: Iterable[ProductGroup] = (),
    tags: Iterable[str] = (),
    ticket_id: int | None = None,
    fill: Fill | None = None,
) -> Entry:
    """A new entry whose first text, a draft, is the one that others are translated from.

    `ticket_id` is the ticket that it was written from. Without `readers` they are those of the type. `fill` fills the
    fields of the text in.
    """
    kind = db.session.get_one(ContentType, type_code)
    entry = Entry(
        type=kind,
        type_code=type_code,
        source_language=language,
        visibility="",
        created_by_id=by.id,
        ticket_id=ticket_id,
    )
    set_readers(entry, readers or Readers(_of_type(kind)))
    entry.groups = list(groups)
    set_tags(entry, tags)
    db.session.add(entry)
    variant = _begin(entry, language, words, source_version=None, by=by, fill=fill)
    happened(entry, EntryAct.ADDED, variant=variant, by=by)
    return entry


def add_variant(entry: Entry, language: str, words: Words, *, by: Account, fill: Fill | None = None) -> Variant:
    """The entry in one more language, translated from what its source says now; `fill` fills its fields in."""
    if entry.variant(language) is not None:
        raise LanguageTaken
    if not entry.type.translated:
        raise NotTranslated
    variant = _begin(entry, language, words, source_version=entry.source.version, by=by, fill=fill)
    happened(entry, EntryAct.ADDED, variant=variant, by=by)
    return variant


def save(
    variant: Variant,
    words: Words,
    *,
    seen: int,
    by: Account,
    translated: bool = False,
    act: EntryAct = EntryAct.SAVED,
) -> None:
    """The next version of the text; what is published stays up. Raises StaleText unless `seen` is the newest.

    `translated` says that these words say what the source says now.
    """
    lock(variant)
    if seen != variant.version:
        raise StaleText(variant)
    variant.version += 1
    if variant.state != TextState.SCHEDULED:
        variant.state = TextState.DRAFT
    if translated and variant.language != variant.entry.source_language:
        variant.source_version = variant.entry.source.version
    _write(variant, words, by=by)
    happened(variant.entry, act, variant=variant, by=by, version=variant.version)


def restore(variant: Variant, number: int, *, seen: int, by: Account) -> None:
    """An earlier version's words and fields as the newest version. Raises StaleText, and LookupError."""
    version = version_of(variant, number)
    variant.fields, variant.fields_set = version.data.get("fields", {}), version.data.get("fields_set")
    save(variant, words_of(version), seen=seen, by=by, act=EntryAct.RESTORED)


def versions_of(variant: Variant) -> list[Version]:
    """All that was ever saved of the text, the newest first."""
    query = select(Version).where(Version.kind == KIND, Version.key == str(variant.id))
    return list(db.session.scalars(query.order_by(Version.number.desc())))


def version_of(variant: Variant, number: int) -> Version:
    """One of them. Raises LookupError."""
    query = select(Version).where(Version.kind == KIND, Version.key == str(variant.id), Version.number == number)
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise LookupError(number)
    return found


def words_of(version: Version) -> Words:
    return Words(**{name: version.data[name] for name in Words.__dataclass_fields__})


def source_change(variant: Variant) -> tuple[Words, Words] | None:
    """The source as it was translated and as it is now; None where the translation is up to date."""
    if variant.source_version is None or not variant.is_out_of_date:
        return None
    source = variant.entry.source
    return words_of(version_of(source, variant.source_version)), words_of(version_of(source, source.version))


def set_readers(entry: Entry, readers: Readers) -> None:
    """Who may read it, at once for everything that is published of it."""
    if readers.visibility == Visibility.ORGANISATIONS and not readers.organisations:
        raise NoOrganisations
    entry.visibility = readers.visibility
    entry.organisations = list(readers.organisations)


def set_about(
    entry: Entry, readers: Readers, *, groups: Iterable[ProductGroup], tags: Iterable[str], by: Account
) -> None:
    """Who may read it, the product groups that it is about, and its tags: at once, in every language."""
    before = _about(entry)
    set_readers(entry, readers)
    entry.groups = list(groups)
    set_tags(entry, tags)
    after = _about(entry)
    changed = {name: value for name, value in after.items() if value != before[name]}
    if changed:
        happened(entry, EntryAct.ABOUT, by=by, **changed)


def set_tags(entry: Entry, names: Iterable[str]) -> None:
    """Its tags, in lower case, each once."""
    wanted = {" ".join(name.lower().split())[:40] for name in names} - {""}
    kept = [tag for tag in entry.tags if tag.name in wanted]
    entry.tags = kept + [EntryTag(name=name) for name in sorted(wanted - {tag.name for tag in kept})]


def put_in_bin(entry: Entry) -> None:
    """Nobody reads it from now on; nothing of it is lost."""
    if entry.binned_at is None:
        entry.binned_at = utc_now()
        happened(entry, EntryAct.BINNED)


def take_out_of_bin(entry: Entry) -> None:
    """As it was before."""
    if entry.binned_at is not None:
        entry.binned_at = None
        happened(entry, EntryAct.UNBINNED)


def lock(variant: Variant) -> None:
    """Hold the row, as it is now, to the end of the transaction."""
    query = select(Variant).where(Variant.id == variant.id).with_for_update(of=Variant)
    db.session.scalars(query.execution_options(populate_existing=True)).one()


def _about(entry: Entry) -> dict[str, Any]:
    return {
        "readers": str(entry.visibility),
        "organisations": sorted(each.name for each in entry.organisations),
        "groups": sorted(group.name for group in entry.groups),
        "tags": sorted(tag.name for tag in entry.tags),
    }


def _of_type(kind: ContentType) -> Visibility:
    """A type for chosen organisations cannot know which: its entries begin with nobody but the desk."""
    chosen = Visibility(kind.visibility)
    return Visibility.CONSULTANTS if chosen == Visibility.ORGANISATIONS else chosen


def _begin(
    entry: Entry,
    language: str,
    words: Words,
    *,
    source_version: int | None,
    by: Account,
    fill: Fill | None = None,
) -> Variant:
    if language not in SPOKEN:
        raise UnknownLanguage
    variant = Variant(
        language=language, version=1, state=TextState.DRAFT, source_version=source_version, title="", slug=""
    )
    entry.variants.append(variant)
    _write(variant, words, by=by, fill=fill)
    return variant


def _write(variant: Variant, words: Words, *, by: Account, fill: Fill | None = None) -> None:
    """Put the words into the row and keep them, with the values of its fields, as its version."""
    title = words.title.strip()
    if not title or len(title) > LONGEST_TITLE:
        raise NoTitle
    slug = check_address(words.slug) if words.slug else variant.slug
    if not slug:
        slug = free_address(variant.entry.type_code, variant.language, title)
    kept = Words(title=title, summary=words.summary.strip(), body=words.body, slug=slug)
    for name, value in asdict(kept).items():
        setattr(variant, name, value)
    variant.changed_at = utc_now()
    db.session.flush()
    claim(variant)
    if fill is not None:
        fill(variant)
    key = str(variant.id)
    fields = {"fields": variant.fields or {}, "fields_set": variant.fields_set}
    data = {**asdict(kept), "files": files_in(kept.body), **fields}
    db.session.add(Version(kind=KIND, key=key, number=variant.version, data=data, account_id=by.id))
    db.session.flush()
