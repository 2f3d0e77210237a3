"""One act on many tickets: each in its own transaction, so one that cannot be done holds up no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from flask_babel import gettext as _
from flask_babel import ngettext

from app.access import NotFound, Right, Standing, get_ticket
from app.desk.errors import DeskError
from app.events.transaction import transaction
from app.extensions import db
from app.models.ticket import Ticket

MOST_TICKETS = 100


@dataclass
class Outcome:
    """How many tickets the act reached, and why it did not reach the others."""

    done: int = 0
    refused: list[str] = field(default_factory=list)

    def sentences(self) -> list[tuple[str, str]]:
        """What to tell the consultant, each with its kind of flash message."""
        done = ngettext("%(num)d ticket was changed.", "%(num)d tickets were changed.", self.done)
        told = [(done, "success")] if self.done else []
        return told + [(sentence, "warning") for sentence in self.refused]


def on_each(numbers: Iterable[int], standing: Standing, act: Callable[[Ticket], None]) -> Outcome:
    """Perform the act on each ticket that this account may handle."""
    outcome = Outcome()
    for number in list(dict.fromkeys(numbers))[:MOST_TICKETS]:
        try:
            with transaction():
                act(get_ticket(db.session(), standing, number, may=Right.HANDLE, lock=True))
            outcome.done += 1
        except NotFound:
            outcome.refused.append(_("Ticket #%(number)s is not there, or is not yours to change.", number=number))
        except DeskError as error:
            outcome.refused.append(_("Ticket #%(number)s: %(reason)s", number=number, reason=str(error)))
    return outcome
