"""Writing entries: every saving is a version of the whole text, and nobody's words are written over unseen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from sqlalchemy import select

from app.content.addresses import check_address, claim, free_address
from app.content.errors import LanguageTaken, NoOrganisations, NoTitle, StaleText, UnknownLanguage
from app.extensions import db
from app.locale import LANGUAGES
from app.models.account import Account
from app.models.entry import ContentType, Entry, EntryTag, TextState, Variant, Visibility
from app.models.organisation import Organisation
from app.models.product_group import ProductGroup
from app.models.types import utc_now
from app.models.version import Version

KIND = "entry"  # of versions
LONGEST_TITLE = 200
BUILT_IN = (("article", "Artykuł", "Article"), ("notice", "Ogłoszenie", "Notice"), ("page", "Strona", "Page"))


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


def add_built_in_types() -> None:
    """The types that every desk has, where missing."""
    for position, (code, polish, english) in enumerate(BUILT_IN):
        if db.session.get(ContentType, code) is None:
            row = ContentType(code=code, name_pl=polish, name_en=english, position=position, built_in=True)
            db.session.add(row)


def add_entry(
    type_code: str,
    language: str,
    words: Words,
    *,
    by: Account,
    readers: Readers | None = None,
    groups: Iterable[ProductGroup] = (),
    tags: Iterable[str] = (),
) -> Entry:
    """A new entry whose first text, a draft, is the one that others are translated from."""
    entry = Entry(type_code=type_code, source_language=language, visibility="", created_by_id=by.id)
    set_readers(entry, readers or Readers())
    entry.groups = list(groups)
    set_tags(entry, tags)
    db.session.add(entry)
    _begin(entry, language, words, source_version=None, by=by)
    return entry


def add_variant(entry: Entry, language: str, words: Words, *, by: Account) -> Variant:
    """The entry in one more language, translated from what its source says now."""
    if entry.variant(language) is not None:
        raise LanguageTaken
    return _begin(entry, language, words, source_version=entry.source.version, by=by)


def save(variant: Variant, words: Words, *, seen: int, by: Account, translated: bool = False) -> None:
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


def restore(variant: Variant, number: int, *, seen: int, by: Account) -> None:
    """An earlier version's words as the newest version. Raises StaleText, and LookupError for no such version."""
    save(variant, words_of(version_of(variant, number)), seen=seen, by=by)


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


def set_tags(entry: Entry, names: Iterable[str]) -> None:
    """Its tags, in lower case, each once."""
    wanted = {" ".join(name.lower().split())[:40] for name in names} - {""}
    kept = [tag for tag in entry.tags if tag.name in wanted]
    entry.tags = kept + [EntryTag(name=name) for name in sorted(wanted - {tag.name for tag in kept})]


def put_in_bin(entry: Entry) -> None:
    """Nobody reads it from now on; nothing of it is lost."""
    entry.binned_at = entry.binned_at or utc_now()


def take_out_of_bin(entry: Entry) -> None:
    """As it was before."""
    entry.binned_at = None


def lock(variant: Variant) -> None:
    """Hold the row, as it is now, to the end of the transaction."""
    query = select(Variant).where(Variant.id == variant.id).with_for_update(of=Variant)
    db.session.scalars(query.execution_options(populate_existing=True)).one()


def _begin(entry: Entry, language: str, words: Words, *, source_version: int | None, by: Account) -> Variant:
    if language not in LANGUAGES:
        raise UnknownLanguage
    variant = Variant(
        language=language, version=1, state=TextState.DRAFT, source_version=source_version, title="", slug=""
    )
    entry.variants.append(variant)
    _write(variant, words, by=by)
    return variant


def _write(variant: Variant, words: Words, *, by: Account) -> None:
    """Put the words into the row and keep them as its version."""
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
    key = str(variant.id)
    db.session.add(Version(kind=KIND, key=key, number=variant.version, data=asdict(kept), account_id=by.id))
    db.session.flush()
