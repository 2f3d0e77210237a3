"""What the author newly wrote, parted from what his mail program added. Nothing is removed, only folded.

The rules were learnt from the public behaviour of several reply parsers and from Polish mail programs, and
written anew; docs/mail.md tells which case each is for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.mail import phrases

QUOTE, ATTRIBUTION, SIGNATURE, FOOTER, DISCLAIMER = "quote", "attribution", "signature", "footer", "disclaimer"
Line = tuple[str, str | None]
LONGEST_ENDING = 80  # of an attribution: its verb, in any language, and the signs after it
LONGEST_ATTRIBUTION = 4
HEADER_WINDOW = 8
MOST_LINES = 20_000


@dataclass(frozen=True)
class Parted:
    """The visible text and the folded parts in their order."""

    visible: str
    folded: tuple[dict[str, str], ...]


def part(lines: Sequence[Line], *, is_forward: bool = False) -> Parted:
    """Part a letter's lines. A mark given by the markup stands; the words decide about the rest."""
    marks = [mark for _text, mark in lines[:MOST_LINES]]
    texts = [text for text, _mark in lines[:MOST_LINES]]
    rest = len(lines) > MOST_LINES
    if is_forward and not any(mark == QUOTE for mark in marks if mark):
        _mark_signatures(texts, marks, stop_at_blank=True)
    elif is_forward:
        marks = [None if mark == QUOTE else mark for mark in marks]
    else:
        _mark_quotes(texts, marks)
        _mark_attributions(texts, marks)
        _mark_signatures(texts, marks)
    _mark_footers(texts, marks)
    _mark_disclaimers(texts, marks)
    parted = _collect(texts, marks)
    if not rest:
        return parted
    return Parted(f"{parted.visible}\n" + "\n".join(text for text, _mark in lines[MOST_LINES:]), parted.folded)


def plain_lines(text: str) -> list[Line]:
    """The lines of a text/plain part."""
    return [(line.rstrip(), None) for line in text.split("\n")]


def is_quoted(text: str) -> bool:
    """Whether a line carries a quote mark. `>From` is an escaped line of an mbox, not a quote."""
    start = text.lstrip()
    return start.startswith(">") and not start.startswith(">From ")


def _mark_quotes(texts: list[str], marks: list[str | None]) -> None:
    """Lines with a quote mark, and everything after a line that announces an unmarked quoted letter."""
    for index, text in enumerate(texts):
        if marks[index] is None and is_quoted(text):
            marks[index] = QUOTE
    _join_wrapped_quotes(texts, marks)
    last_quoted = max((index for index, text in enumerate(texts) if is_quoted(text)), default=-1)
    for index, text in enumerate(texts):
        if marks[index] is not None:
            continue
        if _announces_rest(texts, index, text, last_quoted):
            marks[index:] = [mark or QUOTE for mark in marks[index:]]
            return


def _join_wrapped_quotes(texts: list[str], marks: list[str | None]) -> None:
    """A blank line between two quoted ones belongs to the quote."""
    for index in range(1, len(texts) - 1):
        if marks[index] is None and not texts[index].strip() and marks[index - 1] == QUOTE == marks[index + 1]:
            marks[index] = QUOTE


def _announces_rest(texts: list[str], index: int, text: str, last_quoted: int) -> bool:
    if not text.strip():
        return False
    if phrases.SEPARATOR.match(text):
        return True
    if phrases.EOF_RULE.match(text):
        following = next(
            (other for other in range(index + 1, min(index + 4, len(texts))) if texts[other].strip()), None
        )
        return following is not None and _is_header_block(texts, following)
    return _is_header_block(texts, index) or _is_unquoted_attribution(texts, index, last_quoted)


def _is_header_block(texts: list[str], index: int) -> bool:
    """From, Sent, To, Subject: at least three of them, or From and one more with a date or an address."""
    if not phrases.HEADER_FROM.match(texts[index]):
        return False
    window = [text for text in texts[index : index + HEADER_WINDOW] if text.strip()]
    kinds = {number for text in window for number, kind in enumerate(phrases.HEADER_KINDS) if kind.match(text)}
    if len(kinds) >= 3:
        return True
    told = " ".join(window[:3])
    return len(kinds) >= 2 and bool(phrases.HAS_ADDRESS.search(told) or phrases.HAS_DATE.search(told))


