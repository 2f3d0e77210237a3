"""The application's table of contents."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l
from redis import Redis
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.middleware.proxy_fix import ProxyFix

import app.models.all  # noqa: F401  every mapped class, before anything asks for one
import config
from app import locale, logs
from app.accounts import attempts, devices, factors, keys, limits
from app.accounts.codes import codes_config
from app.accounts.join import init_security
from app.accounts.limits import limits_config
from app.accounts.passkeys import PASSKEYS_CONFIG
from app.catalogs import live
from app.catalogs.shipped import ensure_compiled
from app.content import documents
from app.content.owed import owe_index
from app.events.record import write_owed
from app.events.transaction import WOKEN, wake_after
from app.events.watch import note_changes
from app.extensions import appbuilder, csrf, db, mail
from app.files.store import FileStore
from app.mail.hours import drop_changed
from app.models.engine import engine_options, prepare
from app.models.numbering import number
from app.models.types import utc_now
from app.views import (
    chips,
    errors,
    fallback,
    headers,
    health,
    navigation,
    refused,
    registry,
    second_net,
    seeking,
    static,
    too_large,
    viewing,
)
from app.views.admin import balance
from app.views.doors import GRACE, RECENT
from app.views.portal import asking, by_letter, guests, letter_links, notices, second_step
from app.views.translate import on_page

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = str(ROOT / "translations")


def build(settings: config.Settings | None = None) -> Flask:
    """The application for these settings, by default those of the environment."""
    settings = settings or config.read()
    logs.install()
    ensure_compiled()
    app = Flask(__name__.partition(".")[0], static_folder="static", template_folder="templates")
    app.config.update(flask_config(settings))
    app.extensions["settings"] = settings
    app.extensions["redis"] = Redis.from_url(settings.redis_url, socket_timeout=1, socket_connect_timeout=1)
    app.extensions["files"] = FileStore(settings.data / "files")
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, *[settings.trusted_proxies] * 3)  # type: ignore[method-assign]
    db.init_app(app)
    csrf.init_app(app)
    mail.init_app(app)
    locale.install()
    locale.init_app(app)
    init_security(app)
    factors.init_app(app)
    devices.init_app(app)
    with app.app_context():
        prepare(db.engine)
        appbuilder.init_app(app, db.session)
        registry.register_views(appbuilder)
        asking.init_app(app)
        letter_links.init_app(app)
        by_letter.init_app(app)
        guests.init_app(app)
        second_step.init_app(app)
        limits.init_app(app, appbuilder.sm.limiter)
        attempts.init_app(app)
    live.init_app(app)
    fallback.init_app(app)
    on_page.init_app(app)
    errors.init_app(app)
    refused.init_app(app)
    headers.init_app(app)
    static.init_app(app)
    too_large.init_app(app)
    viewing.init_app(app)
    navigation.init_app(app)
    chips.init_app(app)
    notices.init_app(app)
    seeking.init_app(app)
    health.init_app(app)
    balance.init_app(app)
    return app


def flask_config(settings: config.Settings) -> dict[str, Any]:
    """Our settings in the words of Flask and its extensions."""
    loopback = settings.hostname in ("localhost", "127.0.0.1", "::1")
    prefix = "__Host-" if settings.is_https else ""
    return {
        "SECRET_KEY": settings.secret_key,
        "TRUSTED_HOSTS": ["localhost", "127.0.0.1", "[::1]", settings.hostname] if loopback else [settings.hostname],
        "PREFERRED_URL_SCHEME": "https" if settings.is_https else "http",
        "MAX_CONTENT_LENGTH": settings.letter_limit + 2**20,
        "MAX_FORM_MEMORY_SIZE": 2 * 2**20,
        "MAX_FORM_PARTS": 500,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings.database_url),
        "SESSION_COOKIE_NAME": f"{prefix}bilety",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.is_https,
        "PERMANENT_SESSION_LIFETIME": timedelta(days=14),
        # A picture that arrives late must not bring an older session back; app/accounts/sessions.py renews the cookie.
        "SESSION_REFRESH_EACH_REQUEST": False,
        "WTF_CSRF_TIME_LIMIT": None,  # A form left open over lunch still works; the session bounds it.
        "BABEL_DEFAULT_LOCALE": locale.DEFAULT_LANGUAGE,
        "BABEL_DEFAULT_TIMEZONE": "UTC",
        "BABEL_TRANSLATION_DIRECTORIES": TRANSLATIONS,
        "LANGUAGES": {code: {"flag": code, "name": name} for code, name in locale.LANGUAGES.items()},
        **_mail_config(settings),
        **_fab_config(),
        **limits_config(settings.redis_url),
        **_security_config(settings),
    }


def _mail_config(settings: config.Settings) -> dict[str, Any]:
    return {
        "MAIL_SERVER": settings.mail_server or "localhost",
        "MAIL_PORT": settings.mail_port,
        "MAIL_USERNAME": settings.mail_username,
        "MAIL_PASSWORD": settings.mail_password,
        "MAIL_USE_TLS": settings.mail_use_tls,
        "MAIL_USE_SSL": settings.mail_use_ssl,
        "MAIL_DEFAULT_SENDER": settings.mail_default_sender,
        "MAIL_SUPPRESS_SEND": False,
    }


def _fab_config() -> dict[str, Any]:
    return {
        "APP_NAME": "Bilety",
        "FAB_INDEX_VIEW": "app.views.portal.home.HomeView",
        "FAB_BASE_TEMPLATE": "desk.html",
        "FAB_SECURITY_MANAGER_CLASS": "app.accounts.join.BiletySecurityManager",
        "FAB_UPDATE_PERMS": False,  # `run.py init` does it once.
        "FAB_CREATE_DB": False,
        "FAB_ADD_SECURITY_API": False,
        "FAB_ADD_MENU_API": False,
        "FAB_ADD_OPENAPI_VIEWS": True,
        "FAB_API_KEY_ENABLED": True,
        "FAB_API_KEY_PREFIXES": [keys.PREFIX],
        "FAB_API_SWAGGER_UI": False,
        "FAB_API_MAX_PAGE_SIZE": 100,
        "FAB_API_SHOW_STACKTRACE": False,
        "AUTH_ROLE_ADMIN": "administrator",
        "AUTH_ROLE_PUBLIC": "public",
        "JWT_ACCESS_TOKEN_EXPIRES": timedelta(minutes=30),
    }


def _security_config(settings: config.Settings) -> dict[str, Any]:
    return {
        "SECURITY_PASSWORD_SALT": settings.secret_key,
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_DEPRECATED_PASSWORD_SCHEMES": [],
        "SECURITY_HASHING_SCHEMES": ["hex_sha256"],  # docs/decisions/0005
        "SECURITY_REGISTERABLE": True,
        "SECURITY_USE_REGISTER_V2": True,
        "SECURITY_CONFIRMABLE": True,
        "SECURITY_RECOVERABLE": True,
        "SECURITY_CHANGEABLE": True,
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_MSG_GENERIC_AUTHN_FAILED": (_l("The e-mail address or the password is wrong."), "error"),
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_DATETIME_FACTORY": utc_now,  # Its own default carries no zone.
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False, "test_environment": True},
        "SECURITY_I18N_DIRNAME": ["builtin", TRANSLATIONS],
        "SECURITY_API_ENABLED_METHODS": ["session"],
        "SECURITY_FRESHNESS": RECENT,
        "SECURITY_FRESHNESS_GRACE_PERIOD": GRACE,
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,  # A mailbox is no second factor.
        **codes_config(settings.secret_key),
        **PASSKEYS_CONFIG,
    }


def _wake_after_commit(session: Session) -> None:
    """Flask-Security and FAB commit by themselves; what they owe must wake somebody too."""
    wake_after(session.info.pop(WOKEN, set()))


def _forget_after_rollback(session: Session) -> None:
    session.info.pop(WOKEN, None)


event.listen(db.session, "before_flush", documents.keep)
event.listen(db.session, "before_flush", owe_index)
event.listen(db.session, "after_flush", note_changes)
event.listen(db.session, "after_flush", write_owed)
event.listen(db.session, "before_flush", drop_changed)
event.listen(db.session, "before_flush", number)
second_net.install()
event.listen(db.session, "after_commit", _wake_after_commit)
event.listen(db.session, "after_rollback", _forget_after_rollback)
