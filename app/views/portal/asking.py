"""The public doors that answer by letter: register, send the invitation again, forgotten password.

Each answers alike for every address (attack cases O21-O24): what follows is decided in app/accounts/asked.py.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, HiddenField, ValidationError

from app.accounts import asked, links
from app.accounts.addresses import BadAddress, understood
from app.accounts.domains import DomainKind, kind_of
from app.events.transaction import transaction
from app.locale import language
from app.models.invitation import Purpose, Wish
from app.views import visitor
from app.views.portal.home import ways_to_reach_us
from app.views.portal.traps import TrappedForm

ASKED = "asked_for"  # the address of the last letter that this browser asked for


class AddressForm(TrappedForm):
    """The address that a letter is to go to, or a link of an earlier letter to it."""

    email = EmailField(_l("E-mail"), render_kw={"autocomplete": "email", "maxlength": 320})
    link = HiddenField()

    def validate_email(self, field: EmailField) -> None:
        if self.link.data:
            return
        try:
            understood(field.data)
        except BadAddress as error:
            raise ValidationError(str(error)) from error

    def address(self, purpose: Purpose) -> str | None:
        """The address in its kept form; None where an earlier link is not known."""
        if not self.link.data:
            return understood(self.email.data)
        link = links.remembered(self.link.data, purpose)
        return link.account.email if link else None


def register() -> ResponseReturnValue:
    """S1: from the public page, with a company address."""
    if visitor.is_signed_in():
        return redirect("/")
    return _door("security/register_user.html", Wish.REGISTRATION)


def send_again() -> ResponseReturnValue:
    """The same for who has lost the letter, or was too late."""
    return _door("security/send_confirmation.html", Wish.REGISTRATION)


def forgot_password() -> ResponseReturnValue:
    return _door("security/forgot_password.html", Wish.PASSWORD_RESET)


def look_into_mailbox() -> ResponseReturnValue:
    """Where each of the doors leads, whatever follows."""
    return render_template("security/look_into_mailbox.html", email=session.get(ASKED))


def _door(template: str, wish: Wish) -> ResponseReturnValue:
    form = AddressForm()
    if not form.validate_on_submit():
        return render_template(template, form=form)
    email = form.address(Purpose.RESET if wish == Wish.PASSWORD_RESET else Purpose.ACTIVATION)
    if email is not None:
        _ask(wish, email)
    if email is not None and wish == Wish.REGISTRATION and not form.link.data and _is_private(email):
        domain = email.rpartition("@")[2]
        return render_template("security/private_address.html", form=form, domain=domain, **ways_to_reach_us())
    session[ASKED] = "" if form.link.data else (form.email.data or "").strip()
    return redirect("/check-your-mail", 303)


def _ask(wish: Wish, email: str) -> None:
    with transaction():
        asked.ask(wish, email, locale=language(), address=request.remote_addr)


def _is_private(email: str) -> bool:
    """Said of the domain alone, of whoever has an address there: so it tells nothing about anybody's account."""
    return kind_of(email.rpartition("@")[2]) is not DomainKind.COMPANY


DOORS: dict[str, Any] = {
    "security.register": register,
    "security.send_confirmation": send_again,
    "security.forgot_password": forgot_password,
}


def init_app(app: Flask) -> None:
    """Put our doors where Flask-Security has its own, which tell by their time whom they know."""
    app.view_functions.update(DOORS)
    app.add_url_rule("/check-your-mail", "look_into_mailbox", look_into_mailbox)
