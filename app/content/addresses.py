"""Where a text is found: its own address in its language, and every one that it ever had."""

from __future__ import annotations

import re
import unicodedata

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from app.content.errors import AddressTaken, NoAddress
from app.extensions import db
from app.models.entry import EntryAddress, Variant

LONGEST = 120
ADDRESS = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
WHOLE = str.maketrans("łŁøØđĐ", "lLoOdD")  # NFKD does not take these apart.


def address_from(title: str) -> str:
    """The title in small letters a to z, digits and hyphens; `text` where nothing of it is left."""
    plain = unicodedata.normalize("NFKD", title.translate(WHOLE)).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[: LONGEST - 4].strip("-") or "text"


def path_of(type_code: str, language: str, slug: str) -> str:
    """Where readers find what is published at the address."""
    return f"/articles/{language}/{slug}" if type_code == "article" else f"/content/{type_code}/{language}/{slug}"


def check_address(slug: str) -> str:
    """The address, when it is one. Raises NoAddress."""
    if len(slug) > LONGEST or not ADDRESS.fullmatch(slug):
        raise NoAddress
    return slug


def free_address(type_code: str, language: str, title: str) -> str:
    """An address made from the title that no other text of the type has: numbered from 2 where it is taken."""
    stem = address_from(title)
    like = EntryAddress.slug.startswith(stem, autoescape=True)
    query = select(EntryAddress.slug).where(
        EntryAddress.type_code == type_code, EntryAddress.language == language, like
    )
    taken = set(db.session.scalars(query))
    candidates = (stem if number == 1 else f"{stem}-{number}" for number in range(1, len(taken) + 2))
    return next(each for each in candidates if each not in taken)


def claim(variant: Variant) -> None:
    """Keep the variant's address for it, and give up those that only drafts had. Raises AddressTaken."""
    entry = variant.entry
    query = select(EntryAddress.variant_id).where(
        EntryAddress.type_code == entry.type_code,
        EntryAddress.language == variant.language,
        EntryAddress.slug == variant.slug,
    )
    holder = db.session.scalar(query)
    if holder not in (None, variant.id):
        raise AddressTaken
    given_up = EntryAddress.kept.is_(False) & (EntryAddress.slug != variant.slug)
    db.session.execute(delete(EntryAddress).where(EntryAddress.variant_id == variant.id, given_up))
    if holder is None:
        place = {"type_code": entry.type_code, "language": variant.language, "slug": variant.slug}
        try:
            with db.session.begin_nested():
                db.session.add(EntryAddress(variant_id=variant.id, kept=False, **place))
        except IntegrityError:  # Somebody else has claimed it in this moment.
            raise AddressTaken from None


def keep_address(variant: Variant, slug: str) -> None:
    """Readers know the address, or will: it leads to the variant for ever."""
    mine = (EntryAddress.variant_id == variant.id) & (EntryAddress.slug == slug)
    db.session.execute(update(EntryAddress).where(mine).values(kept=True))


def variant_at(type_code: str, language: str, slug: str) -> Variant | None:
    """Whose address that is or was in the language. Whether it may be read is access's to say."""
    query = select(Variant).join(EntryAddress, EntryAddress.variant_id == Variant.id)
    return db.session.scalars(
        query.where(EntryAddress.type_code == type_code, EntryAddress.language == language, EntryAddress.slug == slug)
    ).one_or_none()
