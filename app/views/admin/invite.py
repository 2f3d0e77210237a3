"""An account made by an administrator: it has no password until its owner sets one."""

from __future__ import annotations

from typing import Any

from app.accounts import invitations
from app.accounts.join import bound_security
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account


def invite(form: Any, *, by: Account) -> Account:
    """The new account with all that the form says, owed the letter by which it is activated (S2)."""
    with transaction():
        account: Account = bound_security().datastore.create_user(email=form.email.data, password=None)
        db.session.flush()
        form.populate_obj(account)
        db.session.flush()
        invitations.invite(account, by=by)
    return account
