"""HTML of strangers as lines of text, with what is quoted marked. `safe_html.py` cleans it for the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from itertools import islice

from lxml import etree, html

from app.mail import phrases
from app.mail.colours import Rgb, colour, is_grey

LONGEST_HTML = 2_000_000
DEEPEST = 200  # elements within each other; beyond, parsers take the square of it or give up
NESTING = re.compile(r"<(/?)(?!(?:area|br|col|dd|dt|hr|img|input|li|link|meta|option|p|t[dhr]|tbody|wbr)\b)[a-z]", re.I)
TAG = re.compile(r"<[^<>]*>")
BLOCKS = frozenset(
    """address article aside blockquote body br dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6
    header hr li main nav ol p pre section table tr ul""".split()
)
SILENT = frozenset({"head", "script", "style", "title", "meta", "link", "template", "noscript", "object", "svg"})
HIDDEN = re.compile(r"display\s*:\s*none", re.I)  # words for the preview of a list of letters
QUOTE_CLASSES = re.compile(
    r"(^|\s)(gmail_quote|gmail_quote_container|gmail_attr|yahoo_quoted|moz-cite-prefix|protonmail_quote|zmail_extra"
    r"|tutanota_quote|moz-email-headers-table|OutlookMessageHeader|quote|WPquote)(\s|$)"
)
SIGNATURE_CLASSES = re.compile(r"(^|\s)(gmail_signature|moz-signature|protonmail_signature_block|sig|signature)(\s|$)")
SIGNATURE_NAMES = frozenset({"Signature", "ms-outlook-mobile-signature", "messageSignatureSection"})
REST_IS_QUOTE = re.compile(r"(divRplyFwdMsg|appendonsend|stopSpelling)$", re.I)
OUTLOOK_RULE = re.compile(r"border:\s*none;\s*border-top:\s*solid\s*(#[0-9a-f]{6}|[a-z]+)\s*[\d.]+pt", re.I)
OWN = "own"  # what the author wrote, wherever it stands
LONGEST_LINE_ABOVE, MOST_GAPS = 300, 5  # of what stands above a blockquote, and blank lines between
OWN_COLOUR = re.compile(r"(?:^|;)\s*color\s*:\s*([^;]{1,30})", re.I)
HEADER_WORD = re.compile(r"^\s*(From|Od|Von|De)\s*:", re.I)


def marked_lines(source: str) -> list[tuple[str, str | None]]:
    """The text of HTML, one line a block, each with what the markup says of it: quote, signature or nothing."""
    source = source[:LONGEST_HTML].replace("\x00", "")
    if is_too_deep(source):
        return [(line.strip(), None) for line in unescape(TAG.sub("\n", source)).split("\n") if line.strip()]
    try:
        tree = html.document_fromstring(source)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return []
    writer = _Writer()
    writer.walk(tree)
    return _with_coloured_answers(writer.lines(), writer.colours)


def _with_coloured_answers(
    lines: list[tuple[str, str | None]], colours: list[Rgb | None]
) -> list[tuple[str, str | None]]:
    """Where the author says that he answers within, lines of the quote in the one colour that stands out are his. No
    quote is marked where only a block of headers tells where it begins: then those of the whole letter are."""
    if not phrases.ANSWERS_WITHIN.search("\n".join(text for text, mark in lines if mark is None).lower()):
        return lines
    where, own = ("quote", None) if any(mark == "quote" for _text, mark in lines) else (None, OWN)
    quoted = [hue for (text, mark), hue in zip(lines, colours, strict=True) if mark == where and text]
    found = {hue for hue in quoted if hue is not None and not is_grey(hue)}
    if len(found) != 1 or found == set(quoted):
        return lines
    return [
        (text, own if mark == where and text and hue in found else mark)
        for (text, mark), hue in zip(lines, colours, strict=True)
    ]


def is_too_deep(source: str) -> bool:
    """Whether elements that must be closed stand within each other beyond DEEPEST."""
    depth = 0
    for tag in NESTING.finditer(source):
        depth = max(0, depth - 1) if tag.group(1) else depth + 1
        if depth > DEEPEST:
            return True
    return False


class _Writer:
    """Walks a tree without recursion, so that no depth of nesting can hurt."""

    def __init__(self) -> None:
        self.done: list[tuple[str, str | None]] = []
        self.colours: list[Rgb | None] = []  # of each line; None where it has none of its own, or several
        self.colour: list[Rgb | None] = [None]
        self.line_colours: set[Rgb | None] = set()
        self.line: list[str] = []
        self.line_mark: str | None = None
        self.marks: list[str | None] = [None]
        self.rest_is_quote = False
        self.verbatim = 0

    def walk(self, root: html.HtmlElement) -> None:
        silent: html.HtmlElement | None = None
        depth = 0
        for action, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
            if action in ("comment", "pi"):
                if silent is None:
                    self.add(node.tail)
                continue
            if silent is not None:
                if action == "end" and node is silent:
                    silent = None
                    self.add(node.tail)
                continue
            depth += 1 if action == "start" else -1
            if action == "start":
                if node.tag in SILENT or HIDDEN.search(node.get("style") or ""):
                    silent = node
                    depth -= 1
                    continue
                self.open(node)
            else:
                self.close(node)

    def open(self, node: html.HtmlElement) -> None:
        if node.tag == "br":
            self.end_line(blank=True)
        elif node.tag in BLOCKS:
            self.end_line()
        if announces_rest(node) and (self.mark != "quote" or not _is_followed(node)):
            self.rest_is_quote = True
        self.marks.append(mark_of(node) or self.marks[-1])
        self.colour.append(_colour_of(node) or self.colour[-1])
        if node.tag == "pre":
            self.verbatim += 1
        self.add(node.text)

    def close(self, node: html.HtmlElement) -> None:
        if node.tag == "pre":
            self.verbatim -= 1
        if node.tag in BLOCKS and node.tag != "br":
            self.end_line()
        elif node.tag in ("td", "th"):
            self.add(" ")
        if node.tag in ("p", "hr"):
            self.put("", self.mark)
        self.marks.pop()
        self.colour.pop()
        self.add(node.tail)

    @property
    def mark(self) -> str | None:
        return "quote" if self.rest_is_quote else self.marks[-1]

    def add(self, text: str | None) -> None:
        if not text:
            return
        if self.verbatim:
            *whole, rest = text.split("\n")
            for line in whole:
                self.line.append(line)
                self.line_mark = self.mark
                self.line_colours.add(self.colour[-1])
                self.end_line()
            text = rest
        else:
            text = re.sub(r"[ \t\r\n\f]+", " ", text)
        if text and not self.line:
            self.line_mark = self.mark
        if not text.isspace():
            self.line_colours.add(self.colour[-1])
        self.line.append(text)

    def end_line(self, *, blank: bool = False) -> None:
        text = "".join(self.line).replace("\xa0", " ").strip()
        if text or blank:
            self.put(text, self.line_mark if text else self.mark)
        self.line = []
        self.line_colours = set()

    def put(self, text: str, mark: str | None) -> None:
        self.done.append((text, mark))
        self.colours.append(next(iter(self.line_colours)) if len(self.line_colours) == 1 else None)

    def lines(self) -> list[tuple[str, str | None]]:
        self.end_line()
        return self.done


def mark_of(node: html.HtmlElement) -> str | None:
    """What mail programs mark an element as: quote, signature or nothing."""
    classes = node.get("class") or ""
    if node.tag == "div" and "gmail_quote" in classes and _holds_quote(node):
        return None
    if (node.get("id") or "").endswith("mail-editor-reference-message-container"):
        return "quote"
    if node.get("id") == "reply-intro":
        return "attribution"
    if (
        QUOTE_CLASSES.search(classes)
        or node.get("name") == "quote"
        or (node.tag == "blockquote" and (_is_citation(node) or _is_attributed(node)))
    ):
        return "quote"
    if SIGNATURE_CLASSES.search(classes) or SIGNATURE_NAMES & {node.get("id"), node.get("name")}:
        return "signature"
    return None


def _colour_of(node: html.HtmlElement) -> Rgb | None:
    found = OWN_COLOUR.search(node.get("style") or "")
    return colour(found[1] if found else node.get("color") or "")


def announces_rest(node: html.HtmlElement) -> bool:
    """Whether all that follows this element is quoted."""
    if REST_IS_QUOTE.search(node.get("id") or ""):
        return True
    return bool(OUTLOOK_RULE.search(node.get("style") or "") and HEADER_WORD.search(_start(node)))


def _is_followed(node: html.HtmlElement) -> bool:
    """Whether what it announces stands beside it, in the frame that is marked as a quote already."""
    return any(text.strip() for after in node.itersiblings() for text in (*_first_texts(after), after.tail or ""))


def _holds_quote(node: html.HtmlElement) -> bool:
    """Gmail's frame around quotes: between those in it stands what the author answers."""
    return any(child.tag == "blockquote" and "gmail_quote" in (child.get("class") or "") for child in node)


