"""What each letter says: whole sentences from the catalogs, put together by one layout (templates/letters)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flask_babel import gettext as _

from app.accounts import links
from app.desk.alarms import due_of
from app.desk.ends import CLOSE
from app.locale import language, when
from app.mail.account_wording import ABOUT_ACCOUNT, activation
from app.mail.content import Wording, absolute
from app.mail.level_wording import ABOUT_TERM, what_happens_next
from app.mail.readers import has_portal
from app.mail.telephone_wording import ABOUT_CALL
from app.mail.updates import lines_of
from app.models.event import Letter
from app.models.invitation import Purpose
from app.models.ticket import Attachment, Message, Ticket


def wording(letter: Letter) -> Wording:
    """The content of a letter. Raises KeyError for a template that is not written."""
    if letter.template in ABOUT_TICKET:
        if letter.ticket is None:
            raise ValueError(f"Letter {letter.id} is about a ticket that is gone.")
        return ABOUT_TICKET[letter.template](letter, letter.ticket)
    return ABOUT_ACCOUNT[letter.template](letter)


def _acknowledgement(letter: Letter, ticket: Ticket) -> Wording:
    """S16, S9: the number and both clocks."""
    paragraphs = [
        _("Thank you for your report. We have registered it as ticket %(number)s.", number=f"#{ticket.number}")
    ]
    if letter.event and letter.event.data.get("follows"):
        earlier = f"#{letter.event.data['follows']}"
        paragraphs.append(_("Ticket %(number)s was closed long ago, so your message began a new one.", number=earlier))
    if letter.event and letter.event.data.get("split_from"):
        earlier = f"#{letter.event.data['split_from']}"
        paragraphs.append(_("We have made a message of ticket %(number)s a ticket of its own.", number=earlier))
    if ticket.counts_as_received_at > ticket.arrived_at:
        paragraphs.append(
            _(
                "It arrived outside our working hours, so it counts as received on %(received)s.",
                received=when(ticket.counts_as_received_at, "long"),
            )
        )
    paragraphs.append(what_happens_next(ticket))
    paragraphs.append(_("To add something, simply reply to this letter."))
    return Wording(
        subject=_("We have received your report: %(subject)s", subject=ticket.subject),
        paragraphs=paragraphs,
        button=_ticket_button(letter, ticket),
        facts=[
            (_("Ticket"), f"#{ticket.number}"),
            (_("Product group"), ticket.product_group.name),
            (_("Arrived"), when(ticket.arrived_at, "long")),
            (_("Counts as received"), when(ticket.counts_as_received_at, "long")),
        ],
        footer=_("This letter was sent automatically."),
    )


def _answer(letter: Letter, ticket: Ticket) -> Wording:
    """S23: the consultant's own words."""
    message = _message(letter)
    return Wording(
        subject=ticket.subject,
        paragraphs=[
            _("%(name)s has answered your ticket %(number)s:", name=_author(message), number=f"#{ticket.number}")
        ],
        button=_ticket_button(letter, ticket),
        quoted=message.text,
        files=_files(message),
        footer=_("To answer, simply reply to this letter."),
        by_person=True,
    )


def _solution(letter: Letter, ticket: Ticket) -> Wording:
    """S23 and S24 in one: the answer that resolved the ticket."""
    answer = _answer(letter, ticket)
    message = _message(letter)
    return replace(
        answer,
        links=_end_links(letter),
        subject=_("Resolved: %(subject)s", subject=ticket.subject),
        paragraphs=[
            _(
                "%(name)s has answered your ticket %(number)s, and it is now resolved:",
                name=_author(message),
                number=f"#{ticket.number}",
            )
        ],
        footer=_still_wrong(ticket),
    )


def _new_comment(letter: Letter, ticket: Ticket) -> Wording:
    message = _message(letter)
    return Wording(
        subject=ticket.subject,
        paragraphs=[_("%(name)s wrote in ticket %(number)s:", name=_author(message), number=f"#{ticket.number}")],
        button=_ticket_button(letter, ticket),
        quoted=message.text,
        files=_files(message),
        footer=_("To answer, simply reply to this letter."),
    )


def _resolved(letter: Letter, ticket: Ticket) -> Wording:
    """S24."""
    change = _change(
        letter,
        ticket,
        _("Resolved: %(subject)s", subject=ticket.subject),
        _("Your ticket %(number)s has been resolved.", number=f"#{ticket.number}"),
        _still_wrong(ticket),
    )
    return replace(change, links=_end_links(letter))


def _closes_soon(letter: Letter, ticket: Ticket) -> Wording:
    """The reminder before the time to say that something is still wrong has passed."""
    change = _change(
        letter,
        ticket,
        _("Is it solved? %(subject)s", subject=ticket.subject),
        _(
            "Your ticket %(number)s has been resolved, and we have not heard from you since.",
            number=f"#{ticket.number}",
        ),
        _still_wrong(ticket),
    )
    return replace(change, links=_end_links(letter))


def _merged(letter: Letter, ticket: Ticket) -> Wording:
    """S26: where the conversation goes on."""
    into = f"#{letter.event.data['number']}" if letter.event else ""
    return _change(
        letter,
        ticket,
        ticket.subject,
        _(
            "We have merged your ticket %(number)s into ticket %(into)s, which is about the same. It goes on there.",
            number=f"#{ticket.number}",
            into=into,
        ),
    )


