"""Saved views: kept, changed, shared and put in order. The order and the first one are each person's own choice."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.access import NotFound, Standing, changes_view, may_share, sees_view
from app.desk.errors import DeskError
from app.extensions import db
from app.models.account import Account
from app.models.product_group import ProductGroup
from app.models.saved_view import SavedView, SharedWith

Sharing = tuple[str, int | None]  # with whom, and with which product group
MOST_VIEWS = 50  # of one person
SHOWN_ABOVE = 12  # the list; they alone are counted
LONGEST_NAME, LONGEST_QUERY = 80, 4_000
NAMED = (Account.first_name, Account.last_name, Account.email)
FIRST, ORDER, SINGLE_KEYS = "view", "views", "single_keys"  # in Account.workspace


class NoName(DeskError):
    sentence = _l("Give the view a name of at most 80 characters.")


class TooManyViews(DeskError):
    sentence = _l("You have 50 views already. Delete one first.")


class TooLong(DeskError):
    sentence = _l("That is too much for one view. Leave some filters out.")


class NotSharable(DeskError):
    sentence = _l("You can share views with product groups that you answer for; with everybody, who manages one.")


def views_of(standing: Standing, account: Account) -> list[SavedView]:
    """Those that this account may open, in its own order; those that it never moved stand last, by name."""
    query = select(SavedView).where(sees_view(standing)).options(joinedload(SavedView.owner).load_only(*NAMED))
    rows = db.session.scalars(query).all()
    order = {row_id: place for place, row_id in enumerate(chosen(account, ORDER, []))}
    return sorted(rows, key=lambda row: (order.get(row.id, len(order)), row.name.casefold(), row.id))


def keep(name: str, query: str, sharing: Sharing, *, by: Account, standing: Standing) -> SavedView:
    """A new view of this account. Raises DeskError with what is wrong."""
    own = select(func.count()).select_from(SavedView).where(SavedView.owner_id == by.id)
    if (db.session.scalar(own) or 0) >= MOST_VIEWS:
        raise TooManyViews
    view = SavedView(owner_id=by.id, name="", query="", shared_with=SharedWith.NOBODY)
    change(view, standing, name=name, query=query, sharing=sharing)
    db.session.add(view)
    db.session.flush()
    return view


def change(view: SavedView, standing: Standing, *, name: str, query: str, sharing: Sharing) -> None:
    """Call it so, let it show that, share it so. What it is shared with already may stay. Raises DeskError."""
    name = " ".join(name.replace("\x00", "").split())
    if not name or len(name) > LONGEST_NAME:
        raise NoName
    if len(query) > LONGEST_QUERY:
        raise TooLong
    shared_with, group_id = sharing
    is_new = sharing != (view.shared_with, view.product_group_id)
    if shared_with not in list(SharedWith) or (shared_with == SharedWith.GROUP and group_id is None):
        raise NotSharable
    if is_new and shared_with != SharedWith.NOBODY and not may_share(standing, group_id):
        raise NotSharable
    if is_new and group_id is not None and db.session.get(ProductGroup, group_id) is None:
        raise NotSharable
    if shared_with == SharedWith.NOBODY and view.owner_id is None:
        view.owner_id = standing.account_id
    view.name, view.query, view.shared_with, view.product_group_id = name, query, shared_with, group_id


def view_to_change(standing: Standing, view_id: int) -> SavedView:
    """Raises NotFound, for a foreign view like for none."""
    found = db.session.scalar(select(SavedView).where(SavedView.id == view_id, changes_view(standing)))
    if found is None:
        raise NotFound
    return found


def move(views: list[SavedView], view: SavedView, *, by: int, account: Account) -> None:
    """Put one of the account's views so many places further down in its own order."""
    ids = [row.id for row in views]
    place = ids.index(view.id)
    ids.insert(max(0, place + by), ids.pop(place))
    choose(account, **{ORDER: ids})


def first_of(account: Account) -> int | None:
    """The view with which the account's list begins."""
    return chosen(account, FIRST, None)


def chosen(account: Account, name: str, default: Any) -> Any:
    """How the account likes its workspace."""
    return (account.workspace or {}).get(name, default)


def choose(account: Account, **choices: Any) -> None:
    account.workspace = {**(account.workspace or {}), **choices}
