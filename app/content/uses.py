"""Where an entry is used: whoever withdraws it is told which links will lead nowhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import contains_eager

from app.access import Standing, sees_ticket
from app.access.net import BEYOND
from app.content.addresses import path_of, variant_at
from app.extensions import db
from app.models.entry import Entry, EntryAddress, MessageEntry, PublishedText, Variant
from app.models.ticket import Message, Ticket

MOST_SHOWN = 20
ADDRESS = re.compile(r"/(?:articles|content/([a-z][a-z0-9_]{1,39}))/(pl|en)/([a-z0-9-]{1,120})")


@dataclass(frozen=True)
class Uses:
    """Texts of other entries that link here, earlier addresses that lead here, and tickets whose messages name it.

    `tickets` are those that the asker may see, `ticket_count` counts all.
    """

    texts: Sequence[Variant]
    addresses: Sequence[str]
    tickets: Sequence[Ticket]
    ticket_count: int

    def __bool__(self) -> bool:
        return bool(self.texts or self.addresses or self.ticket_count)


def uses_of(entry: Entry, standing: Standing) -> Uses:
    """Everything that is known to lead to the entry."""
    mine = select(EntryAddress).join(Variant, Variant.id == EntryAddress.variant_id)
    rows = db.session.scalars(mine.where(Variant.entry_id == entry.id).order_by(EntryAddress.id)).all()
    paths = [path_of(entry.type_code, row.language, row.slug) for row in rows]
    now = {path_of(entry.type_code, text.language, text.slug) for text in entry.variants}
    named = select(Message.ticket_id).join(MessageEntry, MessageEntry.message_id == Message.id)
    tickets = named.where(MessageEntry.entry_id == entry.id).distinct()
    counted = select(func.count()).select_from(tickets.subquery())
    seen = select(Ticket).where(Ticket.id.in_(tickets), sees_ticket(standing)).order_by(Ticket.id.desc())
    return Uses(
        texts=_linking(entry, paths),
        addresses=[path for path in paths if path not in now],
        tickets=db.session.scalars(seen.limit(MOST_SHOWN)).all(),
        ticket_count=db.session.scalar(counted, execution_options=BEYOND) or 0,
    )


def note_uses(message: Message) -> None:
    """Remember which texts a message names by their addresses. Running twice is harmless."""
    named = ADDRESS.findall(message.text)
    found = {variant_at(type_code or "article", language, slug) for type_code, language, slug in named}
    for entry_id in sorted({variant.entry_id for variant in found if variant is not None}):
        db.session.merge(MessageEntry(message_id=message.id, entry_id=entry_id))


def _linking(entry: Entry, paths: Sequence[str]) -> list[Variant]:
    """The texts of other entries, drafted or published, in which one of the addresses stands."""
    if not paths:
        return []
    bodies = (Variant.body, PublishedText.body)
    named = or_(*(body.contains(path, autoescape=True) for path in paths for body in bodies))
    query = (
        select(Variant)
        .outerjoin(Variant.published)
        .options(contains_eager(Variant.published))
        .where(Variant.entry_id != entry.id, named)
        .order_by(Variant.id)
    )
    exact = re.compile("|".join(f"{re.escape(path)}(?![a-z0-9-])" for path in paths))
    texts = db.session.scalars(query.limit(200)).unique()
    return [
        text for text in texts if exact.search(text.body) or (text.published and exact.search(text.published.body))
    ][:MOST_SHOWN]
