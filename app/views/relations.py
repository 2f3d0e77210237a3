"""What one ticket is to another, in words."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.models.ticket_link import LinkKind

NAMES: dict[tuple[str, bool], Any] = {
    (LinkKind.DUPLICATE, False): _l("Duplicate of"),
    (LinkKind.DUPLICATE, True): _l("Has the duplicate"),
    (LinkKind.CAUSE, False): _l("Caused by"),
    (LinkKind.CAUSE, True): _l("Is the cause of"),
    (LinkKind.PARENT, False): _l("Part of"),
    (LinkKind.PARENT, True): _l("Has the part"),
    (LinkKind.FOLLOWS, False): _l("Follows"),
    (LinkKind.FOLLOWS, True): _l("Is followed by"),
    (LinkKind.SPLIT, False): _l("Split from"),
    (LinkKind.SPLIT, True): _l("Was split into"),
    (LinkKind.FORWARDED, False): _l("Forwarded from"),
    (LinkKind.FORWARDED, True): _l("Was forwarded as"),
    (LinkKind.MERGED, False): _l("Merged into"),
    (LinkKind.MERGED, True): _l("Has taken in"),
}


def relation_name(kind: str, backwards: bool) -> str:
    return str(NAMES[kind, backwards])
