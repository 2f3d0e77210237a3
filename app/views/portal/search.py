"""One search box for portal and desk, for articles and tickets (S15, C2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask import request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from sqlalchemy import select

from app.content.kinds import names_of_types
from app.extensions import db
from app.locale import SPOKEN, language
from app.models.account import Account
from app.models.organisation import Organisation
from app.search.complete import as_begun, completions
from app.search.document import ENTRY, TICKET
from app.search.fields import A_MONTH
from app.search.find import Answer, find
from app.views import seeking, visitor
from app.views.listing import address_with
from app.views.people_found import people_found
from app.views.reading import path_of_hit, reader
from app.views.reference import group_choices, state_choices

PAGE_SIZE = 10
MOST_AUTHORS, MOST_MONTHS = 20, 24
MOST_FOUND, MOST_GOING_ON, LONGEST_TYPED = 4, 3, 100  # while somebody types
FIRST_TEXTS = 5  # above the tickets, where both are shown
LAST_PAGE = 50
FILTERS = "filters"  # in the address of a search whose filters are open
TEXTS = "texts"  # the kind that stands for entries of every type


@dataclass(frozen=True)
class Asked:
    """What the address asks for. `kind` is empty for everything, else TICKET, TEXTS or the code of a type."""

    text: str
    kind: str
    page: int
    filters: dict[str, str]

    def answer(self, source: str, limit: int, *, typing: bool = False) -> Answer:
        """What is found of one source; nothing where it is not asked for."""
        if not self.text or ((source == TICKET) != (self.kind == TICKET) and self.kind):
            return Answer()
        kind = "" if self.kind in (TICKET, TEXTS) else self.kind
        filters = {**self.filters, "source": source, "kind": kind}
        return find(
            self.text,
            reader(),
            language=language(),
            filters=filters,
            page=self.page,
            limit=limit,
            typing=typing,
            faceted=self.is_open,
        )

    @property
    def is_narrowed(self) -> bool:
        return bool(self.kind) or any(self.filters.values())

    @property
    def is_open(self) -> bool:
        """Are the filters shown? Only then is it counted what each of them would leave."""
        return self.is_narrowed or bool(request.args.get(FILTERS))


class SearchView(BaseView):
    """Articles by keywords for everybody, tickets for who may read tickets."""

    route_base = ""
    default_view = "search"

    @expose("/search")
    def search(self) -> ResponseReturnValue:
        types = names_of_types(language())
        asked = _asked(types)
        has_tickets = visitor.may("can_list", "TicketsView")
        texts = Answer()
        if asked.kind or asked.page == 1:
            texts = asked.answer(ENTRY, PAGE_SIZE if asked.kind else FIRST_TEXTS)
        tickets = asked.answer(TICKET, PAGE_SIZE) if has_tickets else Answer()
        paged = tickets if has_tickets and asked.kind in ("", TICKET) else texts
        has_more = paged.count > asked.page * PAGE_SIZE and asked.page < LAST_PAGE
        if asked.text and asked.page == 1 and not asked.filters["status"] and not request.args.get(FILTERS):
            seeking.note(asked.text, asked.filters["product_groups"], found=bool(texts.hits or tickets.hits))
        customers, organisations = _people(asked)
        facets = _facets(texts, tickets)
        partial = texts.partial or tickets.partial
        texts, tickets = _unmixed(texts, tickets)
        suggestion = tickets.suggestion or texts.suggestion
        return self.render_template(
            "portal/search.html",
            search_text=asked.text,
            asked=asked,
            texts=texts,
            tickets=tickets,
            has_tickets=has_tickets,
            types=types,
            facets=facets,
            partial=partial,
            customers=customers,
            organisations=organisations,
            authors=_names(facets.get("authors", {}), asked.filters["authors"]),
            months=sorted({*facets.get("dates", {}), *filter(None, [asked.filters["dates"]])}, reverse=True)[
                :MOST_MONTHS
            ],
            suggestion=suggestion,
            suggestion_url=address_with(q=suggestion, page=None),
            filters_url="" if asked.is_open or not asked.text else address_with(**{FILTERS: "1"}),
            texts_url=address_with(kind=TEXTS, page=None),
            older_url=address_with(page=str(asked.page + 1)) if has_more else None,
            newer_url=address_with(page=str(asked.page - 1)) if asked.page > 1 else None,
            states=dict(state_choices(language())),
            groups=dict(group_choices()),
            languages_of_texts=SPOKEN,
            is_staff=_is_staff(),
            path_of_hit=path_of_hit,
        )

    @expose("/search/typing")
    def typing(self) -> ResponseReturnValue:
        """What the search that is being typed finds already, and how its last word may go on: a list under the box."""
        typed = _asked(names_of_types(language()))
        asked = replace(typed, text=as_begun(typed.text[:LONGEST_TYPED]))
        texts = asked.answer(ENTRY, MOST_FOUND, typing=True)
        tickets = asked.answer(TICKET, MOST_FOUND, typing=True) if visitor.may("can_list", "TicketsView") else Answer()
        texts, tickets = _unmixed(texts, tickets)
        goes_on = completions(typed.text, [*texts.hits, *tickets.hits])[:MOST_GOING_ON]
        customers, organisations = _people(typed) if asked.text else ([], [])
        return self.render_template(
            "portal/_typing.html",
            asked=asked,
            goes_on=[(words, f"/search?{urlencode({'q': words, 'kind': typed.kind})}") for words in goes_on],
            texts=texts.hits,
            tickets=tickets.hits,
            customers=customers,
            organisations=organisations,
            is_staff=_is_staff(),
            path_of_hit=path_of_hit,
        )


def _is_staff() -> bool:
    return visitor.may("can_list", "TicketsView") and visitor.standing().is_staff


def _unmixed(*answers: Answer) -> tuple[Answer, ...]:
    """What was meant otherwise is not mixed with what has the words."""
    as_typed = any(each.hits and not each.suggestion for each in answers)
    return tuple(Answer() if as_typed and each.suggestion else each for each in answers)


def _asked(types: dict[str, str]) -> Asked:
    kind = request.args.get("kind", "")
    status = request.args.get("state", "") if kind in ("", TICKET) else ""
    return Asked(
        text=request.args.get("q", "").strip()[:400],
        kind=kind if kind in (TICKET, TEXTS, *types) else "",
        page=min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE),
        filters={
            "status": status,
            "product_groups": request.args.get("group", ""),
            "languages": request.args.get("lang", ""),
            "authors": _digits(request.args.get("author", "")),
            "dates": found.group() if (found := A_MONTH.fullmatch(request.args.get("date", ""))) else "",
        },
    )


def _digits(given: str) -> str:
    return given if given.isascii() and given.isdecimal() and len(given) < 10 else ""


def _people(asked: Asked) -> tuple[list[Account], list[Organisation]]:
    """Customers and organisations that this consultant may open, where nothing narrows the search to texts."""
    if not asked.text or asked.page > 1 or asked.is_narrowed:
        return [], []
    return people_found(asked.text)


def _names(counts: Mapping[str, int], chosen: str) -> dict[str, str]:
    """The requesters of what was found, those of most first, by their id."""
    ids = [int(row_id) for row_id in sorted(counts, key=lambda row_id: -counts[row_id]) if row_id.isdecimal()]
    if chosen in counts and int(chosen) not in ids[:MOST_AUTHORS]:
        ids.insert(0, int(chosen))
    rows = db.session.scalars(select(Account).where(Account.id.in_(ids[:MOST_AUTHORS])))
    names = {row.id: row.name for row in rows}
    return {str(row_id): names[row_id] for row_id in ids if row_id in names}


def _facets(*answers: Answer) -> dict[str, dict[str, int]]:
    """How many hits each value has among all that was found."""
    sums: dict[str, dict[str, int]] = {}
    for answer in answers:
        for name, values in answer.facets.items():
            kept: dict[str, Any] = sums.setdefault(name, {})
            for value, count in values.items():
                kept[value] = kept.get(value, 0) + count
    return sums
