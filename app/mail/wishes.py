"""A reply that is nothing but one word does what the word says: the customer needs no account for it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from flask_babel import gettext as _

from app.access import STAFF
from app.content.addresses import WHOLE
from app.desk.confirmations import is_awaited
from app.desk.wishes import Wish
from app.mail.readers import DESK_LETTERS
from app.models.event import Letter
from app.models.ticket import StateKind, Ticket

LONGEST = 600
WORDS: dict[str, Wish] = {
    **dict.fromkeys(("zamknij", "zamknijcie", "zamknac", "zamykam", "zamykamy", "close"), Wish.CLOSE),
    **dict.fromkeys(("akceptuje", "akceptujemy", "accept", "accepted"), Wish.ACCEPT),
    **dict.fromkeys(("potwierdzam", "potwierdzamy", "confirm", "confirmed"), Wish.CONFIRM),
    **dict.fromkeys(("otworz ponownie", "reopen"), Wish.REOPEN),
}
# What says nothing beside these words; without the marks of Polish letters.
COURTESY = re.compile(
    r"\b(ok|okej|okay|tak|yes|prosze( o)?|please|bardzo|serdecznie|z gory|very much|so much|(many )?thanks|thank you"
    r"|dziekuj[ey]|dziekujemy|dzieki)\b",
    re.IGNORECASE,
)
GREETING = re.compile(
    r"(dzien dobry|dobry wieczor|witam|witajcie|czesc|hej|szanown[iay]|hello|hi|dear|good (morning|afternoon))\b",
    re.IGNORECASE,
)
SIGN_OFF = re.compile(
    r"(pozdrawia(m|my)|pozdrowienia|z (powazaniem|wyrazami szacunku|pozdrowieniami)|milego (dnia|weekendu|popoludnia)"
    r"|((best|kind|warm) )?regards|best|cheers|(yours )?sincerely)\b",
    re.IGNORECASE,
)
SAYS_MORE = re.compile(r"\b(p ?s|nie|not|don t|ale|but|jednak|however|jeszcze|czy|prosze|please)\b", re.IGNORECASE)
ON_CARDS = re.compile(r"[\d@|/]|www")
WRAPPED = re.compile(r"\s+(?=ponownie\b)", re.IGNORECASE)
STOPS = re.compile(r"[.,;:!–—\n]+")


def wish_in(text: str, name: str = "") -> Wish | None:
    """What the text asks for, if it says nothing else: in any case, with or without Polish letters. Salutation, thanks,
    sign-off, and the card or name of its author (`name`) below say nothing. A question asks for nothing."""
    if len(text) > LONGEST or "?" in text:
        return None
    said = [piece for piece in STOPS.split(WRAPPED.sub(" ", text)) if _words(piece)]
    for number, piece in enumerate(said):
        words = _bare(piece)
        greeted = GREETING.match(words)
        rest = words[greeted.end() :].strip() if greeted else words
        wish = WORDS.get(rest.lower())
        if wish is not None:
            return wish if _only_ends(said[number + 1 :], name) else None
        if rest and not (greeted and _is_on_a_card(rest) and not SAYS_MORE.search(rest)):
            return None
    return None


def _only_ends(said: Sequence[str], name: str) -> bool:
    """Whether nothing but thanks, a sign-off, the author's name and then a card follows."""
    may_be_a_card = False
    for piece in said:
        words = _bare(piece)
        ends = SIGN_OFF.match(words)
        may_be_a_card = may_be_a_card or words != _words(piece) or bool(ends)
        is_name = bool(words) and set(words.lower().split()) <= set(_words(name).lower().split())
        rest = words[ends.end() :] if ends else words
        if rest and not is_name and not (may_be_a_card and _is_on_a_card(rest) and not SAYS_MORE.search(_words(piece))):
            return False
        may_be_a_card = may_be_a_card or is_name
    return True


def _is_on_a_card(text: str) -> bool:
    """A name, a company, a number: no sentence."""
    words = text.split()
    is_named = all(word[:1].isupper() or len(word) <= 3 for word in words)
    return is_named or len(words) <= 2 or bool(ON_CARDS.search(text))


def _bare(text: str) -> str:
    return " ".join(COURTESY.sub(" ", _words(text)).split())


def _words(text: str) -> str:
    """Its words and numbers, without the marks of Polish letters and other signs."""
    plain = unicodedata.normalize("NFKD", text.translate(WHOLE)).encode("ascii", "ignore").decode()
    return " ".join(re.findall(r"[A-Za-z0-9@/|]+", plain))


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
