"""The lines by which a mail program says who wrote what is quoted below, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.mail import phrases

LONGEST_ENDING = 80  # of an attribution: its verb, in any language, and the signs after it
MOST_LINES = 5  # over which a program may have broken it
LONGEST = 500
MOST_WORDS_UNANNOUNCED = 20


@dataclass(frozen=True)
class Attribution:
    """Its first and last line; sure where nobody but a program writes so, whatever follows."""

    first: int
    last: int
    sure: bool


def find(texts: Sequence[str]) -> list[Attribution]:
    """The attributions of a letter, in their order. Each begins as late as it can: above it the author speaks."""
    found: list[Attribution] = []
    first_filled = next((index for index, text in enumerate(texts) if text.strip()), 0)
    for last, text in enumerate(texts):
        if _may_end(text):
            after = found[-1].last if found else -1
            attribution = _ending_at(texts, last, after, first_filled)
            if attribution:
                found.append(attribution)
    return found


def is_quoted(text: str) -> bool:
    """Whether a line carries a quote mark. `>From` is an escaped line of an mbox, not a quote."""
    return bool(phrases.QUOTE_MARK.match(text)) and not (
        text.lstrip().startswith(">From ") or phrases.GROUPWISE.match(text)
    )


def _may_end(text: str) -> bool:
    end = text.rstrip()
    if is_quoted(text) and not phrases.QUOTED_ENDING.match(text):
        return False
    return end.endswith((":", ">")) or bool(phrases.ATTRIBUTION_END.search(end[-LONGEST_ENDING:]))


def _ending_at(texts: Sequence[str], last: int, after: int, first_filled: int) -> Attribution | None:
    joined = ""
    unannounced: Attribution | None = None
    for first in range(last, max(last - MOST_LINES, after), -1):
        text = texts[first].strip()
        if not text or (first < last and is_quoted(texts[first])):
            break
        joined = f"{text} {joined}".strip()
        if len(joined) > LONGEST:
            break
        if phrases.QUOTING.match(joined):
            return Attribution(first, last, bool(phrases.HAS_ADDRESS.search(joined)))
        if phrases.ATTRIBUTION_START.match(text) and _tells_who_and_when(joined):
            return Attribution(first, last, _is_sure(joined, has_words_above=first > first_filled))
        if unannounced is None and (_is_unannounced(joined) or _names_all_above_a_quote(texts, joined, last)):
            unannounced = Attribution(first, last, sure=bool(phrases.HAS_ADDRESS.search(joined)))
    return unannounced


def _tells_who_and_when(joined: str) -> bool:
    has_date, has_address = phrases.HAS_DATE.search(joined), phrases.HAS_ADDRESS.search(joined)
    if phrases.ATTRIBUTION_END.search(joined[-LONGEST_ENDING:]):
        return bool(has_date and has_address) or (joined.endswith(":") and bool(has_date or has_address))
    if joined.endswith(":"):
        has_verb = phrases.HAS_VERB.search(joined)
        named = has_address and (has_verb or joined.endswith(">:"))
        return bool(has_date and (named or (has_verb and phrases.HAS_TIME.search(joined))))
    return bool(joined.endswith(">") and joined[0].isdigit() and has_date and has_address)


def _is_unannounced(joined: str) -> bool:
    """ "Jan Kowalski <jan@klient.example> napisał:" """
    if not phrases.ENDS_BY_VERB.search(joined) or len(joined.split()) >= MOST_WORDS_UNANNOUNCED:
        return False
    return bool(phrases.HAS_DATE.search(joined) or phrases.HAS_ADDRESS.search(joined))


def _names_all_above_a_quote(texts: Sequence[str], joined: str, last: int) -> bool:
    """In a language that nobody taught us: a date, an address, a colon, and next to it what is quoted."""
    below = next((text for text in texts[last + 1 : last + 3] if text.strip()), "")
    if not joined.endswith(":") or not is_quoted(below) or len(joined.split()) >= MOST_WORDS_UNANNOUNCED:
        return False
    return bool(phrases.HAS_DATE.search(joined) and phrases.HAS_ADDRESS.search(joined))


def _is_sure(joined: str, *, has_words_above: bool) -> bool:
    """It names a date and an address; or a time and, next to its end, a verb, and does not begin the letter."""
    if phrases.HAS_ADDRESS.search(joined) and phrases.HAS_DATE.search(joined):
        return True
    verb = phrases.ATTRIBUTION_END.search(joined[-LONGEST_ENDING:]) or phrases.NAMES_HIM_AFTER.search(joined)
    return bool(has_words_above and verb and phrases.HAS_TIME.search(joined))
