"""Flask-Security owns signing in, Flask-AppBuilder owns permissions; here they meet (docs/decisions/0001)."""

from __future__ import annotations

import time
from collections.abc import Iterable
from functools import cache
from typing import Any, ClassVar

from flask import Flask, current_app, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.security.sqla.manager import SecurityManager
from flask_appbuilder.security.sqla.models import Permission, PermissionView, ViewMenu, assoc_permissionview_role
from flask_appbuilder.security.views import AuthDBView
from flask_jwt_extended import JWTManager
from flask_login import LoginManager
from flask_security import Security, hash_password, url_for_security, verify_and_update_password
from flask_security.confirmable import requires_confirmation
from sqlalchemy import Select, bindparam, select

from app.accounts import attempts, audited, keys, sessions
from app.accounts.choices import lacks_second_step, second_step_wanted
from app.accounts.codes import CLOCKS_APART, AppCodes, RecoveryCodes
from app.accounts.errors import SecondFactorMissing, SecondFactorNeeded
from app.accounts.letters import OutboxMailUtil
from app.accounts.passkeys import OurSite, PasskeyForm
from app.accounts.registration import AccountDatastore, find_account
from app.events.audit import AuditKind, write_down
from app.extensions import db
from app.models.account import Account, Role, WebAuthn, with_roles

PERMISSIONS_KEPT_SECONDS = 5.0


def init_security(app: Flask) -> None:
    """Bind Flask-Security. Must come before AppBuilder.init_app, which is handed its LoginManager."""
    datastore = AccountDatastore(db, Account, Role, WebAuthn)
    security = Security(
        app,
        datastore,
        login_form=audited.SignInForm,
        mail_util_cls=OutboxMailUtil,
        totp_cls=AppCodes,
        mf_recovery_codes_util_cls=RecoveryCodes,
        webauthn_util_cls=OurSite,
        wan_signin_response_form=PasskeyForm,
    )
    app.extensions["account_security"] = security
    audited.init_app(app)
    sessions.init_app(app)


class SignInView(AuthDBView):
    """Flask-AppBuilder asks its own view for the address of the sign-in page; it only points to ours."""

    route_base = "/fab"

    @expose("/login/", methods=["GET"])
    def login(self) -> ResponseReturnValue:
        return redirect(url_for_security("login", next=request.args.get("next", "/")))

    @expose("/logout/", methods=["GET"])
    def logout(self) -> ResponseReturnValue:
        return redirect("/")


