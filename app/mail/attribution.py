"""The lines by which a mail program says who wrote what is quoted below, and when."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.mail import phrases

LONGEST_ENDING = 80  # of an attribution: its verb, in any language, and the signs after it
MOST_LINES = 5  # over which a program may have broken it
LONGEST = 500
MOST_WORDS_UNANNOUNCED = 20
MOST_WORDS_OF_A_NAME = 6
HEADER_WINDOW = 8
TABLE_WINDOW = 16
LONGEST_HEADER = 200  # of which a date and an address are looked for
LONGEST_OPENING = 14  # lines at the head of a quote that may say who wrote it


FIELD = re.compile(r"\w[\w -]{0,30}:")
ANNOUNCEMENTS = (
    *(phrases.RULE, phrases.SEPARATOR, phrases.TITLED_RULE),
    *(phrases.WRITTEN_ABOVE, phrases.ABOVE_THIS_LINE, phrases.PREVIOUS),
)


@dataclass(frozen=True)
class Attribution:
    """Its first and last line; sure where nobody but a program writes so, whatever follows."""

    first: int
    last: int
    sure: bool


def find(texts: Sequence[str], marked: Collection[int] = ()) -> list[Attribution]:
    """The attributions of a letter, in their order. Each begins as late as it can: above it the author speaks.

    `marked` are the lines that the markup calls a quote."""
    found: list[Attribution] = []
    first_filled = next((index for index, text in enumerate(texts) if text.strip()), 0)
    for last, text in enumerate(texts):
        if _may_end(text):
            after = found[-1].last if found else -1
            attribution = _ending_at(texts, last, after, first_filled, marked)
            if attribution:
                found.append(attribution)
    return found


def is_quoted(text: str) -> bool:
    """Whether a line carries a quote mark. `>From` is an escaped line of an mbox, not a quote."""
    return bool(phrases.QUOTE_MARK.match(text)) and not (
        text.lstrip().startswith(">From ") or phrases.GROUPWISE.match(text)
    )


def is_header_block(texts: Sequence[str], index: int) -> bool:
    """From, Sent, To, Subject: at least three of them; or From and one more with an address, or with a date where it
    is no mere period (Od, Do; a Temat proves nothing there). Without a Subject, or directly below other words, the date
    has an hour: else it may be a journey (Od, Do, Data). Programs that begin by another one leave a blank line above,
    and name an address."""
    if texts[index].lstrip("\t >*|")[:1].islower():
        return False  # A setting, a field of a program's.
    by_author = bool(phrases.HEADER_FROM.match(texts[index]))
    by_other = phrases.HEADER_SENT.match(texts[index]) or phrases.HEADER_KINDS[-1].match(texts[index])
    if not by_author and not (by_other and (index == 0 or not texts[index - 1].strip())):
        return False
    window = _block_at(texts, index, by_author=by_author)
    kinds = {number for text in window for number, kind in enumerate(phrases.HEADER_KINDS) if kind.match(text)}
    told = " ".join(text for text in window if any(kind.match(text) for kind in phrases.HEADER_KINDS))
    if any(map(phrases.AN_HOUR.match, window)):
        return False
    if phrases.HAS_ADDRESS.search(told):
        return len(kinds) >= 2
    has_date = phrases.HAS_DATE.search(told) and kinds != {0, 2}
    if len(kinds) == 2 or kinds == {0, 2, 4}:
        return bool(by_author and has_date)
    stands_apart = index == 0 or not texts[index - 1][:1].isalnum()
    return by_author and len(kinds) >= 3 and ((4 in kinds and stands_apart) or bool(phrases.HAS_HOUR.search(told)))


def _block_at(texts: Sequence[str], index: int, *, by_author: bool) -> list[str]:
    """The lines of one block: a second From begins another one, and where one begins by another header, so does
    a field that is no header, or a second line that is none."""
    block: list[str] = []
    authors = strange = 0
    for text in filter(str.strip, texts[index : index + HEADER_WINDOW]):
        authors += bool(phrases.HEADER_FROM.match(text))
        strange = 0 if phrases.HEADER_ANY.match(text) else strange + 1
        if authors > 1 or (not by_author and (strange > 1 or (strange and FIELD.match(text)))):
            break
        block.append(text[:LONGEST_HEADER])
    return block


def is_in_a_line(text: str) -> bool:
    """Who wrote, and when, on one line with other headers or with what he wrote."""
    if phrases.HEADERS_IN_A_LINE.match(text):
        return True
    return bool(phrases.ATTRIBUTION_START.match(text) and phrases.ATTRIBUTION_GOES_ON.match(text))


def is_table_of_headers(texts: Sequence[str], index: int) -> bool:
    """As Notes writes it: who, below him when, then "To" and "Subject" on lines of their own, each above its value."""
    below = [text for text in texts[index + 1 : index + TABLE_WINDOW] if text.strip()]
    if not (below and phrases.HAS_ADDRESS.search(texts[index][:LONGEST_HEADER]) and len(texts[index]) < LONGEST_HEADER):
        return False
    has_date = phrases.HAS_DATE.search(below[0]) and len(below[0].split()) <= MOST_WORDS_OF_A_NAME
    return bool(has_date) and all(any(name.match(text) for text in below) for name in phrases.NAMES_ALONE)


def opening(texts: Sequence[str], start: int) -> int:
    """How many lines at the head of a quote say who wrote it and when: a rule or a separator, then a block of
    headers or an attribution."""
    bare = [phrases.QUOTE_MARKS.sub("", text).strip() for text in texts[start : start + LONGEST_OPENING]]
    begin = _next_filled(bare, 0)
    told = 0
    while begin < len(bare) and any(kind.match(bare[begin]) for kind in ANNOUNCEMENTS):
        told = begin + 1
        begin = _next_filled(bare, begin + 1)
    if begin == len(bare):
        return told
    if is_header_block(bare, begin):
        return _end_of_headers(bare, begin) + 1
    found = next(iter(find(bare[begin : begin + MOST_LINES])), None)
    return begin + found.last + 1 if found and found.first == 0 else told


def _end_of_headers(bare: Sequence[str], begin: int) -> int:
    """The last header of a block; a header may go on on the next line, or have a blank one below it."""
    end = begin
    for index in range(begin, len(bare)):
        if phrases.HEADER_ANY.match(bare[index]):
            end = index
        elif not bare[index - 1] or (not bare[index] and index > end + 1):
            break
    return end


def _next_filled(bare: Sequence[str], start: int) -> int:
    return next((index for index in range(start, len(bare)) if bare[index]), len(bare))


def _may_end(text: str) -> bool:
    end = text.rstrip()
    if is_quoted(text) and not phrases.QUOTED_ENDING.match(text):
        return False
    return (
        end.endswith((":", ">"))
        or end.startswith("news:")
        or bool(phrases.ATTRIBUTION_END.search(end[-LONGEST_ENDING:]))
    )


def _ending_at(
    texts: Sequence[str], last: int, after: int, first_filled: int, marked: Collection[int]
) -> Attribution | None:
    joined = ""
    unannounced: Attribution | None = None
    for first in range(last, max(last - MOST_LINES, after), -1):
        text = texts[first].strip()
        if not text and joined.startswith("<"):
            continue  # An address that a program set apart by blank lines.
        if not text or (first < last and is_quoted(texts[first])):
            break
        joined = f"{text} {joined}".strip()
        if len(joined) > LONGEST:
            break
        if phrases.QUOTING.match(joined):
            return Attribution(first, last, bool(phrases.HAS_ADDRESS.search(joined)))
        if phrases.ATTRIBUTION_START.match(text) and _tells_who_and_when(joined):
            return Attribution(first, last, _is_sure(joined, has_words_above=first > first_filled))
        if unannounced is None and (_is_unannounced(joined) or _names_all_above_a_quote(texts, joined, last, marked)):
            unannounced = Attribution(first, last, sure=bool(phrases.HAS_ADDRESS.search(joined)))
    return unannounced


def _tells_who_and_when(joined: str) -> bool:
    has_date, has_address = phrases.HAS_DATE.search(joined), phrases.HAS_ADDRESS.search(joined)
    if phrases.ATTRIBUTION_END.search(joined[-LONGEST_ENDING:]):
        return bool(has_date and has_address) or (joined.endswith(":") and bool(has_date or has_address))
    if joined.endswith(":"):
        has_verb = phrases.HAS_VERB.search(joined)
        named = has_address and (has_verb or joined.endswith(">:") or phrases.FROM_AN_ADDRESS.search(joined))
        return bool(has_date and (named or (has_verb and phrases.HAS_TIME.search(joined))))
    return bool(joined.endswith(">") and joined[0].isdigit() and has_date and has_address)


def _is_unannounced(joined: str) -> bool:
    """ "Jan Kowalski <jan@klient.example> napisał:" """
    if not phrases.ENDS_BY_VERB.search(joined) or len(joined.split()) >= MOST_WORDS_UNANNOUNCED:
        return False
    return bool(phrases.HAS_DATE.search(joined) or phrases.HAS_ADDRESS.search(joined))


def _names_all_above_a_quote(texts: Sequence[str], joined: str, last: int, marked: Collection[int]) -> bool:
    """Next to it what is quoted: a name and a verb; or, in a language that nobody taught us, a date, an address, and a
    colon."""
    below = next((index for index in range(last + 1, min(last + 3, len(texts))) if texts[index].strip()), last)
    words = len(joined.split())
    if not joined.endswith(":") or not (below in marked or is_quoted(texts[below])) or words >= MOST_WORDS_UNANNOUNCED:
        return False
    if words <= MOST_WORDS_OF_A_NAME and joined[0].isupper() and phrases.ENDS_BY_VERB.search(joined):
        return True
    return bool(phrases.HAS_DATE.search(joined) and phrases.HAS_ADDRESS.search(joined))


def _is_sure(joined: str, *, has_words_above: bool) -> bool:
    """It names a date and an address; or a time and, next to its end, a verb, and does not begin the letter."""
    if phrases.HAS_ADDRESS.search(joined) and phrases.HAS_DATE.search(joined):
        return True
    verb = phrases.ATTRIBUTION_END.search(joined[-LONGEST_ENDING:]) or phrases.NAMES_HIM_AFTER.search(joined)
    return bool(has_words_above and verb and phrases.HAS_TIME.search(joined))
