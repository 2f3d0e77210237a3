"""What is asked at the public doors: written down alike for every address, decided where nobody can time it.

The door writes one row whether the address is known or not, so neither its words nor its time tell anything
(attack cases O21-O23). A worker decides which letter, if any, follows.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import delete, func, or_, select

from app.accounts import invitations
from app.accounts.addresses import mailbox_of
from app.accounts.choices import registrations_wait
from app.accounts.domains import DomainKind, kind_of
from app.accounts.join import bound_security
from app.accounts.registration import add_mail_only_customer, find_account
from app.events.outbox import Item
from app.events.record import Reaction, owe, owe_letter
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.event import Letter
from app.models.invitation import Invitation, InvitationState, LetterRequest, Wish
from app.models.ticket import Ticket
from app.models.types import utc_now

LETTERS = ("activation", "already_registered", "password_reset", "registration_received", "registration_refused")
MOST_LETTERS = 5  # to one reader within that time, so that a door is no weapon against a mailbox
WITHIN = timedelta(hours=1)
KEPT = timedelta(days=30)


def ask(wish: Wish, email: str, *, locale: str, address: str | None) -> None:
    """Write down what was asked; `email` is in its kept form, `address` the network's."""
    request = LetterRequest(wish=wish, email=email, locale=locale, address=address)
    owe(Reaction.ANSWER, request=request)


def perform(items: list[Item]) -> Mapping[int, Exception | None]:
    """Answer each request once. What became of it stays written for the desk."""
    for item in items:
        with transaction():
            request = db.session.get(LetterRequest, item.request_id)
            if request is not None and request.outcome is None:
                request.outcome = answer(request)
    return {item.id: None for item in items}


def answer(request: LetterRequest) -> str:
    """Owe the letter that the request deserves; answers which, or why none."""
    account = find_account(request.email)
    if account is None:
        return _first_letter(request) if request.wish == Wish.REGISTRATION else "unknown"
    if not account.active:
        return "deactivated"
    if max(_recent_letters(account), _recent_to_mailbox(request.email)) >= MOST_LETTERS:
        return "too_many"
    if not account.is_registered:
        return _activate(account)
    return _owe("password_reset" if request.wish == Wish.PASSWORD_RESET else "already_registered", account)


def forget_old() -> None:
    """Remove what was asked long ago."""
    db.session.execute(delete(LetterRequest).where(LetterRequest.created_at < utc_now() - KEPT))


def _first_letter(request: LetterRequest) -> str:
    """Whoever adds +1, +2 to an address has one mailbox, which is not filled by it."""
    return "too_many" if _recent_to_mailbox(request.email) >= MOST_LETTERS else _register(request)


def _register(request: LetterRequest) -> str:
    """S1: an unknown address of a company's domain gets an account without a password."""
    if not _is_company(request.email):
        return "domain_refused"
    return _let_in(add_mail_only_customer(bound_security().datastore, request.email, "", request.locale))


def _activate(account: Account) -> str:
    """Who was invited or wrote letters already gets his link, whatever his domain (S17)."""
    open_ones = invitations.open_of(account)
    for invitation in open_ones:
        invitations.send(invitation)
    if open_ones:
        return "activation"
    latest = _latest(account)
    if latest is not None and latest.state == InvitationState.WAITING:
        return _owe("registration_received", account, latest)
    if latest is not None and latest.state == InvitationState.REFUSED:
        return _owe("registration_refused", account, latest)
    if not (_is_company(account.email) or _has_tickets(account)):
        return "domain_refused"
    return _let_in(account)


def _let_in(account: Account) -> str:
    """Invite who asked for it himself, now or when the desk approves."""
    if registrations_wait():
        invitations.hold(account)
        return "registration_received"
    invitations.invite(account, by=None)
    return "activation"


def _owe(template: str, account: Account, invitation: Invitation | None = None) -> str:
    owe_letter(template, account=account, reason="account", invitation=invitation)
    return template


def _is_company(email: str) -> bool:
    return kind_of(email.rpartition("@")[2]) is DomainKind.COMPANY


def _has_tickets(account: Account) -> bool:
    return db.session.scalar(select(Ticket.id).where(Ticket.requester_id == account.id).limit(1)) is not None


def _latest(account: Account) -> Invitation | None:
    query = select(Invitation).where(Invitation.account_id == account.id).order_by(Invitation.id.desc()).limit(1)
    return db.session.scalars(query).one_or_none()


def _recent_letters(account: Account) -> int:
    recent = select(func.count()).where(
        Letter.account_id == account.id, Letter.template.in_(LETTERS), Letter.created_at > utc_now() - WITHIN
    )
    return db.session.scalar(recent) or 0


def _recent_to_mailbox(email: str) -> int:
    """How many letters went to the same mailbox lately because somebody asked, by whichever of its addresses."""
    local, domain = mailbox_of(email)
    tagged = LetterRequest.email.startswith(f"{local}+", autoescape=True) & LetterRequest.email.endswith(
        f"@{domain}", autoescape=True
    )
    recent = select(func.count()).where(
        or_(LetterRequest.email == f"{local}@{domain}", tagged),
        LetterRequest.outcome.in_(LETTERS),
        LetterRequest.created_at > utc_now() - WITHIN,
    )
    return db.session.scalar(recent) or 0
