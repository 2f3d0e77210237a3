"""POST /hooks/calls: a telephone exchange tells of a call (S18). It has a secret of its own and no account."""

from __future__ import annotations

import json
from typing import Any

from apispec import APISpec
from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue
from flask_appbuilder.api import expose
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
from app.views.api.description import Described
from app.views.api.refusals import Malformed, Refusal, TooLarge, Unfit, WrongType

LARGEST_BODY = 16 * 1024


class WrongSecret(Refusal):
    status = 401


class Conflict(Refusal):
    status = 409


class CallHook(Described):
    """The exchange's door: it stands beside the API, which is for accounts."""

    route_base = "/hooks"
    resource_name = openapi_spec_tag = "calls"

    def add_apispec_components(self, api_spec: APISpec) -> None:
        """Besides, how the exchange says that it is one."""
        super().add_apispec_components(api_spec)
        api_spec.components.security_scheme("exchange", {"type": "http", "scheme": "bearer"})

    @expose("/calls", methods=["POST"])
    def take(self) -> ResponseReturnValue:
        """Tell of a call of the telephone exchange
        ---
        post:
          description: >-
            Told again with the same call_id, as when it rings and when it ends, a call is kept once and learns what was
            not known yet. Without call_id, which then is made of number, digits and time, `time` is needed.
          security: [{exchange: []}]
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  additionalProperties: false
                  anyOf: [{required: [call_id]}, {required: [time]}]
                  properties:
                    call_id: {type: [string, integer, 'null'], maxLength: 100}
                    caller:
                      type: [string, integer, 'null']
                      maxLength: 200
                      description: The number, also as sip or tel URI; empty, null or anonymous when it is withheld
                    digits:
                      type: [string, integer, 'null']
                      maxLength: 40
                      description: What the caller pressed, with or without the first digit
                    time:
                      type: [string, 'null']
                      maxLength: 64
                      description: ISO 8601; without an offset on the clock of the first product group; now when missing
                    duration: {type: [string, integer, 'null'], maxLength: 20, description: In seconds or as 3:20}
                    recording: {type: [string, 'null'], maxLength: 2000, description: A web address}
          responses:
            201:
              description: The call is kept
              content: &kept
                application/json:
                  schema:
                    type: object
                    additionalProperties: false
                    required: [id, call_id, product_group, doubts, url]
                    properties:
                      id: {type: integer}
                      call_id: {type: string}
                      product_group: {type: [string, 'null']}
                      doubts:
                        type: object
                        description: What is odd about it, each with a sentence
                        propertyNames: {enum: [number_withheld, number_unreadable, digits_outside_menu]}
                        additionalProperties: {type: string}
                      url: {type: string, description: The card of the caller}
            200: {description: It was told before, content: *kept}
            401: {$ref: '#/components/responses/401'}
            409:
              description: The same call_id was another call; nothing was changed
              content: {application/problem+json: {schema: {$ref: '#/components/schemas/Refusal'}}}
        """
        _check_secret()
        said = _said()
        try:
            with transaction():
                row, is_new = keep_call(read_call(said), has_time=bool(said.get("time")))
                answer = {
                    "id": row.id,
                    "call_id": row.call_id,
                    "product_group": row.product_group.name if row.product_group else None,
                    "doubts": doubts(row),
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
