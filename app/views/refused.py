"""Writes down what was refused to somebody who is signed in: a row that he may not see, or an act that he may not do.

One entry for each account, address and hour, and not more than so many of an account: who looks through a thousand
numbers is told of, and does not flood the log. What letters were refused stands in the journal (attack oracle R9).
"""

from __future__ import annotations

import logging

from flask import Flask, Response, request
from limits import parse
from sqlalchemy.exc import OperationalError

from app import caller
from app.accounts import limits, viewing
from app.events.audit import AuditKind, write_down
from app.events.transaction import transaction
from app.extensions import db

REFUSALS = (403, 404)
OF_AN_ADDRESS = parse("1 per hour")
OF_AN_ACCOUNT = parse("60 per hour")
log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    app.after_request(_note)


def _note(response: Response) -> Response:
    if response.status_code in REFUSALS and request.view_args and "static" not in (request.endpoint or ""):
        account = caller.acting()
        if account is not None and viewing.viewer() is None and _is_told(account.id):
            _write_down(f"{request.method} {_address()}")
    return response


def _address() -> str:
    """What was asked for; of a letter's link only which kind, since who reads the log could use it."""
    rule = request.url_rule
    return rule.rule if rule is not None and "token" in rule.arguments else request.path


def _is_told(account_id: int) -> bool:
    """Whether the log takes one more."""
    address = f"refused {account_id} {request.method} {request.path}"
    return limits.hit(OF_AN_ADDRESS, address) and limits.hit(OF_AN_ACCOUNT, f"refused {account_id}")


def _write_down(about: str) -> None:
    try:
        db.session.rollback()  # what was refused changes nothing
        with transaction():
            write_down(AuditKind.REFUSED, about=about)
    except OperationalError:
        log.exception("A refusal could not be written down")
