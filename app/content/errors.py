"""Rules about entries that somebody ran into, each with a sentence that says what to do."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.broken_rule import BrokenRule
from app.models.entry import Variant


class ContentError(BrokenRule):
    """A broken rule of what is written for readers."""


class NoTitle(ContentError):
    sentence = _l("Give the text a title of at most 200 characters.")


class AddressTaken(ContentError):
    sentence = _l("Another text has this address already, or once had it. Choose another one.")


class NoAddress(ContentError):
    sentence = _l("Write the address in small letters a to z, digits and hyphens, at most 120 of them.")


class LanguageTaken(ContentError):
    sentence = _l("This entry has a text in that language already. Edit that one.")


class UnknownLanguage(ContentError):
    sentence = _l("Choose one of the languages of the portal.")


class NothingPublished(ContentError):
    sentence = _l("No text of this language is published, so none can be withdrawn.")


class InThePast(ContentError):
    sentence = _l("Choose a time that is still to come.")


class LongComment(ContentError):
    sentence = _l("Write at most 2,000 characters.")


class NoOrganisations(ContentError):
    sentence = _l("Choose the organisations that may read it.")


class NothingScheduled(ContentError):
    sentence = _l("Nothing is scheduled for this text.")


class NotReviewed(ContentError):
    sentence = _l(
        "Somebody else reads texts of this type before they are published: ask for review, and let another editor"
        " publish it."
    )


class NotTranslated(ContentError):
    sentence = _l("Entries of this type are written in one language only. An administrator can switch that.")


class NoTypeCode(ContentError):
    sentence = _l(
        "Write the name for programs in small letters a to z, digits and underscores, 2 to 40 of them, beginning with"
        " a letter. A few words are the product's own."
    )


class TypeCodeTaken(ContentError):
    sentence = _l("Another content type has this name for programs. Choose another one.")


class BuiltIn(ContentError):
    sentence = _l("This content type belongs to the product and cannot be removed.")


class TypeInUse(ContentError):
    sentence = _l("There are entries of this type, perhaps in the bin, so it cannot be removed.")


class StaleText(ContentError):
    """Somebody saved other words meanwhile. `current` holds them, to be shown beside what was typed."""

    status = 412
    sentence = _l("Somebody has saved this text since you opened it. Compare both, then save again.")

    def __init__(self, current: Variant) -> None:
        super().__init__()
        self.current = current
