"""A reply that is nothing but one word does what the word says: the customer needs no account for it."""

from __future__ import annotations

import re
import unicodedata

from flask_babel import gettext as _

from app.access import STAFF
from app.desk.confirmations import is_awaited
from app.desk.wishes import Wish
from app.mail.readers import DESK_LETTERS
from app.models.event import Letter
from app.models.ticket import StateKind, Ticket

LONGEST = 40
WORDS: dict[str, Wish] = {
    **dict.fromkeys(("zamknij", "zamknac", "zamykam", "close"), Wish.CLOSE),
    **dict.fromkeys(("akceptuje", "accept"), Wish.ACCEPT),
    **dict.fromkeys(("potwierdzam", "confirm"), Wish.CONFIRM),
    **dict.fromkeys(("otworz ponownie", "reopen"), Wish.REOPEN),
}


def wish_in(text: str) -> Wish | None:
    """What the text asks for, if it says nothing else: in any case, with or without Polish letters and stops. A
    question asks for nothing."""
    if len(text.strip()) > LONGEST or "?" in text:
        return None
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return WORDS.get(" ".join(re.findall(r"[a-z0-9]+", plain)))


def told(letter: Letter, ticket: Ticket) -> str | None:
    """The sentence that tells the reader which word he may answer with now; None for the desk's own letters."""
    if letter.template in DESK_LETTERS or letter.account.role_kinds & STAFF:
        return None
    if is_awaited(ticket):
        return _("To confirm the call, you may reply with nothing but the word CONFIRM.")
    match ticket.state.kind:
        case StateKind.RESOLVED:
            return _("You may reply with one word alone: ACCEPT if it is solved, REOPEN if it is not.")
        case StateKind.CLOSED:
            return _("To open the ticket again, you may reply with nothing but the word REOPEN.")
    return _("If you need nothing more, you may reply with nothing but the word CLOSE.")
