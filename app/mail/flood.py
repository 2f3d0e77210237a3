"""How many automatic letters an address gets: whoever forges a sender must not make us flood a victim, nor two
machines answer each other for ever (attack cases O41, O43)."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.models.account import Account
from app.models.event import SUPPRESSED, Letter
from app.models.ticket import Ticket
from app.models.types import utc_now

WHILE = timedelta(hours=1)
MOST_TO_A_STRANGER = 5
MOST_TO_A_CUSTOMER = 30  # somebody who has shown that the address is his
LOOP_WITHIN = timedelta(minutes=10)
MOST_IN_A_LOOP = 2  # tickets that were answered: with the invitation at first that makes three letters
AUTOMATIC = ("acknowledgement", "invitation", "confirm_call", "confirm_again", "too_large", "new_link")


class Flood:
    """What some accounts were owed automatically of late, counted in one statement."""

    def __init__(self, accounts: Collection[Account]) -> None:
        recent = (
            select(Letter.account_id, Letter.created_at, Letter.ticket_id, Ticket.subject)
            .join(Letter.ticket, isouter=True)
            .where(
                Letter.account_id.in_({account.id for account in accounts}),
                Letter.template.in_(AUTOMATIC),
                Letter.state != SUPPRESSED,
                Letter.created_at > utc_now() - WHILE,
            )
        )
        rows = db.session.execute(recent).all() if accounts else []
        self._recent: dict[int, list[Any]] = defaultdict(list)
        for row in rows:
            self._recent[row.account_id].append(row)
        self._alike: dict[tuple[int, str], set[int]] = defaultdict(set)  # tickets of this batch
        self._owed = Counter(row.account_id for row in rows)

    def goes_round(self, account: Account, ticket: Ticket) -> bool:
        """Whether a machine answers us: shortly after each of our automatic letters another ticket came from a
        stranger, and their subjects differ by numbers only. When ours was sent is not asked: a quick machine answers
        before that is written down."""
        alike = [
            row
            for row in self._recent.get(account.id, ())
            if ticket.arrived_at - LOOP_WITHIN < row.created_at
            and _without_numbers(row.subject or "") == _without_numbers(ticket.subject)
        ]
        here = self._alike[account.id, _without_numbers(ticket.subject)]
        answered = ({row.ticket_id for row in alike} | here) - {ticket.id}
        follows = any(row.created_at < ticket.arrived_at for row in alike)
        here.add(ticket.id)
        return not account.is_registered and follows and len(answered) >= MOST_IN_A_LOOP

    def carries_away(self, account: Account) -> bool:
        """Whether one more would be too many; one that is not too many is counted."""
        most = MOST_TO_A_CUSTOMER if account.is_registered else MOST_TO_A_STRANGER
        if self._owed[account.id] >= most:
            return True
        self._owed[account.id] += 1
        return False


def _without_numbers(subject: str) -> str:
    return re.sub(r"\d+", "", subject)
