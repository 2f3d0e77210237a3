"""Texts that a consultant may put into an answer: those that fit the words, with what the customer may read marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager

from app.access import Standing, sees_text
from app.content.addresses import path_of
from app.content.files import NAMED
from app.extensions import db
from app.models.entry import Entry, PublishedText, Variant
from app.models.ticket import Ticket

WORD = re.compile(r"\w{3,}")
STEM = 5  # letters of a word that count: Polish words end in many ways
MOST_WORDS, MOST_READ, MOST_SHOWN = 12, 200, 8
NOT_TOLD = ("notice", "page")
PICTURE = re.compile(r"!\[[^\]]*\]\([^)]*\)")


@dataclass(frozen=True)
class Insertable:
    """A text, whether the customer may open it, and what an answer would say: its link, or its words."""

    text: PublishedText
    is_open: bool
    link: str
    words: str


def insertable(ticket: Ticket, query: str, *, base_url: str, by: Standing, reader: Standing) -> list[Insertable]:
    """The texts that fit best, those first that its customer may open; of those that fit alike, those about the
    ticket's product group and in its customer's language."""
    stems = [word[:STEM].lower() for word in WORD.findall(query)][:MOST_WORDS]
    found = _ranked(_fitting(stems, by), stems, ticket)[:MOST_SHOWN]
    ids = [text.variant_id for text in found]
    readable = select(PublishedText.variant_id).where(PublishedText.variant_id.in_(ids), sees_text(reader))
    open_ids = set(db.session.scalars(readable))
    told = [_told(text, text.variant_id in open_ids, base_url) for text in found]
    return sorted(told, key=lambda each: not each.is_open)


def _fitting(stems: Sequence[str], by: Standing) -> list[PublishedText]:
    query = (
        select(PublishedText)
        .join(PublishedText.variant)
        .join(Variant.entry)
        .where(sees_text(by), Entry.type_code.not_in(NOT_TOLD))
        .options(contains_eager(PublishedText.variant).contains_eager(Variant.entry).selectinload(Entry.groups))
        .order_by(PublishedText.published_at.desc(), PublishedText.variant_id)
    )
    if stems:
        parts = (PublishedText.title, PublishedText.summary, PublishedText.body)
        query = query.where(or_(*(part.icontains(stem, autoescape=True) for stem in stems for part in parts)))
    return list(db.session.scalars(query.limit(MOST_READ)).unique())


def _ranked(texts: Sequence[PublishedText], stems: Sequence[str], ticket: Ticket) -> list[PublishedText]:
    def worth(text: PublishedText) -> tuple[int, bool, bool]:
        head, body = f"{text.title} {text.summary}".lower(), text.body.lower()
        fits = sum(2 * (stem in head) + (stem in body) for stem in stems)
        groups = {group.id for group in text.variant.entry.groups}
        return fits, ticket.product_group_id in groups, text.variant.language == ticket.requester.locale

    return sorted(texts, key=worth, reverse=True)


def _told(text: PublishedText, is_open: bool, base_url: str) -> Insertable:
    variant = text.variant
    link = f"{text.title}\n{base_url}{path_of(variant.entry.type_code, variant.language, text.slug)}"
    plain = "\n".join(line for line in PICTURE.sub("", text.body).splitlines() if not NAMED.search(line)).strip()
    words = f"{text.title}\n\n{plain}"
    return Insertable(text, is_open, link, f"{words}\n\n{link.splitlines()[-1]}" if is_open else words)
