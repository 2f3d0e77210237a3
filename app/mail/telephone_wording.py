"""What the letters about calls hold beside their words (S6): the button that confirms, and until when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flask import current_app
from flask_babel import gettext as _

from app.locale import called, when
from app.mail import marks
from app.mail.content import Wording, absolute
from app.models.event import Letter
from app.models.ticket import Ticket

CONFIRM = "confirm"


def _confirm_call(letter: Letter, ticket: Ticket) -> Wording:
    """It acknowledges as well: the number and both clocks (S9, S16)."""
    message = letter.event.message if letter.event else None
    facts = [
        (_("Ticket"), f"#{ticket.number}"),
        (_("Product group"), called(ticket.product_group)),
        (_("Called"), when(ticket.arrived_at, "minute")),
        (_("Counts as received"), when(ticket.counts_as_received_at, "minute")),
        _until(ticket),
    ]
    return replace(_to_confirm(letter, ticket), facts=facts, quoted=message.text if message else "")


def _confirm_reminder(letter: Letter, ticket: Ticket) -> Wording:
    return replace(_to_confirm(letter, ticket), facts=[_until(ticket)])


def _to_confirm(letter: Letter, ticket: Ticket) -> Wording:
    key: bytes = current_app.extensions["settings"].secret_key.encode()
    token = marks.act_token(CONFIRM, ticket.id, letter.account_id or letter.account.id, key)
    return Wording("", [], button=(_("CONFIRM THE REPORT"), absolute(f"/calls/confirm/{token}")))


def _call_lapsed(letter: Letter, ticket: Ticket) -> Wording:
    """Only its customer confirms a report."""
    is_his = letter.account.id == ticket.requester_id
    return _to_confirm(letter, ticket) if is_his else Wording("", [])


def _for_consultants(_letter: Letter, ticket: Ticket) -> Wording:
    return Wording("", [], button=(_("Open the ticket"), absolute(f"/tickets/{ticket.number}")))


def _until(ticket: Ticket) -> tuple[str, str]:
    return _("To be confirmed until"), when(ticket.confirmation.due_at if ticket.confirmation else None, "minute")


ABOUT_CALL: dict[str, Callable[[Letter, Ticket], Wording]] = {
    "confirm_call": _confirm_call,
    "confirm_reminder": _confirm_reminder,
    "confirm_again": _to_confirm,
    "call_lapsed": _call_lapsed,
    "call_confirmed": _for_consultants,
    "call_lapsed_unconfirmed": _for_consultants,
}
