"""Saved views of the ticket list: kept from the list, and looked after on a page of their own."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.access import NotFound, may_share
from app.desk import saved_views
from app.desk.errors import DeskError
from app.events.transaction import transaction
from app.extensions import db
from app.models.saved_view import SavedView, SharedWith
from app.views import visitor
from app.views.desk import columns
from app.views.desk.acts import LIST
from app.views.desk.asked import kept_of, list_address
from app.views.desk.filters import row_id
from app.views.desk.grid import ROW_ID
from app.views.doors import requires
from app.views.reference import group_choices

HERE = "/desk/views/"
STEPS = {"up": -1, "down": 1}


class SavedViewsView(BaseView):
    """The page “Saved views”, led to from the list of tickets."""

    route_base = HERE.rstrip("/")
    default_view = "list"

    @expose("/")
    @requires("list")
    def list(self) -> ResponseReturnValue:
        """The views that this visitor may open, in his order."""
        return self.render_template(
            "desk/views.html",
            views=_views(),
            first=saved_views.first_of(visitor.account()),
            shared_name=shared_name,
            me=visitor.account().id,
            changes_shared=visitor.standing().handles_everything,
            may_edit=visitor.may("can_edit", "SavedViewsView"),
        )

    @expose("/", methods=["POST"])
    @requires("edit")
    def add(self) -> ResponseReturnValue:
        """Keep what the list shows under a name."""
        query = _query()
        try:
            with transaction():
                view = saved_views.keep(
                    request.form.get("name", ""), query, _sharing(), by=visitor.account(), standing=visitor.standing()
                )
        except DeskError as error:
            flash(str(error), "error")
            return redirect(f"{LIST}?{query}", 303)
        flash(_("The view is kept."), "success")
        return redirect(f"{LIST}?view={view.id}", 303)

    @expose(f"/{ROW_ID}")
    @requires("edit")
    def edit(self, pk: int) -> ResponseReturnValue:
        view = saved_views.view_to_change(visitor.standing(), pk)
        return self._form(view, view.name)

    @expose(f"/{ROW_ID}", methods=["POST"])
    @requires("edit")
    def change(self, pk: int) -> ResponseReturnValue:
        """Call it otherwise, share it otherwise, or let it show what the list shows now."""
        view = saved_views.view_to_change(visitor.standing(), pk)
        name, query = request.form.get("name", view.name), _query() if "query" in request.form else view.query
        sharing = _sharing() if "shared" in request.form else (view.shared_with, view.product_group_id)
        try:
            with transaction():
                saved_views.change(view, visitor.standing(), name=name, query=query, sharing=sharing)
        except DeskError as error:
            flash(str(error), "error")
            return self._form(saved_views.view_to_change(visitor.standing(), pk), name)
        flash(_("The view is changed."), "success")
        return redirect(f"{LIST}?view={pk}" if "query" in request.form else HERE, 303)

    @expose(f"/{ROW_ID}/delete", methods=["POST"])
    @requires("edit")
    def delete(self, pk: int) -> ResponseReturnValue:
        with transaction():
            db.session.delete(saved_views.view_to_change(visitor.standing(), pk))
        flash(_("The view is deleted."), "success")
        return redirect(HERE, 303)

    @expose(f"/{ROW_ID}/place", methods=["POST"])
    @requires("edit")
    def place(self, pk: int) -> ResponseReturnValue:
        """Where it stands for this visitor alone: further up or down, or first of all when the list is opened."""
        views, act = _views(), request.form.get("act", "")
        view = next((each for each in views if each.id == pk), None)
        if view is None:
            raise NotFound
        with transaction():
            if act in STEPS:
                saved_views.move(views, view, by=STEPS[act], account=visitor.account())
            else:
                saved_views.choose(visitor.account(), **{saved_views.FIRST: pk if act == "first" else None})
        return redirect(HERE, 303)

    @expose("/look", methods=["POST"])
    @requires("list")
    def look(self) -> ResponseReturnValue:
        """Which columns this list has, or wherever no view says otherwise; and how narrow this visitor's rows are."""
        chosen, codes = request.form.get("keep", ""), {column.code for column in columns.every()}
        kept = [code for code in request.form.getlist(columns.COLUMN) if code in codes]
        if chosen == "here":
            return redirect(_with_columns(kept), 303)
        with transaction():
            if chosen in ("columns", "usual"):
                saved_views.choose(visitor.account(), **{columns.KEPT: kept if chosen == "columns" else []})
            else:
                saved_views.choose(visitor.account(), **{columns.DENSITY: chosen[:20]})
        flash(_("The list looks like that from now on."), "success")
        return redirect(list_address(request.form.get("back", ""), without=columns.COLUMN), 303)

    def _form(self, view: SavedView, name: str) -> ResponseReturnValue:
        chosen = str(view.product_group_id) if view.shared_with == SharedWith.GROUP else view.shared_with
        choices = sharing_choices()
        if chosen not in dict(choices):  # shared by somebody who may
            choices.append((chosen, shared_name(view)))
        return self.render_template("desk/view.html", view=view, name=name, chosen=chosen, sharing=choices)


def sharing_choices() -> list[tuple[str, str]]:
    """With whom this visitor may share a view."""
    standing = visitor.standing()
    groups = [
        (group_id, _("Who sees %(group)s", group=name))
        for group_id, name in group_choices()
        if may_share(standing, int(group_id))
    ]
    everybody = [(str(SharedWith.DESK), _("Everybody at the desk"))] if may_share(standing, None) else []
    return [(str(SharedWith.NOBODY), _("Only me")), *groups, *everybody]


def shared_name(view: SavedView) -> str:
    """With whom it is shared."""
    if view.shared_with == SharedWith.GROUP:
        name = dict(group_choices()).get(str(view.product_group_id), "–")
        return _("Who sees %(group)s", group=name)
    return _("Everybody at the desk") if view.shared_with == SharedWith.DESK else _("Only me")


def _views() -> list[SavedView]:
    return saved_views.views_of(visitor.standing(), visitor.account())


def _with_columns(codes: Sequence[str]) -> str:
    """The list that the form was sent from, with these columns."""
    view = [("view", request.form["view"])] if row_id(request.form.get("view", "")) else []
    others = [(name, value) for name, value in parse_qsl(_query()) if name != columns.COLUMN]
    return f"{LIST}?{urlencode([*view, *others, *((columns.COLUMN, code) for code in codes)])}"


def _query() -> str:
    return urlencode(kept_of(MultiDict(parse_qsl(request.form.get("query", "")))))


def _sharing() -> saved_views.Sharing:
    chosen = request.form.get("shared", SharedWith.NOBODY)
    group_id = row_id(chosen)
    return (str(SharedWith.GROUP), group_id) if group_id else (chosen, None)
