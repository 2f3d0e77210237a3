"""A plan carried out: all of it in one transaction, or nothing."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from app.desk.errors import DeskError
from app.events.audit import AuditKind, write_down
from app.extensions import db
from app.models.account import Account
from app.models.engine import hold
from app.transfer import ids
from app.transfer.compare import Answers, Change, Here, Plan, compare
from app.transfer.files import Items
from app.transfer.kind import Kind
from app.transfer.kinds import KINDS


class ChangedSince(DeskError):
    status = 409
    sentence = _l("This desk has changed since the plan was made. Make a new plan, and look at it first.")


class NotApplicable(DeskError):
    """`plan` says what is refused and asked."""

    sentence = _l("The plan holds questions or refusals. Nothing was changed.")

    def __init__(self, plan: Plan | None = None) -> None:
        self.plan = plan
        super().__init__()


class CameOutOtherwise(DeskError):
    """`left` says what would still differ."""

    sentence = _l("This desk would not be as the file says afterwards. Nothing was changed.")

    def __init__(self, left: Plan) -> None:
        self.left = left
        super().__init__()


def apply(wanted: Items, answers: Answers, *, since: str | None, by: Account | None) -> Plan:
    """Make this desk as the file says, inside the caller's transaction; the plan that was carried out.

    `since` is that of the plan that somebody looked at, None for nobody. Raises ChangedSince, NotApplicable,
    CameOutOtherwise: then the transaction must end without a trace.
    """
    hold(db.session.connection(), ["stable_id"])
    plan = compare(wanted, answers)
    if since is not None and since != plan.since:
        raise ChangedSince
    if plan.questions or plan.refusals:
        raise NotApplicable(plan)
    try:
        _carry_out(plan, wanted)
        left = compare(wanted)
    except IntegrityError as error:
        raise NotApplicable from error
    if not left.is_empty:
        raise CameOutOtherwise(left)
    counts = {act: sum(change.act == act for change in plan.changes) for act in ("add", "change", "remove")}
    write_down(AuditKind.SETTINGS, by=by, who="" if by else "run.py config", about="config", **counts)
    return plan


def _carry_out(plan: Plan, wanted: Items) -> None:
    kinds = [kind.opened() for kind in KINDS]
    for kind in kinds:
        if not kind.own_id:
            for key, uid in plan.here.ids[kind.name].items():
                ids.set_id(kind.name, key, uid)
    for kind in kinds:
        _write(kind, [each for each in plan.changes if each.kind == kind.name and each.act != "remove"], plan.here)
    for kind in kinds:
        for uid, values in wanted.get(kind.name, {}).items():
            kind.finish(plan.here.row(kind.name, uid), values)
    for kind in reversed(kinds):
        for change in plan.changes:
            if change.kind == kind.name and change.act == "remove":
                kind.remove(plan.here.row(kind.name, change.id))
                db.session.flush()
    for kind in kinds:
        kind.close()
    db.session.flush()
    db.session.expire_all()


def _write(kind: Kind, changes: list[Change], here: Here) -> None:
    renamed = [change for change in changes if change.act == "change" and kind.known_by in change.columns]
    if len(renamed) > 1 and not kind.own_id:  # Two may change names with each other.
        for change in renamed:
            setattr(here.row(kind.name, change.id), kind.known_by, change.id)
        db.session.flush()
    for change in changes:
        values = kind.bound({name: new for name, (_old, new) in change.columns.items()}, here.ids)
        values |= {name: _key_of(here, kind.points[name], values[name]) for name in kind.points if name in values}
        if change.act == "change":
            kind.change(here.row(kind.name, change.id), values)
            db.session.flush()
            continue
        row = kind.add(change.id, values)
        db.session.flush()
        if row is not None:
            key = kind.key(row)
            here.rows[kind.name][key] = row
            here.ids[kind.name][key] = change.id
            if not kind.own_id:
                ids.set_id(kind.name, key, change.id)


def _key_of(here: Here, kind: str, uid: Any) -> int | None:
    return next((int(key) for key, own in here.ids[kind].items() if own == uid), None)
