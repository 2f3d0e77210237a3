"""Which plan somebody looked at last, so that a desk that changed meanwhile is not changed over it."""

from __future__ import annotations

import hashlib

from app.extensions import db
from app.models.desk_setting import DeskSetting
from app.transfer.compare import Plan

NAME = "config_plan"


def note(text: str, plan: Plan) -> None:
    """Remember the plan of that file; the one before is forgotten."""
    db.session.merge(DeskSetting(name=NAME, value=f"{hash_of(text)} {plan.since}"))


def since(text: str) -> str | None:
    """From which definitions on that file was planned last; None for a file without a plan."""
    planned_hash, since = _noted()
    return since if planned_hash == hash_of(text) else None


def planned() -> str:
    """The hash of the file that was planned last; empty for none."""
    return _noted()[0]


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _noted() -> tuple[str, str]:
    row = db.session.get(DeskSetting, NAME)
    planned_hash, _space, since = (row.value if row else "").partition(" ")
    return planned_hash, since
