"""What a person sees when something cannot be done: a sentence, the right status, never a trace."""

from __future__ import annotations

import logging

from flask import Flask, flash, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, ServiceUnavailable
from werkzeug.exceptions import NotFound as PageNotFound

from app.access import NotFound
from app.desk.errors import DeskError
from app.extensions import db

log = logging.getLogger(__name__)

PAGES = frozenset({400, 403, 404, 405, 413, 429, 500, 503})


def init_app(app: Flask) -> None:
    app.register_error_handler(DeskError, _broken_rule)
    app.register_error_handler(NotFound, lambda _error: show(PageNotFound()))
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(HTTPException, show)


def show(error: HTTPException) -> ResponseReturnValue:
    """The error as a page, or as JSON where a program asked."""
    if error.response is not None:
        return error.response
    code = error.code or 500
    if code >= 500:
        db.session.rollback()
    if request.path.startswith("/api/"):
        return jsonify(message=error.name), code
    name = code if code in PAGES else (500 if code >= 500 else 400)
    csrf = isinstance(error, CSRFError)
    headers = {"Retry-After": "5"} if code == 503 else {}
    return render_template(f"errors/{name}.html", error=error, csrf=csrf), code, headers


def _broken_rule(error: DeskError) -> ResponseReturnValue:
    """Say which rule was broken and return the person to where he came from."""
    db.session.rollback()
    if request.path.startswith("/api/"):
        return jsonify(message=str(error)), 422
    flash(str(error), "error")
    return redirect(request.path.rsplit("/", 1)[0] or "/")


def _database_away(error: OperationalError) -> ResponseReturnValue:
    log.error("The database did not answer: %s", error)
    db.session.rollback()
    return show(ServiceUnavailable())
