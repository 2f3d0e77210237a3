"""Hangs the second net (app/access/net.py) under every query and every search of a web request."""

from __future__ import annotations

from dataclasses import replace

from flask import g, has_request_context
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState

from app import caller
from app.access import Standing
from app.access.net import concerns, narrow, narrow_terms
from app.extensions import db
from app.search.document import Question
from app.search.engine import hang
from app.views import visitor


def read_for(standing: Standing) -> None:
    """From here on this request reads for the account whose letter's link it was opened by, whoever is signed in."""
    g.reads_for = standing


def _hold(state: ORMExecuteState) -> None:
    if not has_request_context():
        return
    if concerns(state):
        narrow(state, _whose())


def _hold_question(question: Question) -> Question:
    if not has_request_context():
        return question
    whose = _whose()
    reads_notes = question.internal and whose is not None and whose.is_staff
    return replace(question, allowed=narrow_terms(question.allowed, whose), internal=reads_notes)


def _whose() -> Standing | None:
    if "reads_for" in g:
        found: Standing = g.reads_for
        return found
    return visitor.standing() if caller.acting() is not None else None


def install() -> None:
    event.listen(db.session, "do_orm_execute", _hold)
    hang(_hold_question)
