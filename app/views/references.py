"""References in forms and facts: by the name of the row that they lead to, as far as the visitor sees it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, select

from app.access import sees_account, sees_organisation, sees_text
from app.accounts.addresses import canonical
from app.extensions import db
from app.fields import Definition, Kind, Unfit
from app.fields.definition import Target
from app.fields.refusals import Why
from app.models.account import Account
from app.models.entry import Entry, PublishedText, Variant
from app.models.organisation import Organisation
from app.views.reading import reader

MOST_OFFERED = 100


def offered(definition: Definition) -> list[str]:
    """The names that a box offers, where they are few enough to be looked through."""
    rows = db.session.execute(_rows(definition.target).limit(MOST_OFFERED + 1)).all()
    names = sorted({str(row.name) for row in rows}, key=str.casefold)
    return names if len(rows) <= MOST_OFFERED else []


def referred(definition: Definition, text: str) -> Any:
    """The id of the row that was typed, by its id or its name. Raises Unfit where no or several rows are called so."""
    text = text.strip()
    if not text or text.isdecimal():
        return int(text[:10]) if text else None
    found = _called(definition.target, text)
    if len(found) != 1:
        raise Unfit(Why.NO_ROW)
    return found.pop()


def in_box(definition: Definition, row_id: Any) -> str:
    """What stands in the box of a row: its name, or its id where the name does not say which row it is."""
    found = db.session.execute(_rows(definition.target).where(_key(definition.target) == row_id).limit(1)).first()
    name = found.name if found else None
    return str(name if name is not None and _called(definition.target, name) == {row_id} else row_id)


def _called(target: str, text: str) -> set[int]:
    wanted = canonical(text) if target == Target.ACCOUNT else text
    named = _rows(target).where(_named(target) == wanted).limit(MOST_OFFERED)
    return {row.id for row in db.session.execute(named)}


def _named(target: str) -> Any:
    return {Target.ORGANISATION: Organisation.name, Target.ACCOUNT: Account.email}.get(
        Target(target), PublishedText.title
    )


def _key(target: str) -> Any:
    return {Target.ORGANISATION: Organisation.id, Target.ACCOUNT: Account.id}.get(Target(target), Variant.entry_id)


def _rows(target: str) -> Select[Any, Any]:
    """Id and name of what the visitor may lead to; of accounts the address, since names are not their own."""
    standing = reader()
    if target == Target.ORGANISATION:
        query = select(Organisation.id, Organisation.name.label("name"))
        return query.where(sees_organisation(standing)) if standing else query.where(Organisation.id.is_(None))
    if target == Target.ACCOUNT:
        accounts = select(Account.id, Account.email.label("name"))
        return accounts.where(sees_account(standing)) if standing else accounts.where(Account.id.is_(None))
    titles = select(Variant.entry_id.label("id"), PublishedText.title.label("name")).join(PublishedText.variant)
    titles = titles.join(Entry, Entry.id == Variant.entry_id).where(sees_text(standing))
    return titles.where(Entry.type_code == "article") if target == Target.ARTICLE else titles


def reference_names(pairs: Iterable[tuple[Definition, Any]]) -> dict[tuple[str, Any], str]:
    """What the rows are called that references lead to and this visitor sees; a statement for each kind of them."""
    wanted: dict[str, set[Any]] = {}
    for definition, value in pairs:
        if definition.kind == Kind.REFERENCE and value is not None:
            wanted.setdefault(definition.target, set()).add(value)
    found: dict[tuple[str, Any], str] = {}
    for target, ids in wanted.items():
        found |= {(target, row_id): name for row_id, name in _names(target, ids)}
    return found


def _names(target: str, ids: set[Any]) -> list[tuple[int, str]]:
    standing = reader()
    if target == Target.ORGANISATION and standing is not None:
        rows = select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids), sees_organisation(standing))
        return [(row.id, row.name) for row in db.session.execute(rows)]
    if target == Target.ACCOUNT and standing is not None:
        accounts = select(Account).where(Account.id.in_(ids), sees_account(standing))
        return [(account.id, account.name) for account in db.session.scalars(accounts)]
    if target in (Target.ORGANISATION, Target.ACCOUNT):
        return []  # a stranger knows of none
    titles = select(Variant.entry_id, PublishedText.title).join(PublishedText.variant)
    texts = titles.where(Variant.entry_id.in_(ids), sees_text(standing))
    return [(row.entry_id, row.title) for row in db.session.execute(texts)]
