"""Hangs the second net (app/access/net.py) under every query of a web request."""

from __future__ import annotations

from flask import g, has_request_context
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState

from app import caller
from app.access import Standing
from app.access.net import concerns, narrow
from app.extensions import db
from app.views import visitor


def read_for(standing: Standing) -> None:
    """From here on this request reads for the account whose letter's link it was opened by, whoever is signed in."""
    g.reads_for = standing


def _hold(state: ORMExecuteState) -> None:
    if not has_request_context():
        return
    if concerns(state):
        narrow(state, _whose())


def _whose() -> Standing | None:
    if "reads_for" in g:
        found: Standing = g.reads_for
        return found
    return visitor.standing() if caller.acting() is not None else None


def install() -> None:
    event.listen(db.session, "do_orm_execute", _hold)
