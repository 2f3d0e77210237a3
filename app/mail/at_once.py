"""One decision about many letters: each in a transaction of its own, so that one which cannot be decided holds up none.

What became of each is kept with the act for a while. Rejections can be taken back for ten minutes, unless their answer
has left; a letter that stands in a ticket is moved there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from app.access import NotFound, Standing, sees_journal
from app.broken_rule import BrokenRule
from app.desk.undoing import bulk_act
from app.events.audit import AuditKind, write_down
from app.events.transaction import transaction
from app.extensions import db
from app.mail import by_hand, reasons
from app.models.account import Account
from app.models.beside import BulkAct
from app.models.event import SUPPRESSED, Letter
from app.models.journal import JournalEntry, Outcome
from app.models.tables import outbox
from app.models.ticket import Ticket

MOST = 100
Decision = Callable[[JournalEntry], Ticket | Letter | None]  # about a letter that is held


class DecidedSince(BrokenRule):
    status = 409
    sentence = _l("Something was decided about it since, so it stays as it is.")


class AnswerHasLeft(BrokenRule):
    status = 409
    sentence = _l("The answer to its sender has left, so it stays rejected.")


def decide(ids: Collection[int], decision: Decision, standing: Standing, *, by: Account) -> BulkAct:
    """Decide about each letter that this account may decide about; answers what became of them."""
    done = [_decided(id_, decision, standing) for id_ in list(dict.fromkeys(ids))[:MOST]]
    with transaction():
        act = BulkAct(account_id=by.id, before=done)
        db.session.add(act)
    return act


def take_back(act_id: int, standing: Standing, *, by: Account) -> BulkAct:
    """Let the rejected letters of the act wait again. Raises TooLateToUndo."""
    act = bulk_act(act_id, by)
    rows = [_taken_back(row, standing, by) if row.get("undo") else row for row in act.before]
    with transaction():
        db.session.get_one(BulkAct, act_id).before = rows
    return act


def entries(act: BulkAct) -> dict[int, JournalEntry]:
    """The letters that the act was about, by id."""
    query = select(JournalEntry).where(JournalEntry.id.in_([row["letter"] for row in act.before]))
    return {entry.id: entry for entry in db.session.scalars(query)}


def _decided(id_: int, decision: Decision, standing: Standing) -> dict[str, Any]:
    """One letter's result, as it is kept and shown."""
    try:
        with transaction():
            entry = _held(id_, standing)
            reason = entry.reason
            made = decision(entry)
            found: dict[str, Any] = {"letter": id_, "ticket": made.number if isinstance(made, Ticket) else None}
            if entry.outcome == Outcome.REJECTED and entry.settled_at:
                owed = made.id if isinstance(made, Letter) else None
                found["undo"] = {"reason": reason, "at": entry.settled_at.isoformat(), "owed": owed}
            return found
    except NotFound:
        return {"letter": id_, "refused": _("It is not there, or is not yours to decide.")}
    except BrokenRule as error:
        return {"letter": id_, "refused": str(error)}


def _held(id_: int, standing: Standing) -> JournalEntry:
    query = select(JournalEntry).where(JournalEntry.id == id_, sees_journal(standing))
    entry = db.session.scalars(query).one_or_none()
    if entry is None or not by_hand.may_decide(standing, entry):
        raise NotFound
    return by_hand.undecided(id_)


def _taken_back(row: dict[str, Any], standing: Standing, by: Account) -> dict[str, Any]:
    try:
        with transaction():
            entry = db.session.get_one(JournalEntry, row["letter"], with_for_update={"of": JournalEntry})
            db.session.refresh(entry)
            if not by_hand.may_decide(standing, entry):
                raise DecidedSince
            _put_back(entry, row["undo"])
            write_down(AuditKind.LETTER_TAKEN_BACK, by=by, about=f"{entry.id}: {entry.sender or ''}")
    except BrokenRule as error:
        return {**row, "undo": None, "refused": str(error)}
    return {"letter": row["letter"], "waits": True}


def _put_back(entry: JournalEntry, before: dict[str, Any]) -> None:
    """Raises DecidedSince, AnswerHasLeft."""
    is_same = entry.settled_at == datetime.fromisoformat(before["at"])
    if entry.outcome != Outcome.REJECTED or entry.reason != reasons.BY_HAND or not is_same:
        raise DecidedSince
    if before["owed"]:
        _withhold(before["owed"])
    entry.outcome, entry.reason, entry.evidence = Outcome.NOT_SURE, before["reason"], (entry.evidence or [])[:-1]


def _withhold(letter_id: int) -> None:
    """Owe the answer no more. Raises AnswerHasLeft, also while it is on its way."""
    waiting = delete(outbox).where(outbox.c.letter_id == letter_id, outbox.c.claimed_until.is_(None))
    if not db.session.execute(waiting.where(outbox.c.attempts == 0)).rowcount:  # type: ignore[attr-defined]
        raise AnswerHasLeft
    letter = db.session.get_one(Letter, letter_id)
    letter.state, letter.last_error = SUPPRESSED, _("The letter that it answers waits again.")
