"""Why a letter ended as it did: a code in the journal, a sentence for the reader."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.mail.letter import ENCRYPTED, SIGNED
from app.mail.parse import NOT_READ
from app.mail.receive import OVER_LIMIT, TOO_LARGE

BY_HAND = "by_hand"
AUTOMATIC_ALONE = "automatic_alone"
BOUNCE_OF_NOTHING = "bounce_of_nothing"
FAILED = "failed"
GAVE_UP = "gave_up"
LOST_FILE = "lost_file"
NO_SENDER = "no_sender"
OWN_LETTER = "own_letter"
SENDER_DEACTIVATED = "sender_deactivated"
SENDER_LEFT = "sender_left"
TOO_COSTLY = "too_costly"
TOO_LARGE_TOLD = "too_large_told"
TWICE = "twice"
UNKNOWN_MAILBOX = "unknown_mailbox"
UNPROVEN_CONSULTANT = "unproven_consultant"
UNVERIFIED_CONSULTANT = "unverified_consultant"

SENTENCES: dict[str, Any] = {
    AUTOMATIC_ALONE: _l("An automatic letter that answers none of our letters: look whether it needs a ticket."),
    BY_HAND: _l("A consultant looked at it and rejected it."),
    BOUNCE_OF_NOTHING: _l("A letter could not be delivered, but the report does not say which of ours it was."),
    FAILED: _l("The letter could not be filed because of an error on our side. The raw letter is kept."),
    GAVE_UP: _l("Reading the letter failed several times. The raw letter is kept."),
    LOST_FILE: _l("The stored letter is missing or damaged: restore the files of BILETY_DATA from a backup."),
    NO_SENDER: _l("The letter has no usable sender address."),
    OVER_LIMIT: _l(
        "The letter is larger than BILETY_LETTER_LIMIT allows. It was refused, and whoever handed it over was told; "
        "only its beginning is here."
    ),
    OWN_LETTER: _l("One of our own letters came back; answering it would make a loop."),
    SENDER_DEACTIVATED: _l("The sender's account is deactivated."),
    SENDER_LEFT: _l("The sender left the organisation whose ticket this is."),
    TOO_COSTLY: _l(
        "Reading the letter took more time or memory than a letter may take. The raw letter is kept; by hand it can be "
        "filed with its header and its text as it is."
    ),
    TOO_LARGE: _l(
        "The letter is larger than BILETY_LETTER_LIMIT allows: only its beginning is here, the whole is on the mail "
        "server. Its sender was not told, as no automatic answer may go to him."
    ),
    TOO_LARGE_TOLD: _l(
        "The letter is larger than BILETY_LETTER_LIMIT allows: only its beginning is here, the whole is on the mail "
        "server. Its sender was told."
    ),
    TWICE: _l("The same letter had arrived before; it is shown once."),
    UNKNOWN_MAILBOX: _l("The address that it was sent to is not one of our mailboxes."),
    UNPROVEN_CONSULTANT: _l("It claims to come from a consultant, but answers no letter that only he received."),
    UNVERIFIED_CONSULTANT: _l(
        "It claims to come from a consultant, but neither your mail server nor DKIM and SPF prove it. "
        "Name your mail server in the settings of the mailbox if it checks senders."
    ),
}


def sentence(code: str | None) -> str:
    """The reason in the reader's language; a code without a sentence, as a guard's rule has, stands for itself."""
    return str(SENTENCES.get(code, code)) if code else ""


MARKS: dict[str, Any] = {
    ENCRYPTED: _l(
        "The letter is encrypted, and nobody here has its key: ask its sender to write again without encryption,"
        " or to use the portal."
    ),
    SIGNED: _l("The letter is signed; the signature was not checked."),
    "too many parts": _l("The letter has too many parts: the last ones are left out."),
    "too long: cut": _l("The letter is too long: its end is left out."),
    "long text: only its beginning is shown": _l("The text is too long: only its beginning is shown."),
    "winmail.dat could not be opened": _l("The file winmail.dat could not be opened; it is kept as it came."),
    "attached letter rewritten": _l("An attached letter was broken and is kept as far as it could be read."),
    "the letter ends before its last part": _l("The letter was cut off on its way."),
    "only quoted text": _l("Its author wrote nothing new: all of it is quoted."),
}
REPAIRED = re.compile(r"charset (.*) repaired")
EMPTY_FILE = "empty file: "


def told(warning: str) -> str:
    """What a letter is marked with, in the reader's language."""
    if found := REPAIRED.fullmatch(warning):
        if found[1] == "none":
            return _("The letter does not say how its characters are written; it was guessed.")
        return _(
            "The letter says that its characters are %(charset)s, and they are not; it was repaired.", charset=found[1]
        )
    if warning.startswith(NOT_READ):
        return _("The letter could not be taken apart: its text stands as it came.")
    if warning.startswith(EMPTY_FILE):
        return _("The file %(name)s came empty.", name=warning.removeprefix(EMPTY_FILE))
    return str(MARKS.get(warning, warning))


def without_subject(language: str | None) -> str:
    """The subject of a letter that has none."""
    with force_locale(language or "pl"):
        return _("(no subject)")


def empty_letter(language: str | None) -> str:
    """What stands in place of the text of an empty letter."""
    with force_locale(language or "pl"):
        return _("(The letter was empty.)")


def encrypted_letter(language: str | None) -> str:
    """What stands in place of words that nobody here can read."""
    with force_locale(language or "pl"):
        return f"({MARKS[ENCRYPTED]})"
