"""API keys: made by their owner in a browser, shown once, kept as hashes, ended by their owner or an administrator.

A key is random and long, so a fast hash keeps it as safe as a slow one would; what is asked at every request must be
fast.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache, partial

from flask import Response, after_this_request, g, request
from flask_babel import lazy_gettext as _l
from sqlalchemy import BindParameter, Select, and_, bindparam, delete, func, or_, select
from sqlalchemy.orm import contains_eager

from app.accounts import limits
from app.accounts.choices import lacks_second_step, second_step_wanted
from app.accounts.errors import AccountError, KeyMayOnlyRead, KeyOnlyForContent, SecondFactorMissing
from app.events.audit import AuditKind, write_down
from app.events.record import owe_letter
from app.events.transaction import aside, transaction
from app.extensions import db
from app.models.account import Account, with_roles
from app.models.account_key import ASKED_WITHIN, AccountKey, Scope
from app.models.types import UtcDateTime, utc_now

PREFIX = "bilety_"  # by which a program that looks for leaked secrets knows it
LIVES = {30: timedelta(days=30), 90: timedelta(days=90), 365: timedelta(days=365)}
MOST_KEYS = 20
KEPT_AFTER = timedelta(days=30)
SEEN_EVERY = timedelta(minutes=1)
LONGEST_KEY = 100
OVERLAP = timedelta(days=1)  # in which programs change from the old text of a key to the new one
FOR_CONTENT = ("/api/v1/content/", "/api/v1/entry/", "/api/v1/text/")
READING = ("GET", "HEAD", "OPTIONS")


class NameTaken(AccountError):
    sentence = _l("You have a key of this name already. Every key needs a name of its own.")


class TooManyKeys(AccountError):
    sentence = _l("You have 20 keys, and nobody needs more. Revoke one that is not used.")


def make(
    account: Account, *, name: str, scope: Scope, lives: timedelta, content_types: Sequence[str] | None = None
) -> tuple[AccountKey, str]:
    """A new key and its text, which nobody can tell again. Its owner hears of it by letter.

    With `content_types` it opens nothing but content of these. Raises NameTaken, TooManyKeys.
    """
    mine = select(AccountKey.name).where(AccountKey.account_id == account.id)
    names = db.session.scalars(mine).all()
    if name in names:
        raise NameTaken
    if len(names) >= MOST_KEYS:
        raise TooManyKeys
    text = _new_text()
    key = AccountKey(
        account_id=account.id,
        name=name,
        key_hash=_hash(text),
        hint=_hint(text),
        scope=scope,
        content_types=list(content_types) if content_types else None,
        expires_at=utc_now() + lives,
    )
    db.session.add(key)
    scopes = " ".join((str(scope), *(content_types or ())))
    write_down(AuditKind.KEY_MADE, by=account, about=account.email, name=name, scopes=scopes)
    owe_letter("key_made", account=account, reason="account")
    return key, text


def rotate(key: AccountKey) -> str:
    """A new text for the key, good as long as the key was made for; the old one is good for another day."""
    text = _new_text()
    key.old_hash, key.old_until = key.key_hash, min(key.expires_at, utc_now() + OVERLAP)
    key.expires_at = utc_now() + (key.expires_at - key.created_at)
    key.key_hash, key.hint, key.created_at = _hash(text), _hint(text), utc_now()
    write_down(AuditKind.KEY_MADE, by=key.account, about=key.account.email, name=key.name, scopes=key.scope)
    owe_letter("key_made", account=key.account, reason="account")
    return text


def allows(content_type: str) -> bool:
    """Whether the key by which this request came in, if one did, opens content of the type."""
    types = allowed_types()
    return types is None or content_type in types


def allowed_types() -> Sequence[str] | None:
    """The only content types that this request's key opens; None where it came in otherwise, or the key opens all."""
    return g.account_key.content_types if "account_key" in g else None


def note_fields(field_ids: Iterable[str]) -> None:
    """Write down that this request's key, if it came in by one, asked for these fields by their names: once a day."""
    if "account_key" not in g:
        return
    today, known = _day(utc_now()), g.account_key.asked_fields or {}
    fresh = {field_id: today for field_id in field_ids if known.get(field_id) != today}
    if fresh:
        after_this_request(partial(_keep_asked, g.account_key.id, fresh))


def _keep_asked(key_id: int, fresh: Mapping[str, str], answer: Response) -> Response:
    db.session.rollback()  # whatever the request has left
    since = _day(utc_now() - ASKED_WITHIN)
    with transaction():
        key = db.session.get(AccountKey, key_id)
        if key is not None:
            lately = {each: day for each, day in (key.asked_fields or {}).items() if day >= since}
            key.asked_fields = {**lately, **fresh}
    return answer


def _day(moment: datetime) -> str:
    return moment.date().isoformat()


def revoke(key: AccountKey) -> None:
    """End a key at once; what it was is told by the audit log."""
    write_down(AuditKind.KEY_ENDED, about=key.account.email, name=key.name)
    db.session.delete(key)


def of(account: Account) -> Sequence[AccountKey]:
    """The account's keys, by name."""
    query = select(AccountKey).where(AccountKey.account_id == account.id).order_by(func.lower(AccountKey.name))
    return db.session.scalars(query).all()


def end_all(account: Account) -> None:
    """End every key of the account."""
    db.session.execute(delete(AccountKey).where(AccountKey.account_id == account.id))


def forget_expired() -> None:
    """Remove the rows of keys that expired long ago."""
    db.session.execute(delete(AccountKey).where(AccountKey.expires_at < utc_now() - KEPT_AFTER))


def let_in(text: str) -> Account | None:
    """The account on whose behalf this request's key asks, with its roles; None for a key that is good no more.

    Notes when the key was used. Raises KeyMayOnlyRead, KeyOnlyForContent, SecondFactorMissing, and 429 for who guesses
    or asks too much.
    """
    limits.refuse_guessing()
    asked = {"key": _hash(text[:LONGEST_KEY]), "now": utc_now()}
    key, wanted = db.session.execute(_by_hash(), asked).unique().one_or_none() or (None, None)
    if key is None or not key.account.is_registered:
        limits.count_guess()
        return None
    if lacks_second_step(key.account, wanted=bool(wanted)):
        raise SecondFactorMissing
    limits.count_call(key.id)
    if key.scope != Scope.WRITE and request.method not in READING:
        raise KeyMayOnlyRead
    if key.content_types is not None and not request.path.startswith(FOR_CONTENT):
        raise KeyOnlyForContent
    _remember_used(key)
    g.account_key = key
    return key.account


def _remember_used(key: AccountKey) -> None:
    now = utc_now()
    if key.last_used_at is None or key.last_used_at < now - SEEN_EVERY:
        aside(lambda: _used(key, now))


def _used(key: AccountKey, now: datetime) -> None:
    key.last_used_at, key.last_address = now, request.remote_addr


@cache
def _by_hash() -> Select[AccountKey, bool]:
    """By the key's text, or the one before it while that is still good."""
    text_hash: BindParameter[str] = bindparam("key")
    now = bindparam("now", type_=UtcDateTime)
    known = or_(AccountKey.key_hash == text_hash, and_(AccountKey.old_hash == text_hash, AccountKey.old_until > now))
    query = (
        select(AccountKey, second_step_wanted())
        .join(AccountKey.account)
        .where(known, AccountKey.expires_at > now, Account.active)
    )
    return with_roles(query, at=contains_eager(AccountKey.account))


def _new_text() -> str:
    return PREFIX + secrets.token_urlsafe(32)


def _hint(text: str) -> str:
    return text[: len(PREFIX) + 4]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
