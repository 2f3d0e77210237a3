"""Which SECRET_KEY belongs to the database: a mark of it is kept there, and no process serves it with another one.

Cookies, links, receipts, passwords and sealed secrets all rest on the key. Two machines with different ones would sign
each other's people out, refuse their passwords and read no secret of the other, each time at another page.
Light: no Flask.
"""

from __future__ import annotations

import hashlib
import hmac

from sqlalchemy import Engine, column, inspect, table
from sqlalchemy.exc import IntegrityError

import config

PURPOSE = b"bilety: mark of SECRET_KEY"
NAME = "secret_key"
SETTING = table("desk_setting", column("name"), column("value"))


def mark_of(key: str) -> str:
    """What is kept of the key: nobody finds the key by it (HMAC-SHA-256, RFC 2104; a key has 32 characters or more)."""
    return hmac.new(key.encode(), PURPOSE, hashlib.sha256).hexdigest()


def is_known(engine: Engine, key: str) -> bool:
    """Whether that is the database's key. Where none is known yet, it is from now on."""
    if not inspect(engine).has_table(SETTING.name):
        return True  # before the first `run.py init`
    kept = _kept(engine)
    if kept is None:
        _keep(engine, key)
        kept = _kept(engine)
    return hmac.compare_digest(kept or "", mark_of(key))


def replace(engine: Engine, key: str) -> None:
    """That is the database's key from now on."""
    with engine.begin() as connection:
        connection.execute(SETTING.delete().where(SETTING.c.name == NAME))
        connection.execute(SETTING.insert().values(name=NAME, value=mark_of(key)))


def complaint(engine: Engine, settings: config.Settings) -> str | None:
    """What to do when this machine has another key than the database knows, in one sentence."""
    if is_known(engine, settings.secret_key):
        return None
    if settings.given_secret:
        here = "SECRET_KEY is"
    else:
        here = f"No SECRET_KEY is set, and that in {settings.data / config.SECRET_FILE} is"
    return (
        f"{here} not the one that this database belongs to: give this machine the key of the others, "
        "or run `python run.py key --replace` once if you have changed it on purpose."
    )


def _kept(engine: Engine) -> str | None:
    with engine.connect() as connection:
        value: str | None = connection.scalar(
            SETTING.select().with_only_columns(SETTING.c.value).where(SETTING.c.name == NAME)
        )
    return value


def _keep(engine: Engine, key: str) -> None:
    """Of machines that begin at the same moment the first one wins."""
    try:
        with engine.begin() as connection:
            connection.execute(SETTING.insert().values(name=NAME, value=mark_of(key)))
    except IntegrityError:
        pass
