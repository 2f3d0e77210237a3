"""An import: begun with a file, checked on the real rows without a trace, carried out, stopped.

Both the check and the import itself write each row by the same code, in a savepoint of its own; the check takes its
chunk of rows back. So what the check says is what happens, as long as nobody changes the rows meanwhile.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError

from app.broken_rule import BrokenRule
from app.desk.errors import DeskError
from app.desk.field_values import UnfitFields
from app.events.audit import AuditKind, write_down
from app.events.transaction import transaction
from app.extensions import db
from app.files.store import FileStore
from app.imports import heads
from app.imports.table import Table, read
from app.imports.targets import Cells, Refused, Target, target_of
from app.locale import in_zone, language
from app.models.account import Account
from app.models.import_run import ImportRun, ImportState
from app.models.types import utc_now

log = logging.getLogger(__name__)
CHUNK = 50  # rows in one transaction: others write between
MOST_TOLD = 500
LONGEST_TOLD = 200
BUSY = (ImportState.CHECKING, ImportState.RUNNING)


class NoKey(DeskError):
    sentence = _l("No column of the file says which row is meant.")


class NotReady(DeskError):
    status = 409
    sentence = _l("This import is being worked at, or is over. Look at it anew.")


class _TakenBack(Exception):
    """Ends a transaction of the check."""


def begin(
    owner: str, name: str, content: bytes, *, files: FileStore, by: Account, told: Iterable[str] = ()
) -> ImportRun:
    """Keep the file. `told` are words over columns of our own exports that no import takes.

    Raises NoTable, NoHead, TooManyRows, UnknownColumns, Ambiguous, NoKey.
    """
    table, target = read(content), target_of(owner, by)
    head = heads.named(table.head, target, told)
    keys = target.known_by(head)
    if not keys:
        raise NoKey
    run = ImportRun(
        owner=owner,
        name=name[:200],
        sha256=files.put(content),
        head=head,
        known_by=keys[0],
        rows=len(table.rows),
        account_id=by.id,
    )
    db.session.add(run)
    db.session.flush()
    return run


def check(run: ImportRun, known_by: str) -> None:
    """Let it be tried. Raises NotReady, NoKey."""
    if run.state in BUSY or run.state == ImportState.DONE:
        raise NotReady
    if known_by not in target_of(run.owner, run.account).known_by(run.head):
        raise NoKey
    run.known_by = known_by
    _start(run, ImportState.CHECKING)


def carry_out(run: ImportRun) -> None:
    """Let it be done. What was done before it was stopped is found unchanged and left. Raises NotReady."""
    if run.state not in (ImportState.CHECKED, ImportState.STOPPED):
        raise NotReady
    _start(run, ImportState.RUNNING)
    write_down(AuditKind.SETTINGS, about=run.name, table="import", act="added", values={"owner": run.owner})


def stop(run: ImportRun) -> None:
    """What was done stays; the rest is not begun. Raises NotReady."""
    if run.state not in BUSY:
        raise NotReady
    run.state, run.finished_at = ImportState.STOPPED, utc_now()


def go_on() -> None:
    """Work at every import that waits, one after the other. Can be stopped at any time and goes on where it was."""
    waiting = select(ImportRun.id).where(ImportRun.state.in_(BUSY)).order_by(ImportRun.id)
    for run_id in db.session.scalars(waiting).all():
        run = db.session.get_one(ImportRun, run_id)
        with force_locale(run.language), in_zone(run.account.timezone):
            try:
                table = replace(read(current_app.extensions["files"].get(run.sha256)), head=tuple(run.head))
                while _step(run_id, table):
                    pass
            except (OSError, BrokenRule, SQLAlchemyError):
                log.exception("Import %s failed", run_id)
                db.session.rollback()
                with transaction():
                    db.session.execute(
                        update(ImportRun)
                        .where(ImportRun.id == run_id)
                        .values(state=ImportState.FAILED, finished_at=utc_now())
                    )


def _start(run: ImportRun, state: ImportState) -> None:
    run.state, run.at, run.finished_at, run.language = state, 0, None, language()
    run.added = run.changed = run.same = run.refused = 0
    run.problems = []


def _step(run_id: int, table: Table) -> bool:
    """The next rows. Answers whether more follow."""
    run = db.session.get_one(ImportRun, run_id, populate_existing=True)
    if run.state not in BUSY:
        return False
    target, first = target_of(run.owner, run.account), run.at
    numbers = range(first, min(first + CHUNK, len(table.rows)))
    twice = _twice(table, run.known_by)
    if run.state == ImportState.CHECKING:
        done = _without_a_trace(target, table, numbers, run.known_by, twice)
        with transaction():
            return _told(run_id, done, len(table.rows))
    with transaction():
        done = [_row(target, table, number, run.known_by, twice) for number in numbers]
        return _told(run_id, done, len(table.rows))


def _without_a_trace(
    target: Target, table: Table, numbers: range, key: str, twice: dict[str, int]
) -> list[tuple[str, list[dict[str, Any]]]]:
    done: list[tuple[str, list[dict[str, Any]]]] = []
    try:
        with transaction():
            done = [_row(target, table, number, key, twice) for number in numbers]
            raise _TakenBack
    except _TakenBack:
        return done


def _row(
    target: Target, table: Table, number: int, key: str, twice: dict[str, int]
) -> tuple[str, list[dict[str, Any]]]:
    """What became of the row: added, changed, same or refused, and why."""
    cells = target.cells(table.row(number))
    try:
        if twice.get(cells[key], number) != number:
            above = table.numbers[twice[cells[key]]]
            raise Refused({key: _("Row %(number)s of the file is about the same.", number=above)})
        with db.session.begin_nested():
            row = target.find(key, cells)
            target.check(row, cells)
            before = target.state(row) if row is not None else None
            with _named(target):
                row = target.write(row, cells)
            db.session.flush()
            after = target.state(row)
        return ("added" if before is None else "same" if before == after else "changed"), []
    except Refused as refused:
        return "refused", [_problem(table.numbers[number], name, cells, why) for name, why in refused.why.items()]
    except BrokenRule as error:
        return "refused", [_problem(table.numbers[number], "", cells, str(error))]


@contextmanager
def _named(target: Target) -> Iterator[None]:
    """Say by the names of columns what does not fit its field."""
    try:
        yield
    except UnfitFields as error:
        raise target.refused(error) from error


def _problem(number: int, column: str, cells: Cells, why: str) -> dict[str, Any]:
    return {"row": number, "column": column, "text": cells.get(column, "")[:LONGEST_TOLD], "why": why}


def _twice(table: Table, key: str) -> dict[str, int]:
    """The first row of each key."""
    found: dict[str, int] = {}
    for number in range(len(table.rows)):
        found.setdefault(table.row(number)[key], number)
    return found


def _told(run_id: int, done: list[tuple[str, list[dict[str, Any]]]], rows: int) -> bool:
    """Keep how far it is. Somebody may have stopped it meanwhile."""
    query = select(ImportRun).where(ImportRun.id == run_id).with_for_update(of=ImportRun)
    run = db.session.scalars(query.execution_options(populate_existing=True)).unique().one()
    for act, problems in done:
        setattr(run, act, getattr(run, act) + 1)
        run.problems = (run.problems + problems)[:MOST_TOLD]
    run.at += len(done)
    if run.at >= rows and run.state in BUSY:
        run.state = ImportState.CHECKED if run.state == ImportState.CHECKING else ImportState.DONE
        run.finished_at = utc_now()
    return run.state in BUSY
