"""What the API answers when it refuses: problem details (RFC 9457), with the keys that were not taken."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotAcceptable
from werkzeug.http import HTTP_STATUS_CODES

from app.extensions import db

JSON, PROBLEM = "application/json", "application/problem+json"
BYTES = ("file", "content")  # what routes are called that give out files


class Refusal(Exception):
    """A request that was understood well enough to say what is wrong with it. Nothing of it was done."""

    status = 400
    more: Mapping[str, Any] = MappingProxyType({})  # what else the answer tells
    etag: str | None = None  # of the row as it is now

    def __init__(self, message: str, errors: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.message, self.errors = message, dict(errors or {})


class Malformed(Refusal):
    """Not JSON, or not in a form that can be read at all."""


class WrongType(Refusal):
    status = 415


class Forbidden(Refusal):
    """The row may be seen, but this may not be done with it."""

    status = 403

    def __init__(self) -> None:
        super().__init__(_("You may not do this"))


class Missing(Refusal):
    """There is no such row, or this account may not know of it: nobody can tell which."""

    status = 404

    def __init__(self, key: str | None = None) -> None:
        super().__init__(nothing(), {key: nothing()} if key else None)


class TooLarge(Refusal):
    status = 413


class Unfit(Refusal):
    """Keys that are unknown, forbidden, missing or of a wrong kind, each with its name."""

    status = 422

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(_("These keys were not taken: %(names)s.", names=", ".join(errors)), errors)


def nothing() -> str:
    return _("There is no such thing, or it is not open to you.")


def told(refusal: Refusal) -> ResponseReturnValue:
    """The refusal as JSON."""
    db.session.rollback()
    response = problem(refusal.status, refusal.message, refusal.errors, **refusal.more)
    if refusal.etag is not None:
        response.set_etag(refusal.etag)
    return response


def problem(status: int, sentence: str, errors: Mapping[str, str] | None = None, **more: Any) -> Response:
    """Problem details. `message` says what `detail` says, for programs that knew it before."""
    said: dict[str, Any] = {"type": "about:blank", "title": HTTP_STATUS_CODES[status], "status": status}
    said |= {"detail": sentence, "message": sentence} | ({"errors": dict(errors)} if errors else {})
    response = jsonify(said | more)
    response.status_code, response.mimetype = status, PROBLEM
    return response


def init_app(app: Flask) -> None:
    """Tell refusals, and let a request without a good token hear of it in the same form."""
    app.register_error_handler(Refusal, told)
    app.before_request(_hold_to_json)
    tokens: Any = app.extensions["flask-jwt-extended"]
    for loader in (tokens.unauthorized_loader, tokens.invalid_token_loader):
        loader(lambda _reason: _sign_in())
    for loader in (tokens.expired_token_loader, tokens.user_lookup_error_loader):
        loader(lambda _header, _data: _sign_in())


def _hold_to_json() -> None:
    """The API answers JSON, and the bytes of files as they are (RFC 9110, 12.5.1). Raises NotAcceptable."""
    is_ours = request.path.startswith("/api/") and (request.endpoint or "").rpartition(".")[2] not in BYTES
    wanted = request.accept_mimetypes
    if is_ours and wanted and request.method != "OPTIONS" and not any(wanted[kind] for kind in (JSON, PROBLEM)):
        raise NotAcceptable


def _sign_in() -> ResponseReturnValue:
    response = problem(401, _("Sign in first."))
    response.headers["WWW-Authenticate"] = "Bearer"
    return response
