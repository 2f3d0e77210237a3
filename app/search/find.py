"""A search as a person or a program asks for it."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from flask import current_app

from app.access import Standing, search_terms
from app.events.wake import ask_for, count
from app.search.document import COUNT_LIMIT, Found, Question, Values
from app.search.engine import FAILED, IndexDamaged, SearchFailed, engine, held
from app.search.fields import fields_of, narrowed
from app.search.from_database import from_database
from app.search.hits import Hit, hits_of
from app.search.own_words import learn
from app.search.parse import parse
from app.search.plan import plan
from app.search.suggest import suggestion

log = logging.getLogger(__name__)

SECONDS = 3.0  # for all that one search asks of the index
SECONDS_TYPING = 1.0
FEW = 5  # Fewer hits than these with all of the words: those with some of them follow.


@dataclass(frozen=True)
class Answer:
    """`provisional`: the index could not be asked, the database was searched. `loose`: some hits lack some words.

    `suggestion`: nothing has all of the words as they were typed; these are the hits of what was probably meant.
    `partial`: the search took too long, so only a part was searched. `is_capped`: there are more than `count`.
    """

    hits: list[Hit] = field(default_factory=list)
    count: int = 0
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    suggestion: str | None = None
    provisional: bool = False
    loose: bool = False
    partial: bool = False
    is_capped: bool = False


def find(
    text: str,
    standing: Standing | None,
    *,
    language: str,
    filters: Mapping[str, Values],
    about: str = "",
    page: int = 1,
    limit: int = 10,
    typing: bool = False,
    faceted: bool = True,
) -> Answer:
    """What this account, or a stranger, may see of what it seeks, best first.

    `filters` as in Question. What is written in `language`, or is about the product group `about`, comes a little
    earlier. While he is `typing` it is not counted, and has less time. `faceted` it is also counted by each filter.
    """
    learn()
    internal = standing is not None and standing.is_staff
    preferred = {"languages": language, "product_groups": about}
    question = narrowed(Question(text, search_terms(standing), internal, filters, preferred, page, limit))
    seconds = min(SECONDS, SECONDS_TYPING) if typing else SECONDS
    question = replace(held(question), until=time.monotonic() + seconds, counted=not typing, faceted=faceted)
    try:
        strict = engine().search(question)
        if not (strict.count or strict.partial) and parse(question.text).phrases:
            question = replace(question, any_form=True)
            strict = engine().search(question)
        meant = None if strict.count or strict.partial else suggestion(question, standing)
        if meant and time.monotonic() < question.until:  # Else a word may only seem to stand nowhere.
            question = replace(question, text=meant)
            strict = engine().search(question)
        found, loose = _looser(strict, question)
        answer = replace(
            _shown(found, standing, language), suggestion=_with_fields(meant, text) if found.count else None
        )
    except IndexDamaged:
        ask_for(current_app.extensions["redis"], "rebuild_search")
    except SearchFailed:
        log.exception("A search failed and was answered from the database")
        count(current_app.extensions["redis"], FAILED)
    else:
        return replace(answer, loose=loose)
    hits, partial = from_database(question, standing, language)
    return Answer(hits, (page - 1) * limit + len(hits), provisional=True, partial=partial)


def _with_fields(meant: str | None, text: str) -> str | None:
    """What was probably meant, with the fields that were named beside it."""
    return f"{fields_of(text)} {meant}".strip() if meant else None


def _looser(found: Found, question: Question) -> tuple[Found, bool]:
    """What has all of the words; where that is little, also what has some of them. Filters do not decide which."""
    wanted = plan(parse(question.text))
    enough = FEW if question.counted else min(FEW, question.limit)
    if found.count >= enough or found.partial or len(wanted.groups) < 2 or wanted.phrases:
        return found, False
    looser = engine().search(replace(question, any_word=True))
    if looser.partial and looser.count <= found.count:
        return replace(found, partial=True), False
    return looser, looser.count > found.count


def _shown(found: Found, standing: Standing | None, language: str) -> Answer:
    hits = hits_of(found, standing, language)
    late = len(found.hits) - len(hits)  # The index did not yet know that these are closed to the asker.
    return Answer(
        hits,
        min(found.count - late, COUNT_LIMIT),
        {} if late else {name: _at_most(values) for name, values in found.facets.items()},
        partial=found.partial,
        is_capped=found.count > COUNT_LIMIT,
    )


def _at_most(counts: Mapping[str, int]) -> dict[str, int]:
    return {value: min(times, COUNT_LIMIT) for value, times in counts.items()}
