"""The key by which a value sorts, the Polish way on every database, and how both are kept side by side.

A text's own order would put ą after z. So a key is made when a value is saved, of plain letters and digits that every
collation of bytes sorts alike. It is kept in the same JSON under the field's id and `~`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from app.fields.definition import Definition, Kind
from app.fields.kinds import LITERAL

KEY = "~"
KEYED = LITERAL | {Kind.MONEY}  # whose values do not sort as they are kept
COMPARED = 40  # signs of a text
# Letters of their own in the Polish alphabet, each after the plain one.
POLISH = {"ą": "a1", "ć": "c1", "ę": "e1", "ł": "l1", "ń": "n1", "ó": "o1", "ś": "s1", "ź": "z1", "ż": "z2"}


def order_key(definition: Definition, value: Any) -> Any:
    """What the value sorts by; the value itself where that does."""
    if value is None or definition.kind not in KEYED:
        return value
    return int(Decimal(value) * 100) if definition.kind == Kind.MONEY else text_key(value)


def stored(definitions: Iterable[Definition], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with their keys beside them, as the JSON column keeps them. Ids that nobody knows stay as they are."""
    known = {each.id: each for each in definitions}
    kept = {name: value for name, value in values.items() if value is not None and not name.endswith(KEY)}
    keys = {
        f"{name}{KEY}": order_key(known[name], value)
        for name, value in kept.items()
        if name in known and known[name].kind in KEYED
    }
    unknown = {
        name: value for name, value in values.items() if name.endswith(KEY) and name.removesuffix(KEY) not in known
    }
    return kept | keys | unknown


def text_key(text: str) -> str:
    """Two signs for each letter: digits first, then a to z with the Polish letters between them, then other scripts."""
    return "".join(_sign(letter) for letter in unicodedata.normalize("NFC", text[:COMPARED]).lower())


@lru_cache(maxsize=4096)
def _sign(letter: str) -> str:
    if letter in POLISH:
        return POLISH[letter]
    plain = unicodedata.normalize("NFKD", letter)[0]
    if plain.isascii():
        return f"{plain}0" if plain.isalnum() else "  "
    return f"~{ord(letter):06x}" if letter.isalnum() else "  "
