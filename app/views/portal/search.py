"""One search box for portal and desk (S15, C2)."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView

from app.locale import language
from app.search.find import Answer, find
from app.views import visitor
from app.views.doors import requires
from app.views.listing import address_with
from app.views.reference import group_choices, state_choices

PAGE_SIZE = 10
LAST_PAGE = 50


class SearchView(BaseView):
    """Tickets by keywords."""

    route_base = ""
    default_view = "search"

    @expose("/search")
    @requires("list")
    def search(self) -> ResponseReturnValue:
        text = request.args.get("q", "").strip()[:400]
        page = min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE)
        filters = {"status": request.args.get("state", ""), "product_group": request.args.get("group", "")}
        answer = find(text, visitor.standing(), filters=filters, page=page, limit=PAGE_SIZE) if text else Answer()
        return self.render_template(
            "portal/search.html",
            search_text=text,
            answer=answer,
            older_url=address_with(page=str(page + 1))
            if answer.count > page * PAGE_SIZE and page < LAST_PAGE
            else None,
            newer_url=address_with(page=str(page - 1)) if page > 1 else None,
            suggestion_url=address_with(q=answer.suggestion, page=None),
            states=dict(state_choices(language())),
            groups=dict(group_choices()),
            is_staff=visitor.standing().is_staff,
        )
