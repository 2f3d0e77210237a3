"""Why a reader gets a letter, and where he says that he wants fewer."""

from __future__ import annotations

from flask_babel import gettext as _

from app.mail.content import absolute
from app.mail.readers import has_portal
from app.models.event import Letter


def why(letter: Letter) -> str | None:
    """A sentence for the letter's foot; None for a letter that its reader asked for himself."""
    sentence = {
        "requester": _("You get this letter because you reported the ticket."),
        "participant": _("You get this letter because you take part in the ticket."),
        "assignee": _("You get this letter because you answer the ticket."),
        "substitute": _("You get this letter because you stand in for the consultant who answers the ticket."),
        "consultant": _("You get this letter because you answer for the product group."),
        "manager": _("You get this letter because you manage the product group."),
        "sender": _("You get this letter because you wrote to us."),
        "mentioned": _("You get this letter because an internal note speaks to you."),
        "watcher": _("You get this letter because you watch the ticket."),
    }.get(letter.reason)
    if sentence is None or not has_portal(letter.account):
        return sentence
    choose = _("Choose what you hear of: %(address)s", address=absolute("/profile/"))
    return f"{sentence} {choose}"
