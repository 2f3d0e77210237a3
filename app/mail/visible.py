"""What the author newly wrote, parted from what his mail program added. Nothing is removed, only folded.

The rules were learnt from the public behaviour of several reply parsers and from Polish mail programs, and
written anew; docs/mail.md tells what was measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.mail import attribution, notices, phrases
from app.mail.attribution import HEADER_WINDOW, Attribution, is_header_block, is_quoted
from app.mail.clean import OWN
from app.mail.notices import SIGNATURE

QUOTE, ATTRIBUTION = "quote", "attribution"
Line = tuple[str, str | None]
SIGNATURE_RULE = "-- "  # RFC 3676 section 4.3; without its space it may part anything
MOST_ON_A_CARD, LONGEST_ON_A_CARD = 6, 80
MOST_LINES = 20_000
LONGEST_LINE = 1_000  # of which a beginning is looked at
ANNOUNCED = (phrases.SEPARATOR, phrases.GROUPWISE, phrases.WRITTEN_ABOVE, phrases.ABOVE_THIS_LINE)


@dataclass(frozen=True)
class Parted:
    """The visible text and the folded parts in their order."""

    visible: str
    folded: tuple[dict[str, str], ...]
    is_forward: bool = False


def part(lines: Sequence[Line], *, is_forward: bool = False) -> Parted:
    """Part a letter's lines. A mark given by the markup stands; the words decide about the rest.

    What is forwarded is content: all of a letter that its subject calls so, else what follows the line that says so.
    """
    whole = [text for text, _mark in lines[:MOST_LINES]]
    texts = [text[:LONGEST_LINE] for text in whole]
    marks = [mark for _text, mark in lines[:MOST_LINES]]
    _keep_sign_offs(texts, marks)
    begin = 0 if is_forward else _begin_of_forwarded(texts, marks)
    own, own_marks = texts[:begin], marks[:begin]
    _mark_reply(own, own_marks)
    passed_on = [None if mark in (QUOTE, ATTRIBUTION) else mark for mark in marks[begin or 0 :]]
    _mark_signatures(texts[begin or 0 :], passed_on, stop_at_blank=True)
    marks = own_marks if begin is None else [*own_marks, *passed_on]
    notices.mark(texts, marks)
    marks = [None if mark == OWN else mark for mark in marks]
    parted = _collect(whole, marks)
    if begin is not None:
        parted = replace(parted, is_forward=True)
    if len(lines) <= MOST_LINES:
        return parted
    return replace(parted, visible=f"{parted.visible}\n" + "\n".join(text for text, _mark in lines[MOST_LINES:]))


def _keep_sign_offs(texts: list[str], marks: list[str | None]) -> None:
    """What a program marks as a signature is the author's where it ends his letter ("Pozdrawiam"), without "-- " above:
    in text/plain nothing would mark it."""
    for begin, mark in enumerate(marks):
        if mark != SIGNATURE or SIGNATURE in marks[:begin][-1:]:
            continue
        end = next((index for index in range(begin, len(marks)) if marks[index] != SIGNATURE), len(marks))
        first = next((index for index in range(begin, end) if texts[index].strip()), begin)
        above = next((text for text in reversed(texts[:begin]) if text.strip()), "")
        if phrases.SIGN_OFF.match(texts[first]) and not phrases.SIGNATURE_LINE.match(above):
            marks[begin:end] = [None] * (end - begin)


def plain_lines(text: str) -> list[Line]:
    """The lines of a text/plain part, without the places that programs keep in it for pictures."""
    text = phrases.PICTURE.sub("", text) if "[cid:" in text else text
    lines = text.replace("\xa0", " ").replace("\u202f", " ").split("\n")
    return [(line if line == SIGNATURE_RULE else line.rstrip(), None) for line in lines]


def _begin_of_forwarded(texts: list[str], marks: list[str | None]) -> int | None:
    """The line that announces a forwarded letter, unless it is itself part of what is quoted."""
    for index, text in enumerate(texts):
        if phrases.FORWARD_SEPARATOR.match(text) and not is_quoted(text):
            before = list(marks[:index])
            _mark_reply(texts[:index], before)
            return None if QUOTE in before else index
    return None


def _mark_reply(texts: list[str], marks: list[str | None]) -> None:
    """What of these lines is quoted, and the author's signature."""
    found = attribution.find(texts, {index for index, mark in enumerate(marks) if mark == QUOTE})
    _mark_quotes(texts, marks, found)
    _mark_attributions(texts, marks, found)
    _mark_openings(texts, marks)
    _mark_signatures(texts, marks)


