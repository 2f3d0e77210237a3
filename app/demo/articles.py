"""The demo desk's texts: what articles.toml says, in both languages and in every state that a text can have."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.content import entries
from app.content.entries import Readers, Words
from app.content.publishing import ask_for_review, publish, schedule, withdraw
from app.content.types import Switches, add_type
from app.extensions import db
from app.models.account import Account
from app.models.entry import ContentType, Entry, TextState, Variant, Visibility
from app.models.organisation import Organisation
from app.models.product_group import ProductGroup
from app.models.types import utc_now

ARTICLES = Path(__file__).resolve().parent / "articles.toml"
SOURCE = "pl"
NEXT_WEEK = timedelta(days=7)


def write_articles(author: Account) -> list[Entry]:
    """Every text, of the types that it needs. Product groups that a desk has given up are left out."""
    told = tomllib.loads(ARTICLES.read_text())
    for kind in told.get("type", ()):
        _add_type(kind)
    groups = {group.name: group for group in db.session.scalars(select(ProductGroup))}
    return [_write(each, groups, author) for each in told["article"]]


def _add_type(kind: dict[str, Any]) -> None:
    if db.session.get(ContentType, kind["code"]) is None:
        switches = Switches(visibility=Visibility(kind["readers"]), reviewed=kind["reviewed"])
        add_type(kind["code"], name_pl=kind["pl"], name_en=kind["en"], switches=switches)


def _write(told: dict[str, Any], groups: dict[str, ProductGroup], author: Account) -> Entry:
    by = db.session.scalar(select(Account).where(Account.email == told.get("author"))) or author
    entry = entries.add_entry(
        told.get("type", "article"),
        SOURCE,
        Words(**told[SOURCE]),
        by=by,
        readers=_readers(told),
        groups=[groups[name] for name in told.get("groups", ()) if name in groups],
        tags=told.get("tags", ()),
    )
    if "en" in told:
        entries.add_variant(entry, "en", Words(**told["en"]), by=by)
    for text in entry.variants:
        _bring(text, told.get("state", TextState.PUBLISHED))
    if "later" in told:
        entries.save(entry.source, Words(**told["later"]), seen=1, by=by)
    return entry


def _readers(told: dict[str, Any]) -> Readers | None:
    if "readers" not in told:
        return None
    named = select(Organisation).where(Organisation.name.in_(told.get("organisations", ())))
    chosen = tuple(db.session.scalars(named))
    wanted = Visibility(told["readers"])
    # A desk whose organisations have other names keeps such a text to itself.
    return Readers(Visibility.CONSULTANTS if wanted == Visibility.ORGANISATIONS and not chosen else wanted, chosen)


def _bring(text: Variant, state: str) -> None:
    """Into the state, by the way that its author would go."""
    if state == TextState.REVIEW:
        ask_for_review(text, seen=1)
    elif state == TextState.SCHEDULED:
        schedule(text, utc_now() + NEXT_WEEK, seen=1)
    elif state != TextState.DRAFT:
        publish(text, seen=1)
    if state == TextState.WITHDRAWN:
        withdraw(text)
