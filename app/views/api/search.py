"""GET /api/v1/search/?q=: search for programs and scripts, by cookie or token."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue
from flask_appbuilder.api import expose, protect, safe
from flask_babel import gettext as _

from app.search.find import Answer, Hit, find
from app.search.parse import LONGEST_QUERY
from app.views import visitor
from app.views.api.description import Described

LARGEST_PAGE = 100
DEFAULT_PAGE = 20
DEEPEST = 1_000  # hits; whoever looks further should narrow the search


class BadQuestion(ValueError):
    """What the answer 400 says, translated."""


class SearchApi(Described):
    """Tickets by keywords, within the asker's reach."""

    resource_name = "search"
    openapi_spec_tag = "search"
    allow_browser_login = True
    base_permissions = ["can_get"]

    @expose("/", methods=["GET"])
    @protect()
    @safe
    def get(self) -> ResponseReturnValue:
        """Search tickets by keywords
        ---
        get:
          description: Tickets within reach of the signed-in account, best first.
          parameters:
            - {in: query, name: q, required: true, schema: {type: string, maxLength: 400}}
            - {in: query, name: status, schema: {type: string}}
            - {in: query, name: product_group, schema: {type: integer}}
            - {in: query, name: page, description: counted from 0, schema: {type: integer, minimum: 0}}
            - {in: query, name: page_size, schema: {type: integer, minimum: 1, maximum: 100}}
          responses:
            200:
              description: What was found
              content:
                application/json:
                  schema:
                    type: object
                    required: [count, result, facets, suggestion, provisional, loose]
                    properties:
                      count: {type: integer}
                      result:
                        type: array
                        items:
                          type: object
                          required: [kind, id, title, excerpt, score, url]
                          properties:
                            kind: {type: string}
                            id: {type: integer}
                            title: {type: string}
                            excerpt: {type: string}
                            score: {type: number}
                            url: {type: string}
                      facets:
                        type: object
                        description: How many hits each value has
                        additionalProperties:
                          type: object
                          additionalProperties: {type: integer}
                      suggestion: {type: [string, 'null'], description: Other words that would be found}
                      provisional: {type: boolean, description: Whether the index is being made anew}
                      loose: {type: boolean, description: Whether some hits lack some of the words}
            400: {$ref: '#/components/responses/400'}
            401: {$ref: '#/components/responses/401'}
            403: {$ref: '#/components/responses/403'}
        """
        try:
            return self.response(200, **_answer())
        except BadQuestion as error:
            return self.response_400(message=str(error))


def _answer() -> dict[str, object]:
    text = request.args.get("q", "").strip()
    if not text:
        raise BadQuestion(_("Say what to search for in the parameter q."))
    if len(text) > LONGEST_QUERY:
        raise BadQuestion(_("A search may have %(limit)d characters.", limit=LONGEST_QUERY))
    size = _number("page_size", DEFAULT_PAGE, 1, LARGEST_PAGE)
    page = _number("page", 0, 0, DEEPEST // size - 1)
    filters = {"status": request.args.get("status", ""), "product_group": request.args.get("product_group", "")}
    found = find(text, visitor.standing(), filters=filters, page=page + 1, limit=size)
    return _as_json(found)


def _number(name: str, default: int, least: int, most: int) -> int:
    given = request.args.get(name)
    if given is None:
        return default
    if not (given.isascii() and given.isdecimal() and len(given) < 10 and least <= int(given) <= most):
        raise BadQuestion(
            _("%(name)s must be a whole number from %(least)d to %(most)d.", name=name, least=least, most=most)
        )
    return int(given)


def _as_json(answer: Answer) -> dict[str, object]:
    return {
        "count": answer.count,
        "result": [_hit(hit) for hit in answer.hits],
        "facets": {name: dict(values) for name, values in answer.facets.items()},
        "suggestion": answer.suggestion,
        "provisional": answer.provisional,
        "loose": answer.loose,
    }


def _hit(hit: Hit) -> dict[str, object]:
    return {
        "kind": "ticket",
        "id": hit.ticket.id,
        "title": f"#{hit.ticket.number} {hit.ticket.subject}",
        "excerpt": "".join(text for text, _matched in hit.excerpt),
        "score": round(hit.score, 4),
        "url": f"/tickets/{hit.ticket.number}",
    }
