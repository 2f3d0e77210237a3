"""Did you mean: a word one slip away, taken from texts that the asker may read and from nothing else."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterator
from dataclasses import replace

from sqlalchemy import select
from whoosh.support.levenshtein import distance

from app.access import Standing, sees_message, sees_ticket
from app.content.reading import texts_of
from app.extensions import db
from app.models.ticket import Message, Ticket
from app.search.analysis import fold, is_stop_word, terms, words
from app.search.analysis.synonyms import known_names
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
MOST_SLIPS = 2
SHORTEST_OF_TWO_SLIPS, SHORTEST_BEGINNING = 8, 5
NOT = "nie"
MOST_WORDS = 4
MOST_FOUND = 5
MOST_BEGUN = 25
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
    alike = [slip for other in _spelt_alike(form) for slip in (*terms(other, None), *_one_slip_away(other))]
    return (
        _said(near, _form, question, standing)
        or _said([stemmed for each in near for stemmed in _stems(each)], _stems, question, standing)
        or _said(alike, _all, question, standing)
        or _otherwise_named(near, question)
        or _parted(form, question)
        or _two_slips_away(form, question, standing)
    )


def _said(
    sought: list[str],
    shortened: Callable[[str], frozenset[str]],
    question: Question,
    standing: Standing | None,
) -> str | None:
    """The first word of what the asker may read that is one of these when it is shortened alike."""
    wanted = frozenset(each for each in sought if len(each) >= SHORTEST - 1)
    found = _read(wanted, question, standing, MOST_FOUND)
    return next((said for said in found if not wanted.isdisjoint(shortened(said))), None)


def _read(terms: frozenset[str], question: Question, standing: Standing | None, most: int) -> Iterator[str]:
    """The words of so many texts that hold any of these terms."""
    keys = engine().with_any(terms, question, most) if terms else ()
    return (said.text.lower() for text in _texts(keys, standing, question) for said in words(text[:LONGEST_READ]))


def _form(word: str) -> frozenset[str]:
    return frozenset((fold(word),))


def _stems(word: str) -> frozenset[str]:
    return frozenset(_both_stems(word))


def _both_stems(word: str) -> tuple[str, str]:
    return fold(stem(word.lower(), "polish")), fold(stem(word.lower(), "english"))


def _all(word: str) -> frozenset[str]:
    return frozenset(terms(word, None))


def _spelt_alike(form: str) -> Iterator[str]:
    """The word with other letters of the same sound, one pair at a time."""
    for said, others in SOUNDS:
        if said in form:
            yield from (form.replace(said, other, 1) for other in others)


def _otherwise_named(near: list[str], question: Question) -> str | None:
    """A near word that itself stands nowhere, but something within reach has another name of it."""
    known = (each for each in near if each in known_names())
    return next((each for each in known if _is_found(each, question)), None)


def _parted(form: str, question: Question) -> str | None:
    """Two words that were typed as one, where something within reach has both, or what is said not to be."""
    places = sorted(range(SHORTEST_PART, len(form) - SHORTEST_PART + 1), key=lambda place: abs(2 * place - len(form)))
    pairs = [(form[:place], form[place:]) for place in places]
    parts = [(left, right) for left, right in pairs if not (is_stop_word(left) or is_stop_word(right))]
    if form.startswith(NOT) and len(form) >= len(NOT) + SHORTEST_PART:
        parts.append((NOT, form[len(NOT) :]))
    return next((both for both in map(" ".join, parts) if _is_found(both, question)), None)


def _is_found(text: str, question: Question) -> bool:
    asked = replace(question, text=text, any_word=False, page=1, limit=1, counted=False)
    return engine().search(asked).count > 0


def _two_slips_away(form: str, question: Question, standing: Standing | None) -> str | None:
    """Of long words that begin as this one does, but for one slip, the nearest."""
    if len(form) < SHORTEST_OF_TWO_SLIPS:
        return None
    beginning = form[: max(SHORTEST_BEGINNING, len(form) // 2)]
    begun = frozenset((beginning, *_one_slip_away(beginning)))
    lengths = range(len(beginning) - 1, len(beginning) + 2)
    read = _read(frozenset(f"{each}*" for each in begun), question, standing, MOST_BEGUN)
    near = {said for said in read if not begun.isdisjoint(fold(said)[:length] for length in lengths)}
    slips = {said: _slips(form, said) for said in sorted(near)}
    return min((said for said in slips if slips[said] <= MOST_SLIPS), key=slips.__getitem__, default=None)


def _slips(form: str, word: str) -> int:
    """How many make one word of the other, in whatever form they stand."""
    pairs = zip((form, *_both_stems(form)), (fold(word), *_both_stems(word)), strict=True)
    return min(int(distance(one, other, limit=MOST_SLIPS)) for one, other in pairs)


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
