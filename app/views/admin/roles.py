"""What roles may do, in sentences that an administrator ticks."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import Any

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField

from app.access.abilities import KINDS, Ability
from app.accounts import roles
from app.accounts.errors import AccountError
from app.events.transaction import transaction
from app.models.account import Role
from app.views import reference, visitor
from app.views.admin.fields import REQUIRED, text
from app.views.admin.role_words import ROLE_NAMES, ROWS, SUBJECTS, role_name, says, shows_customers
from app.views.desk import guarded
from app.views.doors import requires

LIST = "/desk/roles/"


class AbilitiesForm(FlaskForm):
    """The boxes of a role. They are read from the request: which there are is the role's own business."""

    understood = BooleanField(_l("Yes, people with this role may see this"))


class NamesForm(FlaskForm):
    """What a role of one's own is called."""

    name_pl = text(_l("Polish name"), REQUIRED, longest=80)
    name_en = text(_l("English name"), REQUIRED, longest=80)


class NamedAbilitiesForm(NamesForm, AbilitiesForm):
    """A role of one's own: its names and its boxes."""


class RolesView(BaseView):
    """Menu Role."""

    route_base = "/desk/roles"
    default_view = "list"

    @expose("/")
    @requires("list")
    def list(self) -> ResponseReturnValue:
        held = roles.holders()
        lines = [(role, held.get(role.id, 0)) for role in roles.all_roles()]
        return self.render_template("desk/roles.html", lines=lines, **_words())

    @expose("/<code>", methods=["GET"])
    @requires("list")
    def show(self, code: str) -> ResponseReturnValue:
        role = roles.role_of_code(code)
        return self._page(role, _form(role), roles.abilities_of(role))

    @expose("/<code>", methods=["POST"])
    @requires("edit")
    def edit(self, code: str) -> ResponseReturnValue:
        """What the role may do, and what a copy is called."""
        try:
            with transaction():
                role = roles.role_of_code(code, lock=True)
                form, ticked = _form(role), _ticked(role)
                told = [ability for ability in ticked - roles.abilities_of(role) if shows_customers(role.kind, ability)]
                is_saved = not guarded.is_overtaken(form) and form.validate_on_submit()
                if is_saved and told and not form.understood.data:
                    form.form_errors.append(_("This shows customers' data. Look below, and confirm that you mean it."))
                    is_saved = False
                if is_saved and not roles.is_shipped(role):
                    roles.rename(role, name_pl=form.name_pl.data, name_en=form.name_en.data)
                if is_saved:
                    roles.set_abilities(role, ticked, by=visitor.account())
        except AccountError as error:
            form.form_errors.append(str(error))
            is_saved = False
        if not is_saved:
            return self._page(roles.role_of_code(code), form, ticked, told)
        reference.forget()
        flash(_("Saved. It holds from the next click of everybody with this role."), "success")
        return redirect(LIST, 303)

    @expose("/<code>/copy", methods=["GET", "POST"])
    @requires("edit")
    def copy(self, code: str) -> ResponseReturnValue:
        """A role of one's own, which begins as the other one is."""
        like, form = roles.role_of_code(code), NamesForm()
        if form.validate_on_submit():
            try:
                with transaction():
                    made = roles.copy_role(
                        like, name_pl=form.name_pl.data, name_en=form.name_en.data, by=visitor.account()
                    )
                reference.forget()
                flash(_("The role is added. Choose what it may do."), "success")
                return redirect(LIST + made.name, 303)
            except AccountError as error:
                form.form_errors.append(str(error))
                like = roles.role_of_code(code)
        return self.render_template(
            "desk/role_copy.html", form=form, role=like, held=roles.abilities_of(like), subjects=SUBJECTS, **_words()
        )

    @expose("/<code>/reset", methods=["POST"])
    @requires("edit")
    def reset(self, code: str) -> ResponseReturnValue:
        """As it was shipped."""
        with transaction():
            roles.reset(roles.role_of_code(code, lock=True), by=visitor.account())
        flash(_("The role may do again what it was shipped with."), "success")
        return redirect(LIST + code, 303)

    @expose("/<code>/remove", methods=["POST"])
    @requires("edit")
    def remove(self, code: str) -> ResponseReturnValue:
        with transaction():
            roles.remove(roles.role_of_code(code, lock=True))
        reference.forget()
        flash(_("The role is removed."), "success")
        return redirect(LIST, 303)

    def _page(
        self, role: Role, form: Any, held: Collection[Ability], told: Collection[Ability] = ()
    ) -> ResponseReturnValue:
        kind, is_fixed = KINDS[role.kind], role.name == roles.ADMINISTRATOR
        page = self.render_template(
            "desk/role.html",
            form=form,
            role=role,
            held=held,
            told=sorted(told, key=list(Ability).index),
            always=frozenset(Ability) if is_fixed else kind.always,
            offered=frozenset() if is_fixed else kind.offered,
            subjects=SUBJECTS,
            holders=roles.holders().get(role.id, 0),
            is_fixed=is_fixed,
            was=guarded.shown("ability", roles.abilities_of(role)),
            **_words(),
        )
        return page, guarded.status_of(form)


def _form(role: Role) -> Any:
    if roles.is_shipped(role):
        return guarded.opened(AbilitiesForm)
    return guarded.opened(partial(NamedAbilitiesForm, obj=role))


def _ticked(role: Role) -> frozenset[Ability]:
    """The abilities whose boxes are ticked, with those that the kind always has; one that has no box is left out."""
    kind = KINDS[role.kind]
    return kind.always | {Ability(code) for code in guarded.ticked("ability", kind.offered, roles.abilities_of(role))}


def held_otherwise(role: Role) -> bool:
    """Whether a role may do something else than it was shipped with, or its kind was."""
    return roles.abilities_of(role) != KINDS[role.kind].shipped


def _words() -> dict[str, Any]:
    return {
        "kinds": ROLE_NAMES,
        "rows": ROWS,
        "role_name": role_name,
        "says": says,
        "shows_customers": shows_customers,
        "is_shipped": roles.is_shipped,
        "held_otherwise": held_otherwise,
        "may_edit": visitor.may("can_edit", "RolesView"),
    }
