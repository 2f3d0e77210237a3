"""States are data: which there are, what retiring one means, and who may move a ticket from which to which."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select

from app.desk import errors, tickets
from app.desk.states import add_state, change_state, set_moves
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.product_group import ProductGroup
from app.models.ticket import State, StateKind, StateMove
from tests.desk.acts import after, opened, words


def state(code: str) -> State:
    return db.session.get_one(State, code)


def add(kind: StateKind = StateKind.OPEN, **wanted: object) -> str:
    values = {"name_pl": "U prawników", "name_en": "With our lawyers", "position": 9, **wanted}
    with transaction():
        return add_state(kind=kind, **values).code  # type: ignore[arg-type]  # passed on as given


def retire(code: str) -> None:
    with transaction():
        found = state(code)
        change_state(found, name_pl=found.name_pl, name_en=found.name_en, position=1, active=False)


def test_a_new_state_is_reached_and_left_like_the_others_of_its_kind(
    anna: Account, ewa: Account, product_group: ProductGroup
) -> None:
    code = add()
    assert code == "with_our_lawyers"
    ticket = opened(anna, product_group)
    assert after(ticket, lambda ticket: tickets.move(ticket, to=code, by=ewa)) == (code, ["moved"])
    assert after(ticket, lambda ticket: tickets.move(ticket, to="open", by=ewa)) == ("open", ["moved"] * 2)
    after(ticket, lambda ticket: tickets.move(ticket, to=code, by=ewa))
    assert after(ticket, lambda ticket: tickets.close(ticket, by=anna))[0] == "closed"


def test_rules_go_by_kind_not_by_code(anna: Account, ewa: Account, product_group: ProductGroup) -> None:
    code = add(StateKind.WAITING_CUSTOMER, name_en="Waiting for a signature", name_pl="Czeka na podpis")
    ticket = opened(anna, product_group)
    after(ticket, lambda ticket: tickets.answer(ticket, words(), by=ewa, then=code))
    assert after(ticket, lambda ticket: tickets.customer_reply(ticket, words(), by=anna))[0] == "open"
    done = add(StateKind.RESOLVED, name_en="Worked around", name_pl="Obejście")
    assert after(ticket, lambda ticket: tickets.move(ticket, to=done, by=ewa))[1][-1] == "resolved"
    with pytest.raises(errors.AlreadyResolved), transaction():
        tickets.resolve(ticket, by=ewa)
    assert after(ticket, lambda ticket: tickets.customer_reply(ticket, words(), by=anna))[1][-1] == "reopened"
    assert ticket.resolved_at is None


def test_a_retired_state_takes_no_ticket_and_keeps_those_that_it_has(
    anna: Account, ewa: Account, product_group: ProductGroup
) -> None:
    code = add()
    ticket, other = opened(anna, product_group), opened(anna, product_group)
    after(ticket, lambda ticket: tickets.move(ticket, to=code, by=ewa))
    retire(code)
    assert ticket.state.code == code
    with pytest.raises(errors.UnknownState), transaction():
        tickets.move(other, to=code, by=ewa)
    assert after(ticket, lambda ticket: tickets.move(ticket, to="open", by=ewa))[0] == "open"


def test_another_state_of_the_kind_takes_over_from_a_retired_one(anna: Account, product_group: ProductGroup) -> None:
    with pytest.raises(errors.LastOfItsKind):
        retire("new")
    code = add(StateKind.NEW, name_en="Fresh", name_pl="Świeży")
    retire("new")
    with transaction():
        ticket = tickets.open_ticket(
            requester=anna, product_group=product_group, subject="Raport", contribution=words(), by=anna
        )
    assert ticket.status == code
    with pytest.raises(errors.LastOfItsKind):
        retire(code)


def test_two_states_cannot_have_one_name_and_no_two_have_one_code() -> None:
    with pytest.raises(errors.StateNameTaken):
        add(name_pl="zamknięte")
    add(name_pl="Ślepy", name_en="Blind")
    with pytest.raises(errors.StateNameTaken):
        add(name_pl="śLEPY")
    assert add(name_pl="日本", name_en="日本") == "state"
    assert add(name_pl="韓国", name_en="韓国") == "state_2"
    assert add(name_pl="Nowe x", name_en="New!") == "new_2"


def test_what_the_table_does_not_name_is_refused_to_everybody(
    anna: Account, ewa: Account, people: dict[str, Account], product_group: ProductGroup
) -> None:
    ticket = opened(anna, product_group)
    with transaction():
        db.session.execute(delete(StateMove))
    for act in (
        lambda: tickets.move(ticket, to="open", by=ewa),
        lambda: tickets.close(ticket, by=anna),
        lambda: tickets.resolve(ticket, by=people["adam"]),
        lambda: tickets.answer(ticket, words(), by=ewa, then="waiting_customer"),
    ):
        with pytest.raises(errors.MoveNotAllowed, match="Nowe"), transaction():
            act()
    assert after(ticket, lambda ticket: tickets.answer(ticket, words(), by=ewa))[0] == "open", "the rules may"


def test_a_move_of_managers_is_theirs_alone(
    anna: Account, people: dict[str, Account], product_group: ProductGroup
) -> None:
    with transaction():
        set_moves(state("new"), {("closed", "manager"), ("open", "consultant"), ("open", "customer")})
    ticket = opened(anna, product_group)
    with pytest.raises(errors.MoveNotAllowed), transaction():
        tickets.close(ticket, by=anna)
    assert after(ticket, lambda ticket: tickets.close(ticket, by=people["adam"]))[0] == "closed"
    kept = select(StateMove).where(StateMove.from_code == "new")
    assert len(db.session.scalars(kept).all()) == 3
