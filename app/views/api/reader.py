"""Who reads content: somebody with a token or a key, or nobody in particular."""

from __future__ import annotations

from flask import request
from flask_babel import gettext as _
from flask_jwt_extended import verify_jwt_in_request

from app import caller
from app.access import Standing, reads_as
from app.accounts import keys
from app.extensions import appbuilder
from app.views.api.refusals import Forbidden, Refusal


class Unknown(Refusal):
    status = 401


def reader_of(type_code: str) -> Standing | None:
    """Whoever sends a token or key; None where neither is sent.

    Raises Unknown for one that is good no more, Forbidden for a key of other types.
    """
    if "Authorization" not in request.headers:
        return None
    manager = appbuilder.sm
    key = manager.extract_api_key_from_request()
    if key is None:
        verify_jwt_in_request()
    elif manager.validate_api_key(key) is None:
        raise Unknown(_("Sign in first."))
    account = caller.key_account() or caller.token_account()
    if account is None:
        raise Unknown(_("Sign in first."))
    if not keys.allows(type_code):
        raise Forbidden
    return reads_as(account)
