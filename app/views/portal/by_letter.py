"""What the reader of a letter does with its ticket without signing in. Opening the page changes nothing: mail scanners
open links too. The link proves the mailbox, so it lets nobody read the conversation; only where the desk takes reports
without an account (guests.py), whoever reported and has no account follows his ticket by it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Flask, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from limits import parse
from sqlalchemy.orm import joinedload, selectinload

from app.access import NotFound, Right, get_attachment, reach_of
from app.access.net import BEYOND
from app.accounts import limits, links
from app.accounts.addresses import BadAddress, understood
from app.accounts.choices import strangers_may_report
from app.desk import tickets
from app.desk.confirmations import confirm, is_awaited
from app.desk.errors import DeskError
from app.desk.joining import conversation_of
from app.desk.marking import may_change, may_rate, rate, rating_of
from app.desk.participants import let_in
from app.desk.sent_again import sent_before
from app.events.record import owe_letter
from app.events.transaction import transaction
from app.extensions import db
from app.locale import language
from app.mail.readers import has_portal
from app.models.account import Account
from app.models.call import Way
from app.models.invitation import AccountLink, Purpose
from app.models.ticket import Message, MessageKind, Ticket
from app.views.portal.files import as_file
from app.views.portal.forms import ReplyForm
from app.views.portal.letter_links import private
from app.views.reference import states_ahead
from app.views.second_net import read_for
from app.views.ticket_sharing import owner_of

NEW_LINKS = parse("5 per day")  # to one reader

Act = Callable[[Ticket, Account], object]
ACTS: dict[str, Act] = {
    "accept": lambda ticket, by: tickets.accept(ticket, by=by),
    "close": lambda ticket, by: tickets.close(ticket, by=by),
    "confirm": lambda ticket, by: confirm(ticket, by=by, way=Way.LETTER),
    "let_in": lambda ticket, by: _let_in(ticket, by),
    "reopen": lambda ticket, by: tickets.reopen(ticket, by=by),
    "rate": lambda ticket, by: rate(
        ticket, score=request.form.get("score", ""), comment=request.form.get("comment", ""), by=by
    ),
}


def page(token: str) -> ResponseReturnValue:
    """The ticket's number and subject, and what can be done with it now."""
    link = links.find(token, Purpose.TICKET)
    ticket = _ticket_of(link)
    form = FlaskForm()
    if link is None or ticket is None:
        return _dead(token, form)
    reply, shown = ReplyForm(), follows(link, ticket)
    if shown and request.form.get("act") == "reply":
        sent = _replied(link, token, reply)
        if sent is not None:
            return sent
    elif form.validate_on_submit():
        return _perform(link, token)
    return private(
        render_template(
            "portal/by_letter.html",
            form=form,
            reply=reply,
            messages=_conversation(link.account, ticket) if shown else None,
            files_at=f"/by-letter/{token}/files/",
            ticket=ticket,
            ahead=_kinds_ahead(link.account, ticket),
            may_share=Right.SHARE in reach_of(db.session(), [link.account], [ticket]).rights(link.account, ticket),
            awaited=is_awaited(ticket) and link.account_id == ticket.requester_id,
            has_portal=has_portal(link.account),
            chosen=request.args.get("act", ""),
            here=_address(token),
            rating=rating_of(ticket) if ticket.is_finished else None,
            may_rate=may_rate(ticket, link.account),
            may_change=may_change,
            score=request.args.get("score", ""),
        )
    )


def _dead(token: str, form: FlaskForm) -> ResponseReturnValue:
    """Behind a link that is too old there is a button for a new one, which goes to the address that had this one."""
    old = links.remembered(token, Purpose.TICKET)
    reader = old.account if old is not None and old.account.active and old.email == old.account.email else None
    asks = reader is not None and _ticket_of(old) is not None
    if reader is not None and asks and form.validate_on_submit():
        if limits.may(NEW_LINKS, f"new link {reader.id}"):
            with transaction():
                owe_letter("new_link", account=reader, reason="account", ticket=_ticket_of(old))
            flash(_("A letter with a new link goes to you in a moment."), "success")
        else:
            flash(
                _("You have asked for several links today. Look among unwanted mail, or reply to our letter."),
                "warning",
            )
        return redirect(_address(token), 303)
    return private(render_template("portal/by_letter_dead.html", form=form, asks=asks, here=_address(token)), 410)


