"""The parts that Bilety needs, looked at one by one; the doctor and /readyz ask the same questions."""

from __future__ import annotations

import platform
import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

import config
from app import known_key
from app.accounts.appointing import has_administrator
from app.events.wake import INDEX, QUEUES, counted, unserved
from app.extensions import db
from app.mail import trouble_words
from app.mail.balance import silences
from app.mail.check import check
from app.mail.connections import account, days_left
from app.mail.smtp import account_of_settings
from app.mail.ways import Account
from app.models import migrate
from app.models.event import Letter
from app.models.mail_connection import MailConnection, SignIn
from app.models.tables import journal, outbox
from app.models.ticket import Message
from app.models.types import utc_now
from app.search.engine import FAILED
from app.search.engine import engine as search_engine

LEAST_FREE = 500 * 2**20
MONTH = 30
LATE = timedelta(minutes=15)
MOST_FOR_WHOOSH = 100_000  # messages; docs/search.md has the figures
SQLITE_RULES = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


@dataclass(frozen=True)
class Finding:
    """What was seen of one part; `mend` says what to do when it is not well."""

    part: str
    well: bool
    seen: str
    mend: str = ""


def needed() -> Iterator[Finding]:
    """The parts without which no page or letter can be served."""
    yield database()
    yield schema()
    yield valkey()
    yield files()


def everything() -> Iterator[Finding]:
    """All that the doctor looks at. Parts that rest on a broken one are left out."""
    base = list(needed())
    yield python()
    yield from base
    yield zone()
    yield outgoing_mail()
    yield intake_port()
    if base[0].well and base[1].well:
        yield secret_key()
        yield administrator()
        yield sqlite_rules()
        yield search_index()
        yield waiting_letters()
        yield silent_mailboxes()
        yield outbox_late()
        yield failed_letters()
        yield from mail_connections()
    if base[2].well:
        yield workers()


def database() -> Finding:
    shown = config.without_password(_settings().database_url)
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        db.session.rollback()
        return Finding("database", False, str(error.__cause__ or error).strip(), _("Start it or mend DATABASE_URL."))
    return Finding("database", True, shown)


def schema() -> Finding:
    try:
        current, newest = migrate.current(db.engine), migrate.newest()
    except SQLAlchemyError as error:
        return Finding("schema", False, str(error.__cause__ or error).strip(), _("Mend the database first."))
    seen = f"{current or '-'} / {newest}"
    return Finding("schema", current == newest, seen, "" if current == newest else _("Run `python run.py init`."))


def secret_key() -> Finding:
    """Whether this machine has the key of the others, so that what they sign and seal is read here."""
    if known_key.is_known(db.engine, _settings().secret_key):
        return Finding("secret key", True, _("that of the database"))
    mend = _("Give this machine the SECRET_KEY of the others, or run `python run.py key --replace` if it was changed.")
    return Finding("secret key", False, _("another one than that of the database"), mend)


def administrator() -> Finding:
    """Whether somebody may set up the desk and let others in."""
    if has_administrator():
        return Finding("administrator", True, _("there is one"))
    return Finding("administrator", False, _("none"), _("Run `python run.py administrator ADDRESS`."))


def valkey() -> Finding:
    try:
        _redis().ping()
    except RedisError as error:
        return Finding("valkey", False, str(error), _("Start `python run.py`, or the server that REDIS_URL names."))
    return Finding("valkey", True, config.without_password(_settings().redis_url))


def files() -> Finding:
    folder = _settings().data
    try:
        free = shutil.disk_usage(folder).free
        probe = folder / ".probe"
        probe.touch()
        probe.unlink()
    except OSError as error:
        return Finding("files", False, str(error), _("Mend the rights of BILETY_DATA."))
    mend = "" if free > LEAST_FREE else _("Make room: less than 500 MiB are free.")
    return Finding("files", not mend, f"{folder}, {free // 2**20} MiB", mend)


def zone() -> Finding:
    try:
        ZoneInfo("Europe/Warsaw")
    except ZoneInfoNotFoundError:
        return Finding("time zones", False, "Europe/Warsaw", _("Install the system's time zone data, or `tzdata`."))
    return Finding("time zones", True, "Europe/Warsaw")


def outgoing_mail() -> Finding:
    settings = _settings()
    relay = account_of_settings(settings)
    if relay is None:
        return Finding("outgoing mail", True, _("kept in %(folder)s", folder=settings.outgoing))
    return _tested("outgoing mail", relay, settings.secret_key)


def mail_connections() -> Iterator[Finding]:
    """The accounts of mailboxes on other servers, each tried step by step."""
    for row in db.session.scalars(select(MailConnection).where(MailConnection.active).order_by(MailConnection.id)):
        part = f"{row.mailbox.name} ({row.direction})"
        yield _tested(part, account(row), _settings().secret_key)
        days = days_left(row)
        if days is not None and days <= MONTH:
            if row.signs_in == SignIn.USER:
                mend = _("The consent of the user ends: let him sign in again on the mailbox's page.")
                yield Finding(part, False, f"{days} d", mend)
            else:
                yield Finding(part, False, str(row.secret_expires_on), _("The client secret ends: ask for a new one."))