def _mark_quotes(texts: list[str], marks: list[str | None], attributions: Sequence[Attribution]) -> None:
    """Lines with a quote mark, and everything after a line that announces an unmarked quoted letter."""
    attributed = {index for each in attributions for index in range(each.first, each.last + 1)}
    quoted = [index for index, text in enumerate(texts) if index not in attributed and is_quoted(text)]
    if attributions or not all(phrases.PROMPT.match(texts[index]) for index in quoted):
        for index in quoted:
            marks[index] = marks[index] or QUOTE
    for each in attributions:
        _mark_barred(texts, marks, each.last + 1)
    _mark_headers_of_marked(texts, marks)
    _join_wrapped_quotes(texts, marks)
    begin = _begin_of_rest(texts, marks, attributions)
    if begin is not None:
        marks[begin:] = [mark or QUOTE for mark in marks[begin:]]


def _mark_barred(texts: list[str], marks: list[str | None], start: int) -> None:
    """Lines with a bar before them, below who wrote them; without that they may be a table."""
    index = _next_filled(texts, start)
    while index is not None and index < len(texts) and texts[index].lstrip().startswith("|"):
        marks[index] = marks[index] or QUOTE
        index += 1


def _mark_headers_of_marked(texts: list[str], marks: list[str | None]) -> None:
    """Header blocks of letters whose own lines are marked or framed: between those the author may answer."""
    if QUOTE not in marks:
        return
    for index in range(len(texts)):
        if marks[index] is None and _announces_rest(texts, index):
            _mark_announcement(texts, marks, index)


def _mark_announcement(texts: list[str], marks: list[str | None], index: int) -> None:
    """The lines from `index` to the quote that they announce, where nothing of the author's stands between."""
    end = index + 1
    while end < min(len(texts), index + HEADER_WINDOW) and (
        not texts[end].strip() or phrases.HEADER_ANY.match(texts[end]) or phrases.ENDS_BY_VERB.search(texts[end])
    ):
        end += 1
    if end < len(texts) and marks[end] == QUOTE:
        marks[index:end] = [QUOTE] * (end - index)


def _join_wrapped_quotes(texts: list[str], marks: list[str | None]) -> None:
    """A blank line between two quoted ones belongs to the quote, and so does the broken end of a long address."""
    for index in range(1, len(texts) - 1):
        if marks[index] is None and marks[index - 1] == QUOTE == marks[index + 1]:
            text = texts[index].strip()
            if not text or (" " not in text and not set("/=&%_").isdisjoint(text)):
                marks[index] = QUOTE


def _begin_of_rest(texts: list[str], marks: list[str | None], attributions: Sequence[Attribution]) -> int | None:
    """The first line of a quoted letter that goes on to the end without marks."""
    last_quoted = max((index for index, text in enumerate(texts) if is_quoted(text)), default=-1)
    unquoted = {
        each.first for each in attributions if each.sure and _has_unmarked_rest(texts, marks, each.last, last_quoted)
    }
    for index, text in enumerate(texts):
        if marks[index] is None and text.strip() and (index in unquoted or _announces_rest(texts, index)):
            return index
    return None


def _has_unmarked_rest(texts: list[str], marks: list[str | None], last: int, last_quoted: int) -> bool:
    """Where marked lines follow, what stands between them is an answer; so is what stands below a frame of a quote."""
    after = _next_filled(texts, last + 1)
    return last_quoted <= last and after is not None and marks[after] != QUOTE


def _announces_rest(texts: list[str], index: int) -> bool:
    text = texts[index]
    if any(announced.match(text) for announced in ANNOUNCED):
        return True
    if "@" in text and (attribution.is_in_a_line(text) or attribution.is_table_of_headers(texts, index)):
        return True
    if phrases.RULE.match(text) or phrases.TITLED_RULE.match(text):
        following = _next_filled(texts, index + 1)
        if following is None or following > index + 3:
            return False
        return bool(phrases.PREVIOUS.match(texts[following])) or is_header_block(texts, following)
    return is_header_block(texts, index)


