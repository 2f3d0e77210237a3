"""Lists of what is due are read off an index of the few tickets of which something is, group by group."""

from __future__ import annotations

import pytest
from sqlalchemy import ColumnElement, select, text

from app.extensions import db
from app.models.ranges import Order, Rows
from app.models.ticket import Ticket
from app.models.types import utc_now

BY_DUE = Order(Ticket.due_at, Ticket.id, descending=False)
pytestmark = pytest.mark.usefixtures("context")


@pytest.mark.parametrize("condition", [Ticket.due_at < utc_now(), Ticket.due_at.is_not(None)], ids=["late", "any"])
def test_a_list_of_some_groups_by_due_time_goes_by_its_index(condition: ColumnElement[bool]) -> None:
    rows = Rows(Ticket, (Ticket.product_group_id.in_([1, 2, 3, 4]),)).where(condition)
    for query in (rows.read(BY_DUE, 26), select(rows.count(1001))):
        plan = plan_of(str(query.compile(db.engine, compile_kwargs={"literal_binds": True})))
        assert plan.count("ix_ticket_product_group_id_due_at_id") == 4
        assert "ix_ticket_due_at_id" not in plan
        assert "SCAN ticket" not in plan


def plan_of(query: str) -> str:
    """How the database would go about it, were the table too large to be read whole."""
    literal = query.replace(":", "\\:")
    if db.engine.dialect.name == "postgresql":
        for way in ("seqscan", "bitmapscan"):
            db.session.execute(text(f"SET LOCAL enable_{way} = off"))
        return "\n".join(db.session.scalars(text(f"EXPLAIN {literal}")))
    return "\n".join(row[3] for row in db.session.execute(text(f"EXPLAIN QUERY PLAN {literal}")))
