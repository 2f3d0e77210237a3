"""FAB's class of roles, which stays the role of everybody (docs/decisions/0001), with what ours know beside.

It is imported before any table of ours: a class that is mapped already takes columns only while all others are whole.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import String
from sqlalchemy.orm import mapped_column

from app.models.types import Json

__all__ = ["Role", "new_stamp"]


def new_stamp() -> str:
    return uuid4().hex


def _own_name(context: Any) -> str:
    """A role is of its own kind unless it is a copy."""
    return str(context.get_current_parameters()["name"])


def _no_permissions(_role: Role) -> set[str]:
    """Flask-Security asks each role for its permissions; Flask-AppBuilder owns them, so here are none."""
    return set()


Role.get_permissions = _no_permissions
Role.kind = mapped_column(String(64), nullable=False, insert_default=_own_name)  # the shipped role that it is a copy of
Role.name_pl = mapped_column(String(80))  # of a copy; shipped roles are named by the catalogs
Role.name_en = mapped_column(String(80))
Role.names = mapped_column(Json, nullable=False, default=dict, server_default="{}")  # in further languages
Role.abilities = mapped_column(Json)  # what somebody chose for it; none: as shipped
Role.stamp = mapped_column(String(64), nullable=False, insert_default=new_stamp)  # new with each change of rights
