"""The states of a ticket as data: which there are, and who may move a ticket from which to which."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from sqlalchemy import Select, func, or_, select

from app.access import Right, Standing
from app.desk.errors import LastOfItsKind, StateNameTaken, UnknownState
from app.extensions import db
from app.models.ticket import FINISHED, Mover, State, StateKind, StateMove, Ticket

LONGEST_CODE = 32
Move = tuple[str, str]  # the code of the state that it leads to, and one of Mover


def state_named(code: str) -> State:
    """The active state of that code. Raises UnknownState."""
    state = db.session.get(State, code)
    if state is None or not state.active:
        raise UnknownState
    return state


def first_of(kind: StateKind) -> State:
    """The state that the rules move tickets to: the preset's of this kind, else the first active one."""
    state = db.session.get(State, str(kind))
    if state is None or not state.active:
        state = db.session.scalars(_active(kind).order_by(State.position, State.code).limit(1)).one()
    return state


def movers(standing: Standing, ticket: Ticket) -> frozenset[Mover]:
    """In whose name this account makes moves of the ticket. Who manages its group may do all that consultants may."""
    if Right.HANDLE not in standing.rights(ticket):
        return frozenset({Mover.CUSTOMER})
    manages = standing.manages(ticket.product_group_id)
    return frozenset({Mover.CONSULTANT, Mover.MANAGER} if manages else {Mover.CONSULTANT})


def may_move(who: Collection[Mover], ticket: Ticket, to: State) -> bool:
    """Whether one of them may make that move."""
    query = select(StateMove.id).where(
        StateMove.from_code == ticket.state.code, StateMove.to_code == to.code, StateMove.who.in_(who)
    )
    return db.session.scalar(query.limit(1)) is not None


def add_state(*, kind: StateKind, name_pl: str, name_en: str, position: int, active: bool = True) -> State:
    """A state more of that kind, with the moves that the kind's first state has. Raises StateNameTaken."""
    _check_names(None, name_pl, name_en)
    example = first_of(kind)
    state = State(
        code=_free_code(name_en), kind=kind, name_pl=name_pl, name_en=name_en, position=position, active=active
    )
    db.session.add(state)
    db.session.flush()
    like = select(StateMove).where(or_(StateMove.from_code == example.code, StateMove.to_code == example.code))
    for move in db.session.scalars(like).all():
        ends = [state.code if code == example.code else code for code in (move.from_code, move.to_code)]
        db.session.add(StateMove(from_code=ends[0], to_code=ends[1], who=move.who))
    for ends in ([example.code, state.code], [state.code, example.code]):
        db.session.add(StateMove(from_code=ends[0], to_code=ends[1], who=Mover.CONSULTANT))
    return state


def change_state(state: State, *, name_pl: str, name_en: str, position: int, active: bool) -> None:
    """Rename, reorder or retire a state; tickets that are in it stay. Raises StateNameTaken, LastOfItsKind."""
    _check_names(state, name_pl, name_en)
    if state.active and not active:
        others = _active(StateKind(state.kind)).where(State.code != state.code)
        if db.session.scalars(others.limit(1)).first() is None:
            raise LastOfItsKind
    state.name_pl, state.name_en, state.position, state.active = name_pl, name_en, position, active


def set_moves(state: State, wanted: Collection[Move]) -> None:
    """Let exactly these moves lead out of the state."""
    moves = {(move.to_code, move.who): move for move in moves_from(state)}
    for gone in moves.keys() - set(wanted):
        db.session.delete(moves[gone])
    for to_code, who in sorted(set(wanted) - moves.keys()):
        db.session.add(StateMove(from_code=state.code, to_code=to_code, who=who))


def moves_from(state: State) -> list[StateMove]:
    return list(db.session.scalars(select(StateMove).where(StateMove.from_code == state.code)))


def add_first_moves() -> None:
    """On a desk without any moves: consultants may make every one; customers may close, and reopen what is finished."""
    if db.session.scalar(select(func.count(StateMove.id))):
        return
    states = db.session.scalars(select(State)).all()
    for before in states:
        for after in states:
            if before is not after:
                db.session.add(StateMove(from_code=before.code, to_code=after.code, who=Mover.CONSULTANT))
            if _is_customers(before, after):
                db.session.add(StateMove(from_code=before.code, to_code=after.code, who=Mover.CUSTOMER))


def _is_customers(before: State, after: State) -> bool:
    if before.kind in FINISHED and after.kind == StateKind.OPEN:
        return True
    return before.kind != StateKind.CLOSED and after.kind == StateKind.CLOSED


def _active(kind: StateKind) -> Select[State]:
    return select(State).where(State.kind == kind, State.active)


def _check_names(own: State | None, name_pl: str, name_en: str) -> None:
    """Compared here: SQLite's lower() knows no Polish letters. There are few states."""
    others = db.session.execute(select(State.name_pl, State.name_en).where(State.code != (own.code if own else "")))
    if any(pl.casefold() == name_pl.casefold() or en.casefold() == name_en.casefold() for pl, en in others):
        raise StateNameTaken


def _free_code(name: str) -> str:
    """A code that programs can write, made of the English name."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[: LONGEST_CODE - 4]
    stem = stem if stem.isidentifier() else f"state_{stem}".rstrip("_")[: LONGEST_CODE - 4]
    taken = set(db.session.scalars(select(State.code).where(State.code.startswith(stem, autoescape=True))))
    return next(code for code in (stem, *(f"{stem}_{number}" for number in range(2, 99))) if code not in taken)
