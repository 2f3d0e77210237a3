"""The fields of a ticket: filled in by whoever opens or changes it, and never in the way of what arrives by itself."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from app.access import standing_of
from app.access.fields import leads_somewhere
from app.desk.errors import DeskError
from app.desk.rows import touch
from app.events.record import EventKind, record
from app.extensions import db
from app.fields import Definition, Situation, Unfit, take
from app.fields.definition import said
from app.models import field_values
from app.models.account import Account
from app.models.definitions import published
from app.models.field import Misfit
from app.models.ticket import Channel, StateKind, Ticket

OWNER = "ticket"
LONGEST_TEXT = 2_000
TOLD = {EventKind.FIELDS_CHANGED: {"customer", "consultant"}, EventKind.FIELDS_NOTED: {"consultant"}}  # to whom


class UnfitFields(DeskError):
    """`refused` says what is expected, by field id."""

    def __init__(self, refused: Mapping[str, Unfit], definitions: Sequence[Definition], language: str) -> None:
        self.refused = dict(refused)
        names = [said(each.labels, language) for each in definitions if each.id in refused]
        self.sentence = _("Look at these fields again: %(names)s.", names=", ".join(names) or "?")
        super().__init__(self.sentence)


def begin(ticket: Ticket, given: Mapping[str, Any] | None, *, by: Account) -> None:
    """The values of a new ticket. Raises UnfitFields where somebody filled in a form (`given` is not None).

    A letter or a call gives none: defaults hold, what does not fit waits in a list, and nothing stops the ticket. So it
    is with a report without an account, which comes as a letter.
    """
    now = published(db.session())
    definitions = now.of(OWNER, ticket.product_group.id)
    if not definitions:
        return
    standing = standing_of(db.session(), by)
    taken = take(
        definitions,
        given or {},
        situation=Situation(standing.roles, StateKind.NEW),
        exists=lambda definition, value: leads_somewhere(db.session(), standing, definition, value),
    )
    came_by_letter = ticket.channel == Channel.MAIL
    if given is not None and taken.refused and not came_by_letter:
        raise UnfitFields(taken.refused, definitions, by.locale or "pl")
    field_values.keep(db.session(), ticket, definitions, taken.values, now)
    late = {
        field_id: (given[field_id], unfit.why)
        for field_id, unfit in taken.refused.items()
        if given and given.get(field_id)
    }
    let_wait(ticket, OWNER, {**taken.waiting, **late} if came_by_letter else taken.waiting)


def judged(given: Mapping[str, Any], product_group_id: int, *, language: str) -> dict[str, Any]:
    """The values of a report by somebody without an account, of what he was asked for; what a wrong definition cannot
    judge as it came. Raises UnfitFields.
    """
    definitions = published(db.session()).of(OWNER, product_group_id)
    taken = take(
        definitions,
        given,
        situation=Situation(frozenset(), StateKind.NEW),
        exists=lambda definition, value: leads_somewhere(db.session(), None, definition, value),
    )
    refused = {field_id: unfit for field_id, unfit in taken.refused.items() if field_id in given}
    if refused:
        raise UnfitFields(refused, definitions, language)
    kept = {**taken.values, **{field_id: raw for field_id, (raw, _why) in taken.waiting.items()}}
    return {field_id: kept[field_id] for field_id in given if field_id in kept}


def fill(ticket: Ticket, given: Mapping[str, Any], *, by: Account) -> None:
    """Change values, by field id. Raises UnfitFields."""
    now = published(db.session())
    definitions = now.of(OWNER, ticket.product_group_id)
    standing = standing_of(db.session(), by)
    before = field_values.values(ticket)
    taken = take(
        definitions,
        given,
        situation=Situation(standing.roles, ticket.status),
        before=before,
        exists=lambda definition, value: leads_somewhere(db.session(), standing, definition, value),
    )
    if taken.refused:
        raise UnfitFields(taken.refused, definitions, by.locale or "pl")
    changed = [each for each in definitions if taken.values.get(each.id) != before.get(each.id)]
    if changed:
        field_values.keep(db.session(), ticket, definitions, taken.values, now)
        touch(ticket)
        _tell(ticket, changed, by)
    let_wait(ticket, OWNER, taken.waiting)


def fill_row(row: Any, owner: str, given: Mapping[str, Any], *, by: Account, is_new: bool = False) -> None:
    """Change values of an organisation, an account or a text, by field id. Raises UnfitFields.

    A row that is new begins with the defaults, and lacks nothing that is needed.
    """
    now, standing = published(db.session()), standing_of(db.session(), by)
    definitions = now.of(owner)
    taken = take(
        definitions,
        given,
        situation=Situation(standing.roles),
        before=None if is_new else field_values.values(row),
        exists=lambda definition, value: leads_somewhere(db.session(), standing, definition, value),
    )
    if taken.refused:
        raise UnfitFields(taken.refused, definitions, by.locale or "pl")
    field_values.keep(db.session(), row, definitions, taken.values, now)
    let_wait(row, owner, taken.waiting)


def _tell(ticket: Ticket, changed: Sequence[Definition], by: Account) -> None:
    """Who reads the event reads every field that it names: one for all, one for the desk; other fields have none."""
    for kind, readers in TOLD.items():
        told = [each for each in changed if not each.read_by or readers <= set(each.read_by)]
        if told:
            record(ticket, kind, by=by, fields=[each.id for each in told])
        changed = [each for each in changed if each not in told]


def let_wait(row: Any, owner: str, waiting: Mapping[str, tuple[Any, str]]) -> None:
    """What did not fit is kept as it came, for whoever works the list off."""
    if not waiting:
        return
    db.session.flush()
    for field_id, (raw, why) in waiting.items():
        text = raw if isinstance(raw, str) else json.dumps(raw, ensure_ascii=False, default=str)
        text = text.replace("\x00", "")[:LONGEST_TEXT]
        db.session.add(Misfit(owner=owner, row_id=row.id, field_id=field_id, text=text, why=why))
