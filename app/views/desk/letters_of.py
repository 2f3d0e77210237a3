"""What the ticket's page tells of the letters about it: to whom, and how each went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.desk.errors import DeskError
from app.extensions import db
from app.mail.bounces import RETURNED
from app.mail.send import retry
from app.models.account import Account
from app.models.event import FAILED, SENT, SUPPRESSED, WAITING, Letter
from app.models.ticket import Ticket
from app.views.admin.names import TEMPLATES, called

MOST = 50  # on one page, the newest first
STATES: dict[str, tuple[str, Any]] = {
    WAITING: ("plain", _l("Still waiting")),
    SENT: ("good", _l("Sent")),
    FAILED: ("bad", _l("Not taken")),
    SUPPRESSED: ("plain", _l("Not sent")),
    RETURNED: ("bad", _l("Came back")),
}


class NotFailed(DeskError):
    sentence = _l("Only a letter that was given up can be sent again.")


@dataclass(frozen=True)
class Line:
    """A letter; `said` holds the words of the server that refused or returned it, or why it waits."""

    id: int
    reader: str
    what: Any
    badge: tuple[str, Any]
    said: str
    when: datetime
    may_go_again: bool


def letters_of(ticket: Ticket) -> Sequence[Line]:
    """The letters about the ticket, the newest first."""
    query = select(Letter).where(Letter.ticket_id == ticket.id).order_by(Letter.id.desc()).limit(MOST)
    names = joinedload(Letter.account).load_only(Account.email, Account.first_name, Account.last_name)
    return [_line(letter) for letter in db.session.scalars(query.options(names))]


def send_again(ticket: Ticket, letter_id: int | None) -> None:
    """Owe a letter about the ticket once more. Raises NotFailed."""
    letter = db.session.get(Letter, letter_id) if letter_id else None
    if letter is None or letter.ticket_id != ticket.id or letter.state != FAILED:
        raise NotFailed
    retry(letter)


def _line(letter: Letter) -> Line:
    said = letter.last_error or ""
    state = RETURNED if letter.state == FAILED and said.startswith(RETURNED) else letter.state
    if state == RETURNED:
        said = said.removeprefix(RETURNED).removeprefix(": ")
    if letter.state == WAITING and letter.attempts:
        said = _("tried %(count)s times: %(said)s", count=letter.attempts, said=said)
    return Line(
        id=letter.id,
        reader=letter.account.email,
        what=called(TEMPLATES, letter.template),
        badge=STATES[state],
        said=said,
        when=letter.sent_at or letter.created_at,
        may_go_again=letter.state == FAILED,
    )
