"""POST /hooks/calls: a telephone exchange tells of a call (S18). It has a secret of its own and no account."""

from __future__ import annotations

import json
from typing import Any

from apispec import APISpec
from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue
from flask_appbuilder.api import BaseApi, expose
from flask_babel import gettext as _

from app.accounts import limits
from app.desk.incoming_calls import (
    AnotherCall,
    BadCall,
    doubts,
    is_secret,
    keep_call,
    read_call,
)
from app.events.transaction import transaction
from app.mail.content import absolute
from app.views.api.body import JSON
from app.views.api.refusals import Malformed, Refusal, Unfit, WrongType

LARGEST_BODY = 16 * 1024


class WrongSecret(Refusal):
    status = 401


class TooLarge(Refusal):
    status = 413


class Conflict(Refusal):
    status = 409


class CallHook(BaseApi):
    """The exchange's door. docs/telephone.md describes it: it stands beside the API, which is for accounts."""

    route_base = "/hooks"
    resource_name = "calls"

    def add_api_spec(self, _api_spec: APISpec) -> None:
        """Not in the API's description."""

    @expose("/calls", methods=["POST"])
    def take(self) -> ResponseReturnValue:
        """Keep the call; told again with the same call_id it is kept once."""
        _check_secret()
        said = _said()
        try:
            with transaction():
                row, is_new = keep_call(read_call(said), has_time=bool(said.get("time")))
                answer = {
                    "id": row.id,
                    "call_id": row.call_id,
                    "product_group": row.product_group.name if row.product_group else None,
                    "doubts": doubts(row.caller, row.digits, row.product_group),
                    "url": absolute(f"/desk/calls/show/{row.id}"),
                }
        except BadCall as error:
            raise Unfit(error.errors) from error
        except AnotherCall as error:
            raise Conflict(str(error)) from error
        return _answered(answer, 201 if is_new else 200)


def _check_secret() -> None:
    """Raises WrongSecret, and TooManyRequests for who guesses."""
    limits.refuse_guessing()
    kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not is_secret(secret.strip()):
        limits.count_guess()
        raise WrongSecret(_("Send the secret of the exchange as Authorization: Bearer."))


def _said() -> dict[str, Any]:
    """Raises WrongType, TooLarge, Malformed."""
    if request.mimetype != JSON:
        raise WrongType(_("Send the body as %(type)s.", type=JSON))
    if (request.content_length or 0) > LARGEST_BODY:
        raise TooLarge(_("The body is too large."))
    try:
        said = json.loads(request.get_data(cache=False).decode())
    except (ValueError, RecursionError) as error:
        raise Malformed(_("The body is not JSON.")) from error
    if not isinstance(said, dict):
        raise Malformed(_("The body is not an object."))
    return said


def _answered(answer: dict[str, Any], status: int) -> Response:
    response = jsonify(answer)
    response.status_code = status
    return response
