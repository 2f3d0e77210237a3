"""What readers call the types of entries."""

from __future__ import annotations

from sqlalchemy import select

from app.extensions import db
from app.models.entry import ContentType


def names_of_types(language: str) -> dict[str, str]:
    """The name of every type by its code, in the desk's order."""
    query = select(ContentType).order_by(ContentType.position, ContentType.code)
    return {row.code: row.name(language) for row in db.session.scalars(query)}
