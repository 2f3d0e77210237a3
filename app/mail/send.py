"""Letters leave, many together; no transaction is open while the outside world answers."""

from __future__ import annotations

import logging
import smtplib
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Any

from flask import current_app
from flask_mail import BadHeaderError
from sqlalchemy import Select, bindparam, select, update
from sqlalchemy.orm import joinedload

from app.access import Reach, reach_of
from app.accounts import invitations
from app.accounts.choices import registrations_wait
from app.events.outbox import MOST_ATTEMPTS, Item, NotBegun, Permanent
from app.events.record import Reaction, owe
from app.events.transaction import transaction
from app.extensions import db
from app.mail.compose import Unsendable, compose
from app.mail.correspondence import Correspondence
from app.mail.readers import may_receive
from app.mail.transports import Ready, Transport, transport_of
from app.mail.turns import EarlierFirst, in_turn, let_follow, not_their_turn
from app.models.account import Account
from app.models.event import FAILED, SENT, SUPPRESSED, WAITING, Event, Letter
from app.models.ticket import Message, Ticket
from app.models.types import utc_now

log = logging.getLogger(__name__)

BATCH_SECONDS = 30.0  # no letter is begun after this: the batch must end within the outbox's lease
LONGEST_ERROR = 1000
TRIED = update(Letter).where(Letter.id == bindparam("row_id")).values(attempts=Letter.attempts + 1)
TOO_LARGE = 552  # MAIL FROM announces the size, so a server may refuse it there (RFC 1870 section 6.1)


class ClosedDoor(Exception):
    """The reader may not get the letter, or not any more."""


def perform(items: list[Item], *, clock: Callable[[], float] = time.monotonic) -> Mapping[int, Exception | None]:
    """Hand over each letter. A letter that is sent already, or whose reader lost his access, is not sent."""
    outcomes: dict[int, Exception | None] = {}
    until = clock() + BATCH_SECONDS
    with transport_of(current_app.extensions["settings"]) as transport:
        for some in chain(in_turn(items, transport.at_once), _once_more(items, outcomes, transport.at_once)):
            errors = _send(some, transport, lambda: clock() > until)
            outcomes |= {item.id: errors.get(item.letter_id or 0) for item in some}
    return outcomes


def _once_more(items: list[Item], outcomes: Mapping[int, Exception | None], at_once: int) -> Iterator[list[Item]]:
    """Those that waited for a letter of another worker: it may have left meanwhile."""
    yield from in_turn([item for item in items if isinstance(outcomes[item.id], EarlierFirst)], at_once)


def retry(letter: Letter) -> None:
    """Owe a failed letter once more, at once."""
    letter.state = WAITING
    letter.last_error = None
    owe(Reaction.SEND, letter=letter)


def _send(items: Sequence[Item], transport: Transport, late: Callable[[], bool]) -> dict[int, Exception | None]:
    """What went wrong, by letter."""
    attempts = {item.letter_id or 0: item.attempts + 1 for item in items}
    held = not_their_turn(attempts, utc_now())
    ready, unready = _prepare(_load(attempts.keys() - held.keys()))
    db.session.commit()  # Nothing may be held while the relay takes its time.
    message_ids = {letter.id: letter.message.msgId for letter in ready}
    errors: dict[int, Exception | None] = {}
    for handed in chain([held, unready], transport.deliver(ready, late)):
        ended = {letter_id: _classified(error) for letter_id, error in handed.items()}
        rows = [_row(letter_id, error, attempts, message_ids) for letter_id, error in ended.items() if _tried(error)]
        _write_down(rows)
        errors |= ended
    return {letter_id: error for letter_id, error in errors.items() if not isinstance(error, ClosedDoor)}


def _load(letter_ids: Collection[int]) -> Sequence[Letter]:
    """The letters that still have to leave, as they and all around them are now."""
    return db.session.scalars(_leaving(), {"letters": list(letter_ids)}).all()


