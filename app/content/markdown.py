"""Markdown of authors, made into HTML that may stand in our pages."""

from __future__ import annotations

from urllib.parse import urlencode

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.models.entry import FILES

TAGS = frozenset(
    """a blockquote br code del em h2 h3 h4 h5 h6 hr img li ol p pre s strong table tbody td th thead tr ul""".split()
)
ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}}
MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def as_html(source: str, *, preview: str = "") -> str:
    """The text as HTML without script, style, form or remote picture; its highest headings are h2, below the title.

    With the token of a private address as `preview`, the files of the draft are fetched by it.
    """
    tokens = MARKDOWN.parse(source)
    _lower(tokens)
    _keep_to_our_files(tokens, preview)
    html: str = MARKDOWN.renderer.render(tokens, MARKDOWN.options, {})
    return nh3.clean(
        html,
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )


def as_text(source: str) -> str:
    """Its words alone, a line for each paragraph, cell and line of code."""
    lines: list[str] = []
    for token in MARKDOWN.parse(source):
        if token.type == "inline":
            lines.append("".join(_said(each) for each in token.children or ()))
        elif token.type in ("fence", "code_block"):
            lines.append(token.content)
    return "\n".join(line.strip() for line in lines if line.strip())


def _said(token: Token) -> str:
    return " " if token.type in ("softbreak", "hardbreak") else token.content


def _lower(tokens: list[Token]) -> None:
    """A page has one h1, its title; what stands below it leaves out no step."""
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    depths = sorted({int(token.tag[1]) for token in headings})
    for token in headings:
        token.tag = f"h{min(6, 2 + depths.index(int(token.tag[1])))}"


def _keep_to_our_files(tokens: list[Token], preview: str) -> None:
    """Pictures are files of entries; of any other only its words stay, since fetching it would tell who reads."""
    query = f"?{urlencode({'preview': preview})}" if preview else ""
    for token in tokens:
        for child in token.children or ():
            name = {"image": "src", "link_open": "href"}.get(child.type)
            address = str(child.attrGet(name) or "") if name else ""
            if address.startswith(FILES):
                child.attrSet(name or "", address + query)
            elif child.type == "image":
                child.type, child.tag = "text", ""
