"""Filters and orders by fields go by indexes, through the code path of the product."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from sqlalchemy import ClauseElement, Executable, func, insert, select, text
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from app.desk import field_indexes, field_sets
from app.events.transaction import transaction
from app.extensions import db
from app.fields import Definition, order_key, stored
from app.models.account import Account
from app.models.field import FieldIndex, FieldValue
from app.models.field_column import between, equals, has_value, indexed, indexed_order, order_of
from app.models.narrowed import Narrowed, narrowed
from app.models.product_group import ProductGroup
from app.models.ranges import Indexed, Order, Rows
from app.models.ticket import Ticket
from app.models.types import utc_now
from tests.fields.samples import a_field
from tests.people import add_account

MANY = 3_000
NEWEST = Order(Ticket.updated_at, Ticket.id)
STAGE = a_field("choice", "stage", filterable=True)
COST = a_field("money", "cost", filterable=True)
TOWN = a_field("text", "town", filterable=True)
SIZES = a_field("choices", "sizes", filterable=True)
ALL = (STAGE, COST, TOWN, SIZES)
TOWNS = ("Łódź", "Lublin", "Żory", "Zabrze", "Zielona Góra")


@pytest.fixture
def full(context: None) -> None:
    """A desk of MANY tickets with values, indexed."""
    with transaction():
        anna = add_account("zofia@nowy.example")
        field_sets.publish(ALL, reason="próba", by=None)
    group, now = db.session.scalars(select(ProductGroup).order_by(ProductGroup.position)).first(), utc_now()
    with transaction():
        db.session.execute(insert(Ticket), [row(number, anna, group, now) for number in range(MANY)])
    field_indexes.bring_up_to_date()


def row(number: int, anna: Account, group: Any, now: Any) -> dict[str, Any]:
    values = {
        STAGE.id: "large" if number % 50 == 0 else "small",
        COST.id: f"{number}.50",
        TOWN.id: TOWNS[number % len(TOWNS)],
        SIZES.id: ["small", "large"] if number % 100 == 0 else ["small"],
    }
    return {
        "id": number + 1, "number": number + 1, "subject": "x", "status": "new", "channel": "portal",
        "product_group_id": group.id, "requester_id": anna.id, "arrived_at": now, "counts_as_received_at": now,
        "updated_at": now, "fields": stored(ALL, values),
    }  # fmt: skip


class Explain(Executable, ClauseElement):
    """The query with EXPLAIN before it, its parameters bound as the product binds them."""

    inherit_cache = False

    def __init__(self, query: Any) -> None:
        self.query = query


@compiles(Explain)
def _explained(element: Explain, compiler: SQLCompiler, **options: Any) -> str:
    words = "EXPLAIN " if compiler.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
    return words + compiler.process(element.query, **options)


def plan(query: Any) -> str:
    """How the database would go about it."""
    with db.engine.connect() as connection:
        if db.engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SET enable_seqscan = off")  # this desk is small
        return "\n".join(str(tuple(line)) for line in connection.execute(Explain(query)))


def plan_of_any_values(query: Any) -> str:
    """PostgreSQL's, which it keeps for all values where it is told to."""
    dialect = psycopg.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
    said = query.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    with db.engine.connect() as connection:
        connection.exec_driver_sql("SET enable_seqscan = off")
        lines = connection.connection.cursor().execute(f"EXPLAIN (GENERIC_PLAN) {said}")
        return "\n".join(line for (line,) in lines)


def name(field: Definition) -> str:
    return f"ix_ticket_field_{field.id}"


def test_each_filter_and_order_goes_by_its_index(full: None) -> None:
    assert field_indexes.ready() == {each.id for each in ALL}
    rows = Rows(Ticket, (Ticket.id > 0,))
    assert name(STAGE) in plan(select(Ticket.id).where(equals(Ticket, STAGE, "large")))
    assert name(COST) in plan(select(Ticket.id).where(between(Ticket, COST, "2990.00", None)))
    assert name(TOWN) in plan(select(Ticket.id).where(equals(Ticket, TOWN, "Łódź")))
    by_cost = order_of(Ticket, COST)
    ordered = rows.where(has_value(Ticket, COST))
    assert name(COST) in plan(ordered.read(by_cost, 25))
    further = ordered.where(by_cost.beyond(order_key(COST, "1500.50"), 1501))
    assert name(COST) in plan(further.read(by_cost, 25))


