"""GET /api/v1/search/?q=: search for programs and scripts, by cookie or token."""

from __future__ import annotations

import re

from flask import request
from flask.typing import ResponseReturnValue
from flask_appbuilder.api import expose, protect, safe
from flask_babel import gettext as _

from app.access import LARGEST_ID
from app.locale import SPOKEN, language
from app.search.find import Answer, find
from app.search.hits import Hit
from app.search.parse import LONGEST_QUERY
from app.views import visitor
from app.views.api.asked import Refused, refuse_others
from app.views.api.description import Described
from app.views.people_found import people_found
from app.views.reading import path_of_hit

LARGEST_PAGE = 100
DEFAULT_PAGE = 20
FILTERS = {
    **{"kind": "kind", "status": "status", "product_group": "product_groups", "language": "languages"},
    **{"author": "authors", "date": "dates"},
}
PARAMETERS = ("q", *FILTERS, "page", "page_size", "_l_")
ROWS = ("product_group", "author")  # whose values are ids
A_DATE = re.compile(r"[0-9]{4}(-[0-9]{2})?")
FACETS = {column: name for name, column in FILTERS.items()}
DEEPEST = 1_000  # hits; whoever looks further should narrow the search


class SearchApi(Described):
    """Tickets and entries by keywords, within the asker's reach."""

    resource_name = "search"
    openapi_spec_tag = "search"
    allow_browser_login = True
    base_permissions = ["can_get"]

    @expose("/", methods=["GET"])
    @protect()
    @safe
    def get(self) -> ResponseReturnValue:
        """Search tickets and articles by keywords
        ---
        get:
          description: >
            Tickets and published entries within reach of the signed-in account, best first. For the desk also, on
            page 0 of a search without filters, customers and organisations that the account may open.
          parameters:
            - {in: query, name: q, required: true, schema: {type: string, minLength: 1, maxLength: 400}}
            - {in: query, name: kind, description: ticket or the code of a content type, schema: {type: string}}
            - {in: query, name: language, description: 'pl, en or a further one', schema: {type: string}}
            - {in: query, name: status, schema: {type: string}}
            - {in: query, name: product_group, schema: {type: integer, minimum: 0}}
            - {in: query, name: author, description: id of a ticket's requester, schema: {type: integer, minimum: 0}}
            - in: query
              name: date
              description: a year or month such as 2026-11
              schema: {type: string, pattern: '^[0-9]{4}(-[0-9]{2})?$'}
            - {in: query, name: page, description: counted from 0, schema: {type: integer, minimum: 0, maximum: 999}}
            - {in: query, name: page_size, schema: {type: integer, minimum: 1, maximum: 100}}
          responses:
            200:
              description: What was found
              content:
                application/json:
                  schema:
                    type: object
                    required: [count, result, facets, suggestion, provisional, loose, partial, people]
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
                      partial: {type: boolean, description: Whether time ran out before everything was searched}
                      people:
                        type: array
                        description: Not in count. The first few organisations and customers of the name or address
                        items:
                          type: object
                          required: [kind, id, name, email, domains, url]
                          properties:
                            kind: {type: string, enum: [account, organisation]}
                            id: {type: integer}
                            name: {type: string}
                            email: {type: [string, 'null'], description: Of a customer}
                            domains: {type: array, items: {type: string}, description: Of an organisation}
                            url: {type: string}
            400: {$ref: '#/components/responses/400'}
        """
        try:
            return self.response(200, **_answer())
        except Refused as error:
            return self.response_400(message=str(error))


def _answer() -> dict[str, object]:
    refuse_others(request.args, PARAMETERS)
    text = request.args.get("q", "").strip()
    if not text:
        raise Refused(_("Say what to search for in the parameter q."))
    if len(text) > LONGEST_QUERY:
        raise Refused(_("A search may have %(limit)d characters.", limit=LONGEST_QUERY))
    size = _number("page_size", DEFAULT_PAGE, 1, LARGEST_PAGE)
    page = _number("page", 0, 0, DEEPEST // size - 1)
    filters = {column: _filter(name) for name, column in FILTERS.items()}
    found = find(text, visitor.standing(), language=language(), filters=filters, page=page + 1, limit=size)
    is_narrowed = page > 0 or any(filters.values())
    return {**_as_json(found), "people": [] if is_narrowed else _people(text)}


def _filter(name: str) -> str:
    """The value to filter by, empty for none. A state or kind that nobody knows only finds nothing."""
    given = request.args.get(name, "")
    if name in ROWS and name in request.args:
        return str(_number(name, 0, 0, LARGEST_ID))
    if name == "language" and given and given not in SPOKEN:
        raise Refused(_("This is not one of: %(choices)s.", choices=", ".join(SPOKEN)))
    if name == "date" and given and not A_DATE.fullmatch(given):
        raise Refused(_("Write the date as a year or a month, such as 2026-11."))
    return given


def _number(name: str, default: int, least: int, most: int) -> int:
    given = request.args.get(name)
    if given is None:
        return default
    if not (given.isascii() and given.isdecimal() and len(given) < 20 and least <= int(given) <= most):
        raise Refused(
            _("%(name)s must be a whole number from %(least)d to %(most)d.", name=name, least=least, most=most)
        )
    return int(given)


def _as_json(answer: Answer) -> dict[str, object]:
    return {
        "count": answer.count,
        "result": [_hit(hit) for hit in answer.hits],
        "facets": {FACETS[name]: dict(values) for name, values in answer.facets.items()},
        "suggestion": answer.suggestion,
        "provisional": answer.provisional,
        "loose": answer.loose,
        "partial": answer.partial,
    }


def _people(text: str) -> list[dict[str, object]]:
    customers, organisations = people_found(text)
    return [
        *(
            {
                **{"kind": "organisation", "id": row.id, "name": row.name, "email": None},
                "domains": sorted(each.domain for each in row.domains),
                "url": f"/desk/organisations/show/{row.id}",
            }
            for row in organisations
        ),
        *(
            {
                **{"kind": "account", "id": row.id, "name": row.name, "email": row.email, "domains": []},
                "url": f"/desk/customers/show/{row.id}",
            }
            for row in customers
        ),
    ]


def _hit(hit: Hit) -> dict[str, object]:
    title = "".join(text for text, _matched in hit.title)
    return {
        "kind": hit.kind,
        "id": hit.key.id,
        "title": f"#{hit.ticket.number} {title}" if hit.ticket else title,
        "excerpt": "".join(text for text, _matched in hit.excerpt),
        "score": round(hit.score, 4),
        "url": path_of_hit(hit),
    }
