"""POST /api/v1/security/login: a token (JWT) for an address and a password, never around a second factor."""

from __future__ import annotations

from flask import Response, request
from flask_appbuilder.api import expose
from flask_appbuilder.security.api import SecurityApi as Tokens
from flask_babel import gettext as _
from flask_jwt_extended import create_access_token, create_refresh_token
from marshmallow import fields as kinds

from app.extensions import appbuilder
from app.views.api.body import NEEDED, Body, Code, Words, read
from app.views.api.description import Described

LONGEST, LONGEST_CODE = 1024, 16


class SignIn(Body):
    """Who asks. `code` is that of the authenticator app, where the account has a second step; `provider` says only that
    the accounts are ours; `refresh` asks for a refresh token too."""

    username = Words(LONGEST, required=True)
    password = Words(LONGEST, required=True)
    code = Words(LONGEST_CODE)
    provider = Code("db")
    refresh = kinds.Boolean(error_messages=NEEDED)


class SecurityApi(Described, Tokens):
    openapi_spec_tag = "security"
    openapi_spec_component_schemas = (SignIn,)

    @expose("/login", methods=["POST"])
    def login(self) -> Response:
        """A token that is good for half an hour, and with `refresh` one that brings new ones
        ---
        post:
          description: >-
            An account that signs in with a second step sends the code of its authenticator app too. Each code works
            once, and wrong ones are counted with those typed into browsers. Passkeys and recovery codes are for
            browsers; a program that nobody sits at has an API key.
          requestBody:
            required: true
            content:
              application/json:
                schema: {$ref: '#/components/schemas/SignIn'}
          responses:
            200:
              description: The tokens
              content:
                application/json:
                  schema:
                    type: object
                    properties:
                      access_token: {type: string}
                      refresh_token: {type: string}
            401: {$ref: '#/components/responses/401'}
            429: {$ref: '#/components/responses/429'}
        """
        given = read(request, SignIn())
        account = appbuilder.sm.auth_user_db(given["username"], given["password"], given.get("code"))
        if account is None and "code" in given:
            return self.response(401, message=_("The e-mail address, the password or the code is wrong."))
        if account is None:
            return self.response(401, message=_("The e-mail address or the password is wrong."))
        identity = str(account.id)
        tokens = {"access_token": create_access_token(identity=identity, fresh=True)}
        if given.get("refresh"):
            tokens["refresh_token"] = create_refresh_token(identity=identity)
        return self.response(200, **tokens)
