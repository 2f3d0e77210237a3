"""Did you mean: a word one slip away, taken from texts that the asker may read and from nothing else."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterator
from dataclasses import replace

from sqlalchemy import select

from app.access import Standing, sees_message, sees_ticket
from app.content.reading import texts_of
from app.extensions import db
from app.models.ticket import Message, Ticket
from app.search.analysis import fold, is_stop_word, terms, words
from app.search.analysis.terms import stem
from app.search.document import ENTRY, TICKET, Key, Question
from app.search.engine import engine
from app.search.parse import Sought, parse

SHORTEST, LONGEST = 4, 24
SHORTEST_PART = 4
SOUNDS = (  # without Polish marks, as all is compared
    *(("rz", ("z",)), ("z", ("rz",)), ("ch", ("h",)), ("h", ("ch",)), ("o", ("u",)), ("u", ("o",)), ("om", ("a",))),
    *(("on", ("a",)), ("em", ("e",)), ("en", ("e",)), ("ks", ("x",)), ("x", ("ks",)), ("f", ("w",)), ("w", ("f",))),
    *(("sz", ("s",)), ("cz", ("c",)), ("ji", ("i",)), ("ja", ("ia",)), ("ck", ("k",)), ("k", ("ck", "c"))),
)
MOST_WORDS = 4
MOST_FOUND = 5
MOST_MESSAGES = 50
LONGEST_READ = 20_000


def suggestion(question: Question, standing: Standing | None) -> str | None:
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


def _better(word: Sought, question: Question, standing: Standing | None) -> str | None:
    """A word that the asker may read, one slip away from this one, else from another form of this one."""
    if not word.text.isalpha() or not SHORTEST <= len(word.text) <= LONGEST:
        return None
    if engine().with_any(frozenset(terms(word.text, None)), question, 1):
        return None
    form = fold(word.text)
    near = list(_one_slip_away(form))
    alike = [slip for other in _spelt_alike(form) for slip in (other, *_one_slip_away(other))]
    return (
        _said(near, _form, question, standing)
        or _said([stemmed for each in near for stemmed in _stems(each)], _stems, question, standing)
        or _said(alike, _all, question, standing)
        or _parted(form, question)
    )


def _said(
    sought: list[str],
    shortened: Callable[[str], frozenset[str]],
    question: Question,
    standing: Standing | None,
) -> str | None:
    """The first word of what the asker may read that is one of these when it is shortened alike."""
    wanted = frozenset(each for each in sought if len(each) >= SHORTEST - 1)
    keys = engine().with_any(wanted, question, MOST_FOUND) if wanted else ()
    found = (said for text in _texts(keys, standing, question) for said in words(text[:LONGEST_READ]))
    return next((said.text.lower() for said in found if not wanted.isdisjoint(shortened(said.text))), None)


def _form(word: str) -> frozenset[str]:
    return frozenset((fold(word),))


def _stems(word: str) -> frozenset[str]:
    return frozenset(fold(stem(word.lower(), language)) for language in ("polish", "english"))


def _all(word: str) -> frozenset[str]:
    return _form(word) | _stems(word)


def _spelt_alike(form: str) -> Iterator[str]:
    """The word with other letters of the same sound, one pair at a time."""
    for said, others in SOUNDS:
        if said in form:
            yield from (form.replace(said, other, 1) for other in others)


def _parted(form: str, question: Question) -> str | None:
    """Two words that were typed as one, where something within reach has both."""
    places = sorted(range(SHORTEST_PART, len(form) - SHORTEST_PART + 1), key=lambda place: abs(2 * place - len(form)))
    for place in places:
        left, right = form[:place], form[place:]
        if not (is_stop_word(left) or is_stop_word(right)):
            both = replace(question, text=f"{left} {right}", any_word=False, page=1, limit=1, counted=False)
            if engine().search(both).count:
                return f"{left} {right}"
    return None


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


def _texts(keys: tuple[Key, ...], standing: Standing | None, question: Question) -> list[str]:
    ticket_ids = [key.id for key in keys if key.source == TICKET]
    language = question.preferred.get("languages", "")
    entries = texts_of(standing, [key.id for key in keys if key.source == ENTRY], language)
    written = [said for texts in entries.values() for text in texts for said in (text.title, text.summary, text.body)]
    if standing is None or not ticket_ids:
        return written
    subjects = select(Ticket.subject).where(Ticket.id.in_(ticket_ids), sees_ticket(standing))
    said = (
        select(Message.text)
        .join(Message.ticket)
        .where(Message.ticket_id.in_(ticket_ids), sees_ticket(standing), sees_message(standing))
        .order_by(Message.id)
        .limit(MOST_MESSAGES)
    )
    return [*written, *db.session.scalars(subjects), *db.session.scalars(said)]
