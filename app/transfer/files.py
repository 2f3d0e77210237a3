"""The file of definitions: one JSON object, sorted, so that two exports of one desk are the same bytes.

    {"bilety": 1, "items": {"<kind>": {"<stable id>": {"<column>": value, ...}}}}

A kind that the file does not name stays as it is; of a kind that it names, what the file leaves out is removed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.desk.errors import DeskError

FORMAT = 1
LARGEST = 20_000_000  # signs

Item = dict[str, Any]
Items = Mapping[str, Mapping[str, Item]]


class NotReadable(DeskError):
    """`detail` says where."""

    sentence = _l("This is no file of definitions that this desk can read.")

    def __init__(self, detail: str = "") -> None:
        self.detail = detail
        super().__init__(detail)


class TooNew(NotReadable):
    sentence = _l("This file comes from a newer version of Bilety. Upgrade this desk first.")


def written(items: Items) -> str:
    """The file's text."""
    return json.dumps({"bilety": FORMAT, "items": items}, sort_keys=True, ensure_ascii=False, indent=2) + "\n"


def read(text: str) -> Items:
    """What the file holds. Raises NotReadable and TooNew."""
    try:
        found = json.loads(text[: LARGEST + 1], object_pairs_hook=_once)
        json.dumps(found, ensure_ascii=False).encode()  # halves of signs are no text that a database keeps
    except (ValueError, RecursionError) as error:
        raise NotReadable(str(error)) from error
    if not isinstance(found, dict) or not isinstance(found.get("bilety"), int):
        raise NotReadable('"bilety"')
    if found["bilety"] > FORMAT:
        raise TooNew(str(found["bilety"]))
    items = found.get("items")
    if not isinstance(items, dict) or found.keys() != {"bilety", "items"}:
        raise NotReadable('"items"')
    for kind, rows in items.items():
        if not isinstance(rows, dict) or not all(isinstance(values, dict) for values in rows.values()):
            raise NotReadable(f'"{kind}"')
    return items


def fingerprint(items: Items) -> str:
    """The same for the same definitions."""
    return hashlib.sha256(written(items).encode()).hexdigest()


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names stand once; JSON itself would let the last one win."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError(f"a name stands twice: {sorted(name for name, _value in pairs)}")
    return found
