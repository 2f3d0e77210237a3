"""Pointing at sentences: whoever translates sees on the page itself which sentence is which, and edits it by a click.

While it is switched on for a browser, every sentence comes out of the catalogs with signs around it that name it.
Before the page leaves, they become elements where only text stands, and are taken out everywhere else.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, request, session
from flask_babel import Domain, get_babel
from flask_babel import gettext as _

from app.catalogs.sources import key_of
from app.locale import language
from app.views import visitor
from app.views.translate.filters import source_of

POINTING = "points_at_sentences"  # in the session
BEGIN, MIDDLE, END = "\ue0f0", "\ue0f1", "\ue0f2"
SIGNS = re.compile(f"{BEGIN}[0-9a-f]{{32}}{MIDDLE}|[{BEGIN}{MIDDLE}{END}]")
PAIR = re.compile(f"{BEGIN}([0-9a-f]{{32}}){MIDDLE}([^{BEGIN}{MIDDLE}{END}]*){END}")
# What holds text that is none, or is a tag itself.
NO_TEXT = re.compile(
    r"(<(script|style|title|textarea|option|svg)\b.*?</\2\s*>|<!--.*?-->|<(?:[^\"'<>]|\"[^\"]*\"|'[^']*')*>)",
    re.DOTALL | re.IGNORECASE,
)
DESK = "/desk/translations/"


class Named:
    """The catalog of a language whose every answer names its sentence."""

    def __init__(self, catalog: Any) -> None:
        self.catalog = catalog

    def ugettext(self, sentence: str) -> str:
        return named(sentence, self.catalog.ugettext(sentence))

    def ungettext(self, sentence: str, plural: str, number: int) -> str:
        return named(sentence, self.catalog.ungettext(sentence, plural, number))

    def upgettext(self, context: str, sentence: str) -> str:
        return str(self.catalog.upgettext(context, sentence))

    def unpgettext(self, context: str, sentence: str, plural: str, number: int) -> str:
        return str(self.catalog.unpgettext(context, sentence, plural, number))


class NamedDomain(Domain):
    """Flask-Babel's domain for one request of somebody who points."""

    def get_translations(self) -> Any:
        return Named(get_babel().instance.domain_instance.get_translations())


def named(sentence: str, text: str) -> str:
    return f"{BEGIN}{key_of(sentence)}{MIDDLE}{text}{END}" if text else text


def init_app(app: Flask) -> None:
    app.before_request(_begin)
    app.after_request(_show)


def is_pointing() -> bool:
    return bool(session.get(POINTING)) and visitor.may("can_edit", "TranslationsView")


def _begin() -> None:
    is_page = request.method == "GET" and request.endpoint not in ("static", None)
    if is_page and session.get(POINTING) and not request.path.startswith((DESK, "/api/")) and is_pointing():
        NamedDomain().as_default()
        request.environ["bilety.pointing"] = True


def _show(response: Response) -> Response:
    if not request.environ.get("bilety.pointing") or response.direct_passthrough:
        return response
    text = response.get_data(as_text=True)
    if response.mimetype == "text/html":
        text, keys = pointed(text)
        get_babel().instance.domain_instance.as_default()  # what is said from here on is said plainly
        text = text.replace("</body>", f"{_bar(keys)}</body>", 1)
    response.set_data(SIGNS.sub("", text))
    return response


def pointed(page: str) -> tuple[str, list[str]]:
    """The page with an element around every sentence that is text, and the keys of all that stand in it."""
    keys = list(dict.fromkeys(re.findall(f"{BEGIN}([0-9a-f]{{32}}){MIDDLE}", page)))
    parts: list[str] = []
    end = 0
    for match in NO_TEXT.finditer(page):
        parts += (_elements(page[end : match.start()]), SIGNS.sub("", match.group(0)))
        end = match.end()
    parts.append(_elements(page[end:]))
    return "".join(parts), keys


def _elements(text: str) -> str:
    found = 1
    while found:
        text, found = PAIR.subn(r'<span data-sentence="\1">\2</span>', text)
    return SIGNS.sub("", text)


def _bar(keys: list[str]) -> str:
    """What every page of this mode ends with: what to do, how to end it, and each sentence by a link."""
    query = urlencode({"from": request.full_path.rstrip("?")})
    code = language()
    links = []
    for key in keys:
        source = source_of("messages", key)
        if source is not None:
            href = escape(f"{DESK}{code}/messages/{key}?{query}")
            links.append(f'<li><a href="{href}" lang="en">{escape(source.msgid[:120])}</a></li>')
    advice = escape(_("Click a sentence to translate it. Alt and a click follow links as usual."))
    stop, all_of_them = escape(_("End this")), escape(_("All sentences of this page"))
    return (
        f'<aside class="pointing" data-desk="{escape(f"{DESK}{code}/messages/")}" data-query="{escape(query)}"'
        f' aria-label="{escape(_("Translations"))}"><p>{advice} <a href="{DESK}">{stop}</a></p>'
        f"<details><summary>{all_of_them} ({len(links)})</summary><ul>{''.join(links)}</ul></details></aside>"
    )
