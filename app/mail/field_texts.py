"""Fields of tickets as letters tell them: by the rights of the letter's reader, references by the name that he sees."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.access import standing_of
from app.access.fields import leads_somewhere
from app.extensions import db
from app.fields import Definition, Kind, as_text, may_read
from app.fields.definition import Target
from app.locale import choose_zone, language
from app.models.account import Account
from app.models.entry import PublishedText, Variant
from app.models.organisation import Organisation


def text_for(reader: Account, field: Definition, value: Any) -> str:
    """The value as text; empty where there is none, or none for this reader."""
    if value is None or not may_read(field, reader.role_kinds):
        return ""
    if field.kind != Kind.REFERENCE:
        return as_text(field, value, language(), zone=choose_zone())
    if not leads_somewhere(db.session(), standing_of(db.session(), reader), field, value):
        return ""
    return _name_of(field.target, value)


def _name_of(target: str, row_id: int) -> str:
    if target == Target.ORGANISATION:
        return db.session.get_one(Organisation, row_id).name
    if target == Target.ACCOUNT:
        return db.session.get_one(Account, row_id).name
    titles = select(PublishedText.title).join(PublishedText.variant).where(Variant.entry_id == row_id)
    return db.session.scalar(titles.order_by((Variant.language == language()).desc()).limit(1)) or ""
