"""Why a reader gets a letter, and where he says that he wants fewer."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.mail.content import absolute
from app.mail.readers import has_portal
from app.models.event import Letter

REASONS = {
    "requester": _l("You get this letter because you reported the ticket."),
    "participant": _l("You get this letter because you take part in the ticket."),
    "assignee": _l("You get this letter because you answer the ticket."),
    "substitute": _l("You get this letter because you stand in for the consultant who answers the ticket."),
    "consultant": _l("You get this letter because you answer for the product group."),
    "manager": _l("You get this letter because you manage the product group."),
    "sender": _l("You get this letter because you wrote to us."),
    "mentioned": _l("You get this letter because an internal note speaks to you."),
    "watcher": _l("You get this letter because you watch the ticket."),
}


def why(letter: Letter) -> str | None:
    """A sentence for the letter's foot; None for a letter that its reader asked for himself."""
    if letter.reason not in REASONS:
        return None
    sentence = str(REASONS[letter.reason])
    if not has_portal(letter.account):
        return sentence
    choose = _("Choose what you hear of: %(address)s", address=absolute("/profile/"))
    return f"{sentence} {choose}"