class BiletySecurityManager(SecurityManager):
    """FAB's permissions over our accounts. Its stock account pages are not registered: ours replace them."""

    user_model = Account
    authdbview = SignInView
    _kept: ClassVar[dict[frozenset[str], tuple[float, frozenset[tuple[str, str]]]]] = {}

    def create_login_manager(self, app: Flask) -> LoginManager:
        manager: LoginManager = app.login_manager  # type: ignore[attr-defined]  # made by Flask-Security
        return manager

    def create_jwt_manager(self, app: Flask) -> JWTManager:
        manager = super().create_jwt_manager(app)
        manager.additional_claims_loader(_stamp_of)
        return manager

    def load_user_jwt(self, _header: Any, data: dict[str, Any]) -> Account | None:
        """The token's account with its roles, in one statement; None when its tokens were ended since (password change,
        leaving), or it must set up its second step first."""
        found = db.session.execute(_by_id(), {"id": int(data["sub"])}).unique().one_or_none()
        account, wanted = found or (None, None)
        if account is None or data.get("stamp") != _stamp(account):
            return None
        if lacks_second_step(account, wanted=bool(wanted)):
            return None
        g.user = account
        return account

    def register_views(self) -> None:
        self.auth_view = self.authdbview()
        self.appbuilder.add_view_no_menu(self.auth_view)

    def auth_user_db(self, username: str, password: str, code: str | None = None) -> Account | None:
        """What POST /api/v1/security/login asks: the password, an address that was confirmed, and the code of the app
        where the account signs in with a second step. Passkeys and recovery codes are for browsers.

        Raises SecondFactorNeeded, SecondFactorMissing, TooManyRequests, which only who knows the password hears.
        """
        security = bound_security()
        account = find_account(username or "")
        if account is None or not account.active or not account.password:
            hash_password("balance")  # An unknown address takes as long as a wrong password.
            audited.note_failed(username, "token")
            return None
        normal = security.password_util.normalize(password)
        if not verify_and_update_password(normal, account):
            audited.note_failed(username, "token")
            return None
        if requires_confirmation(account):
            return None
        how = ["token"]
        if account.has_second_factor:
            if code is None or not account.tf_totp_secret:
                raise SecondFactorNeeded
            if not attempts.is_right(account, lambda: is_code_of(account, code)):
                audited.note_failed(username, "code")
                return None
            how.append("authenticator")
        if lacks_second_step(account):
            raise SecondFactorMissing
        write_down(AuditKind.SIGNED_IN, by=account, how=how)
        db.session.commit()
        return account

    def validate_api_key(self, api_key_string: str) -> Account | None:
        """The account that the key stands for. `@protect` asks at every route of the API."""
        account = keys.let_in(api_key_string)
        if account is not None:
            g.user, g._api_key_user = account, True  # how FAB's has_access knows whom to ask about
        return account

    def reset_password(self, userid: int, password: str) -> None:
        """Set a password; every other session and token ends."""
        security = bound_security()
        account = db.session.get_one(Account, userid)
        account.password = hash_password(security.password_util.normalize(password))
        security.datastore.set_uniquifier(account)
        sessions.end_all(account)
        db.session.commit()

    def get_user_roles(self, user: Any) -> list[Role]:
        """The account's roles. FAB's groups are not used, so they cost no statement."""
        return user.roles if user.is_authenticated else [self.get_public_role()]

    def is_item_public(self, permission_name: str, view_name: str) -> bool:
        """Never: our public pages ask for no permission, so the answer costs no statement."""
        return False

    def _has_view_access(self, user: Any, permission_name: str, view_name: str) -> bool:
        return self.roles_permit(self.get_user_roles(user), permission_name, view_name)

    def roles_permit(self, roles: Iterable[Role], permission_name: str, view_name: str) -> bool:
        """Whether one of the roles permits it now, in whatever process it was changed."""
        return (permission_name, view_name) in self._permissions_of(frozenset(role.stamp for role in roles))

    def _permissions_of(self, stamps: frozenset[str]) -> frozenset[tuple[str, str]]:
        """All that these roles permit, in one statement every few seconds instead of one a button."""
        until, kept = self._kept.get(stamps, (0.0, frozenset()))
        if time.monotonic() > until:
            query = (
                select(Permission.name, ViewMenu.name)
                .select_from(PermissionView)
                .join(Permission, PermissionView.permission_id == Permission.id)
                .join(ViewMenu, PermissionView.view_menu_id == ViewMenu.id)
                .join(assoc_permissionview_role, assoc_permissionview_role.c.permission_view_id == PermissionView.id)
                .join(Role, assoc_permissionview_role.c.role_id == Role.id)
                .where(Role.stamp.in_(stamps))
            )
            kept = frozenset((row[0], row[1]) for row in db.session.execute(query))
            self._kept[stamps] = (time.monotonic() + PERMISSIONS_KEPT_SECONDS, kept)
        return kept

    def forget_permissions(self) -> None:
        """Read the roles' permissions anew: they were just changed."""
        self._kept.clear()


def bound_security() -> Security:
    """The bound Flask-Security of the current application."""
    security: Security = current_app.extensions["account_security"]
    return security


def is_code_of(account: Account, code: str) -> bool:
    """Whether it is a code of the account's app that was never used."""
    totp = bound_security().totp_factory
    secret = account.tf_totp_secret
    return bool(totp.verify_totp(token=code, totp_secret=secret, user=account, window=CLOCKS_APART))


def _stamp(account: Account) -> str:
    return (account.fs_token_uniquifier or account.fs_uniquifier)[:16]


def _stamp_of(identity: str | int) -> dict[str, str]:
    account = db.session.get(Account, int(identity))
    return {"stamp": _stamp(account)} if account else {}


@cache
def _by_id() -> Select[Account, bool]:
    return with_roles(select(Account, second_step_wanted()).where(Account.id == bindparam("id"), Account.active))
