"""The account's own page: name, telephone, language, signed-in browsers."""

from __future__ import annotations

from flask import flash, redirect, session
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from flask_babel import force_locale
from flask_babel import gettext as _

from app.access import NotFound
from app.accounts import sessions
from app.accounts.codes import FEW_LEFT
from app.events.transaction import transaction
from app.views import visitor
from app.views.desk.grid import ROW_ID
from app.views.doors import requires
from app.views.portal.browsers import browser_name
from app.views.portal.forms import ProfileForm


class ProfileView(BaseView):
    """What an account may change of itself; its address and roles are the desk's to change."""

    route_base = "/profile"
    default_view = "page"

    @expose("/", methods=["GET", "POST"])
    @requires("edit")
    def page(self) -> ResponseReturnValue:
        account = visitor.account()
        form = ProfileForm(obj=account)
        if form.validate_on_submit():
            with transaction():
                form.populate_obj(account)
            session["locale"] = account.locale
            with force_locale(account.locale or "pl"):
                flash(_("Your profile is saved."), "success")
            return redirect("/profile/", 303)
        return self.render_template(
            "portal/profile.html",
            form=form,
            sessions=sessions.of(account),
            browser_name=browser_name,
            few_codes=FEW_LEFT,
        )

    @expose(f"/sessions/{ROW_ID}/end", methods=["POST"])
    @requires("edit")
    def end_session(self, pk: int) -> ResponseReturnValue:
        with transaction():
            if not sessions.end(visitor.account(), pk):
                raise NotFound
        flash(_("That browser is signed out."), "success")
        return redirect("/profile/", 303)

    @expose("/sessions/end-others", methods=["POST"])
    @requires("edit")
    def end_others(self) -> ResponseReturnValue:
        with transaction():
            ended = sessions.end_others(visitor.account())
        flash(
            _("All other browsers and programs are signed out.") if ended else _("No other browser was signed in."),
            "success",
        )
        return redirect("/profile/", 303)
