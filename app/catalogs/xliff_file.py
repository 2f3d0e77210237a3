"""Reading XLIFF 1.2 and 2.0, as tools of translators write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from flask_babel import lazy_gettext as _l

from app.catalogs.po_file import MOST_ENTRIES, Said, Unreadable, as_text

UNSURE = ("needs-", "new", "initial")  # states of a target that somebody has still to look at
DECLARATION = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
Element = ElementTree.Element


def read(raw: bytes) -> list[Said]:
    """The sentences that have a translation. Raises Unreadable."""
    text = as_text(raw)
    declared = DECLARATION.search(text)
    if declared:
        raise Unreadable(text.count("\n", 0, declared.start()) + 1, _l("The file may declare no entities."))
    try:
        # As text: whatever encoding the file says of itself was not believed.
        root = ElementTree.fromstring(text)  # noqa: S314 no entities, see above, and bounded by as_text
    except ElementTree.ParseError as error:
        raise Unreadable(error.position[0], _l("The file is no XML.")) from error
    if _name(root) != "xliff":
        raise Unreadable(1, _l("The file is no XLIFF."))
    found = list(_sentences(root))
    if not found:
        raise Unreadable(1, _l("There is no sentence in this file."))
    if len(found) > MOST_ENTRIES:
        raise Unreadable(1, _l("There are too many sentences in this file."))
    return found


def _sentences(root: Element) -> Iterator[Said]:
    in_groups: set[Element] = set()
    for group in root.iter():
        if _name(group) == "group" and group.get("restype") == "x-gettext-plurals":
            units = [each for each in group if _name(each) == "trans-unit"]
            in_groups.update(units)
            parts = [part for part in map(_unit, units) if part is not None]
            if parts:
                strings = {number: part.strings[0] for number, part in enumerate(parts)}
                plural = parts[-1].msgid if len(parts) > 1 else None
                unsure = any(part.fuzzy for part in parts)
                yield Said(1, parts[0].msgid, plural, strings=strings, fuzzy=unsure)
    for unit in root.iter():
        if _name(unit) in ("trans-unit", "segment") and unit not in in_groups:
            part = _unit(unit)
            if part is not None:
                yield part


def _unit(unit: Element) -> Said | None:
    source = next((each for each in unit if _name(each) == "source"), None)
    target = next((each for each in unit if _name(each) == "target"), None)
    if source is None or target is None:
        return None
    said = "".join(target.itertext())
    state = target.get("state") or unit.get("state") or ""
    unsure = state.startswith(UNSURE) or unit.get("approved") == "no"
    return Said(1, "".join(source.itertext()), strings={0: said}, fuzzy=unsure) if said else None


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
