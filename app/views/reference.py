"""The few rows that every list shows in its filters, read together and kept for some seconds."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import String, cast, literal, select

from app.extensions import db
from app.models.product_group import ProductGroup
from app.models.ticket import State

KEPT_SECONDS = 5.0


@dataclass(frozen=True)
class Reference:
    """States as (code, Polish, English), product groups as (id, name), each in the desk's order."""

    states: tuple[tuple[str, str, str], ...]
    product_groups: tuple[tuple[int, str], ...]


_kept: dict[str, tuple[float, Reference]] = {}


def reference() -> Reference:
    """The states and active product groups, in one statement every few seconds."""
    until, found = _kept.get("", (0.0, None))
    if found is None or time.monotonic() > until:
        found = _read()
        _kept[""] = (time.monotonic() + KEPT_SECONDS, found)
    return found


def forget() -> None:
    """Read anew: a state or product group was changed here."""
    _kept.clear()


def state_choices(language: str) -> list[tuple[str, str]]:
    return [(code, polish if language == "pl" else english) for code, polish, english in reference().states]


def group_choices() -> list[tuple[str, str]]:
    return [(str(group_id), name) for group_id, name in reference().product_groups]


def _read() -> Reference:
    states = select(literal("state"), State.code, State.name_pl, State.name_en, State.position)
    groups = select(
        literal("group"), cast(ProductGroup.id, String), ProductGroup.name, ProductGroup.name, ProductGroup.position
    ).where(ProductGroup.active)
    rows = sorted(db.session.execute(states.union_all(groups)), key=lambda row: (row[4], row[1]))
    return Reference(
        tuple((row[1], row[2], row[3]) for row in rows if row[0] == "state"),
        tuple((int(row[1]), row[2]) for row in rows if row[0] == "group"),
    )
