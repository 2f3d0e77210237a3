"""Did you mean: a word one slip away, taken from texts that the asker may read and from nothing else."""

from __future__ import annotations

import string
from collections.abc import Iterator

from sqlalchemy import select

from app.access import Standing, sees_message, sees_ticket
from app.extensions import db
from app.models.ticket import Message, Ticket
from app.search.analysis import fold, terms, words
from app.search.document import Question
from app.search.engine import engine
from app.search.parse import Sought, parse

SHORTEST, LONGEST = 4, 24
MOST_WORDS = 4
MOST_TICKETS = 5
MOST_MESSAGES = 50
LONGEST_READ = 20_000


def suggestion(question: Question, standing: Standing) -> str | None:
    """The query with the words that nothing visible holds replaced by near ones that something does."""
    parsed = parse(question.text)
    text = parsed.text
    changed = False
    for word in sorted(parsed.words[:MOST_WORDS], key=lambda word: -word.start):
        better = _better(word, question, standing)
        if better:
            text = text[: word.start] + better + text[word.end :]
            changed = True
    return text if changed else None


def _better(word: Sought, question: Question, standing: Standing) -> str | None:
    if not word.text.isalpha() or not SHORTEST <= len(word.text) <= LONGEST:
        return None
    if engine().with_any(frozenset(terms(word.text, None)), question, 1):
        return None
    near = frozenset(_one_slip_away(fold(word.text)))
    tickets = engine().with_any(near, question, MOST_TICKETS)
    found = (said for text in _texts(tickets, standing) for said in words(text[:LONGEST_READ]))
    return next((said.text.lower() for said in found if fold(said.text) in near), None)


def _one_slip_away(word: str) -> Iterator[str]:
    """A letter too many, too few, wrong, or two in the wrong order."""
    for place in range(len(word) + 1):
        before, after = word[:place], word[place:]
        if after:
            yield before + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        for letter in string.ascii_lowercase:
            yield before + letter + after
            if after:
                yield before + letter + after[1:]


def _texts(ticket_ids: tuple[int, ...], standing: Standing) -> list[str]:
    subjects = select(Ticket.subject).where(Ticket.id.in_(ticket_ids), sees_ticket(standing))
    said = (
        select(Message.text)
        .join(Message.ticket)
        .where(Message.ticket_id.in_(ticket_ids), sees_ticket(standing), sees_message(standing))
        .order_by(Message.id)
        .limit(MOST_MESSAGES)
    )
    return [*db.session.scalars(subjects), *db.session.scalars(said)]