def _mark_attributions(texts: list[str], marks: list[str | None], attributions: Sequence[Attribution]) -> None:
    """The lines above a quote that say who wrote it."""
    for each in attributions:
        after = _next_filled(texts, each.last + 1)
        if marks[each.first] is None and (after is None or marks[after] == QUOTE):
            for line in range(each.first, each.last + 1):
                marks[line] = marks[line] or ATTRIBUTION


def _mark_openings(texts: list[str], marks: list[str | None]) -> None:
    """What at the head of a quote says who wrote it: an attribution that is marked as well, a block of headers."""
    before: str | None = None
    for index, mark in enumerate(marks):
        if mark == QUOTE and before not in (QUOTE, ATTRIBUTION):
            length = attribution.opening(texts, index)
            marks[index : index + length] = [ATTRIBUTION] * length
        before = mark if mark or texts[index].strip() else before


def _next_filled(texts: list[str], start: int) -> int | None:
    """The first line from `start` on that is not blank."""
    return next((index for index in range(start, len(texts)) if texts[index].strip()), None)


def _mark_signatures(texts: list[str], marks: list[str | None], *, stop_at_blank: bool = False) -> None:
    """From "-- " to the end of what the author wrote there (RFC 3676 section 4.3)."""
    inside = False
    rules = [index for index, text in enumerate(texts) if marks[index] is None and phrases.SIGNATURE_RULE.match(text)]
    begins = _begins_of_signatures(texts, marks)
    for index, text in enumerate(texts):
        if marks[index] in (QUOTE, ATTRIBUTION) or (inside and stop_at_blank and not text.strip()):
            inside = False
        elif index in begins or (rules == [index] and _is_card(texts, marks, index)):
            inside = True
        if inside and marks[index] is None:
            marks[index] = SIGNATURE


def _begins_of_signatures(texts: list[str], marks: list[str | None]) -> set[int]:
    """Lines of "--" that begin one. What a telephone or a mailing list adds has a line of its own."""
    begins: set[int] = set()
    beside: list[int] = []
    for index in range(len(texts) + 1):
        if index == len(texts) or marks[index] in (QUOTE, ATTRIBUTION):
            begins.update(_begin_among(beside, texts, marks))
            beside = []
        elif marks[index] is None and phrases.SIGNATURE_LINE.match(texts[index]):
            if texts[index] == SIGNATURE_RULE or notices.is_added("".join(texts[index + 1 : index + 2])):
                begins.add(index)
            else:
                beside.append(index)
    return begins


def _begin_among(dashes: list[int], texts: list[str], marks: list[str | None]) -> list[int]:
    """Of several the first, where all below it is a card and no form; else the last, where that begins one."""
    if len(dashes) < 2 or (_is_card(texts, marks, dashes[0]) and ":" not in "".join(texts[dashes[0] : dashes[-1]])):
        return dashes[:1]
    return [last for last in dashes[-1:] if _is_card(texts, marks, last)]


def _is_card(texts: list[str], marks: list[str | None], rule: int) -> bool:
    """Whether a few short lines stand below the only rule (more make a table), and nothing more of the author's."""
    below: list[str] = []
    for index in range(rule + 1, len(texts)):
        if marks[index] in (QUOTE, ATTRIBUTION):
            break
        if texts[index].strip():
            below.append(texts[index])
    own = (texts[index].strip() for index in range(rule - 1, -1, -1) if marks[index] is None)
    above = next(filter(None, own), ":")
    is_table = bool(below) and all(map(phrases.COLUMNS.search, (texts[rule - 1], below[0])))
    if above.endswith(":") or is_table:  # What is announced is no card, nor is the last line of a table.
        return False
    if any(phrases.SIGN_OFF.match(text) or text == SIGNATURE_RULE for text in below[1:]):
        return False  # The author's words go on before he ends.
    is_short = 0 < len(below) <= MOST_ON_A_CARD and all(len(text) <= LONGEST_ON_A_CARD for text in below)
    return is_short and not any(map(phrases.A_LIST.match, below))


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
