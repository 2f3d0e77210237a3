"""A letter is rejected with an answer: whether it may be answered, in which words, and the letter that is owed."""

from __future__ import annotations

from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

import config
from app.accounts.registration import find_account
from app.broken_rule import BrokenRule
from app.events.audit import AuditKind, write_down
from app.events.record import owe_letter
from app.extensions import db
from app.locale import DEFAULT_LANGUAGE, SPOKEN
from app.mail import by_hand, guard, reasons
from app.mail.letter import Understood
from app.mail.proof import kept
from app.mail.texts import text_of
from app.mail.values import NAMED
from app.models.account import Account
from app.models.event import Letter
from app.models.journal import JournalEntry
from app.models.mailbox import Mailbox

TEMPLATE = "rejected"
LONGEST = 10_000  # characters

UNREAD = _l("The letter cannot be read here, so it can be rejected only without an answer.")
MACHINES = _l(
    "No answer is offered: a machine, a list or a no-reply address sent the letter, or it is one of our own, and"
    " answering it could make a loop."
)
UNPROVEN = _l(
    "No answer is offered: nothing proves who sent the letter, and an answer could go to somebody who never wrote."
)
DEACTIVATED = _l("No answer is offered: the sender's account is deactivated and gets no letters.")


class NotAnswerable(BrokenRule):
    """Says why."""

    def __init__(self, sentence: Any) -> None:
        super().__init__()
        self.sentence = sentence


class NoWords(BrokenRule):
    sentence = _l("Write the answer, or reject the letter without one.")


class TooManyWords(BrokenRule):
    sentence = _l("The answer is too long: shorten it to 10 000 characters.")


def why_not(entry: JournalEntry, letter: Understood | None) -> Any:
    """Why the letter gets no answer, in a sentence; None where it may (RFC 3834 section 2, and a proven sender)."""
    if letter is None:
        return UNREAD
    settings: config.Settings = current_app.extensions["settings"]
    own = guard.Own(frozenset(db.session.scalars(select(Mailbox.address))), settings.hostname)
    if letter.sender is None or not guard.judge(letter, envelope_from=entry.envelope_from, own=own).answerable:
        return MACHINES
    if not kept(entry.proof).is_proven:
        return UNPROVEN
    account = find_account(letter.sender.address)
    return DEACTIVATED if account is not None and not account.active else None


def proposed(letter: Understood) -> str:
    """The words to begin with, in the sender's language: the desk's own, else the product's."""
    empty = {name: (lambda: "") for name in NAMED}
    return "\n\n".join(text_of(TEMPLATE, _language_of(letter), empty).paragraphs)


def fit(words: str) -> str:
    """The words of an answer. Raises NoWords, TooManyWords."""
    if not words.strip():
        raise NoWords
    if len(words) > LONGEST:
        raise TooManyWords
    return words.strip()


def reject_with_answer(entry: JournalEntry, words: str, *, by: Account) -> Letter:
    """Reject it, and owe its sender these words; answers the letter that holds them.

    Raises NoWords, TooManyWords, NotAnswerable.
    """
    words = fit(words)
    letter = by_hand.as_read(entry)
    refused = why_not(entry, letter)
    if letter is None or refused:
        raise NotAnswerable(refused)
    reader = by_hand.author_of(letter)
    by_hand.reject(entry, by=by)
    owed = owe_letter(TEMPLATE, account=reader, reason="sender")
    owed.answer = {
        "words": words,
        "subject": letter.subject.strip() or reasons.without_subject(_language_of(letter)),
        "language": _language_of(letter),
        "message_id": letter.message_id,
        "mailbox": entry.mailbox.name if entry.mailbox else None,
    }
    write_down(AuditKind.LETTER_REJECTED, by=by, about=f"{entry.id}: {reader.email}", answer=words)
    db.session.flush()
    return owed


def reject_silently(entry: JournalEntry, *, by: Account) -> None:
    """Reject it; its sender hears nothing."""
    by_hand.reject(entry, by=by)
    write_down(AuditKind.LETTER_REJECTED, by=by, about=f"{entry.id}: {entry.sender or ''}")


def _language_of(letter: Understood) -> str:
    return letter.desk_language if letter.desk_language in SPOKEN else DEFAULT_LANGUAGE
