"""Markdown of authors, made into HTML that may stand in our pages."""

from __future__ import annotations

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = frozenset(
    """a blockquote br code del em h2 h3 h4 h5 h6 hr li ol p pre s strong table tbody td th thead tr ul""".split()
)
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def as_html(source: str) -> str:
    """The text as HTML without script, style, form or remote picture; its highest headings are h2, below the title."""
    tokens = MARKDOWN.parse(source)
    _lower(tokens)
    html: str = MARKDOWN.renderer.render(tokens, MARKDOWN.options, {})
    return nh3.clean(
        html,
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )


def _lower(tokens: list[Token]) -> None:
    """A page has one h1, its title; what stands below it leaves out no step."""
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    depths = sorted({int(token.tag[1]) for token in headings})
    for token in headings:
        token.tag = f"h{min(6, 2 + depths.index(int(token.tag[1])))}"
