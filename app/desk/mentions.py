"""Consultants to whom an internal note speaks: @ before a name, an e-mail address, or what stands before its @."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from unicodedata import normalize

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import selectinload

from app.access import SEES_EVERYTHING, reach_of
from app.access.net import BEYOND
from app.extensions import db
from app.models.account import Account, Role
from app.models.mention import Mention
from app.models.product_group import Assignment
from app.models.ticket import Message, Ticket
from app.models.types import utc_now

AT = r"(?<![\w@.])@"  # not within an address
ENDS = r"(?![\w@]|[.+-]\w)"  # "@jan." ends a sentence, "@jan.kos" is somebody else
QUOTED = re.compile(r"^>.*$", re.MULTILINE)  # what somebody else wrote


@dataclass(frozen=True)
class Spoken:
    """Those to whom a note speaks, and what stands after an @ and is the name of nobody who may see the ticket."""

    accounts: tuple[Account, ...] = ()
    unknown: tuple[str, ...] = ()


def mentionable(ticket: Ticket) -> list[Account]:
    """Who may read the ticket's notes and can sign in, by name."""
    serves = select(Assignment.account_id).where(Assignment.product_group_id == ticket.product_group_id)
    sees_all = Account.roles.any(Role.kind.in_(SEES_EVERYTHING))
    query = select(Account).where(Account.active, or_(Account.id.in_(serves), sees_all))
    found = db.session.scalars(query.options(selectinload(Account.roles)), execution_options=BEYOND).all()
    reach = reach_of(db.session(), found, [ticket])
    readers = [account for account in found if account.has_address and reach.reads_notes(account, ticket)]
    return sorted(readers, key=lambda account: (account.name.casefold(), account.id))


def mention(message: Message) -> Spoken:
    """Keep to whom this note speaks; each is told. Whom it names twice, or its author, is kept once or not at all."""
    if "@" not in message.text:
        return Spoken()
    spoken = read(message.text, mentionable(message.ticket))
    others = tuple(account for account in spoken.accounts if account.id != message.author_id)
    db.session.flush()
    for account in others:
        db.session.add(Mention(message_id=message.id, ticket_id=message.ticket_id, account_id=account.id))
    return Spoken(others, spoken.unknown)


def read(text: str, people: Iterable[Account]) -> Spoken:
    """To whom of these people the text speaks. A name that two of them have means both."""
    named: dict[str, list[Account]] = {}
    for account in people:
        for form in {account.email, account.email.partition("@")[0], account.name}:
            named.setdefault(_plain(form), []).append(account)
    words = QUOTED.sub("", normalize("NFC", text))
    forms = sorted(named, key=len, reverse=True)
    pattern = "|".join(re.escape(form).replace(r"\ ", r"[^\S\n]+") for form in forms) or r"(?!)"
    spoken: dict[int, Account] = {}

    def hear(found: re.Match[str]) -> str:
        spoken.update((account.id, account) for account in named[_plain(found[1])])
        return ""

    left = re.sub(f"{AT}({pattern}){ENDS}", hear, words, flags=re.IGNORECASE)
    unknown = dict.fromkeys(re.findall(rf"{AT}(\w[\w.+-]*\w(?:@[\w.-]*\w)?)", left))
    return Spoken(tuple(spoken.values()), tuple(unknown))


def inserted(people: Sequence[Account]) -> list[tuple[Account, str]]:
    """What a page writes for each: his name, or his address where somebody else is called the same."""
    names = [_plain(account.name) for account in people]
    alone = [names.count(name) == 1 for name in names]
    return [(each, each.name if own else each.email) for each, own in zip(people, alone, strict=True)]


def see(ticket: Ticket, account: Account) -> None:
    """He has opened the ticket, or written in it: what spoke to him there waits no longer."""
    unseen = update(Mention).where(Mention.ticket_id == ticket.id, waits_for(account.id))
    db.session.execute(unseen.values(seen_at=utc_now()))


def waits_for(account_id: int) -> ColumnElement[bool]:
    """The rows of Mention that this account has not seen."""
    return (Mention.account_id == account_id) & Mention.seen_at.is_(None)


def _plain(form: str) -> str:
    return " ".join(normalize("NFC", form).casefold().split())
