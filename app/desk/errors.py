"""Rules that somebody ran into, each with a sentence that says what to do."""

from __future__ import annotations

from flask_babel import gettext as _
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


class NotResolved(DeskError):
    sentence = _l("Only a resolved ticket can be accepted as solved.")


class NotSplittable(DeskError):
    sentence = _l("Choose a later message that a customer wrote in this ticket.")


class NothingToConfirm(DeskError):
    sentence = _l("This ticket did not come by telephone, so there is nothing to confirm.")


class OnlyTheCustomer(DeskError):
    sentence = _l("Only the customer can confirm that he called.")


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


class MoveNotAllowed(DeskError):
    """The rules of this desk do not let this person make that move."""

    def __init__(self, before: str, after: str) -> None:
        self.sentence = _("You may not move a ticket from “%(before)s” to “%(after)s”.", before=before, after=after)
        super().__init__(self.sentence)


class StateNameTaken(DeskError):
    sentence = _l("Another state is called that already.")


class LastOfItsKind(DeskError):
    sentence = _l("This is the last active state of its kind, and the desk's rules need one. Add another first.")
