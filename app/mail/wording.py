"""What each letter consists of: words from its template (texts.py), and buttons, facts and quotes beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flask_babel import gettext as _

from app.accounts import links
from app.accounts.choices import strangers_may_report
from app.locale import called, language, when
from app.mail.account_wording import ABOUT_ACCOUNT, joining
from app.mail.content import Wording, absolute
from app.mail.level_wording import ABOUT_TERM
from app.mail.readers import DESK_LETTERS, has_portal
from app.mail.source import Text
from app.mail.telephone_wording import ABOUT_CALL
from app.mail.texts import text_of
from app.mail.values import message_of, values
from app.models.event import Letter
from app.models.invitation import Purpose
from app.models.ticket import Attachment, Message, Ticket


def wording(letter: Letter) -> Wording:
    """The content of a letter. Raises KeyError for a letter that is not known."""
    return with_words(letter, text_of(letter.template, language(), values(letter)))


def with_words(letter: Letter, text: Text) -> Wording:
    """The letter's buttons, facts and quotes with these words."""
    paragraphs = text.paragraphs
    if letter.answer and "words" in letter.answer:  # A person's: each line stands, and no value is looked for in it.
        paragraphs = [line for line in letter.answer["words"].splitlines() if line.strip()]
    return replace(_beside(letter), subject=text.subject, paragraphs=paragraphs, footer=text.footer)


def _beside(letter: Letter) -> Wording:
    if letter.template not in ABOUT_TICKET:
        return ABOUT_ACCOUNT[letter.template](letter)
    if letter.ticket is None:
        raise ValueError(f"Letter {letter.id} is about a ticket that is gone.")
    return ABOUT_TICKET[letter.template](letter, letter.ticket)


def _plain(letter: Letter, ticket: Ticket) -> Wording:
    """Words and the way to the ticket; who has no portal gets a link for what he may do with it."""
    button = _ticket_button(letter, ticket)
    if button or letter.template in DESK_LETTERS:
        return Wording("", [], button=button)
    follows = strangers_may_report() and letter.account_id == ticket.requester_id
    words = _("Follow the ticket") if follows else _("Close the ticket or add a colleague")
    return Wording("", [], links=[(words, _by_letter(letter))])


def _acknowledgement(letter: Letter, ticket: Ticket) -> Wording:
    """S16, S9: the number and both clocks."""
    facts = [(_("Ticket"), f"#{ticket.number}"), (_("Product group"), called(ticket.product_group))]
    return replace(_plain(letter, ticket), facts=[*facts, *_clocks(ticket)])


def _new_ticket(letter: Letter, ticket: Ticket) -> Wording:
    """S22, for consultants."""
    return replace(_quoting(letter, ticket), facts=_clocks(ticket))


def _quoting(letter: Letter, ticket: Ticket) -> Wording:
    """Somebody's own words, with their files."""
    message = message_of(letter, ticket)
    return replace(_plain(letter, ticket), quoted=message.text, files=_files(message))


def _answer(letter: Letter, ticket: Ticket) -> Wording:
    """S23: the consultant's own words."""
    return replace(_quoting(letter, ticket), by_person=True)


def _solution(letter: Letter, ticket: Ticket) -> Wording:
    """S23 and S24 in one: the answer that resolved the ticket."""
    return replace(_answer(letter, ticket), links=_end_links(letter))


def _resolved(letter: Letter, ticket: Ticket) -> Wording:
    """S24, and the reminder before the ticket closes by itself."""
    return replace(_plain(letter, ticket), links=_end_links(letter))


def _closed(letter: Letter, ticket: Ticket) -> Wording:
    """S25, with the customer's rating one click away."""
    address = _by_letter(letter)
    scores = [
        (_("I am content"), "good"),
        (_("It could have been better"), "fair"),
        (_("I am not content"), "bad"),
    ]
    return replace(_plain(letter, ticket), links=[(words, f"{address}&score={score}") for words, score in scores])


def _noted(letter: Letter, ticket: Ticket) -> Wording:
    return replace(_plain(letter, ticket), quoted=message_of(letter, ticket).text)


ABOUT_TICKET: dict[str, Callable[[Letter, Ticket], Wording]] = {
    "acknowledgement": _acknowledgement,
    "answer": _answer,
    "solution": _solution,
    "new_comment": _quoting,
    "customer_replied": _quoting,
    "resolved": _resolved,
    "closes_soon": _resolved,
    "follow_up": _plain,
    "merged": _plain,
    "closed": _closed,
    "reopened": _plain,
    "update": _plain,
    "new_link": _plain,
    "wish_refused": _plain,
    "state_changed": _plain,  # owed by an earlier version
    "invitation": lambda letter, _ticket: joining(letter),  # S17: who only wrote a letter may join the portal
    "new_ticket": _new_ticket,
    "assigned": _plain,
    "noted": _noted,
    "mentioned": _noted,
    "closed_by_customer": _plain,
    "reopened_by_customer": _plain,
    **ABOUT_CALL,
    **ABOUT_TERM,
}


def _clocks(ticket: Ticket) -> list[tuple[str, str]]:
    return [
        (_("Arrived"), when(ticket.arrived_at, "minute")),
        (_("Counts as received"), when(ticket.counts_as_received_at, "minute")),
    ]


def _end_links(letter: Letter) -> list[tuple[str, str]]:
    """What the reader can do without signing in; opening the page changes nothing."""
    address = _by_letter(letter)
    return [(_("It is solved"), f"{address}&act=accept"), (_("Something is still wrong"), f"{address}&act=reopen")]


def _by_letter(letter: Letter) -> str:
    return absolute(f"{links.make(Purpose.TICKET, letter.account, letter=letter)}?_l_={language()}")


def _ticket_button(letter: Letter, ticket: Ticket) -> tuple[str, str] | None:
    """A mail-only customer has no portal to open yet."""
    if not has_portal(letter.account):
        return None
    return _("Open the ticket"), absolute(f"/tickets/{ticket.number}")


def _files(message: Message) -> list[Attachment]:
    return [attachment for attachment in message.attachments if not attachment.inline]
