"""Hooks: which addresses of other systems hear of what, how that went, and what is sent again."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from wtforms import BooleanField, Field, SelectMultipleField, ValidationError

from app.access import NotFound
from app.events import hooks as owed
from app.events.audit import AuditKind, write_down
from app.events.transaction import transaction
from app.extensions import db
from app.models.event import Event
from app.models.hook import Hook, HookDelivery, HookEvent
from app.notify import hooks
from app.notify.outside import Unsafe, check
from app.sealed import seal
from app.views.admin.fields import REQUIRED, Free, text
from app.views.desk.acts import NUMBER
from app.views.doors import fresh, requires

ONE = NUMBER.replace("number", "pk")
LIST = "/desk/hooks/"
LONGEST_ADDRESS = 2000
MOST_SHOWN = 100
EVENT_NAMES: dict[str, Any] = {
    HookEvent.TICKET_CREATED: _l("A ticket is opened"),
    HookEvent.TICKET_CHANGED: _l("A ticket changes"),
    HookEvent.MESSAGE_CREATED: _l("Somebody writes in a ticket"),
    HookEvent.ENTRY_PUBLISHED: _l("A text is published"),
    HookEvent.ENTRY_WITHDRAWN: _l("A text is withdrawn"),
    HookEvent.ENTRY_CHANGED: _l("Readers, product groups or tags of an entry change, or it goes into the bin"),
}


class HookForm(FlaskForm):
    """Where a hook leads, and what it hears of."""

    name = text(_l("Name"), REQUIRED, Free(Hook.name), longest=80)
    url = text(_l("Address"), REQUIRED, longest=LONGEST_ADDRESS)
    events = SelectMultipleField(_l("Hears when"), choices=list(EVENT_NAMES.items()), validators=[REQUIRED])
    active = BooleanField(_l("In use"), default=True)
    _id: int | None = None

    def validate_url(self, field: Field) -> None:
        try:
            check(field.data or "", loopback=current_app.extensions["settings"].hooks_to_loopback)
        except Unsafe:
            raise ValidationError(_("Write a whole address that begins with https://.")) from None


class HooksView(BaseView):
    """Menu Webhooki."""

    route_base = "/desk/hooks"
    default_view = "list"

    @expose("/")
    @requires("list")
    def list(self) -> ResponseReturnValue:
        rows = db.session.scalars(select(Hook).order_by(Hook.name)).all()
        return self.render_template("desk/hooks.html", hooks=rows, event_names=EVENT_NAMES)

    @expose("/add", methods=["GET", "POST"])
    @requires("edit")
    @fresh
    def add(self) -> ResponseReturnValue:
        form = HookForm()
        if not form.validate_on_submit():
            return self.render_template("desk/hook.html", form=form, hook=None)
        secret = hooks.new_secret()
        with transaction():
            hook = Hook(secret=seal(secret, _key()))
            _fill(hook, form, "added")
            db.session.add(hook)
        return self.render_template("desk/hook_secret.html", hook=hook, secret=secret)

    @expose(f"/{ONE}", methods=["GET"])
    @requires("list")
    def show(self, pk: int) -> ResponseReturnValue:
        """How it is set, and the log of what it was told."""
        query = select(HookDelivery).where(HookDelivery.hook_id == pk).order_by(HookDelivery.id.desc())
        eager = joinedload(HookDelivery.event).joinedload(Event.ticket)
        rows = db.session.scalars(query.limit(MOST_SHOWN).options(eager)).all()
        hook = _hook(pk)
        return self.render_template(
            "desk/hook.html", form=HookForm(obj=hook), hook=hook, deliveries=rows, event_names=EVENT_NAMES
        )

    @expose(f"/{ONE}", methods=["POST"])
    @requires("edit")
    @fresh
    def save(self, pk: int) -> ResponseReturnValue:
        hook, form = _hook(pk), HookForm()
        form._id = pk
        if not form.validate_on_submit():
            return self.render_template("desk/hook.html", form=form, hook=hook, deliveries=[], event_names=EVENT_NAMES)
        with transaction():
            _fill(_hook(pk), form, "changed")
        flash(_("Saved."), "success")
        return redirect(LIST, 303)

    @expose(f"/{ONE}/rotate", methods=["POST"])
    @requires("edit")
    @fresh
    def rotate(self, pk: int) -> ResponseReturnValue:
        """A new secret, shown once; the old one signs beside it for a day."""
        with transaction():
            hook = _hook(pk)
            secret = hooks.rotate(hook, key=_key())
            audit(hook, "changed", secret="new")  # noqa: S106 a word of the log
        return self.render_template("desk/hook_secret.html", hook=hook, secret=secret)

    @expose(f"/{ONE}/resume", methods=["POST"])
    @requires("edit")
    def resume(self, pk: int) -> ResponseReturnValue:
        with transaction():
            hooks.resume(_hook(pk))
        flash(_("The hook goes on: what waited is sent now."), "success")
        return redirect(f"{LIST}{pk}", 303)

    @expose(f"/{ONE}/remove", methods=["POST"])
    @requires("edit")
    def remove(self, pk: int) -> ResponseReturnValue:
        with transaction():
            hook = _hook(pk)
            audit(hook, "removed")
            db.session.delete(hook)
        flash(_("The hook is removed."), "success")
        return redirect(LIST, 303)

    @expose(f"/{ONE}/replay/<int(max=2147483647):delivery_id>", methods=["POST"])
    @requires("edit")
    def replay(self, pk: int, delivery_id: int) -> ResponseReturnValue:
        """Send it once more, with the same id."""
        with transaction():
            delivery = db.session.get(HookDelivery, delivery_id)
            if delivery is None or delivery.hook_id != pk:
                raise NotFound
            owed.owe(delivery)
        flash(_("It is sent again."), "success")
        return redirect(f"{LIST}{pk}", 303)


def _hook(pk: int) -> Hook:
    """Raises NotFound."""
    row = db.session.get(Hook, pk)
    if row is None:
        raise NotFound
    return row


def _fill(hook: Hook, form: HookForm, act: str) -> None:
    hook.name, hook.url = form.name.data or "", form.url.data or ""
    hook.events, hook.active = list(form.events.data or ()), form.active.data
    told(hook, act)


def told(hook: Hook, act: str) -> None:
    """Write down how it is set from now on."""
    audit(hook, act, url=hook.url, events=", ".join(hook.events), active=str(hook.active))


def audit(hook: Hook, act: str, **values: str) -> None:
    write_down(AuditKind.SETTINGS, about=hook.name, table="hook", act=act, values=values)


def _key() -> str:
    key: str = current_app.extensions["settings"].secret_key
    return key
