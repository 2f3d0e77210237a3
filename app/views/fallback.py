"""A page in a language that is not whole says what is missing in English: it is marked as such, for screen readers
(WCAG 2.2, 3.1.2) and so that its full stops stand at its end on pages from right to left."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask, Response, before_render_template, g, template_rendered

from app.catalogs.live import FALLEN
from app.locale import LANGUAGES, language, writing_direction
from app.views.translate.on_page import NO_TEXT

BEGIN, END = FALLEN
FOUND = re.compile(f"{BEGIN}([^{BEGIN}{END}]*){END}")
SIGNS = re.compile(f"[{BEGIN}{END}]")


def init_app(app: Flask) -> None:
    """Only what is said while a page is drawn is marked: nothing that is kept, sent or counted."""
    before_render_template.connect(_begin, app)
    template_rendered.connect(_end, app)
    app.after_request(_mark)


def _begin(_app: Flask, template: Any, **_more: Any) -> None:
    is_page = bool(template.name and template.name.endswith(".html"))
    g.marks_english = is_page and language() not in LANGUAGES


def _end(_app: Flask, **_more: Any) -> None:
    g.marks_english = False


def _mark(response: Response) -> Response:
    if response.mimetype != "text/html" or response.direct_passthrough or not g.get("has_english"):
        return response
    text, end = response.get_data(as_text=True), 0
    parts: list[str] = []
    element = '<span lang="en" dir="ltr">' if writing_direction(language()) == "rtl" else '<span lang="en">'
    for match in NO_TEXT.finditer(text):
        parts += (FOUND.sub(rf"{element}\1</span>", text[end : match.start()]), match.group(0))
        end = match.end()
    parts.append(FOUND.sub(rf"{element}\1</span>", text[end:]))
    response.set_data(SIGNS.sub("", "".join(parts)))
    return response
