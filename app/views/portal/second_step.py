"""Setting up one's second step of signing in, and the gate before those of the desk who must and have not yet.

Flask-Security asks for the second step when somebody signs in; its own page to set it up makes a new secret after
every wrong code, so that page is ours.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, flash, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from itsdangerous import BadData, URLSafeTimedSerializer
from wtforms import HiddenField, StringField
from wtforms.validators import Length

from app import caller
from app.accounts import codes, factors, passkeys
from app.accounts.choices import lacks_second_step
from app.accounts.errors import SecondFactorMissing
from app.events.transaction import transaction
from app.models.account import Account
from app.views import visitor
from app.views.doors import fresh, requires
from app.views.portal.forms import REQUIRED

SECONDS = 3600  # so long the picture may wait to be scanned
PAGE = "/profile/second-step/"
WITHOUT_IT = frozenset(
    {
        "static",
        "HomeView.switch_language",
        "HomeView.contact",
        "SecondStepView.page",
        "healthz",
        "readyz",
        "metrics",
        *(f"security.{name}" for name in ("logout", "verify", "mf_recovery_codes", "static")),
        *(f"security.wan_{name}" for name in ("register", "register_response", "delete", "verify", "verify_response")),
    }
)


class AppForm(FlaskForm):
    """A code proves that the app has read the picture. The secret goes along, sealed, so that a wrong code costs
    nothing."""

    state = HiddenField()
    code = StringField(
        _l("Code of the app"),
        validators=[REQUIRED, Length(max=32)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )


class SecondStepView(BaseView):
    route_base = "/profile/second-step"
    default_view = "page"

    @expose("/", methods=["GET", "POST"])
    @requires("edit")
    @fresh
    def page(self) -> ResponseReturnValue:
        account, form = visitor.account(), AppForm()
        secret = _opened(form.state.data, account) or factors.new_secret()
        if form.validate_on_submit():
            with transaction():
                made = factors.set_up(account, secret, form.code.data)
            if made is not None:
                flash(_("From now on a code of the app is asked for after the password."), "success")
                return self.render_template("security/mf_recovery_codes.html", recovery_codes=made)
            form.code.errors = [_("This code is not right. Wait for the next one; check the clock of the telephone.")]
        form.state.data = _signer().dumps([account.id, secret])
        form.code.data = ""
        size, path = codes.drawn(factors.address_of(account, secret))
        return self.render_template(
            "portal/second_step.html",
            form=form,
            size=size,
            path=path,
            key=factors.key_of(secret),
            must=lacks_second_step(account),
        )

    @expose("/off", methods=["POST"])
    @requires("edit")
    @fresh
    def off(self) -> ResponseReturnValue:
        with transaction():
            factors.turn_off(visitor.account())
        flash(_("No code of the app is asked for any more."), "success")
        return redirect("/profile/", 303)


def gate() -> ResponseReturnValue | None:
    """Lead whoever must have a second step and has none to where he sets it up."""
    if request.endpoint is None or request.endpoint in WITHOUT_IT:
        return None
    account = caller.browser_account()
    if account is None or not lacks_second_step(account, wanted=g.get("second_step_wanted", False)):
        return None
    if request.path.startswith("/api/"):
        raise SecondFactorMissing
    return redirect(PAGE)


def _opened(state: str | None, account: Account) -> str | None:
    """The secret of the page that was open; None when it is not ours, not his, or too old."""
    try:
        owner, secret = _signer().loads(state or "", max_age=SECONDS)
    except BadData:
        return None
    return str(secret) if owner == account.id else None


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="second-step")


def _lost() -> ResponseReturnValue:
    """Without the app there are recovery codes, and then the administrator."""
    return redirect("/mf-recovery")


def _to_our_page(**_rest: Any) -> ResponseReturnValue:
    return redirect(PAGE)


def init_app(app: Flask) -> None:
    """Put the gate before everything, and our pages where Flask-Security has its own."""
    app.before_request(gate)
    app.view_functions.update(
        {
            "security.two_factor_setup": _to_our_page,
            "security.two_factor_setup_validate": _to_our_page,
            "security.two_factor_rescue": _lost,
        }
    )
    app.context_processor(lambda: {"passkeys_offered": passkeys.are_offered})
