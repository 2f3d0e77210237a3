"""Letters about one ticket reach a reader in the order in which they were written; no other letter waits for them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select, update
from sqlalchemy.orm import aliased
from sqlalchemy.sql.dml import ReturningUpdate

from app.events.outbox import Item, NotBegun
from app.events.transaction import wake_after_commit
from app.events.wake import LETTERS
from app.extensions import db
from app.models.event import WAITING, Letter
from app.models.tables import outbox

SOON = timedelta(seconds=5)  # until a letter is looked at again whose earlier one is on its way by another worker


class EarlierFirst(NotBegun):
    """An earlier letter about the ticket has not left yet."""


def in_turn(items: Sequence[Item], at_once: int) -> Iterator[list[Item]]:
    """The items in groups of at most so many, in which nobody has two letters about the same ticket."""
    query = select(Letter.id, Letter.ticket_id, Letter.account_id).where(
        Letter.id.in_({item.letter_id for item in items})
    )
    threads = {id_: (ticket, reader) for id_, ticket, reader in db.session.execute(query) if ticket}
    left = list(items)
    while left:
        taken: dict[object, Item] = {}
        for item in left:
            taken.setdefault(threads.get(item.letter_id or 0, item.id), item)
            if len(taken) == at_once:
                break
        yield list(taken.values())
        gone = {item.id for item in taken.values()}
        left = [item for item in left if item.id not in gone]


def not_their_turn(letter_ids: Collection[int], now: datetime) -> dict[int, Exception | None]:
    """Those of the letters that wait, and until when: an earlier one of the same ticket to the same reader is due or
    was tried, and neither sent nor given up. One that is put off on purpose, untried, holds up none."""
    rows = db.session.execute(_preceded(), {"letters": list(letter_ids), "now": now})
    said = _("An earlier letter about this ticket goes first.")
    return {id_: EarlierFirst(said, until=max(due, now + SOON)) for id_, due in rows}


@cache
def _preceded() -> Select[int, datetime]:
    earlier = aliased(Letter)
    return (
        select(Letter.id, func.max(outbox.c.due_at))
        .join(earlier, and_(_precedes(earlier), earlier.state == WAITING))
        .join(outbox, and_(outbox.c.letter_id == earlier.id, outbox.c.due_at.is_not(None)))
        .where(
            Letter.id.in_(bindparam("letters", expanding=True)),
            or_(earlier.attempts > 0, outbox.c.due_at <= bindparam("now")),
        )
        .group_by(Letter.id)
    )


def let_follow(letter_ids: Collection[int], now: datetime) -> None:
    """These letters have left or were given up: what another worker put off for them shortly is due at once."""
    said = {"letters": list(letter_ids), "now": now, "soon": now + SOON}
    if db.session.scalars(_released(), said).all():
        wake_after_commit(LETTERS)


@cache
def _released() -> ReturningUpdate[int]:
    earlier, now = aliased(Letter), bindparam("now", type_=outbox.c.due_at.type)
    follows = and_(_precedes(earlier), earlier.id.in_(bindparam("letters", expanding=True)))
    followers = select(Letter.id).join(earlier, follows).where(Letter.state == WAITING)
    shortly = and_(outbox.c.due_at > now, outbox.c.due_at <= bindparam("soon"), outbox.c.attempts == 0)
    return (
        update(outbox)
        .where(outbox.c.letter_id.in_(followers), shortly, outbox.c.claimed_until.is_(None))
        .values(due_at=now)
        .returning(outbox.c.id)
    )


def _precedes(earlier: type[Letter]) -> ColumnElement[bool]:
    """It was written before Letter, about the same ticket and to the same reader."""
    return and_(earlier.ticket_id == Letter.ticket_id, earlier.account_id == Letter.account_id, earlier.id < Letter.id)
