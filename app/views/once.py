"""What is asked twice is done once: a row holds the answer, made in the transaction of what it answers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.models.answer import KEPT_FOR, KeptAnswer
from app.models.types import utc_now

LONGEST_KEY = 100  # of a form's own


def form_key(key: str, said: Iterable[object]) -> str:
    """The same for one form with the same words and files: who goes back and writes more has another report."""
    digest = hashlib.sha256("\n".join(map(str, said)).encode()).hexdigest()
    return f"form {key[:LONGEST_KEY]} {digest}"


def claimed(account_id: int, key: str, fingerprint: str) -> tuple[KeptAnswer, bool]:
    """The row of this account's key, and whether it was made now; who comes meanwhile waits for its transaction."""
    mine = (KeptAnswer.account_id == account_id, KeptAnswer.key == key)
    db.session.execute(delete(KeptAnswer).where(*mine, KeptAnswer.created_at < utc_now() - KEPT_FOR))
    row = KeptAnswer(account_id=account_id, key=key, fingerprint=fingerprint)
    try:
        with db.session.begin_nested():  # PostgreSQL waits here for a request that holds the same key.
            db.session.add(row)
    except IntegrityError:
        return db.session.scalars(select(KeptAnswer).where(*mine)).one(), False
    return row, True
