"""One's own API keys: made here, shown once, revoked here."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import Length, Optional

from app.access import NotFound
from app.accounts import keys
from app.accounts.errors import AccountError
from app.content.types import all_types
from app.events.transaction import transaction
from app.extensions import db
from app.locale import language
from app.models.account_key import AccountKey, Scope
from app.views import visitor
from app.views.desk.grid import ROW_ID
from app.views.doors import fresh, requires
from app.views.portal.forms import REQUIRED, plain

SCOPE_NAMES: dict[str, Any] = {Scope.READ: _l("Read"), Scope.WRITE: _l("Read and write")}
LIVES_NAMES: dict[int, Any] = {30: _l("30 days"), 90: _l("90 days"), 365: _l("A year")}


class KeyForm(FlaskForm):
    """What the key is for, and how much it may do."""

    name = StringField(_l("Name of the key"), filters=[plain], validators=[REQUIRED, Length(max=80)])
    scope = RadioField(_l("Scope"), choices=list(SCOPE_NAMES.items()), coerce=Scope, default=Scope.READ)
    types = SelectMultipleField(
        _l("Only content of these types"),
        validators=[Optional()],
    )
    days = SelectField(_l("Good for"), choices=list(LIVES_NAMES.items()), coerce=int, default=90)


class KeysView(BaseView):
    """A key can only be made in a browser whose owner has just proved who he is, so never around a second factor."""

    route_base = "/profile/keys"
    default_view = "list"

    @expose("/")
    @requires("list")
    def list(self) -> ResponseReturnValue:
        return self.render_template("portal/keys.html", keys=keys.of(visitor.account()), scope_names=SCOPE_NAMES)

    @expose("/new", methods=["GET", "POST"])
    @requires("add")
    @fresh
    def new(self) -> ResponseReturnValue:
        form = KeyForm()
        form.types.choices = [(kind.code, kind.name(language())) for kind in all_types()]
        text = _made(form) if form.validate_on_submit() else None
        if text is None:
            return self.render_template("portal/key_new.html", form=form)
        return self.render_template("portal/key_made.html", name=form.name.data, text=text)

    @expose(f"/{ROW_ID}/rotate", methods=["POST"])
    @requires("add")
    @fresh
    def rotate(self, pk: int) -> ResponseReturnValue:
        """A new text, shown once; programs have a day to change over."""
        with transaction():
            key = _mine(pk)
            text = keys.rotate(key)
        return self.render_template("portal/key_made.html", name=key.name, text=text, rotated=True)

    @expose(f"/{ROW_ID}/revoke", methods=["POST"])
    @requires("revoke")
    def revoke(self, pk: int) -> ResponseReturnValue:
        with transaction():
            key = _mine(pk)
            keys.revoke(key)
        flash(_("The key %(name)s is revoked; no program gets in by it any more.", name=key.name), "success")
        return redirect("/profile/keys/", 303)


def _mine(pk: int) -> AccountKey:
    """Raises NotFound."""
    mine = select(AccountKey).where(AccountKey.id == pk, AccountKey.account_id == visitor.account().id)
    key = db.session.scalars(mine).one_or_none()
    if key is None:
        raise NotFound
    return key


def _made(form: KeyForm) -> str | None:
    """The text of the new key; None when there is a reason against it, which the form then says."""
    try:
        with transaction():
            _key, text = keys.make(
                visitor.account(),
                name=form.name.data,
                scope=form.scope.data,
                lives=keys.LIVES[form.days.data],
                content_types=form.types.data,
            )
    except AccountError as error:
        form.name.errors = [str(error)]
        return None
    return text
