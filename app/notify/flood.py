"""How many automatic letters an address gets: whoever forges a sender must not make us flood a victim, nor two
machines answer each other for ever (attack cases O41, O43)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import func, select

from app.extensions import db
from app.models.account import Account
from app.models.event import SUPPRESSED, Letter
from app.models.types import utc_now

WHILE = timedelta(hours=1)
MOST_TO_A_STRANGER = 5
MOST_TO_A_CUSTOMER = 30  # somebody who has shown that the address is his
AUTOMATIC = ("acknowledgement", "invitation", "confirm_call", "confirm_again")


class Flood:
    """What some accounts were owed automatically of late, counted in one statement."""

    def __init__(self, accounts: Collection[Account]) -> None:
        recent = (
            select(Letter.account_id, func.count())
            .where(
                Letter.account_id.in_({account.id for account in accounts}),
                Letter.template.in_(AUTOMATIC),
                Letter.state != SUPPRESSED,
                Letter.created_at > utc_now() - WHILE,
            )
            .group_by(Letter.account_id)
        )
        self._owed = Counter({row[0]: row[1] for row in db.session.execute(recent)}) if accounts else Counter()

    def carries_away(self, account: Account) -> bool:
        """Whether one more would be too many; one that is not too many is counted."""
        most = MOST_TO_A_CUSTOMER if account.is_registered else MOST_TO_A_STRANGER
        if self._owed[account.id] >= most:
            return True
        self._owed[account.id] += 1
        return False
