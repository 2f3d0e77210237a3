"""From an e-mail address to a signed-in customer (S1-S3)."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import RegisterFormV2, SQLAlchemyUserDatastore, hash_password, login_user, url_for_security
from flask_security.confirmable import confirm_email_token_status, confirm_user
from flask_security.forms import ResetPasswordForm
from sqlalchemy import select
from wtforms import SubmitField

from app.extensions import db
from app.models.account import Account, Role
from app.models.organisation import Membership, OrganisationDomain


class AccountDatastore(SQLAlchemyUserDatastore):
    """Makes accounts that both Flask-Security and Flask-AppBuilder accept."""

    def create_user(self, **values: Any) -> Account:
        """A customer's account: address in lower case, role `customer` unless others are given."""
        email = values["email"] = values["email"].strip().lower()
        values.setdefault("username", email[:128])
        values.setdefault("first_name", "")
        values.setdefault("last_name", "")
        if "roles" not in values:
            values["roles"] = [role_named("customer")]
        return super().create_user(**values)


class RegisterForm(RegisterFormV2):
    """Only the address: the password is set from the letter (S2, S3)."""

    password = None
    password_confirm = None
    submit = SubmitField(_l("Send the invitation"))

    def validate(self, **kwargs: Any) -> bool:
        # RegisterFormV2.validate() reads self.password, which an invitation does not have yet.
        return super(RegisterFormV2, self).validate(**kwargs)

    def to_dict(self, only_user: bool) -> dict[str, Any]:
        return {**super().to_dict(only_user), "password": None, "locale": _locale_of_request()}


def role_named(name: str) -> Role:
    """The role of that name. Raises NoResultFound before `run.py init` made the roles."""
    return db.session.scalars(select(Role).where(Role.name == name)).one()


def find_account(email: str) -> Account | None:
    """The account of that address, whatever the case of its letters."""
    # Every address is kept in lower case, so the plain unique index finds it.
    return db.session.scalars(select(Account).where(Account.email == email.strip().lower())).one_or_none()


def add_mail_only_customer(datastore: AccountDatastore, email: str, name: str, locale: str, **more: Any) -> Account:
    """The account of somebody who has only written a letter: without a password, in no organisation (S17)."""
    first, _space, last = name.partition(" ")
    return datastore.create_user(
        email=email, first_name=first[:64], last_name=last[:64], locale=locale, password=None, **more
    )


def join_organisation_of_domain(account: Account) -> None:
    """A confirmed address joins the organisation that owns exactly its domain; sub- and super-domains do not count."""
    domain = account.email.rpartition("@")[2].lower()
    owner = db.session.scalars(select(OrganisationDomain).where(OrganisationDomain.domain == domain)).one_or_none()
    if owner is None or any(m.organisation_id == owner.organisation_id for m in account.memberships):
        return
    db.session.add(Membership(account_id=account.id, organisation_id=owner.organisation_id))


def activation_view(datastore: AccountDatastore) -> Any:
    """The page behind ZAAKCEPTUJ ZAPROSZENIE: set a password, be signed in. GET changes nothing."""

    def activate(token: str) -> ResponseReturnValue:
        expired, invalid, account = confirm_email_token_status(token)
        if invalid or expired or account is None or account.is_registered:
            flash(_("This invitation has expired or was used already. Ask for a new one here."), "error")
            return redirect(url_for_security("send_confirmation"))
        form = ResetPasswordForm(request.form if request.method == "POST" else None)
        form.user = account
        if not form.validate_on_submit():
            return render_template("security/activate.html", activate_form=form, account=account)
        _activate(datastore, account, form.password.data)
        flash(_("Your account is active. Welcome!"), "success")
        return redirect("/")

    return activate


def _activate(datastore: AccountDatastore, account: Account, password: str) -> None:
    account.password = hash_password(password)
    datastore.set_uniquifier(account)  # The link was signed with the old stamp, so it works only once.
    confirm_user(account)
    join_organisation_of_domain(account)
    datastore.commit()
    login_user(account, authn_via=["confirm"])


def _locale_of_request() -> str:
    locale = get_locale()
    return locale.language if locale else "pl"
