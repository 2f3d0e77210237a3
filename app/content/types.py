"""Content types: those that every desk has, and those that an administrator makes. A new one is live at once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select

from app.access import Standing, writes_type
from app.content.errors import BuiltIn, NoTypeCode, TypeCodeTaken, TypeInUse
from app.events.audit import AuditKind, write_down
from app.extensions import db
from app.models.entry import WRITERS, ContentType, Entry, Visibility

BUILT_IN = (("article", "Artykuł", "Article"), ("notice", "Ogłoszenie", "Notice"), ("page", "Strona", "Page"))
CODE = re.compile(r"[a-z][a-z0-9_]{1,39}")
RESERVED = frozenset({"content", "entry", "entries", "file", "files", "preview", "type", "types", "schema", "openapi"})


@dataclass(frozen=True)
class Switches:
    """How entries of a type are written. Turning one offers or hides, and loses nothing."""

    visibility: Visibility = Visibility.EVERYONE
    translated: bool = True
    reviewed: bool = False
    versioned: bool = True
    writers: tuple[str, ...] = WRITERS


def add_built_in_types() -> None:
    """The types that every desk has, where missing."""
    for position, (code, polish, english) in enumerate(BUILT_IN):
        if db.session.get(ContentType, code) is None:
            row = ContentType(code=code, name_pl=polish, name_en=english, position=position, built_in=True)
            db.session.add(row)


def all_types() -> list[ContentType]:
    """Every type in the desk's order."""
    return list(db.session.scalars(select(ContentType).order_by(ContentType.position, ContentType.code)))


def types_written_by(standing: Standing) -> list[ContentType]:
    """Those of which this account may begin an entry."""
    query = select(ContentType).where(writes_type(standing)).order_by(ContentType.position, ContentType.code)
    return list(db.session.scalars(query))


def add_type(code: str, *, name_pl: str, name_en: str, switches: Switches) -> ContentType:
    """A type of the desk's own. Raises NoTypeCode, TypeCodeTaken."""
    if not CODE.fullmatch(code) or code in RESERVED:
        raise NoTypeCode
    if db.session.get(ContentType, code) is not None:
        raise TypeCodeTaken
    last = db.session.scalar(select(func.max(ContentType.position))) or 0
    row = ContentType(code=code, name_pl=name_pl, name_en=name_en, position=last + 1, built_in=False)
    _turn(row, switches)
    db.session.add(row)
    db.session.flush()
    _told(row, "added")
    return row


def change_type(row: ContentType, *, name_pl: str, name_en: str, switches: Switches) -> None:
    """Its names and switches; its code is known to programs and stays."""
    row.name_pl, row.name_en = name_pl, name_en
    _turn(row, switches)
    _told(row, "changed")


def remove_type(row: ContentType) -> None:
    """Raises BuiltIn, and TypeInUse while there are entries of it, in the bin or not."""
    if row.built_in:
        raise BuiltIn
    if entries_by_type([row.code]).get(row.code):
        raise TypeInUse
    _told(row, "removed")
    db.session.delete(row)
    db.session.flush()


def entries_by_type(codes: Iterable[str]) -> dict[str, int]:
    """How many entries there are of each."""
    query = select(Entry.type_code, func.count()).where(Entry.type_code.in_(list(codes))).group_by(Entry.type_code)
    return {row[0]: row[1] for row in db.session.execute(query)}


def _turn(row: ContentType, switches: Switches) -> None:
    row.visibility = switches.visibility
    row.translated, row.reviewed, row.versioned = switches.translated, switches.reviewed, switches.versioned
    row.writers = [kind for kind in WRITERS if kind in switches.writers]


def _told(row: ContentType, act: str) -> None:
    switches = {
        "visibility": row.visibility,
        "translated": row.translated,
        "reviewed": row.reviewed,
        "versioned": row.versioned,
        "writers": ", ".join(row.writers),
    }
    values = {"name_pl": row.name_pl, "name_en": row.name_en, **switches}
    write_down(AuditKind.SETTINGS, about=row.code, table="content_type", act=act, values=values)
