"""Tells the stories of stories.toml by the desk's own verbs, at the time at which they happened."""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.accounts.registration import find_account
from app.demo.files import attach
from app.demo.moments import moment, span
from app.desk import tickets
from app.desk.clocks import counts_as_received, record_for
from app.desk.content import Contribution
from app.desk.levels import refresh
from app.extensions import db
from app.files.store import FileStore
from app.models.account import Account
from app.models.event import Event
from app.models.product_group import ProductGroup
from app.models.ticket import Channel, Message, Priority, Ticket

STORIES = Path(__file__).resolve().parent / "stories.toml"

Story = dict[str, Any]
Step = dict[str, Any]


def tell_all(store: FileStore, now: datetime) -> list[Ticket]:
    """Every story as a ticket, in the order of arrival. Product groups that a desk has given up are left out."""
    stories = tomllib.loads(STORIES.read_text())["ticket"]
    groups = {group.name: group for group in db.session.scalars(select(ProductGroup))}
    told = sorted((story for story in stories if story["group"] in groups), key=lambda s: moment(s["arrived"], now))
    return [_tell(story, groups[story["group"]], store, now) for story in told]


def _tell(story: Story, group: ProductGroup, store: FileStore, now: datetime) -> Ticket:
    first, *rest = story["step"]
    at = moment(story["arrived"], now)
    requester = _person(story["from"])
    ticket = tickets.open_ticket(
        requester=requester,
        product_group=group,
        subject=story["subject"],
        contribution=_contribution({"channel": story.get("channel", Channel.PORTAL), **first}, store),
        by=requester,
        priority=story.get("priority", Priority.NORMAL),
        arrived_at=at,
    )
    seen = _set_back(ticket, at, after=0)
    for step in rest:
        at += span(step["after"])
        if at >= now:
            break  # What has not happened yet is not told.
        _take(ticket, step, store, at)
        seen = _set_back(ticket, at, after=seen)
        _set_promises_back(ticket, at, now)
    for term in ticket.terms:  # Of what is overdue somebody was told at the time.
        if term.is_open and term.due_at and term.due_at < now:
            term.warned_at = term.escalated_at = term.due_at
    refresh(ticket)
    return ticket


def _take(ticket: Ticket, step: Step, store: FileStore, at: datetime) -> None:
    """One step, by the verb that it names: `reply` and `answer` are told apart by who speaks."""
    by = _person(step["by"])
    match step.get("do"):
        case "note":
            tickets.note(ticket, _contribution(step, store), by=by)
        case "priority":
            tickets.set_priority(ticket, to=step["to"], by=by)
        case "assign":
            tickets.assign(ticket, to=_person(step["to"]), by=by)
        case "resolve":
            tickets.resolve(ticket, by=by)
        case "close":
            tickets.close(ticket, by=by)
        case _ if "customer" in by.role_kinds:
            tickets.customer_reply(ticket, _contribution(step, store), by=by, arrived_at=at)
        case _:
            tickets.answer(ticket, _contribution(step, store), by=by, arrived_at=at, then=step.get("then"))


def _set_back(ticket: Ticket, at: datetime, *, after: int) -> int:
    """The verbs write down this instant; set what they just wrote to the story's. Answers the last event's id."""
    db.session.flush()
    events = db.session.scalars(select(Event).where(Event.ticket_id == ticket.id, Event.id > after)).all()
    for event in events:
        event.created_at = at
        if event.message_id:
            message = db.session.get_one(Message, event.message_id)
            message.arrived_at = at
            message.counts_as_received_at = counts_as_received(
                record_for(ticket.product_group, ticket.organisation), at
            )
        if event.kind in ("resolved", "closed"):
            setattr(ticket, f"{event.kind}_at", at)
    ticket.updated_at = at
    return max((event.id for event in events), default=after)


def _set_promises_back(ticket: Ticket, at: datetime, now: datetime) -> None:
    """What this step did to the clocks of the ticket's terms, it did at its own time. Clocks count whole seconds."""
    now = now.replace(microsecond=0)
    for term in ticket.terms:
        if term.met_at and term.met_at >= now:
            term.met_at = max(at, term.starts_at)
        if term.dropped_at and term.dropped_at >= now:
            term.dropped_at = at
    for pause in ticket.pauses:
        if pause.begins_at >= now:
            pause.begins_at = at
        if pause.ends_at and pause.ends_at >= now:
            pause.ends_at = max(at, pause.begins_at)
    refresh(ticket)


def _contribution(step: Step, store: FileStore) -> Contribution:
    channel = step.get("channel", Channel.PORTAL)
    return Contribution(text=step["text"].strip(), channel=channel, files=attach(step.get("files", ()), store))


def _person(email: str) -> Account:
    account = find_account(email)
    if account is None:
        raise LookupError(f"people.toml has nobody with the address {email}.")
    return account
