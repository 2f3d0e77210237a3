"""Saved views of the ticket list: who may open, share and change them. What one shows is for its reader's rules."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, or_, true

from app.access.standing import Standing
from app.models.saved_view import SavedView, SharedWith


def sees_view(standing: Standing) -> ColumnElement[bool]:
    """The rows of SavedView that this account may open: its own, and those that are shared with it."""
    if not standing.is_staff:
        return false()
    groups = true() if standing.sees_everything else SavedView.product_group_id.in_(standing.seen_groups)
    return or_(
        SavedView.owner_id == standing.account_id,
        SavedView.shared_with == SharedWith.DESK,
        and_(SavedView.shared_with == SharedWith.GROUP, groups),
    )


def changes_view(standing: Standing) -> ColumnElement[bool]:
    """Those that it may change and delete: its own; administrators also what is shared, whose owner may have left."""
    if not standing.is_staff:
        return false()
    shared = SavedView.shared_with != SharedWith.NOBODY
    own = SavedView.owner_id == standing.account_id
    return or_(own, shared) if standing.handles_everything else own


def may_share(standing: Standing, product_group_id: int | None) -> bool:
    """Whether it may share views with a product group: one that it answers for. With the whole desk, without a group:
    who manages one."""
    if product_group_id is None:
        return standing.handles_everything or bool(standing.managed_groups)
    return standing.answers_for(product_group_id)
