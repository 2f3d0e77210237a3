"""The pages behind the links of letters. Opening one changes nothing: mail scanners open links too."""

from __future__ import annotations

from flask import Flask, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import login_user
from flask_security.forms import ResetPasswordForm
from flask_wtf import FlaskForm

from app.accounts import activation, devices, links
from app.accounts.errors import NotOpen
from app.events.transaction import transaction
from app.models.invitation import AccountLink, Purpose
from app.views.portal.asking import AddressForm

DEAD = (links.LinkUsed, NotOpen)


def confirm(token: str) -> ResponseReturnValue:
    """Behind ZAAKCEPTUJ ZAPROSZENIE (S2): a first password, or a place for who has an account already."""
    link = links.find(token, Purpose.ACTIVATION)
    if link is not None and not link.account.is_registered:
        return _activate(token, link)
    if link is not None and link.invitation is not None and link.invitation.organisation is not None:
        return _join(token, link)
    return _dead(token, Purpose.ACTIVATION)


def reset(token: str) -> ResponseReturnValue:
    """Behind the link of a forgotten password."""
    link = links.find(token, Purpose.RESET)
    if link is None:
        return _dead(token, Purpose.RESET)
    form = _password_form(link)
    if not form.validate_on_submit():
        return private(render_template("security/reset_password.html", form=form, account=link.account))
    try:
        with transaction():
            activation.reset(link, form.password.data)
            devices.remember(link.account.email)
    except DEAD:
        return _dead(token, Purpose.RESET)
    flash(_("Your new password is set. Sign in with it."), "success")
    return redirect("/login", 303)


def _activate(token: str, link: AccountLink) -> ResponseReturnValue:
    form = _password_form(link)
    if not form.validate_on_submit():
        return private(render_template("security/activate.html", form=form, account=link.account))
    try:
        with transaction():
            account = activation.activate(link, form.password.data)
    except DEAD:
        return _dead(token, Purpose.ACTIVATION)
    login_user(account, authn_via=["confirm"])
    flash(_("Your account is active. Welcome!"), "success")
    return redirect("/" if account.role_kinds == {"customer"} else "/desk/", 303)


def _join(token: str, link: AccountLink) -> ResponseReturnValue:
    """The link proves the mailbox, not the person: whoever follows it is not signed in by it."""
    form = FlaskForm()
    if not form.validate_on_submit():
        return private(render_template("security/join.html", form=form, link=link))
    try:
        with transaction():
            activation.join(link)
    except DEAD:
        return _dead(token, Purpose.ACTIVATION)
    flash(_("You have accepted the invitation."), "success")
    return redirect("/", 303)


def _dead(token: str, purpose: Purpose) -> ResponseReturnValue:
    """One answer for an expired, used, withdrawn, cut or invented link, with the way to a new one."""
    known = links.remembered(token, purpose) is not None
    form = AddressForm(formdata=None, link=token if known else "")
    page = render_template("security/dead_link.html", form=form, known=known, is_reset=purpose == Purpose.RESET)
    return private(page, 410)


def _password_form(link: AccountLink) -> ResetPasswordForm:
    """Flask-Security's, with its rules for passwords."""
    form = ResetPasswordForm(request.form if request.method == "POST" else None)
    form.user = link.account
    return form


def private(page: str, status: int = 200) -> ResponseReturnValue:
    """The address of such a page is a secret, so it goes into no cache, to no other site and into no search engine."""
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def init_app(app: Flask) -> None:
    app.view_functions.update({"security.confirm_email": confirm, "security.reset_password": reset})
