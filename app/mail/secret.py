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


def outlook_token(account: Account, key: str) -> str:
    """A token for IMAP, POP3 or SMTP of Microsoft 365 (XOAUTH2). Raises Troubled."""
    from app.mail import tokens  # heavy, and few need it

    with tokens.Session() as session:
        return tokens.Tokens(account, key, session).token(tokens.OUTLOOK)