def _closed(letter: Letter, ticket: Ticket) -> Wording:
    """S25, with the customer's rating one click away."""
    change = _change(
        letter,
        ticket,
        _("Closed: %(subject)s", subject=ticket.subject),
        _("Your ticket %(number)s has been closed.", number=f"#{ticket.number}"),
        _("If anything is still wrong, reply to this letter and we will take it up again."),
        _("How did we do? One click is enough:"),
    )
    address = _by_letter(letter)
    scores = [
        (_("I am content"), "good"),
        (_("It could have been better"), "fair"),
        (_("I am not content"), "bad"),
    ]
    return replace(change, links=[(words, f"{address}&score={score}") for words, score in scores])


def _follow_up(letter: Letter, ticket: Ticket) -> Wording:
    """The day to look at the ticket again has come: for the desk."""
    return _change(
        letter,
        ticket,
        _("To look at again: %(subject)s", subject=ticket.subject),
        _("You wanted to look at ticket %(number)s again today.", number=f"#{ticket.number}"),
    )


def _reopened(letter: Letter, ticket: Ticket) -> Wording:
    return _change(
        letter,
        ticket,
        _("Reopened: %(subject)s", subject=ticket.subject),
        _("Your ticket %(number)s is open again; we are working on it.", number=f"#{ticket.number}"),
    )


def _update(letter: Letter, ticket: Ticket) -> Wording:
    """S26: what has changed within some minutes."""
    return _change(
        letter,
        ticket,
        ticket.subject,
        _("There is news of ticket %(number)s:", number=f"#{ticket.number}"),
        *lines_of(letter),
    )


def _invitation(letter: Letter, ticket: Ticket) -> Wording:
    """S17: somebody who only wrote a letter may join the portal."""
    inviting = activation(letter)
    return Wording(
        subject=_("Invitation to the support portal"),
        paragraphs=[
            _("We have registered your letter as ticket %(number)s.", number=f"#{ticket.number}"),
            _(
                "In the portal you see the state of all your tickets and the whole conversation. Joining is up to you:"
                " you can go on by e-mail as well."
            ),
            inviting.paragraphs[-1],
        ],
        button=inviting.button,
        footer=inviting.footer,
    )


def _new_ticket(letter: Letter, ticket: Ticket) -> Wording:
    """S22, for consultants."""
    message = _message(letter)
    return Wording(
        subject=_("New ticket: %(subject)s", subject=ticket.subject),
        paragraphs=[
            _(
                "%(name)s has reported a ticket in %(group)s.",
                name=ticket.requester.name,
                group=ticket.product_group.name,
            )
        ],
        button=_ticket_button(letter, ticket),
        facts=[
            (_("Arrived"), when(ticket.arrived_at, "long")),
            (_("Counts as received"), when(ticket.counts_as_received_at, "long")),
        ],
        quoted=message.text,
        files=_files(message),
    )


def _assigned(letter: Letter, ticket: Ticket) -> Wording:
    return _change(
        letter,
        ticket,
        ticket.subject,
        _("Ticket %(number)s has been assigned to you.", number=f"#{ticket.number}"),
    )


def _noted(letter: Letter, ticket: Ticket) -> Wording:
    message = _message(letter)
    return Wording(
        subject=ticket.subject,
        paragraphs=[
            _("%(name)s left an internal note in ticket %(number)s:", name=_author(message), number=f"#{ticket.number}")
        ],
        button=_ticket_button(letter, ticket),
        quoted=message.text,
    )


def _closed_by_customer(letter: Letter, ticket: Ticket) -> Wording:
    return _change(
        letter,
        ticket,
        _("Closed: %(subject)s", subject=ticket.subject),
        _("Ticket %(number)s has been closed.", number=f"#{ticket.number}"),
    )


def _reopened_by_customer(letter: Letter, ticket: Ticket) -> Wording:
    return _change(
        letter,
        ticket,
        _("Reopened: %(subject)s", subject=ticket.subject),
        _("Ticket %(number)s has been reopened.", number=f"#{ticket.number}"),
    )


ABOUT_TICKET: dict[str, Callable[[Letter, Ticket], Wording]] = {
    "acknowledgement": _acknowledgement,
    "answer": _answer,
    "solution": _solution,
    "new_comment": _new_comment,
    "customer_replied": _new_comment,
    "resolved": _resolved,
    "closes_soon": _closes_soon,
    "follow_up": _follow_up,
    "merged": _merged,
    "closed": _closed,
    "reopened": _reopened,
    "update": _update,
    "state_changed": _update,  # owed by an earlier version
    "invitation": _invitation,
    "new_ticket": _new_ticket,
    "assigned": _assigned,
    "noted": _noted,
    "closed_by_customer": _closed_by_customer,
    "reopened_by_customer": _reopened_by_customer,
    **ABOUT_CALL,
    **ABOUT_TERM,
}


def _change(letter: Letter, ticket: Ticket, subject: str, *paragraphs: str) -> Wording:
    return Wording(
        subject=subject,
        paragraphs=list(paragraphs),
        button=_ticket_button(letter, ticket),
        footer=_("To answer, simply reply to this letter."),
    )


def _still_wrong(ticket: Ticket) -> str:
    """What to do when it is not solved, and until when."""
    closes_at = due_of(ticket, CLOSE)
    if closes_at is None:
        return _("If anything is still wrong, reply to this letter and we will take it up again.")
    return _(
        "If anything is still wrong, reply to this letter and we will take it up again. Otherwise the ticket closes by"
        " itself on %(when)s.",
        when=when(closes_at, "long"),
    )


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


def _message(letter: Letter) -> Message:
    message = letter.event.message if letter.event else None
    if message is None:
        raise ValueError(f"Letter {letter.id} quotes a message that is gone.")
    return message


def _author(message: Message) -> str:
    return message.author.name if message.author else _("Bilety")


def _files(message: Message) -> list[Attachment]:
    return [attachment for attachment in message.attachments if not attachment.inline]
