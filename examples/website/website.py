"""A website that renders the knowledge base of a desk from its content API alone, in every language that it has.

    python examples/website/website.py https://desk.example 8080

It holds no content and no key: what is published for everybody is there once it is published, and gone once it is
withdrawn. What has not changed is not sent again (ETag), what has moved is redirected, and a text that is not
written in the reader's language is told in another, which the page says.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

from flask import Flask, abort, redirect, render_template_string, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

LANGUAGES = {"pl": "Polski", "en": "English"}
WORDS = {
    "title": {"pl": "Baza wiedzy", "en": "Knowledge base"},
    "more": {"pl": "Starsze", "en": "Older"},
    "instead": {"pl": "Tego tekstu nie ma jeszcze po polsku.", "en": "This text is not written in English yet."},
    "gone": {"pl": "Nie ma takiej strony.", "en": "There is no such page."},
    "away": {"pl": "Baza wiedzy jest chwilowo niedostępna.", "en": "The knowledge base is away for a moment."},
}
PAGE = """<!doctype html>
<html lang="{{ language }}"><head><meta charset="utf-8"><title>{{ title }}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body {font: 1rem/1.6 system-ui, sans-serif; max-width: 42rem; margin: 2rem auto; padding: 0 1rem}
pre, table {overflow-x: auto} img {max-width: 100%}</style></head>
<body><nav>{% for code, name in languages.items() %}<a href="{{ others.get(code, '/' ~ code) }}" lang="{{ code }}"
{% if code == language %}aria-current="page"{% endif %}>{{ name }}</a> {% endfor %}</nav>
<main>{% block main %}{{ main }}{% endblock %}</main></body></html>"""
LIST = """<h1>{{ title }}</h1>{% for each in texts %}<article><h2 lang="{{ each.language }}">
<a href="/{{ each.language }}/{{ each.address }}">{{ each.title }}</a></h2>
<p lang="{{ each.language }}">{{ each.summary }}</p>
<p>{% for group in each.product_groups %}{{ group.name }} {% endfor %}
{% for tag in each.tags %}<a href="/{{ language }}?tag={{ tag | urlencode }}">#{{ tag }}</a> {% endfor %}</p>
</article>{% endfor %}
{% if next %}<p><a rel="next" href="?after={{ next | urlencode }}">{{ more }}</a></p>{% endif %}"""
TEXT = """{% if instead %}<p role="note">{{ instead }}</p>{% endif %}
<article lang="{{ text.language }}"><h1>{{ text.title }}</h1>
{% if text.summary %}<p><strong>{{ text.summary }}</strong></p>{% endif %}{{ body }}</article>"""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


Fetch = Callable[[str, Mapping[str, str]], Answer]


class Api:
    """Reads of the content API. Each answer is kept with its ETag and asked for again only as far as it changed."""

    def __init__(self, fetch: Fetch) -> None:
        self.fetch, self.kept = fetch, dict[str, tuple[str, Any]]()

    def read(self, path: str, **asked: str | None) -> Any:
        """The answer; None where there is none. A path in place of it where the text has moved."""
        query = urlencode({name: value for name, value in asked.items() if value})
        address = f"/api/v1/content/{path}" + (f"?{query}" if query else "")
        etag, found = self.kept.get(address, ("", None))
        answer = self.fetch(address, {"If-None-Match": etag} if etag else {})
        if answer.status == 304:
            return found
        if answer.status in (301, 302, 308):
            return answer.headers["Location"]
        if answer.status == 404:
            return None
        if answer.status != 200:
            abort(502)
        found = json.loads(answer.body)
        self.kept[address] = answer.headers.get("ETag", ""), found
        return found


def create_site(desk: str, fetch: Fetch) -> Flask:
    """The site of that desk; `fetch` asks it."""
    site, api = Flask("website"), Api(fetch)

    @site.get("/")
    def home() -> ResponseReturnValue:
        return redirect(f"/{request.accept_languages.best_match(LANGUAGES, 'pl')}")

    @site.get("/<any(pl, en):language>")
    def shelf(language: str) -> ResponseReturnValue:
        asked = {"after": request.args.get("after"), "tag": request.args.get("tag")}
        found = api.read("article/", language=language, expand="product_groups", **asked)
        return page(language, WORDS["title"][language], LIST, texts=found["result"], next=found["next"])

    @site.get("/<any(pl, en):language>/<address>")
    def text(language: str, address: str) -> ResponseReturnValue:
        found = api.read(f"article/{language}/{address}")
        if isinstance(found, str):
            return redirect(f"/{language}/{found.rpartition('/')[2]}", 301)
        if found is None:
            abort(404)
        shown = found["result"]
        others = {code: f"/{code}/{slug}" for code, slug in shown["addresses"].items()}
        for code in LANGUAGES.keys() - others.keys():
            others[code] = f"/{code}/entry/{shown['id']}"
        return page(language, shown["title"], TEXT, others, text=shown, body=body(shown))

    @site.get("/<any(pl, en):language>/entry/<int:entry>")
    def entry(language: str, entry: int) -> ResponseReturnValue:
        """In that language where it is written in it, else in another, and said so."""
        found = api.read(f"article/{entry}", language=language)
        if found is None:
            abort(404)
        shown = found["result"]
        if not found["fallback"]:
            return redirect(f"/{language}/{shown['address']}")
        others = {code: f"/{code}/{slug}" for code, slug in shown["addresses"].items()}
        return page(
            language, shown["title"], TEXT, others, text=shown, body=body(shown), instead=WORDS["instead"][language]
        )

    @site.errorhandler(404)
    def gone(_error: Exception) -> ResponseReturnValue:
        return page(spoken(), WORDS["gone"][spoken()], "<h1>{{ title }}</h1>"), 404

    @site.errorhandler(502)
    def away(_error: Exception) -> ResponseReturnValue:
        return page(spoken(), WORDS["away"][spoken()], "<h1>{{ title }}</h1>"), 502

    def spoken() -> str:
        code = request.path[1:3]
        return code if code in LANGUAGES else "pl"

    def body(shown: Mapping[str, Any]) -> Markup:
        """The desk's HTML holds no script; addresses of its files are made whole."""
        return Markup(shown["html"].replace('="/content/', f'="{desk}/content/'))  # noqa: S704 cleaned by the desk

    def page(language: str, title: str, template: str, others: Mapping[str, str] | None = None, **values: Any) -> str:
        values |= {"title": title, "language": language, "more": WORDS["more"][language]}
        main = Markup(render_template_string(template, **values))  # noqa: S704 a template of ours
        shown = {"title": title, "language": language, "languages": LANGUAGES, "others": others or {}, "main": main}
        return render_template_string(PAGE, **shown)

    return site


class _Still(HTTPRedirectHandler):
    """A redirect is an answer like others: the site has addresses of its own."""

    def redirect_request(self, *_: Any) -> None:
        return None


def over_the_net(desk: str) -> Fetch:
    opener = build_opener(_Still)

    def fetch(path: str, headers: Mapping[str, str]) -> Answer:
        try:
            with opener.open(Request(desk + path, headers=dict(headers)), timeout=10) as answer:  # noqa: S310
                return Answer(answer.status, answer.headers, answer.read())
        except HTTPError as error:
            return Answer(error.code, error.headers, b"")
        except OSError:
            return Answer(0, {}, b"")

    return fetch


if __name__ == "__main__":
    where = sys.argv[1].rstrip("/")
    create_site(where, over_the_net(where)).run(port=int(sys.argv[2]) if len(sys.argv) > 2 else 8080)
