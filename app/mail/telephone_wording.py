"""What the letters about calls say (S6): asking, reminding, and that a report lapsed."""

from __future__ import annotations

from collections.abc import Callable

from flask import current_app
from flask_babel import gettext as _

from app.locale import when
from app.mail import marks
from app.mail.content import Wording, absolute
from app.models.call import Confirmation
from app.models.event import Letter
from app.models.ticket import Ticket

CONFIRM = "confirm"


def _confirm_call(letter: Letter, ticket: Ticket) -> Wording:
    """It acknowledges as well: the number and both clocks (S9, S16)."""
    message = letter.event.message if letter.event else None
    return Wording(
        subject=_("Please confirm your call: %(subject)s", subject=ticket.subject),
        paragraphs=[
            _("You reported this by telephone. We have registered it as ticket %(number)s.", number=_number(ticket)),
            *_please(ticket),
        ],
        button=_button(letter, ticket),
        facts=[
            (_("Ticket"), _number(ticket)),
            (_("Product group"), ticket.product_group.name),
            (_("Called"), when(ticket.arrived_at, "long")),
            (_("Counts as received"), when(ticket.counts_as_received_at, "long")),
            (_("To be confirmed until"), when(_confirmation(ticket).due_at, "long")),
        ],
        quoted=message.text if message else "",
        footer=_("If you did not call us, ignore this letter: the report lapses by itself."),
    )


def _confirm_reminder(letter: Letter, ticket: Ticket) -> Wording:
    return Wording(
        subject=_("Not confirmed yet: %(subject)s", subject=ticket.subject),
        paragraphs=[
            _("Ticket %(number)s, which you reported by telephone, is not confirmed yet.", number=_number(ticket)),
            *_please(ticket),
        ],
        button=_button(letter, ticket),
        facts=[(_("To be confirmed until"), when(_confirmation(ticket).due_at, "long"))],
        footer=_("If you did not call us, ignore this letter: the report lapses by itself."),
    )


def _confirm_again(letter: Letter, ticket: Ticket) -> Wording:
    """A letter came that anybody may have written."""
    return Wording(
        subject=_("Please confirm your call: %(subject)s", subject=ticket.subject),
        paragraphs=[
            _(
                "A letter came about ticket %(number)s. We keep it under the ticket, but it does not confirm the call:"
                " nothing shows that it is yours.",
                number=_number(ticket),
            ),
            *_please(ticket),
        ],
        button=_button(letter, ticket),
    )


def _call_lapsed(letter: Letter, ticket: Ticket) -> Wording:
    return Wording(
        subject=_("Closed: %(subject)s", subject=ticket.subject),
        paragraphs=[
            _(
                "Ticket %(number)s, which was reported by telephone, was not confirmed until %(due)s, so we have closed"
                " it.",
                number=_number(ticket),
                due=when(_confirmation(ticket).due_at, "long"),
            ),
            _("If the matter is still open, confirm the report now, or answer this letter: that opens it again."),
        ],
        button=_button(letter, ticket) if letter.account_id == ticket.requester_id else None,
    )


def _call_confirmed(_letter: Letter, ticket: Ticket) -> Wording:
    """For consultants."""
    return Wording(
        subject=_("Confirmed: %(subject)s", subject=ticket.subject),
        paragraphs=[_("The customer has confirmed ticket %(number)s.", number=_number(ticket))],
        button=(_("Open the ticket"), absolute(f"/tickets/{ticket.number}")),
    )


def _call_lapsed_unconfirmed(_letter: Letter, ticket: Ticket) -> Wording:
    """For consultants."""
    return Wording(
        subject=_("Not confirmed in time: %(subject)s", subject=ticket.subject),
        paragraphs=[
            _(
                "Nobody confirmed ticket %(number)s of %(name)s in time, so it was closed. A later confirmation opens"
                " it again.",
                number=_number(ticket),
                name=ticket.requester.name,
            )
        ],
        button=(_("Open the ticket"), absolute(f"/tickets/{ticket.number}")),
    )


ABOUT_CALL: dict[str, Callable[[Letter, Ticket], Wording]] = {
    "confirm_call": _confirm_call,
    "confirm_reminder": _confirm_reminder,
    "confirm_again": _confirm_again,
    "call_lapsed": _call_lapsed,
    "call_confirmed": _call_confirmed,
    "call_lapsed_unconfirmed": _call_lapsed_unconfirmed,
}


def _please(ticket: Ticket) -> list[str]:
    return [
        _(
            "Please confirm it until %(due)s: by the button in this letter, in the portal, or simply by answering this"
            " letter. Otherwise we close it; confirming it later opens it again.",
            due=when(_confirmation(ticket).due_at, "long"),
        )
    ]


def _button(letter: Letter, ticket: Ticket) -> tuple[str, str]:
    key: bytes = current_app.extensions["settings"].secret_key.encode()
    token = marks.act_token(CONFIRM, ticket.id, letter.account_id, key)
    return _("CONFIRM THE REPORT"), absolute(f"/calls/confirm/{token}")


def _confirmation(ticket: Ticket) -> Confirmation:
    if ticket.confirmation is None:
        raise ValueError(f"Ticket {ticket.id} has nothing to confirm.")
    return ticket.confirmation


def _number(ticket: Ticket) -> str:
    return f"#{ticket.number}"
