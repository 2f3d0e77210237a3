"""The states of tickets: their names, their order, and who may move a ticket from which to which."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import BooleanField, IntegerField, SelectField
from wtforms.validators import NumberRange

from app.access import NotFound
from app.desk import states
from app.desk.errors import DeskError
from app.events.transaction import transaction
from app.extensions import db
from app.models.ticket import Mover, State, StateKind
from app.views import reference, visitor
from app.views.admin.fields import REQUIRED, text
from app.views.desk import guarded
from app.views.doors import requires

KIND_NAMES: dict[str, Any] = {
    StateKind.UNCONFIRMED: _l("Not confirmed yet"),
    StateKind.NEW: _l("Nobody has taken it up"),
    StateKind.OPEN: _l("The desk works on it"),
    StateKind.WAITING_CUSTOMER: _l("Waits for the customer"),
    StateKind.WAITING_THIRD_PARTY: _l("Waits for somebody else"),
    StateKind.RESOLVED: _l("Solved, may be reopened"),
    StateKind.CLOSED: _l("Ended"),
}
MOVER_NAMES: dict[str, Any] = {
    Mover.CUSTOMER: _l("Customer"),
    Mover.CONSULTANT: _l("Consultant"),
    Mover.MANAGER: _l("Manager of the product group"),
}

NAMES = ("name_pl", "name_en", "position", "active")


class StateForm(FlaskForm):
    """What a state is called, and where it stands in lists."""

    name_pl = text(_l("Polish name"), REQUIRED, longest=80)
    name_en = text(_l("English name"), REQUIRED, longest=80)
    position = IntegerField(_l("Position"), default=10, validators=[NumberRange(0, 9999)])
    active = BooleanField(_l("Active"), default=True)


class NewStateForm(StateForm):
    """The kind is chosen once: the rules go by it."""

    kind = SelectField(_l("Kind"), choices=list(KIND_NAMES.items()), default=StateKind.OPEN)


class StatesView(BaseView):
    """Menu Stany."""

    route_base = "/desk/states"
    default_view = "list"

    @expose("/")
    @requires("list")
    def list(self) -> ResponseReturnValue:
        rows = db.session.scalars(select(State).order_by(State.position, State.code)).all()
        return self.render_template(
            "desk/states.html", states=rows, kinds=KIND_NAMES, may_edit=visitor.may("can_edit", "StatesView")
        )

    @expose("/add", methods=["GET", "POST"])
    @requires("edit")
    def add(self) -> ResponseReturnValue:
        form = NewStateForm()
        if form.validate_on_submit():
            try:
                with transaction():
                    state = states.add_state(kind=StateKind(form.kind.data), **_values(form))
                return _saved(f"/desk/states/{state.code}")
            except DeskError as error:
                form.form_errors.append(str(error))
        return self.render_template("desk/state.html", form=form, state=None)

    @expose("/<code>", methods=["GET", "POST"])
    @requires("edit")
    def edit(self, code: str) -> ResponseReturnValue:
        state = db.session.get(State, code)
        if state is None:
            raise NotFound
        others = db.session.scalars(select(State).where(State.code != code).order_by(State.position, State.code)).all()
        offered = {f"{other.code} {who}": (other.code, str(who)) for other in others for who in Mover}
        if request.method != "POST":
            return self._page(state, others, _opened(state), _ticks(state))
        try:
            with transaction():
                db.session.refresh(state, with_for_update=True)
                form, ticks = _opened(state), guarded.ticked("move", offered, _ticks(state))
                if is_saved := not guarded.is_overtaken(form) and form.validate_on_submit():
                    states.change_state(state, **_values(form))
                    states.set_moves(state, [offered[tick] for tick in ticks])
        except DeskError as error:
            form.form_errors.append(str(error))
            is_saved = False
        return _saved("/desk/states/") if is_saved else self._page(state, others, form, ticks)

    def _page(self, state: State, others: Sequence[State], form: StateForm, ticks: set[str]) -> ResponseReturnValue:
        page = self.render_template(
            "desk/state.html",
            form=form,
            state=state,
            others=others,
            ticks=ticks,
            was=guarded.shown("move", _ticks(state)),
            movers=MOVER_NAMES,
            kinds=KIND_NAMES,
        )
        return page, guarded.status_of(form)


def _opened(state: State) -> StateForm:
    return guarded.opened(partial(StateForm, obj=state))


def _ticks(state: State) -> set[str]:
    """The boxes of the moves that lead out of it."""
    return {f"{move.to_code} {move.who}" for move in states.moves_from(state)}


def _values(form: StateForm) -> dict[str, Any]:
    return {name: form[name].data for name in NAMES}


def _saved(address: str) -> ResponseReturnValue:
    reference.forget()
    flash(_("Saved."), "success")
    return redirect(address, 303)
