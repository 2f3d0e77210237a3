"""A kept letter's HTML, made ready for the frame in which it is shown.

What is quoted is folded where the letter's words were told apart from it, pictures of the letter stand in their place,
those of other servers only when they are asked for, and links that mislead are marked. The cleaner has the last word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import nh3
from lxml import etree, html

from app.mail.clean import announces_rest, mark_of
from app.mail.colours import WHITE, Rgb, colour, is_hidden
from app.mail.lures import misleading, picture_address
from app.mail.safe_html import ATTRIBUTES, BLOCKED, TAGS

MOST_HOSTS = 20
MOST_LURES = 200
OUR_CLASSES = frozenset({"lure", "missing"})
REMOTE = re.compile(rf'<img\b[^>]*\bsrc="{BLOCKED}([^"]*)"[^>]*>')
DOT = re.compile(r'\b(?:width|height)="[0-3](?:px)?"')  # what is that small is no picture, and only tells who reads
COLOUR_OF = re.compile(r"(?:^|;)color:([^;]+)")
GROUND_OF = re.compile(r"(?:^|;)background(?:-color)?:([^;]+)")

Pictures = Callable[[str], str | None]  # from the Content-ID of a picture to its data: address


@dataclass(frozen=True)
class Words:
    """What we say in the letter's frame, in the reader's language. `leads_to` is given the host."""

    quoted: str
    signature: str
    no_picture: str
    leads_to: Callable[[str], str]


@dataclass(frozen=True)
class Shown:
    """What stands in the frame, and the servers that its pictures are on."""

    body: str
    hosts: tuple[str, ...] = ()


def remote_pictures(kept: str | None) -> int:
    """How many pictures of other servers a letter has that may be asked for."""
    return sum(1 for _address in _remote(kept)) if kept and BLOCKED in kept else 0


def _remote(kept: str) -> Iterator[str]:
    for tag in REMOTE.finditer(kept):
        address = None if DOT.search(tag.group()) else picture_address(_unescaped(tag[1]))
        if address:
            yield address


def _unescaped(value: str) -> str:
    return value.replace("&amp;", "&").replace("&quot;", '"')


def shown(kept: str, words: Words, *, pictures: Pictures, fold: bool, remote: bool) -> Shown:
    """The letter for its frame. `fold` what it quotes; `remote` asks for pictures of other servers too."""
    tree = html.fragment_fromstring(kept, create_parent="div")
    _show_hidden(tree)
    _mark_lures(tree, words)
    placed = _place_pictures(tree, words, pictures, remote=remote)
    if fold:
        _fold(tree, words)
    hosts = tuple(dict.fromkeys(urlsplit(address).netloc for address in _remote(kept)))[:MOST_HOSTS] if remote else ()
    return Shown(_cleaned(html.tostring(tree, encoding="unicode"), placed, remote=remote), hosts)


def _cleaned(source: str, placed: Mapping[str, str], *, remote: bool) -> str:
    def allowed(_tag: str, name: str, value: str) -> str | None:
        if name == "src":
            return placed.get(value) or (value if remote and value.startswith("https://") else None)
        if name == "class":
            return value if value in OUR_CLASSES else None
        return value

    return nh3.clean(
        source,
        tags={*TAGS, "details", "summary"},
        attributes={**ATTRIBUTES, "*": {"style", "dir", "class"}},
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        url_relative="deny",
        attribute_filter=allowed,
        set_tag_attribute_values={"a": {"target": "_blank"}},
        link_rel="noopener noreferrer nofollow",
    )


def _show_hidden(tree: html.HtmlElement) -> None:
    """Take colours away by which words could not be read on what lies below them."""
    grounds: list[Rgb] = [WHITE]
    for action, node in etree.iterwalk(tree, events=("start", "end")):
        if action == "end":
            grounds.pop()
            continue
        style = node.get("style") or ""
        ground = _colour_in(GROUND_OF, style) or colour(node.get("bgcolor") or "") or grounds[-1]
        grounds.append(ground)
        written = _colour_in(COLOUR_OF, style) or colour(node.get("color") or "")
        if written and is_hidden(written, ground):
            node.set("style", COLOUR_OF.sub("", style))
            node.attrib.pop("color", None)


def _colour_in(pattern: re.Pattern[str], style: str) -> Rgb | None:
    found = pattern.search(style)
    return colour(found[1]) if found else None


def _mark_lures(tree: html.HtmlElement, words: Words) -> None:
    for link in tree.findall(".//a[@href]")[:MOST_LURES]:
        host = misleading("".join(link.itertext()), link.get("href"))
        if host:
            mark = html.Element("span", {"class": "lure"})
            mark.text, mark.tail, link.tail = words.leads_to(host), link.tail, " "
            link.addnext(mark)


def _place_pictures(tree: html.HtmlElement, words: Words, pictures: Pictures, *, remote: bool) -> dict[str, str]:
    """The letter's own pictures by their source. Others get their address back where they are asked for.

    What cannot be shown is named in its place, but for dots.
    """
    placed: dict[str, str] = {}
    for picture in tree.findall(".//img"):
        source = picture.get("src") or ""
        if source in placed:
            continue
        own = pictures(unquote(source[4:])) if source[:4].lower() == "cid:" else None
        if own:
            placed[source] = own
            continue
        address = picture_address(source.removeprefix(BLOCKED)) if source.startswith(BLOCKED) and remote else None
        picture.attrib.pop("src", None)
        if DOT.search(etree.tostring(picture, encoding="unicode", with_tail=False)):
            picture.drop_tree()
        elif address:
            picture.set("src", address)
        else:
            picture.set("class", "missing")
            picture.set("alt", picture.get("alt") or words.no_picture)
    return placed


def _fold(tree: html.HtmlElement, words: Words) -> None:
    """Put quotes and signatures under a line that unfolds them, the outermost only."""
    names = {"quote": words.quoted, "attribution": words.quoted, "signature": words.signature}
    inside: html.HtmlElement | None = None
    for action, node in list(etree.iterwalk(tree, events=("start", "end"))):
        if inside is not None:
            inside = None if action == "end" and node is inside else inside
        elif action == "start" and announces_rest(node):
            _gather([node, *_all_after(node)], _folder_before(node, words.quoted))
            return
        elif action == "start" and (mark := mark_of(node)):
            fold = _folder_before(node, names[mark])
            fold.tail, node.tail = f"{fold.tail or ''}{node.tail or ''}", None
            _gather([node], fold)
            inside = node


def _folder_before(node: html.HtmlElement, words: str) -> html.HtmlElement:
    """A new fold in a node's place, or the one of the same kind that stands directly before it."""
    before = node.getprevious()
    if before is not None and before.tag == "details" and before[0].text == words and not (before.tail or "").strip():
        return before
    fold, line = html.Element("details"), html.Element("summary")
    line.text = words
    fold.append(line)
    node.addprevious(fold)
    return fold


def _gather(nodes: Iterable[html.HtmlElement], fold: html.HtmlElement) -> None:
    for node in nodes:
        fold.append(node)


def _all_after(node: html.HtmlElement) -> list[html.HtmlElement]:
    """What follows a node, up to the end of the letter."""
    found: list[html.HtmlElement] = []
    place: html.HtmlElement | None = node
    while place is not None:
        found += list(place.itersiblings())
        place = place.getparent()
    return found
