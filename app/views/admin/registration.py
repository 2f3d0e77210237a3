"""How strangers become customers: whether they wait for approval, and which mail domains may register."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import ColumnElement
from wtforms import BooleanField, Form, SelectField, ValidationError

from app.accounts.addresses import ascii_domain
from app.accounts.choices import (
    demand_second_step,
    let_registrations_wait,
    let_strangers_report,
    registrations_wait,
    staff_need_second_step,
    strangers_may_report,
)
from app.accounts.mail_domains import DOMAIN
from app.events.transaction import transaction
from app.extensions import db
from app.models.mail_domain import MailDomain
from app.models.ranges import Order
from app.views import visitor
from app.views.admin.fields import REQUIRED, Free, text
from app.views.admin.settings import SettingsView
from app.views.desk import guarded
from app.views.desk.grid import ROW_ID
from app.views.doors import requires


class RegistrationForm(FlaskForm):
    approval = BooleanField(_l("Who registers waits until the desk approves"))
    reports = BooleanField(_l("Whoever has no account may report by a form of the portal"))
    second_step = BooleanField(_l("The desk's own people sign in with a second step"))


class RegistrationView(BaseView):
    """The choices about registering and signing in."""

    route_base = "/desk/registration"
    default_view = "page"

    @expose("/", methods=["GET"])
    @requires("list")
    def page(self) -> ResponseReturnValue:
        return self._shown(_choices())

    @expose("/", methods=["POST"])
    @requires("edit")
    def save(self) -> ResponseReturnValue:
        with transaction():
            form = _choices()
            if guarded.is_overtaken(form) or not form.validate_on_submit():
                return self._shown(form)
            let_registrations_wait(form.approval.data)
            let_strangers_report(form.reports.data)
            demand_second_step(form.second_step.data)
        flash(_("Saved."), "success")
        return redirect("/desk/registration/", 303)

    def _shown(self, form: RegistrationForm) -> ResponseReturnValue:
        may_edit = visitor.may("can_edit", "RegistrationView")
        page = self.render_template("desk/registration.html", form=form, may_edit=may_edit)
        return page, guarded.status_of(form)


def _choices() -> RegistrationForm:
    """The form as the choices stand."""
    kept = {
        "approval": registrations_wait(),
        "reports": strangers_may_report(),
        "second_step": staff_need_second_step(),
    }
    return guarded.opened(partial(RegistrationForm, data=kept))


class IsDomain:
    def __call__(self, _form: Form, field: Any) -> None:
        if not DOMAIN.fullmatch(field.data or ""):
            raise ValidationError(_("%(domain)s is not a mail domain.", domain=field.data))


def _kept_domain(typed: str | None) -> str | None:
    return ascii_domain(typed.removeprefix("@")) if isinstance(typed, str) else typed


def _is_allowed(code: str) -> bool:
    return code in ("True", "true", True)


class MailDomainModelView(SettingsView):
    """The desk's own rules, over the lists of free-mail and throw-away domains."""

    route_base = "/desk/mail-domains"
    datamodel = SettingsView.over(MailDomain)
    include_route_methods = {"list", "show", "add", "edit", "forget"}
    order = Order(MailDomain.domain, MailDomain.id, descending=False)
    list_title = _l("Rules for mail domains")
    add_title = _l("Add a domain")
    edit_title = _l("Change the domain")
    hint = _l(
        "Free-mail and throw-away domains are refused by lists that come with every version. A rule here holds for its"
        " domain and all below it, and comes first. Whoever is invited or has written to us may register from anywhere."
    )
    text_filter = _l("How the domain begins")
    label_columns = {
        "domain": _l("Domain"),
        "allowed": _l("May register"),
        "note": _l("Note"),
        "created_at": _l("Added"),
    }
    list_columns = show_columns = ["domain", "allowed", "note", "created_at"]
    add_columns = edit_columns = ["domain", "allowed", "note"]
    add_form_extra_fields = edit_form_extra_fields = {
        "domain": text(
            _l("Domain"), REQUIRED, IsDomain(), Free(MailDomain.domain), longest=255, filters=[_kept_domain]
        ),
        "allowed": SelectField(
            _l("May register"), choices=[("True", _l("Yes")), ("False", _l("No"))], coerce=_is_allowed, default=True
        ),
        "note": text(_l("Note"), longest=200),
    }

    @expose(f"/show/{ROW_ID}/forget", methods=["POST"])
    @requires("edit")
    def forget(self, pk: int) -> ResponseReturnValue:
        """Remove a rule: the lists decide again."""
        with transaction():
            db.session.delete(self.row(pk))
        flash(_("The rule is removed; the lists decide again."), "success")
        return redirect(self.address("list/"), 303)

    def acts(self, row: MailDomain) -> list[tuple[Any, str]]:
        return [(_("Remove the rule"), self.address(f"show/{row.id}/forget"))] if self.offers("edit") else []

    def narrowed_by(self, words: str) -> ColumnElement[bool]:
        return MailDomain.domain.startswith(ascii_domain(words), autoescape=True)