def file(token: str, attachment_id: int, name: str) -> ResponseReturnValue:
    """A file of the conversation, for who may read that."""
    link = links.find(token, Purpose.TICKET)
    ticket = _ticket_of(link)
    if link is None or ticket is None or not follows(link, ticket):
        raise NotFound
    standing = reach_of(db.session(), [link.account], [ticket]).standings[link.account.id]
    attachment = get_attachment(db.session(), standing, attachment_id)
    shown = {message.id for message in _conversation(link.account, ticket)}
    if attachment.name != name or attachment.message_id not in shown:
        raise NotFound
    answer = as_file(attachment)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def follows(link: AccountLink, ticket: Ticket) -> bool:
    """Whether the link shows the conversation: its account reported the ticket, and has no way to sign in."""
    return link.account_id == ticket.requester_id and not has_portal(link.account) and strangers_may_report()


def _conversation(account: Account, ticket: Ticket) -> Sequence[Message]:
    standing = reach_of(db.session(), [account], [ticket]).standings[account.id]
    query = conversation_of(ticket, standing).options(
        joinedload(Message.author), selectinload(Message.attachments), joinedload(Message.ticket)
    )
    return db.session.scalars(query).unique().all()


def _replied(link: AccountLink, token: str, form: ReplyForm) -> ResponseReturnValue | None:
    """None where the page has to say what is wrong, with what was typed."""
    if not form.validate():
        return None
    try:
        contribution = form.contribution(form["text"].data or "")
        with transaction():
            ticket = _ticket_of(link, lock=True)
            if ticket is None:
                raise NotFound
            message = sent_before(ticket, contribution, by=link.account, kind=MessageKind.CUSTOMER)
            message = message or tickets.customer_reply(ticket, contribution, by=link.account)
        return redirect(f"{_address(token)}#m{message.id}", 303)
    except DeskError as error:
        form.say(error)
        form.forget_files()
        return None


def _perform(link: AccountLink, token: str) -> ResponseReturnValue:
    act = ACTS.get(request.form.get("act", ""))
    try:
        with transaction():
            ticket = _ticket_of(link, lock=True)
            if act is not None and ticket is not None:
                act(ticket, link.account)
                flash(_("Thank you. The ticket is changed."), "success")
    except (DeskError, BadAddress) as error:
        flash(str(error), "warning")
    return redirect(_address(token), 303)


def _let_in(ticket: Ticket, by: Account) -> None:
    """A colleague takes part from now on. Raises NotFound where the reader may not share the ticket."""
    if Right.SHARE not in reach_of(db.session(), [by], [ticket]).rights(by, ticket):
        raise NotFound
    let_in(ticket, owner_of(understood(request.form.get("email"))), by=by)


def _address(token: str) -> str:
    """This page, in the language of the letter however often it is sent."""
    return f"/by-letter/{token}?_l_={language()}"


def _ticket_of(link: AccountLink | None, *, lock: bool = False) -> Ticket | None:
    """The ticket of the link's letter, while its reader may write there."""
    if link is None or link.letter is None or link.letter.ticket_id is None:
        return None
    ticket = db.session.get(
        Ticket, link.letter.ticket_id, with_for_update={"of": Ticket} if lock else None, execution_options=BEYOND
    )
    if ticket is None:
        return None
    reach = reach_of(db.session(), [link.account], [ticket])
    read_for(reach.standings[link.account.id])
    rights = reach.rights(link.account, ticket)
    return ticket if Right.WRITE in rights else None


def _kinds_ahead(account: Account, ticket: Ticket) -> set[str]:
    standing = reach_of(db.session(), [account], [ticket]).standings[account.id]
    return {state.kind for state in states_ahead(standing, ticket)}


def init_app(app: Flask) -> None:
    app.add_url_rule("/by-letter/<token>", "by_letter", page, methods=["GET", "POST"])
    app.add_url_rule("/by-letter/<token>/files/<int:attachment_id>/<name>", "by_letter_file", file)
