"""One act on many tickets: each in its own transaction, so one that cannot be done holds up no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from flask import session
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import delete

from app.access import NotFound, Right, Standing, get_ticket
from app.desk.errors import DeskError
from app.desk.undoing import UNDO_WITHIN, bulk_act, remembering, undo
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.beside import BulkAct
from app.models.ticket import Ticket
from app.models.types import utc_now

MOST_TICKETS = 100
LAST = "last_bulk_act"  # in the browser's session: the act's id, and when it was


@dataclass
class Outcome:
    """How many tickets the act reached, and why it did not reach the others."""

    done: int = 0
    refused: list[str] = field(default_factory=list)

    def sentences(self) -> list[tuple[str, str]]:
        """What to tell the consultant, each with its kind of flash message."""
        done = ngettext("%(num)d ticket was changed.", "%(num)d tickets were changed.", self.done)
        told = [(done, "success")] if self.done else []
        return told + [(sentence, "warning") for sentence in self.refused]


def on_each(
    numbers: Iterable[int],
    standing: Standing,
    act: Callable[[Ticket], None],
    *,
    by: Account,
    first: Callable[[Ticket], object] | None = None,
) -> Outcome:
    """Perform the act on each ticket that this account may handle. The browser remembers how to undo it, without what
    was done `first`."""
    kept: list[dict[str, Any]] = []
    chosen = list(dict.fromkeys(numbers))[:MOST_TICKETS]
    remembered = remembering(act, kept)

    def perform(ticket: Ticket) -> None:
        if first is not None:
            first(ticket)
        remembered(ticket)

    outcome = _each(chosen, standing, lambda _number: perform)
    if kept:
        with transaction():
            done = BulkAct(account_id=by.id, before=kept)
            db.session.add(done)
            db.session.flush()
            session[LAST] = [done.id, int(utc_now().timestamp())]
    return outcome


def can_be_undone() -> bool:
    """Whether this browser's last act on many tickets is young enough."""
    _act_id, at = session.get(LAST) or (0, 0)
    return utc_now().timestamp() - at < UNDO_WITHIN.total_seconds()


def undo_last(standing: Standing, *, by: Account) -> Outcome:
    """Make each ticket what it was before. Raises TooLateToUndo."""
    act_id, _at = session.pop(LAST, None) or (0, 0)
    kept = {row["number"]: row for row in bulk_act(act_id, by).before}
    partly: list[int] = []
    with transaction():
        db.session.execute(delete(BulkAct).where(BulkAct.id == act_id))

    def act_of(number: int) -> Callable[[Ticket], None]:
        def act(ticket: Ticket) -> None:
            if not undo(ticket, kept[number]["before"], kept[number]["after"], by=by):
                partly.append(number)

        return act

    outcome = _each(kept, standing, act_of)
    outcome.refused += [_("Ticket #%(number)s: only a part could be put back.", number=number) for number in partly]
    return outcome


def _each(numbers: Iterable[int], standing: Standing, act_of: Callable[[int], Callable[[Ticket], None]]) -> Outcome:
    outcome = Outcome()
    for number in numbers:
        try:
            with transaction():
                act_of(number)(get_ticket(db.session(), standing, number, may=Right.HANDLE, lock=True))
            outcome.done += 1
        except NotFound:
            outcome.refused.append(_("Ticket #%(number)s is not there, or is not yours to change.", number=number))
        except DeskError as error:
            outcome.refused.append(_("Ticket #%(number)s: %(reason)s", number=number, reason=str(error)))
    return outcome
