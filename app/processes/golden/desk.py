"""The throw-away desk of `run.py search --golden`, filled by the ordinary write path."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from sqlalchemy import create_engine, select, text

import config
from app.calendar.preset import CWT
from app.content import entries
from app.content.publishing import publish
from app.desk import tickets
from app.desk.content import Contribution
from app.events.outbox import drain_batch
from app.events.record import Reaction
from app.events.transaction import transaction
from app.events.wake import INDEX
from app.extensions import db
from app.models.account import Account, Role
from app.models.product_group import Assignment, CalendarRecord, ProductGroup
from app.models.ticket import Channel
from app.models.types import utc_now
from app.search import index
from app.search.document import ENTRY, TICKET, Key
from app.search.engine import engine

BATCH = 200
LONGEST_GROUP = 80
CUSTOMER = "klient@klient.example"


def settings_of(folder: str, database: str) -> config.Settings:
    """A desk of its own, without Valkey."""
    return config.read({"BILETY_DATA": folder, "DATABASE_URL": database, "REDIS_URL": f"unix://{folder}/nobody.sock"})


@contextmanager
def database(name: str) -> Iterator[str]:
    """The address of a throw-away database: a file, or one made and dropped on the server of DATABASE_URL."""
    if name == "whoosh":
        yield ""
        return
    server = config.read().database_url
    if not server.startswith("postgresql"):
        raise config.BadSetting("The engine postgresql needs DATABASE_URL, the address of a PostgreSQL server.")
    fresh = f"bilety_golden_{uuid4().hex[:12]}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {fresh} ENCODING 'UTF8' TEMPLATE template0"))
        try:
            yield admin.url.set(database=fresh).render_as_string(hide_password=False)
        finally:
            connection.execute(text(f"DROP DATABASE {fresh} WITH (FORCE)"))
    admin.dispose()


def people(languages: tuple[str, ...]) -> dict[str, Account]:
    """A customer, and for each language a consultant of every product group."""
    with transaction():
        add_account(CUSTOMER, "customer")
        return {code: add_account(f"{code}@pomoc.example", "consultant", code) for code in languages}


def add_account(email: str, role: str, language: str = "pl") -> Account:
    account = Account(
        email=email, username=email, first_name="", last_name="", active=True, locale=language,
        confirmed_at=utc_now(),
        roles=[db.session.scalars(select(Role).where(Role.name == role)).one()],
    )  # fmt: skip
    db.session.add(account)
    db.session.flush()
    return account


def fill(documents: list[Mapping[str, Any]]) -> dict[Key, Any]:
    """File each document as a ticket or publish it as an article, and index it; answers what its own id is."""
    engine().rebuild(lambda _after: ())
    names: dict[Key, Any] = {}
    for start in range(0, len(documents), BATCH):
        with transaction():
            customer = db.session.scalars(select(Account).where(Account.email == CUSTOMER)).one()
            names |= {_write(line, customer): line.get("id") for line in documents[start : start + BATCH]}
        while drain_batch(INDEX, {Reaction.INDEX: index.perform}):
            pass
        db.session.expunge_all()
        print(f"{len(names)} documents are indexed.", file=sys.stderr)
    return names


def _write(line: Mapping[str, Any], customer: Account) -> Key:
    """By the ordinary write path of its kind."""
    title, body = (str(line.get(name) or "").strip() for name in ("title", "body"))
    title = title or " ".join(body.split())[:80] or "-"
    group = _group(str(line.get("product") or "DYNAMICS")[:LONGEST_GROUP])
    language = "en" if line.get("lang") == "en" else "pl"
    if line.get("kind") == "article":
        words = entries.Words(title[: entries.LONGEST_TITLE], body=body)
        entry = entries.add_entry("article", language, words, by=customer, groups=[group])
        publish(entry.source, seen=1)
        return Key(ENTRY, entry.id)
    ticket = tickets.open_ticket(
        requester=customer,
        product_group=group,
        subject=title,
        contribution=Contribution(body or title, Channel.PORTAL),
        by=customer,
        language=language,
    )
    db.session.flush()
    return Key(TICKET, ticket.id)


def _group(name: str) -> ProductGroup:
    """The product group of that name, made and given to every consultant when missing."""
    group = db.session.scalars(select(ProductGroup).where(ProductGroup.name == name)).one_or_none()
    if group is None:
        calendar = db.session.scalars(select(CalendarRecord).where(CalendarRecord.name == CWT.name)).one()
        group = ProductGroup(name=name, calendar=calendar)
        db.session.add(group)
        db.session.flush()
    return group


def let_in(consultants: dict[str, Account]) -> None:
    """Give every product group to every consultant."""
    with transaction():
        for group_id in db.session.scalars(select(ProductGroup.id)):
            for account in consultants.values():
                db.session.add(Assignment(account_id=account.id, product_group_id=group_id))
