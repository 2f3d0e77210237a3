"""Signed-in browsers are rows: ending one ends it at once, copied cookie or not."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from functools import cache
from typing import Any

from flask import Flask, g, request, session
from flask_login import user_logged_out
from flask_security import password_changed, user_authenticated
from flask_security.utils import set_request_attr
from sqlalchemy import Select, bindparam, delete, select
from sqlalchemy.orm import aliased, contains_eager

from app.accounts.choices import second_step_wanted
from app.events.audit import AuditKind, write_down
from app.events.transaction import aside
from app.extensions import db
from app.models.account import Account, AccountSession, with_roles
from app.models.types import utc_now

TOKEN = "bilety_session"  # noqa: S105 the name of a key, not a secret
SEEN_EVERY = timedelta(minutes=5)
LONGEST_ABSENCE = timedelta(days=14)


def init_app(app: Flask) -> None:
    """Load the account of a request by its session row, and keep rows in step with signing in and out."""
    manager: Any = app.login_manager  # type: ignore[attr-defined]  # Flask-Login adds it
    manager.user_loader(load_account)
    # Flask-Security would look for a token of its own in every request's body; there are none.
    manager.request_loader(lambda _request: None)
    user_authenticated.connect(_begin, app)
    user_logged_out.connect(_end, app)
    password_changed.connect(_end_others, app)


def load_account(stamp: str) -> Account | None:
    """The account whose session this cookie carries, with its roles, in one statement; None when it has ended."""
    token = session.get(TOKEN)
    if not token or not stamp or _brings_token():
        return None
    asked = {"token": hash_of(token), "stamp": stamp}
    row, wanted = db.session.execute(_by_cookie(), asked).unique().one_or_none() or (None, None)
    if row is None or row.last_seen_at < utc_now() - LONGEST_ABSENCE:
        return None
    _remember_seen(row)
    g.second_step_wanted = bool(wanted)
    set_request_attr("fs_authn_via", "session")  # Flask-Security's own doors ask how somebody came in, and when.
    set_request_attr("fs_paa", session.get("fs_paa", 0))
    return _seen_as(row)


@cache
def _by_cookie() -> Select[AccountSession, bool]:
    """Every request asks this, and building it takes longer than its answer."""
    viewed = aliased(Account)
    query = (
        select(AccountSession, second_step_wanted())
        .join(AccountSession.account)
        .outerjoin(AccountSession.viewing.of_type(viewed))
        .where(AccountSession.token_hash == bindparam("token"))
        .where(Account.fs_uniquifier == bindparam("stamp"), Account.active)
    )
    query = with_roles(query, Account, contains_eager(AccountSession.account))
    return with_roles(query, viewed, contains_eager(AccountSession.viewing.of_type(viewed)))


def _seen_as(row: AccountSession) -> Account:
    """The session's account, or the customer as whom an administrator views the portal (app/accounts/viewing.py)."""
    viewed = row.viewing
    if viewed is None or not viewed.active or viewed.role_kinds != {"customer"}:
        return row.account
    if "administrator" not in row.account.role_kinds:
        return row.account
    g.viewed_by = row.account
    return viewed


def _brings_token() -> bool:
    """Whether a program asks: it is whom its token names, whatever cookie comes along."""
    return request.path.startswith("/api/") and request.headers.get("Authorization", "").lower().startswith("bearer ")


def end_all(account: Account) -> None:
    """End every session and every token (JWT) of the account."""
    account.end_tokens()
    db.session.execute(delete(AccountSession).where(AccountSession.account_id == account.id))


def of(account: Account) -> list[tuple[AccountSession, bool]]:
    """The account's signed-in browsers, the last used first, and which of them is this one."""
    query = select(AccountSession).where(AccountSession.account_id == account.id)
    rows = db.session.scalars(query.order_by(AccountSession.last_seen_at.desc(), AccountSession.id.desc()).limit(50))
    return [(row, row.token_hash == hash_of(session.get(TOKEN, ""))) for row in rows]


def end(account: Account, pk: int) -> bool:
    """End one session of the account; whether it had that one."""
    mine = select(AccountSession).where(AccountSession.id == pk, AccountSession.account_id == account.id)
    row = db.session.scalars(mine).one_or_none()
    if row is None:
        return False
    write_down(AuditKind.SESSION_ENDED, about=account.email, browser=row.user_agent, address=row.address)
    db.session.delete(row)
    return True


def end_others(account: Account) -> int:
    """End every session of the account but this one, and every token; answers how many sessions."""
    account.end_tokens()
    others = delete(AccountSession).where(
        AccountSession.account_id == account.id, AccountSession.token_hash != hash_of(session.get(TOKEN, ""))
    )
    ended: Any = db.session.execute(others)
    count = int(ended.rowcount)
    if count:
        write_down(AuditKind.SESSION_ENDED, by=account, about=account.email, count=count)
    return count


def _begin(_app: Flask, user: Account, authn_via: list[str] | None = None, **_rest: Any) -> None:
    token = secrets.token_urlsafe(32)
    session[TOKEN] = token
    session.permanent = True
    db.session.add(
        AccountSession(
            token_hash=hash_of(token),
            account_id=user.id,
            address=request.remote_addr,
            user_agent=(request.user_agent.string or "")[:400],
        )
    )
    write_down(AuditKind.SIGNED_IN, by=user, how=authn_via or ["second factor"])
    db.session.commit()


def _end(_app: Flask, user: Account, **_rest: Any) -> None:
    token = session.pop(TOKEN, None)
    if token:
        write_down(AuditKind.SIGNED_OUT, by=user)
        db.session.execute(delete(AccountSession).where(AccountSession.token_hash == hash_of(token)))
        db.session.commit()


def _end_others(_app: Flask, user: Account, **_rest: Any) -> None:
    """Their cookies ended with the old stamp; their rows go too."""
    end_others(user)


def _remember_seen(row: AccountSession) -> None:
    now = utc_now()
    if row.last_seen_at < now - SEEN_EVERY and request.method == "GET" and request.endpoint != "static":
        session.modified = True  # The cookie lives on with the row.
        aside(lambda: setattr(row, "last_seen_at", now))


def hash_of(token: str) -> str:
    """What is kept of a session's token."""
    return hashlib.sha256(token.encode()).hexdigest()
