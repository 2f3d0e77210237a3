"""The API keys of everybody, as administrators see them: whose, since when, last used; and the button that ends one."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement
from sqlalchemy.orm import joinedload

from app.access import sees_records
from app.accounts import keys
from app.events.transaction import transaction
from app.models.account import Account
from app.models.account_key import AccountKey
from app.models.ranges import Order
from app.views.desk.grid import ROW_ID, GridView, visible
from app.views.doors import requires
from app.views.portal.keys import SCOPE_NAMES


class KeyModelView(GridView):
    route_base = "/desk/keys"
    datamodel = GridView.over(AccountKey)
    clause = staticmethod(sees_records)
    base_filters = visible(sees_records)
    include_route_methods = {"list", "show", "revoke"}
    order = Order(AccountKey.id, AccountKey.id)
    eager = (joinedload(AccountKey.account),)
    list_title = _l("API keys")
    hint = _l(
        "Keys by which programs come in on behalf of accounts. Everybody makes his own on the page of his profile."
    )
    text_filter = _l("How the address begins")
    add_columns = edit_columns = ["id"]
    label_columns = {
        "account": _l("Account"),
        "name": _l("Name of the key"),
        "hint": _l("Begins with"),
        "scope": _l("Scope"),
        "created_at": _l("Made"),
        "expires_at": _l("Good until"),
        "last_used_at": _l("Last used"),
        "last_address": _l("From"),
    }
    list_columns = ["account", "name", "scope", "created_at", "last_used_at", "expires_at"]
    show_columns = [
        "account",
        "name",
        "hint",
        "scope",
        "created_at",
        "expires_at",
        "last_used_at",
        "last_address",
    ]
    formatters_columns = {
        "account": lambda row: row.account.email,
        "scope": lambda row: SCOPE_NAMES.get(row.scope, row.scope),
        "hint": lambda row: f"{row.hint}…",
    }

    @expose(f"/show/{ROW_ID}/revoke", methods=["POST"])
    @requires("revoke")
    def revoke(self, pk: int) -> ResponseReturnValue:
        with transaction():
            key = self.row(pk)
            keys.revoke(key)
        flash(_("The key %(name)s is revoked; no program gets in by it any more.", name=key.name), "success")
        return redirect(self.address("list/"), 303)

    def narrowed_by(self, words: str) -> ColumnElement[bool]:
        return AccountKey.account.has(Account.email.startswith(words.lower(), autoescape=True))

    def acts(self, row: AccountKey) -> list[tuple[Any, str]]:
        return [(_("Revoke"), self.address(f"show/{row.id}/revoke"))] if self.offers("revoke") else []

    def title_of(self, row: AccountKey) -> str:
        return f"{row.name}: {row.account.email}"
