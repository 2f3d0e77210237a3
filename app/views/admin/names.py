"""What the codes in the rows of letters are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.mail.proof import kept

KINDS: dict[str, Any] = {
    "letter": _l("Letter of a person"),
    "automatic": _l("Automatic letter"),
    "bounce": _l("Report of a failed delivery"),
    "receipt": _l("Receipt"),
    "complaint": _l("Complaint"),
    "list": _l("Letter of a mailing list"),
    "loop": _l("Our own letter"),
}
TRANSPORTS: dict[str, Any] = {
    "smtp": "SMTP",
    "lmtp": "LMTP",
    "pipe": _l("Pipe of the mail server"),
    "api": "API",
    "form": _l("Form without an account"),
    "imap": "IMAP",
    "pop3": "POP3",
    "graph": "Microsoft Graph",
}
WAYS: dict[str, Any] = {
    "report": _l("our letter that the report returns"),
    "address": _l("our mark in the address that it was sent to"),
    "message_id": _l("our mark in In-Reply-To"),
    "references": _l("our mark in References"),
    "message_id_of_customer": _l("a letter of the ticket, which it answers"),
    "body": _l("our mark in the quoted text"),
    "sibling": _l("a letter that never came here, which another letter of the ticket answers too"),
    "subject": _l("the number in its subject"),
    "forwarded": _l("a conversation that it forwards"),
    "conversation": _l("what Outlook calls the same conversation"),
    "passed_on": _l("a consultant forwarded it, and its first author is the customer"),
    "by_hand": _l("placed by a consultant"),
}
PARTS: dict[str, Any] = {
    "requester": _l("the sender reported the ticket"),
    "participant": _l("the sender is a participant"),
    "colleague": _l("the sender sees the ticket as a colleague"),
    "consultant": _l("the sender is a consultant, who answered his own copy"),
    "copied": _l("the sender was in copy of an earlier letter"),
    "stranger": _l("the sender does not take part, and is told nothing"),
}
TEMPLATES: dict[str, Any] = {
    "acknowledgement": _l("Ticket received"),
    "answer": _l("Answer to the customer"),
    "solution": _l("Answer that resolves the ticket"),
    "new_comment": _l("New message"),
    "customer_replied": _l("Message of the customer"),
    "resolved": _l("Ticket resolved"),
    "closes_soon": _l("Reminder before a resolved ticket closes"),
    "follow_up": _l("The day to look at a ticket again has come"),
    "merged": _l("Ticket merged into another"),
    "closed": _l("Ticket closed"),
    "reopened": _l("Ticket open again"),
    "state_changed": _l("State changed"),
    "new_link": _l("New link to a ticket"),
    "wish_refused": _l("Asked for by one word and not done"),
    "update": _l("News of a ticket"),
    "invitation": _l("Ticket received, with an invitation"),
    "new_ticket": _l("New ticket"),
    "assigned": _l("Ticket assigned"),
    "noted": _l("New internal note"),
    "mentioned": _l("Mentioned in an internal note"),
    "closed_by_customer": _l("Ticket closed by the customer"),
    "reopened_by_customer": _l("Ticket reopened by the customer"),
    "confirm_call": _l("Call to be confirmed"),
    "confirm_reminder": _l("Reminder before a call lapses"),
    "confirm_again": _l("A letter that does not confirm its call"),
    "call_lapsed": _l("Call not confirmed in time"),
    "call_confirmed": _l("Call confirmed, for consultants"),
    "call_lapsed_unconfirmed": _l("Call not confirmed in time, for consultants"),
    "term_warning": _l("Promised time soon due"),
    "term_missed": _l("Promised time missed"),
    "activation": _l("Invitation"),
    "registration_received": _l("Registration that waits for approval"),
    "registration_refused": _l("Registration refused"),
    "already_registered": _l("The account exists already"),
    "rejected": _l("Answer to a rejected letter"),
    "too_large": _l("Answer to a letter that is too large"),
    "password_reset": _l("Link to set a new password"),
    "password_changed": _l("Password changed"),
    "hook_paused": _l("A hook is paused"),
    "mailbox_silent": _l("A mailbox is silent for too long"),
    "mailbox_heard": _l("A mailbox is heard of again"),
    "template_broken": _l("The words of a letter cannot be used"),
    "key_made": _l("API key made"),
    "factors_changed": _l("Ways to sign in changed"),
    "factors_reset": _l("Second step reset"),
}
READERS: dict[str, Any] = {
    "requester": _l("The person who reported it"),
    "participant": _l("A participant of the ticket"),
    "assignee": _l("The consultant who answers it"),
    "substitute": _l("Who stands in for that consultant"),
    "consultant": _l("A consultant of the product group"),
    "watcher": _l("Somebody who watches it"),
    "sender": _l("The sender of the letter"),
    "unknown_sender": _l("A sender without an account"),
    "account": _l("The owner of the account"),
}


CHECKERS: dict[str | None, Any] = {
    "server": _l("checked by your mail server"),
    "desk": _l("checked by Bilety"),
    None: _l("nothing could be checked"),
}
RESULTS: dict[str, Any] = {
    "pass": _l("verified"),
    "fail": _l("refuted: the owner of the domain says that it is not his"),
    "temperror": _l("not verified: DNS did not answer"),
}


def proof_in_words(row: Mapping[str, Any] | None) -> Any:
    """Whether the sender is who he says, how that is known, and what each check came to."""
    if row is None:
        return None
    proof = kept(row)
    checks = f"SPF {proof.spf}, DKIM {proof.dkim}, DMARC {proof.dmarc}"
    words = str(RESULTS.get(proof.result, _("not verified")))
    return f"{words}; {CHECKERS.get(proof.by)}" + (f": {checks}" if proof.by else "")


def called(names: Mapping[str, Any], code: str | None) -> Any:
    """The name of a code; one that has no name stands for itself."""
    return names.get(code, code) if code else None


def evidence_in_words(pointers: Sequence[Mapping[str, Any]] | None) -> str:
    """By what the letter's ticket was found, and what its sender is there."""
    said = [_pointer(pointer) for pointer in pointers or () if "ticket" in pointer]
    said += [_("by the rule “%(name)s”", name=pointer["rule"]) for pointer in pointers or () if "rule" in pointer]
    return "; ".join(said)


def _pointer(pointer: Mapping[str, Any]) -> str:
    number, part = pointer["ticket"], called(PARTS, pointer.get("who"))
    if number is None:
        return _("decided by %(name)s", name=pointer.get("by"))
    if pointer.get("by"):
        return _("Ticket #%(number)s: placed by %(name)s", number=number, name=pointer["by"])
    how = called(WAYS, pointer.get("how"))
    if pointer.get("beside"):
        words = _("It also speaks of ticket #%(number)s: %(how)s", number=number, how=how)
    else:
        words = _("Ticket #%(number)s: %(how)s", number=number, how=how)
    return f"{words}; {part}" if part else words
