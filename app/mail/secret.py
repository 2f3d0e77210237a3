"""The secret of an account on a mail server, opened when it is needed. Light: no Flask."""

from __future__ import annotations

from app.mail.trouble import Trouble, Troubled
from app.mail.ways import Account
from app.sealed import Unreadable, unseal


def opened(account: Account, key: str) -> str:
    """The account's secret; `key` is SECRET_KEY. Raises Troubled."""
    try:
        return unseal(account.secret, key) if account.secret else ""
    except Unreadable as error:
        raise Troubled(Trouble.SECRET) from error