def _attribution_end(texts: list[str], index: int) -> int | None:
    """The last line of an attribution that begins here: who wrote when, over at most four lines."""
    joined = ""
    for last in range(index, min(index + LONGEST_ATTRIBUTION, len(texts))):
        text = texts[last].strip()
        if not text and joined:
            return None
        joined = f"{joined} {text}".strip()
        if len(joined) > 500:
            return None
        if not phrases.ATTRIBUTION_END.search(joined[-LONGEST_ENDING:]):
            continue
        has_date, has_address = phrases.HAS_DATE.search(joined), phrases.HAS_ADDRESS.search(joined)
        announced = phrases.ATTRIBUTION_START.match(joined) and joined.endswith(":")
        if (announced and (has_date or has_address)) or (has_date and has_address):
            return last
        if phrases.ENDS_BY_VERB.search(joined) and (has_date or has_address) and len(joined.split()) < 20:
            return last
    return None


def _is_unquoted_attribution(texts: list[str], index: int, last_quoted: int) -> bool:
    """An attribution whose quote carries no marks: the rest is the quote, unless marked lines follow."""
    last = _attribution_end(texts, index)
    if last is None or not texts[index].strip() or last_quoted > last:
        return False
    return any(text.strip() for text in texts[last + 1 :])


def _mark_attributions(texts: list[str], marks: list[str | None]) -> None:
    """The line above a quote that says who wrote it."""
    for index in range(len(texts)):
        if marks[index] is not None or not texts[index].strip():
            continue
        last = _attribution_end(texts, index)
        if last is None:
            continue
        after = next((other for other in range(last + 1, len(texts)) if texts[other].strip()), None)
        if after is None or marks[after] == QUOTE:
            for line in range(index, last + 1):
                marks[line] = marks[line] or ATTRIBUTION


def _mark_signatures(texts: list[str], marks: list[str | None], *, stop_at_blank: bool = False) -> None:
    """From "-- " to the end of what the author wrote there (RFC 3676 section 4.3)."""
    inside = False
    for index, text in enumerate(texts):
        if marks[index] in (QUOTE, ATTRIBUTION) or (inside and stop_at_blank and not text.strip()):
            inside = False
        elif phrases.SIGNATURE_LINE.match(text):
            inside = True
        if inside and marks[index] is None:
            marks[index] = SIGNATURE


def _mark_footers(texts: list[str], marks: list[str | None]) -> None:
    """Lines by which a telephone or a program names itself."""
    for index, text in enumerate(texts):
        if marks[index] is None and len(text) < 160 and phrases.FOOTER.match(text):
            marks[index] = FOOTER


def _mark_disclaimers(texts: list[str], marks: list[str | None]) -> None:
    """Legal paragraphs at the end of what the author wrote."""
    own = [index for index, mark in enumerate(marks) if mark is None]
    paragraphs: list[list[int]] = [[]]
    for index in own:
        if texts[index].strip():
            paragraphs[-1].append(index)
        elif paragraphs[-1]:
            paragraphs.append([])
    for paragraph in reversed([lines for lines in paragraphs if lines][1:]):
        if not phrases.DISCLAIMER.search(" ".join(texts[index] for index in paragraph)):
            return
        for index in paragraph:
            marks[index] = DISCLAIMER


def _collect(texts: list[str], marks: list[str | None]) -> Parted:
    visible: list[str] = []
    folded: list[tuple[str, list[str]]] = []
    before: str | None = None
    for text, mark in zip(texts, marks, strict=True):
        if mark is None:
            visible.append(text)
            before = None if text.strip() else before
        elif mark == before and folded:
            folded[-1][1].append(text)
        else:
            folded.append((mark, [text]))
            before = mark
    parts = tuple({"kind": kind, "text": "\n".join(lines).strip("\n")} for kind, lines in folded)
    return Parted(_tidy(visible), tuple(part for part in parts if part["text"].strip()))


def _tidy(lines: list[str]) -> str:
    """Without blank lines at the ends, and never more than one in a row."""
    kept: list[str] = []
    for line in lines:
        if line.strip() or (kept and kept[-1].strip()):
            kept.append(line)
    return "\n".join(kept).strip("\n").rstrip()
