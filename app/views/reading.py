"""Where what is found is read, and by whom."""

from __future__ import annotations

from app.access import Standing
from app.accounts import viewing
from app.content.addresses import path_of
from app.models.account import Account
from app.models.entry import PublishedText
from app.search.hits import Hit
from app.views import visitor

ARTICLE = "article"
OFFERED = "new-ticket"  # whence an article is opened that was offered to who began a ticket


def reader() -> Standing | None:
    """Who reads; None is a stranger."""
    return visitor.standing() if visitor.is_signed_in() else None


def in_words_of() -> Account | None:
    """Who looks through the reader's eyes: he only looks, so nothing is counted."""
    return viewing.viewer()


def path_of_text(text: PublishedText) -> str:
    """Where the text is read."""
    return path_of(text.variant.entry.type_code, text.variant.language, text.slug)


def path_of_hit(hit: Hit) -> str:
    """Where the ticket or text is read in the portal."""
    if hit.text is not None:
        return path_of_text(hit.text)
    return f"/tickets/{hit.ticket.number}" if hit.ticket else "/"