def _is_citation(node: html.HtmlElement) -> bool:
    """Mail programs mark what they quote; a blockquote without a mark may be the author's own."""
    return (node.get("type") or "").lower() == "cite" or "border-left" in (node.get("style") or "").replace(" ", "")


def _is_attributed(node: html.HtmlElement) -> bool:
    """Whether the line directly above says who wrote it, and when."""
    pieces: list[str] = []
    for before in islice(node.itersiblings(preceding=True), MOST_GAPS):
        pieces.append(before.tail or "")
        if before.tag in BLOCKS and "".join(pieces).strip():
            break
        pieces.append("".join(before.itertext()))
        if before.tag in BLOCKS and "".join(pieces).strip():
            break
    else:
        parent = node.getparent()
        pieces.append((parent.text or "") if parent is not None else "")
    line = " ".join("".join(reversed(pieces)).split())[-LONGEST_LINE_ABOVE:]
    return all(kind.search(line) for kind in (phrases.ENDS_BY_VERB, phrases.HAS_DATE, phrases.HAS_TIME))


def _start(node: html.HtmlElement) -> str:
    """The first words of an element."""
    return "".join(_first_texts(node))[:200]


def _first_texts(node: html.HtmlElement) -> Iterator[str]:
    taken = 0
    for text in node.itertext():
        taken += len(text)
        yield text
        if taken > 200:
            return
