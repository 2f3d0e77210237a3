"""Rules that somebody ran into, each with a sentence that says what to do."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.broken_rule import BrokenRule


class DeskError(BrokenRule):
    """A broken rule of the desk."""


class AlreadyClosed(DeskError):
    sentence = _l("This ticket is closed already.")


class NotClosed(DeskError):
    sentence = _l("Only a resolved or closed ticket can be reopened.")


class AlreadyResolved(DeskError):
    sentence = _l("This ticket is resolved or closed already.")


class NothingWritten(DeskError):
    sentence = _l("Write a message or attach a file first.")


class NoSubject(DeskError):
    sentence = _l("Give the ticket a subject: a few words that say what it is about.")


class NotAConsultant(DeskError):
    sentence = _l("Choose a consultant of this product group.")


class UnknownState(DeskError):
    sentence = _l("Choose one of the listed states.")


class UnknownPriority(DeskError):
    sentence = _l("Choose one of the listed priorities.")