def _tested(part: str, reached: Account, key: str) -> Finding:
    """Which steps were taken, and what the last one met."""
    taken = check(reached, key)
    names = ", ".join(f"{each.step} {'--' if each.trouble else 'ok'}" for each in taken)
    last = taken[-1]
    seen = f"{reached.host}:{reached.port}: {names}"
    return Finding(part, not last.trouble, seen, trouble_words.told(last.trouble, last.said) if last.trouble else "")


def intake_port() -> Finding:
    settings = _settings()
    address = f"{settings.intake_host}:{settings.intake_port}"
    try:
        with socket.create_connection((settings.intake_host, settings.intake_port), timeout=2):
            return Finding("mail intake", True, address)
    except OSError as error:
        return Finding("mail intake", False, f"{address}: {error}", _("Start `python run.py intake`."))


def waiting_letters() -> Finding:
    """Letters that nobody has read yet."""
    late = db.session.scalar(
        select(func.count()).where(journal.c.outcome == "waiting", journal.c.arrived_at < utc_now() - LATE)
    )
    mend = _("Letters wait for too long: look whether a worker runs.") if late else ""
    return Finding("journal", not late, str(late), mend)


def silent_mailboxes() -> Finding:
    """Mailboxes of which nothing was read for longer than their setting allows."""
    silent = [each.mailbox.address for each in silences() if each.too_long]
    mend = _(
        "Nothing was read from these mailboxes for too long: test their connections, and look at your mail server."
    )
    return Finding("mailboxes", not silent, ", ".join(silent) or "-", mend if silent else "")


def outbox_late() -> Finding:
    """Effects that are owed for too long, or that were given up."""
    late = db.session.scalar(select(func.count()).where(outbox.c.due_at < utc_now() - LATE))
    given_up = db.session.scalar(select(func.count()).where(outbox.c.due_at.is_(None)))
    mend = _("Something is owed for too long: look at the outgoing letters and the worker's log.")
    return Finding("outbox", not late and not given_up, f"{late} / {given_up}", mend if late or given_up else "")


def failed_letters() -> Finding:
    failed = db.session.scalar(select(func.count(Letter.id)).where(Letter.state == "failed"))
    mend = _("Open the list of outgoing letters and send them again.") if failed else ""
    return Finding("letters", not failed, str(failed), mend)


def workers() -> Finding:
    """Whether somebody serves every queue."""
    try:
        missing = unserved(_redis())
    except RedisError as error:
        return Finding("workers", False, str(error), _("Start `python run.py worker`."))
    seen = ", ".join(queue for queue in QUEUES if queue not in missing) or "-"
    mend = _("Nobody serves these queues: %(queues)s. Start `python run.py worker`.", queues=", ".join(missing))
    return Finding("workers", not missing, seen, mend if missing else "")


def search_index() -> Finding:
    """Whether there is an index that can be read. What it does not know yet stands in the outbox."""
    late = db.session.scalar(select(func.count()).where(outbox.c.queue == INDEX))
    well = search_engine().is_healthy()
    mend = "" if well else _("Run `python run.py search --rebuild`.")
    seen = _("%(number)s changes wait", number=late)
    making = search_engine().unfinished()
    if making:
        seen += _(
            "; being made anew: %(count)s documents, the first at %(time)s UTC",
            count=making.count,
            time=f"{making.begun:%Y-%m-%d %H:%M}",
        )
    if failed := _failed_searches():
        seen += "; " + ngettext(
            "%(num)d search failed lately and was answered from the database, see the log",
            "%(num)d searches failed lately and were answered from the database, see the log",
            failed,
        )
    if db.engine.dialect.name == "sqlite":
        written = db.session.scalar(select(func.count()).select_from(Message)) or 0
        if written > MOST_FOR_WHOOSH:
            seen += _("; above %(number)s messages PostgreSQL searches faster", number=MOST_FOR_WHOOSH)
    return Finding("search index", well, seen, mend)


def _failed_searches() -> int:
    try:
        return counted(_redis(), FAILED)
    except RedisError:  # Another check says so.
        return 0


def sqlite_rules() -> Finding:
    """Whether SQLite is as durable and as strict as we rely on; PostgreSQL is so by itself."""
    if db.engine.dialect.name != "sqlite":
        return Finding("durability", True, db.engine.dialect.name)
    seen = {name: db.session.scalar(text(f"PRAGMA {name}")) for name in SQLITE_RULES}
    wrong = [name for name, value in seen.items() if value != SQLITE_RULES[name]]
    mend = _("The folder must lie on a local disk that lets SQLite lock and map files: move BILETY_DATA.")
    return Finding(
        "durability", not wrong, ", ".join(f"{name} {value}" for name, value in seen.items()), mend if wrong else ""
    )


def python() -> Finding:
    return Finding("python", True, f"{platform.python_version()}, {platform.platform(terse=True)}")


def _settings() -> config.Settings:
    settings: config.Settings = current_app.extensions["settings"]
    return settings


def _redis() -> Redis:
    redis: Redis = current_app.extensions["redis"]
    return redis