@cache
def _leaving() -> Select[Letter]:
    ticket, message = joinedload(Letter.ticket), joinedload(Letter.event).joinedload(Event.message)
    return (
        select(Letter)
        .where(Letter.id.in_(bindparam("letters", expanding=True)), Letter.state.not_in([SENT, SUPPRESSED]))
        .order_by(Letter.id)
        .execution_options(populate_existing=True)
        .options(
            joinedload(Letter.account).selectinload(Account.roles),
            ticket.selectinload(Ticket.product_group),
            ticket.selectinload(Ticket.requester),
            ticket.selectinload(Ticket.terms),
            message.load_only(Message.text),
            message.selectinload(Message.author),
            message.selectinload(Message.attachments),
        )
    )


def _prepare(letters: Sequence[Letter]) -> tuple[list[Ready], dict[int, Exception | None]]:
    """The letters that can leave, and why the others cannot. Access is asked again: it may have ended since."""
    tickets = {letter.ticket for letter in letters if letter.ticket}
    reach = reach_of(db.session(), {letter.account for letter in letters}, tickets)
    correspondence, waiting = Correspondence(letters), registrations_wait()
    ready: list[Ready] = []
    unready: dict[int, Exception | None] = {}
    for letter in letters:
        void = invitations.is_void(letter, registrations_wait=waiting)
        made = ClosedDoor() if void else _made(letter, reach, correspondence)
        if isinstance(made, Ready):
            correspondence.add(letter, made.message.msgId)
            ready.append(made)
        else:
            unready[letter.id] = made
    return ready, unready


def _made(letter: Letter, reach: Reach, correspondence: Correspondence) -> Ready | Exception:
    if not may_receive(letter.account, letter.template, letter.ticket, reach):
        return ClosedDoor()
    try:
        return Ready(letter.id, letter.created_at, compose(letter, correspondence))
    except Unsendable as error:
        return error
    except Exception as error:  # The outbox's edge: a letter that cannot be made must not hold up the next.
        log.exception("Letter %d could not be made", letter.id)
        return error


def _tried(error: Exception | None) -> bool:
    return not isinstance(error, NotBegun)


def _row(
    letter_id: int, error: Exception | None, attempts: Mapping[int, int], message_ids: Mapping[int, str]
) -> dict[str, Any]:
    """How an attempt ended, as columns of the letter."""
    row: dict[str, Any] = {"row_id": letter_id, "last_error": None, "sent_at": None, "message_id": None}
    if error is None:
        return row | {"state": SENT, "sent_at": utc_now(), "message_id": message_ids[letter_id]}
    if isinstance(error, ClosedDoor):
        return row | {"state": SUPPRESSED}
    gone = isinstance(error, Permanent) or attempts[letter_id] >= MOST_ATTEMPTS
    return row | {"state": FAILED if gone else WAITING, "last_error": str(error)[:LONGEST_ERROR]}


def _write_down(rows: list[dict[str, Any]]) -> None:
    if rows:
        with transaction():
            db.session.connection().execute(TRIED, rows)
            let_follow([row["row_id"] for row in rows if row["state"] != WAITING], utc_now())


def _classified(error: Exception | None) -> Exception | None:
    """A refusal of this letter for good (5xx, RFC 5321 section 4.2.1) is Permanent; anything else may pass.

    A relay that refuses us, by password or sender, is a wrong setting: the letters wait until it is mended.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
        return _refusal(code, text)
    if isinstance(error, smtplib.SMTPDataError):
        return _refusal(error.smtp_code, error.smtp_error)
    if isinstance(error, smtplib.SMTPSenderRefused) and error.smtp_code == TOO_LARGE:
        return _refusal(error.smtp_code, error.smtp_error)
    # A certificate that is not trusted is an OSError and a ValueError at once.
    if isinstance(error, (ValueError, KeyError, BadHeaderError)) and not isinstance(error, OSError):
        return Permanent(str(error))
    return error


def _refusal(code: int, text: bytes | str) -> Exception:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    sentence = f"{code} {words}".strip()
    return Permanent(sentence) if 500 <= code < 600 else smtplib.SMTPException(sentence)
