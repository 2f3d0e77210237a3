"""HTML of strangers, cleaned by allow list: what is kept of a letter, and what programs get of it.

Nothing of it runs, frames, posts, moves out of its place or asks another server. A picture of another server keeps its
address behind BLOCKED, which no browser follows.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import nh3

from app.mail.clean import LONGEST_HTML, QUOTE_CLASSES, REST_IS_QUOTE, SIGNATURE_CLASSES, is_too_deep
from app.mail.colours import colour
from app.mail.styles import safe_style

BLOCKED = "blocked:"
TAGS = frozenset(
    """a abbr b big blockquote br caption center code col colgroup dd del div dl dt em font h1 h2 h3 h4 h5 h6 hr i img
    ins kbd li ol p pre q s samp small span strike strong sub sup table tbody td tfoot th thead tr tt u ul
    var""".split()
)
CELL = {"colspan", "rowspan", "width", "align", "valign", "bgcolor"}
ATTRIBUTES = {
    "*": {"style", "class", "id", "dir", "name"},
    "a": {"href", "title"},
    "blockquote": {"type"},
    "col": {"width"},
    "font": {"color", "size", "face"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "type"},
    "p": {"align"},
    "div": {"align"},
    "table": {"width", "align", "bgcolor", "border", "cellpadding", "cellspacing"},
    "td": CELL,
    "th": CELL,
    "tr": {"align", "valign", "bgcolor"},
}
SCHEMES = {"http", "https", "mailto", "tel", "cid"}
LONGEST_ADDRESS = 4_000
IDS = re.compile(r"[\w-]{1,80}", re.ASCII)
KNOWN_IDS = re.compile(r"Signature|ms-outlook-mobile-signature|reply-intro|.*mail-editor-reference-message-container")


def _marks(value: str) -> str | None:
    """Of classes those by which mail programs mark quotes and signatures."""
    return " ".join(name for name in value.split()[:20] if is_mark(name)) or None


def is_mark(name: str) -> bool:
    return bool(QUOTE_CLASSES.fullmatch(name) or SIGNATURE_CLASSES.fullmatch(name))


def _mark_id(value: str) -> str | None:
    is_known = KNOWN_IDS.fullmatch(value) or REST_IS_QUOTE.search(value)
    return value if is_known and IDS.fullmatch(value) else None


def _source(value: str) -> str | None:
    """A picture of the letter itself, or one of another server, out of every browser's reach."""
    if len(value) > LONGEST_ADDRESS:
        return None
    scheme = value.partition(":")[0].lower()
    if scheme == "cid":
        return value
    return f"{BLOCKED}{value}" if scheme in ("http", "https") else None


def _address(value: str) -> str | None:
    is_kept = len(value) <= LONGEST_ADDRESS and not value.lower().startswith("cid:")
    return value if is_kept else None


def _matching(pattern: str) -> Callable[[str], str | None]:
    fits = re.compile(pattern, re.I | re.ASCII).fullmatch
    return lambda value: value if fits(value.strip()) else None


FILTERS: dict[str, Callable[[str], str | None]] = {
    "style": safe_style,
    "class": _marks,
    "id": _mark_id,
    "src": _source,
    "href": _address,
    "name": _matching("quote"),
    "alt": lambda value: value[:500],
    "title": lambda value: value[:500],
    "rel": lambda value: value,
    "color": lambda value: value if colour(value) else None,
    "bgcolor": lambda value: value if colour(value) else None,
    "face": _matching(r"[\w ,'-]{1,200}"),
    "size": _matching(r"[1-6]"),
    "type": _matching(r"cite|[1ai]"),
    "dir": _matching(r"ltr|rtl|auto"),
    "align": _matching(r"left|right|center|justify"),
    "valign": _matching(r"top|middle|bottom|baseline"),
    "width": _matching(r"1?\d{1,3}(px)?|\d{1,2}%|100%"),
    "height": _matching(r"1?\d{1,3}(px)?"),
    "colspan": _matching(r"\d{1,2}"),
    "rowspan": _matching(r"\d{1,2}"),
    "start": _matching(r"\d{1,5}"),
    **dict.fromkeys(("border", "cellpadding", "cellspacing"), _matching(r"\d{1,2}")),
}


def _only_allowed(_tag: str, name: str, value: str) -> str | None:
    rule = FILTERS.get(name)
    return rule(value) if rule else None


MOST_ENTITIES = 100_000  # nh3 takes the square of their number in one paragraph
_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    attributes=ATTRIBUTES,
    url_schemes=SCHEMES,
    url_relative="deny",
    attribute_filter=_only_allowed,
    link_rel="noopener noreferrer nofollow",
    strip_comments=True,
)


def cleaned(source: str) -> str | None:
    """HTML that may be kept, and shown by whoever is given it. None when nothing is left."""
    source = source[:LONGEST_HTML]
    if is_too_deep(source) or source.count("&") + source.count("\xa0") > MOST_ENTITIES:
        return None
    return _CLEANER.clean(source).strip() or None