def asked(rows: Rows, *filters: Indexed, by: Order = NEWEST) -> Narrowed:
    return narrowed(rows.narrowed(filters), by)


def is_equal(field: Definition, value: str) -> Indexed:
    return indexed(Ticket, field, equals(Ticket, field, value), value)


def test_few_rows_are_gathered_and_the_first_of_many_are_met_on_the_way(
    full: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for bound in ("FEW", "FEW_HELD", "FEW_SORTED"):
        monkeypatch.setattr(f"app.models.narrowed.{bound}", 100)
    session, everything = db.session(), Rows(Ticket, (Ticket.product_group_id.in_([1, 2]), Ticket.requester_id == 1))
    large, town, sizes = is_equal(STAGE, "large"), is_equal(TOWN, "Łódź"), is_equal(SIZES, "large")
    by_cost, has_cost = order_of(Ticket, COST), indexed_order(Ticket, COST)

    mixed = asked(everything, town, large)
    narrowest = mixed.narrowest(session)
    assert narrowest is mixed.filters[1]
    gathered = plan(mixed.gathered(narrowest, 26, most=1001))
    assert name(STAGE) in gathered
    several = asked(everything, sizes, has_cost, by=by_cost)
    assert several.narrowest(session) is several.filters[0]
    assert name(COST) not in plan(several.gathered(several.filters[0], 26, most=1001))
    assert name(STAGE) in plan(asked(everything, large).met(26, most=1001))

    many = asked(everything, town, has_cost, by=by_cost)
    assert many.narrowest(session) is None
    assert "ix_ticket_by_requester_id" in plan(many.met(26, most=0)), (
        "his own few are collected, not sought in the order"
    )
    if db.engine.dialect.name == "sqlite":  # PostgreSQL knows how the values are spread, and may use both
        assert name(TOWN) not in gathered
        on_the_way = plan(many.met(26, most=0).with_only_columns(*by_cost.names()))
        assert name(COST) in on_the_way
        assert name(TOWN) not in on_the_way


def test_one_plan_suits_a_list_by_one_field(full: None) -> None:
    if db.engine.dialect.name == "sqlite":
        return  # It keeps every plan.
    in_groups = Rows(Ticket, (Ticket.product_group_id.in_([1, 2]), Ticket.requester_id == 1))
    by_cost, has_cost = order_of(Ticket, COST), indexed_order(Ticket, COST)
    costly = indexed(Ticket, COST, between(Ticket, COST, "1", "2990"))
    lists = (
        (asked(in_groups, is_equal(STAGE, "small")), STAGE, 2),
        (asked(in_groups, has_cost, by=by_cost), COST, 2),
        (asked(in_groups, costly), COST, 1),  # counted by it, met on the way of the newest
    )
    for listed, field, times in lists:
        assert listed.is_plain
        walked = plan_of_any_values(listed.met(26, most=1001)).replace("Scan Backward", "Scan")
        assert walked.count(f"Index Scan using {name(field)}") == times
    assert not asked(in_groups, costly, is_equal(STAGE, "small")).is_plain


def test_either_way_finds_the_same(full: None, monkeypatch: pytest.MonkeyPatch) -> None:
    session, groups = db.session(), list(db.session.scalars(select(ProductGroup.id)))
    everything = Rows(Ticket, (Ticket.product_group_id.in_(groups), Ticket.requester_id == -1))
    stage, town, sizes = is_equal(STAGE, "large"), is_equal(TOWN, "Łódź"), is_equal(SIZES, "large")
    cost = [indexed(Ticket, COST, between(Ticket, COST, *bounds)) for bounds in (("100", None), (None, "2900"))]
    by_cost, has_cost = order_of(Ticket, COST), indexed_order(Ticket, COST)
    for few, (filters, order, after) in itertools.product(
        (1, 10_000),
        (
            ((stage,), NEWEST, None),
            ((stage, town), NEWEST, None),
            ((sizes, *cost), NEWEST.reversed(), None),
            ((stage, *cost, has_cost), by_cost, (order_key(COST, "1500.50"), 1501)),
            ((sizes, has_cost), by_cost.reversed(), None),
            ((town, stage, has_cost), by_cost, None),
        ),
    ):
        for bound in ("FEW", "FEW_HELD", "FEW_SORTED"):
            monkeypatch.setattr(f"app.models.narrowed.{bound}", few)
        listed = asked(everything, *filters, by=order)
        narrowest = None if listed.is_led else listed.narrowest(session)
        assert listed.is_led or (narrowest is None) == (few == 1)
        query = (
            listed.gathered(narrowest, 7, most=50, after=after) if narrowest else listed.met(7, most=50, after=after)
        )
        found = session.execute(query).all()
        plain = everything.where(*(each.clause for each in filters))
        expected = (plain.where(order.beyond(*after)) if after else plain).read(order, 7)
        assert [key.id for key in found] == [ticket.id for ticket in session.scalars(expected)]
        told = {key[-1] for key in found}
        assert told == {session.scalar(select(plain.count(50)))} or (told == {None} and few == 1 and len(filters) > 1)


def test_what_they_find_is_right_and_in_polish_order(full: None) -> None:
    def found(*where: Any) -> list[int]:
        return list(db.session.scalars(select(Ticket.id).where(*where).order_by(Ticket.id)))

    assert len(found(equals(Ticket, STAGE, "large"))) == MANY // 50
    assert len(found(equals(Ticket, SIZES, "large"))) == MANY // 100
    assert found(between(Ticket, COST, "10.50", "12")) == [11, 12]
    towns = Rows(Ticket, (has_value(Ticket, TOWN),)).read(order_of(Ticket, TOWN), MANY)
    seen = [ticket.fields[TOWN.id] for ticket in db.session.scalars(towns)]
    assert list(dict.fromkeys(seen)) == ["Lublin", "Łódź", "Zabrze", "Zielona Góra", "Żory"]
    by_cost = order_of(Ticket, COST)
    rows = Rows(Ticket, (has_value(Ticket, COST),)).where(by_cost.beyond(order_key(COST, "9.50"), 10))
    after = rows.read(by_cost, 2)
    assert [ticket.fields[COST.id] for ticket in db.session.scalars(after)] == ["10.50", "11.50"]


def test_an_index_goes_with_its_field(full: None) -> None:
    with transaction():
        field_sets.publish([STAGE.changed(filterable=False)], reason="próba", by=None)
    field_indexes.bring_up_to_date()
    assert STAGE.id not in field_indexes.ready()
    assert db.session.get(FieldIndex, STAGE.id) is None


def test_the_planner_knows_how_many_rows_share_a_value(full: None) -> None:
    known = {
        "postgresql": "SELECT tablename FROM pg_stats",
        "sqlite": "SELECT coalesce(idx, tbl) FROM sqlite_stat1 UNION SELECT tbl FROM sqlite_stat1",
    }[db.engine.dialect.name]
    found = set(db.session.scalars(text(known)))
    assert {"field_value", *(f"ix_ticket_field_{field.id}" for field in (STAGE, COST, TOWN))} <= found


def test_values_that_came_too_late_are_taken_away_again(full: None) -> None:
    """An index that is built anew finds rows that no ticket has any more."""
    with transaction():
        db.session.add(FieldValue(field_id=SIZES.id, value="large", row_id=2))
        db.session.get_one(FieldIndex, SIZES.id).state = field_indexes.FAILED
    field_indexes.bring_up_to_date()
    kept = select(FieldValue.value, func.count()).where(FieldValue.field_id == SIZES.id).group_by(FieldValue.value)
    assert sorted(map(tuple, db.session.execute(kept))) == [("large", MANY // 100), ("small", MANY)]


def test_plans_are_kept_from_request_to_request(full: None) -> None:
    if db.engine.dialect.name != "postgresql":
        return  # SQLite has nothing to keep
    for _request in range(6):
        db.session.execute(select(Ticket.id).limit(1)).all()
        db.session.rollback()
    assert db.session.scalar(text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%ticket%'"))
