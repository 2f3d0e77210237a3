"""What a person sees when something cannot be done: a sentence, the right status, never a trace."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import HTTPException, RequestedRangeNotSatisfiable, SecurityError, ServiceUnavailable
from werkzeug.exceptions import NotFound as PageNotFound

from app.access import NotFound
from app.broken_rule import BrokenRule
from app.extensions import db
from app.views.api import refusals
from app.views.api.refusals import nothing
from app.views.kept import DAMAGED
from app.views.portal.home import local_path

log = logging.getLogger(__name__)

# What happened, and what the person can do.
PAGES: dict[int, tuple[Any, Any]] = {
    400: (_l("This request was not understood"), _l("Go back, check what you entered and send it again.")),
    403: (_l("You may not do this"), _l("Sign in with another account, or ask your administrator for the right.")),
    404: (_l("This page does not exist"), _l("The address is wrong, or what it showed is not open to you.")),
    405: (_l("This cannot be done here"), _l("Go back and use the buttons of the page.")),
    410: (_l("This file is no longer here"), _l("Its row is kept, but its bytes are missing. Tell the administrator.")),
    413: (
        _l("This is too large"),
        _l("Go back: your browser may still have what you wrote. Then choose smaller files, or send them one by one."),
    ),
    406: (_l("This is not to be had in the form that was asked for"), _l("Ask for another one.")),
    416: (_l("The file has no such part"), _l("Load it as a whole.")),
    429: (_l("Too many attempts"), _l("Wait a few minutes and try again.")),
    500: (_l("Something went wrong on our side"), _l("Nothing that was saved is lost. Try again in a while.")),
    503: (_l("The desk is not available for a moment"), _l("Nothing that was saved is lost. Try again in a while.")),
}
DAMAGED_FILE = (
    _l("This file is damaged on our side"),
    _l("Its bytes are not those that were kept, so none of them are given out. Tell the administrator."),
)
FOR_PROGRAMS = ("/api/", "/hooks/")
SIGN_IN_DOORS = ("security.login", "security.two_factor_token_validation", "security.mf_recovery")
OTHER_WAYS_IN = _l(
    "Somebody has failed to sign in here many times. Wait a quarter of an hour and try again. A browser in which you"
    " have signed in before is not held up by others, and a new password by letter makes this one such a browser."
)
ONLY_LOOKING = _l(
    "You look through a customer's eyes: nothing can be changed, and what is private stays so. End it first."
)
NOT_SENT = _l(
    "What you sent just now is perhaps not kept. Go back: your browser may still have what you wrote. Try again in a"
    " while."
)
EXPIRED_FORM = (
    _l("Your session has ended"),
    _l(
        "Nothing was sent, as you were signed out meanwhile. Go back to the form, sign in if you are asked to, and send"
        " it again. What you wrote in a ticket or an answer, and the files that you attached, come back with it."
    ),
)


def init_app(app: Flask) -> None:
    app.register_error_handler(BrokenRule, _broken_rule)
    app.register_error_handler(NotFound, lambda _error: show(PageNotFound()))
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(SecurityError, _foreign_host)
    app.register_error_handler(HTTPException, show)
    app.register_error_handler(DataError, _no_such_text)
    refusals.init_app(app)


def show(error: HTTPException) -> ResponseReturnValue:
    """The error as a page, or as JSON where a program asked."""
    if error.response is not None:
        return error.response
    code = error.code or 500
    if code >= 500:
        db.session.rollback()
    heading, advice = PAGES.get(code) or PAGES[500 if code >= 500 else 400]
    if error.description == DAMAGED:
        heading, advice = DAMAGED_FILE
    headers = _what_else_to_do(error, code)
    if request.path.startswith(FOR_PROGRAMS):
        return refusals.problem(code, str(nothing() if code == 404 else heading)), headers
    if isinstance(error, CSRFError):
        heading, advice = EXPIRED_FORM
    if code == 429 and request.endpoint in SIGN_IN_DOORS:
        advice = OTHER_WAYS_IN
    if error.description == "viewing":
        advice = ONLY_LOOKING
    if code >= 500 and request.method == "POST":
        advice = NOT_SENT
    back = _sent_from() if isinstance(error, CSRFError) else None
    return render_template("errors/error.html", code=code, heading=heading, advice=advice, back=back), code, headers


def _sent_from() -> str | None:
    """The path of the page whose form was sent, where the browser tells."""
    return local_path(urlsplit(request.referrer)._replace(scheme="", netloc="").geturl()) if request.referrer else None


def _what_else_to_do(error: HTTPException, code: int) -> dict[str, str]:
    """The headers Retry-After, in seconds, Allow and Content-Range (RFC 9110, 10.2.3, 15.5.6 and 15.5.17)."""
    seconds = 5 if code == 503 else getattr(error, "retry_after", None)
    methods = sorted(getattr(error, "valid_methods", None) or ())
    found = {"Retry-After": str(seconds)} if seconds else {}
    found |= {"Allow": ", ".join(methods)} if methods else {}
    if isinstance(error, RequestedRangeNotSatisfiable) and error.length is not None:
        found["Content-Range"] = f"{error.units} */{error.length}"
    return found


def _foreign_host(_error: SecurityError) -> ResponseReturnValue:
    """A Host header that is not ours: no page of ours can be drawn, since every link would carry it."""
    sentence = _("This address is not served here.")
    if request.path.startswith(FOR_PROGRAMS):
        return refusals.problem(400, sentence)
    return sentence, 400, {"Content-Type": "text/plain; charset=utf-8"}


def _broken_rule(error: BrokenRule) -> ResponseReturnValue:
    """Say which rule was broken and return the person to where he came from."""
    db.session.rollback()
    if request.path.startswith(FOR_PROGRAMS):
        return refusals.problem(error.status, str(error))
    flash(str(error), "error")
    return redirect(request.path.rsplit("/", 1)[0] or "/")


def _no_such_text(error: DataError) -> ResponseReturnValue:
    """PostgreSQL keeps no NUL, so an address with one names nothing."""
    if "\x00" not in request.path:
        raise error
    db.session.rollback()
    return show(PageNotFound())


def _database_away(error: OperationalError) -> ResponseReturnValue:
    log.error("The database did not answer: %s", error)
    db.session.rollback()
    return show(ServiceUnavailable())
