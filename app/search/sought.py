"""What readers look for and do not find: kept by the stems of the words, whoever they were."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.models.reading import Sought
from app.models.types import utc_now
from app.search.analysis import fold
from app.search.analysis.terms import stem
from app.search.parse import parse

LONGEST = 200
MOST_WORDS = 8
PERSONAL = re.compile(r"@|\d{3}|\d[\d ./-]{4}")  # addresses, telephone and tax numbers, and whatever may be one
STEMMERS = {"pl": "polish", "en": "english"}


def note_search(text: str, language: str, product_group_id: int, *, found: bool) -> None:
    """Count a search. Call it in a transaction."""
    _count(text, language, product_group_id, asked=1, in_vain=0 if found else 1)


def note_opened(text: str, language: str, product_group_id: int) -> None:
    """Count that something which was found was opened."""
    _count(text, language, product_group_id, opened=1)


def unanswered(limit: int, *, since: datetime, language: str = "", product_group_id: int = 0) -> Sequence[Sought]:
    """Searches since then that mostly found nothing, or of which nobody ever opened anything; the most asked first."""
    clauses: list[ColumnElement[bool]] = [Sought.last_at >= since, Sought.asked > 0]
    clauses.append(or_(Sought.in_vain * 2 >= Sought.asked, Sought.opened == 0))
    if language:
        clauses.append(Sought.language == language)
    if product_group_id:
        clauses.append(Sought.product_group_id == product_group_id)
    query = select(Sought).where(*clauses).order_by(Sought.asked.desc(), Sought.last_at.desc(), Sought.id)
    return db.session.scalars(query.limit(limit)).all()


def kept_words(text: str, language: str) -> tuple[str, str]:
    """The stems, the same for all forms and orders of the words, and the words; without numbers and addresses."""
    said = " ".join(piece for piece in text.split() if not PERSONAL.search(piece))
    words = [word.text.lower() for word in parse(said).words if word.text.isalpha()][:MOST_WORDS]
    stems = sorted({fold(stem(word, STEMMERS.get(language, "polish"))) for word in words})
    return " ".join(stems)[:LONGEST], " ".join(words)[:LONGEST]


def _count(text: str, language: str, product_group_id: int, **more: int) -> None:
    stems, words = kept_words(text, language)
    if not stems:
        return
    place = {"stems": stems, "language": language, "product_group_id": product_group_id}
    values: dict[str, Any] = {name: getattr(Sought, name) + number for name, number in more.items()}
    added = update(Sought).filter_by(**place).values(**values, last_at=utc_now(), words=words)
    if db.session.execute(added).rowcount or "asked" not in more:  # type: ignore[attr-defined]
        return
    try:
        with db.session.begin_nested():
            db.session.add(Sought(**place, words=words, **more))
    except IntegrityError:  # Somebody else asked it for the first time in this moment.
        db.session.execute(added)
