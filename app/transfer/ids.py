"""Stable ids: by them desks know that two rows are one thing, whatever it is called on each of them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import uuid4

from sqlalchemy import delete, select

from app.extensions import db
from app.models.stable_id import StableId

Keys = dict[str, str]  # primary key of a row, as text: its stable id


def ids_of(kind: str, rows: Iterable[str]) -> Keys:
    """The stable id of each row; those that have none yet get one. Ids of rows that are gone are forgotten."""
    kept = {row.row: row.uid for row in db.session.scalars(select(StableId).where(StableId.kind == kind))}
    wanted = list(rows)
    gone = kept.keys() - set(wanted)
    if gone:
        db.session.execute(delete(StableId).where(StableId.kind == kind, StableId.row.in_(gone)))
    for row in wanted:
        if row not in kept:
            kept[row] = uuid4().hex
            db.session.add(StableId(kind=kind, row=row, uid=kept[row]))
    db.session.flush()
    return {row: kept[row] for row in wanted}


def set_id(kind: str, row: str, uid: str) -> None:
    """Let the row be known by that id from now on."""
    found = db.session.get(StableId, (kind, row))
    if found is None:
        db.session.add(StableId(kind=kind, row=row, uid=uid))
    else:
        found.uid = uid
    db.session.flush()
