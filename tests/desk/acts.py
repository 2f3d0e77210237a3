"""A ticket in any state, and every act that a desk knows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import select

from app.desk import tickets
from app.desk.content import Contribution
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.event import Event, OutboxItem
from app.models.product_group import ProductGroup
from app.models.ticket import Channel, Ticket

FINISHED = ("resolved", "closed")
Act = Callable[[Ticket], object]


def words(text: str = "Nic nie ma.", **more: object) -> Contribution:
    return Contribution(text=text, channel=Channel.PORTAL, **more)  # type: ignore[arg-type]  # passed on as given


def opened(requester: Account, product_group: ProductGroup, *, state: str = "new", **wanted: object) -> Ticket:
    """A ticket that is in this state, its past forgotten."""
    values = {"subject": "Raport jest pusty", "contribution": words(), **wanted}
    with transaction():
        ticket = tickets.open_ticket(
            requester=requester,
            product_group=product_group,
            by=requester,
            **values,  # type: ignore[arg-type]
        )
        ticket.status = state
        if state in FINISHED:
            ticket.resolved_at = ticket.arrived_at
        db.session.flush()
        for row in (*db.session.scalars(select(OutboxItem)), *db.session.scalars(select(Event))):
            db.session.delete(row)
    return ticket


def after(ticket: Ticket, act: Act) -> tuple[str, list[str]]:
    """The state that the act led to, and what was written down."""
    with transaction():
        act(ticket)
    db.session.expire_all()
    return ticket.status, [event.kind for event in ticket.events]


def act_of(name: str, anna: Account, ewa: Account, *, text: str = "Nic nie ma.") -> Act:
    """One of the acts, by the customer or by the consultant."""
    said = words(text)
    acts: dict[str, Act] = {
        "reply": lambda ticket: tickets.customer_reply(ticket, said, by=anna),
        "answer": lambda ticket: tickets.answer(ticket, said, by=ewa),
        "answer and wait": lambda ticket: tickets.answer(ticket, said, by=ewa, then="waiting_customer"),
        "answer and resolve": lambda ticket: tickets.answer(ticket, said, by=ewa, then="resolved"),
        "note": lambda ticket: tickets.note(ticket, said, by=ewa),
        "automatic letter": lambda ticket: tickets.file_automatic(
            ticket, said, by=None, arrived_at=datetime(2026, 3, 2, 10, tzinfo=UTC)
        ),
        "resolve": lambda ticket: tickets.resolve(ticket, by=ewa),
        "close": lambda ticket: tickets.close(ticket, by=ewa),
        "reopen": lambda ticket: tickets.reopen(ticket, by=ewa),
    }
    return acts[name]
