"""Changes that name the state they change: If-Match, and the current state for whoever saw an older one."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from flask_babel import gettext as _

from app.views.api.refusals import Refusal
from app.views.api.resource import Resource


class Unmatched(Refusal):
    """No If-Match (RFC 6585, 3)."""

    status = 428


class Stale(Refusal):
    """Somebody changed the row meanwhile: the answer holds it as it is now (RFC 9110, 15.5.13)."""

    status = 412

    def __init__(self, current: dict[str, Any] | None, etag: str) -> None:
        super().__init__(_("This has changed since you read it. Compare it with what is there now."))
        self.more, self.etag = {"current": current}, etag


class Matched(Resource):
    """A resource whose rows carry an ETag, which every change of them names."""

    is_matched = True

    def etag(self, row: Any) -> str:
        """What the state of the row is called."""
        raise NotImplementedError

    def check(self, pk: Any, row: Any) -> None:
        """Raises Unmatched, Stale."""
        if not request.if_match:
            raise Unmatched(_("Send the header If-Match with the ETag of what you read."))
        if not request.if_match.contains(self.etag(row)):
            raise Stale(self.shown(pk), self.etag(row))

    def marked(self, pk: Any, response: Response, row: Any) -> Response:
        """The answer with the ETag of its row; where the client has it already, nothing but that (304)."""
        response.set_etag(self.etag(row))
        if request.method == "GET" and request.if_none_match.contains_weak(self.etag(row)):
            response.status_code, response.data = 304, b""
        return response
