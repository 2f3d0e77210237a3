"""Made-up tickets as rows ready to insert."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import accumulate
from random import Random
from typing import Any, NamedTuple

from app.demo.crowd import Crowd, Customer
from app.demo.lives import CUSTOMER, Life, Receipts, live
from app.demo.words import Writer
from app.events.record import EventKind

Row = dict[str, Any]


class CalendarVersion(NamedTuple):
    """By which calendar a product group receives."""

    calendar_id: int
    calendar_version: int


class Batch(NamedTuple):
    """Rows by table; what is alike in all of them is left out."""

    tickets: list[Row]
    messages: list[Row]
    events: list[Row]


class Maker:
    """Makes rows from instants of arrival. `groups`: id, calendar and receipts, the busiest first."""

    def __init__(
        self, crowd: Crowd, groups: Sequence[tuple[int, CalendarVersion, Receipts]], random: Random, now: datetime
    ) -> None:
        self.crowd, self.groups, self.random, self.now = crowd, groups, random, now
        self.busy = list(accumulate(1 / rank for rank in range(1, len(groups) + 1)))
        self.writers = {language: Writer(language, random) for language in ("pl", "en")}

    def batch(
        self, moments: Sequence[datetime], numbers: Sequence[int], ticket_ids: Sequence[int], message_ids: Sequence[int]
    ) -> Batch:
        """As many tickets as there are moments, with their messages and the events that opened them."""
        count = len(moments)
        customers = self.random.choices(self.crowd.customers, cum_weights=self.crowd.weights, k=count)
        groups = self.random.choices(self.groups, cum_weights=self.busy, k=count)
        batch = Batch([], [], [])
        for place, at in enumerate(moments):
            group, calendar, receipts = groups[place]
            life = live(at, receipts, self.now, self.random)
            ticket = self._ticket(life, customers[place], group, receipts)
            ticket |= {"id": ticket_ids[place], "number": numbers[place], **calendar._asdict()}
            batch.tickets.append(ticket)
            self._talk(batch.messages, ticket, life, receipts, message_ids[3 * place : 3 * place + 3])
            batch.events.append(self._opened(ticket, batch.messages[-3]["id"]))
        return batch

    def _ticket(self, life: Life, customer: Customer, group: int, receipts: Receipts) -> Row:
        arrived_at = life.moments[0]
        return {
            "subject": self.writers[customer.language].subject(),
            "status": life.status,
            "priority": life.priority,
            "channel": life.channel,
            "language": customer.language,
            "product_group_id": group,
            "requester_id": customer.id,
            "organisation_id": customer.organisation_id,
            "assignee_id": self._consultant(group) if life.talk[1] is not CUSTOMER else None,
            "arrived_at": arrived_at,
            "counts_as_received_at": receipts.of(arrived_at),
            "updated_at": life.ended_at or life.moments[2],
            "resolved_at": life.ended_at,
            "closed_at": life.ended_at if life.status == "closed" else None,
        }

    def _talk(self, rows: list[Row], ticket: Row, life: Life, receipts: Receipts, ids: Sequence[int]) -> None:
        writer = self.writers[ticket["language"]]
        for message_id, kind, at in zip(ids, life.talk, life.moments, strict=True):
            by_customer = kind is CUSTOMER
            rows.append(
                {
                    "id": message_id,
                    "ticket_id": ticket["id"],
                    "author_id": ticket["requester_id"] if by_customer else ticket["assignee_id"],
                    "kind": kind,
                    "channel": life.channel if by_customer else "portal",
                    "text": writer.message(),
                    "arrived_at": at,
                    "counts_as_received_at": receipts.of(at),
                    "calendar_id": ticket["calendar_id"],
                    "calendar_version": ticket["calendar_version"],
                }
            )

    def _opened(self, ticket: Row, message_id: int) -> Row:
        return {
            "kind": str(EventKind.OPENED),
            "ticket_id": ticket["id"],
            "message_id": message_id,
            "actor_id": ticket["requester_id"],
            "created_at": ticket["arrived_at"],
        }

    def _consultant(self, group: int) -> int:
        duty = self.crowd.consultants[group]
        return duty[int(len(duty) * self.random.random() ** 1.5)]
