"""The demo desk's knowledge base: what articles.toml says, published in each of its languages."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.content import entries
from app.content.entries import Readers, Words
from app.content.publishing import publish
from app.extensions import db
from app.models.account import Account
from app.models.entry import Entry, Visibility
from app.models.product_group import ProductGroup

ARTICLES = Path(__file__).resolve().parent / "articles.toml"
SOURCE = "pl"


def write_articles(author: Account) -> list[Entry]:
    """Every article. Product groups that a desk has given up are left out."""
    groups = {group.name: group for group in db.session.scalars(select(ProductGroup))}
    return [_write(told, groups, author) for told in tomllib.loads(ARTICLES.read_text())["article"]]


def _write(told: dict[str, Any], groups: dict[str, ProductGroup], author: Account) -> Entry:
    entry = entries.add_entry(
        told.get("type", "article"),
        SOURCE,
        Words(**told[SOURCE]),
        by=author,
        readers=Readers(Visibility(told.get("readers", Visibility.EVERYONE))),
        groups=[groups[name] for name in told.get("groups", ()) if name in groups],
        tags=told.get("tags", ()),
    )
    if "en" in told:
        entries.add_variant(entry, "en", Words(**told["en"]), by=author)
    for variant in entry.variants:
        publish(variant, seen=1)
    return entry
