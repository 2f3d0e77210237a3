"""Two companies and a desk do whatever comes to their minds: nothing of Beta's ever reaches Alpha's people.

Every answer and every letter is looked through for Beta's words (tests/canaries.py), and every count is held to the
rows that the rule shows. BILETY_ACTS says how many acts, BILETY_SEED which ones; `make proof` does many.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, true

import config
from app.access import sees_ticket, standing_of
from app.accounts.membership import come, leave
from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.organisation import Membership, Organisation
from app.models.ranges import Rows
from app.models.ticket import Message, Ticket
from tests import canaries, people
from tests.mail.letters import arrive, letter, work
from tests.security.conftest import ALICE, ANNA_OF_ALPHA, BOB, CAROL, CECIL, ROOT, Caller

Callers = Callable[[str], Caller]
BEN, AGATA = "ben@beta.example", "agata@alpha.example"
ALPHAS, BETAS, DESK = (ALICE, ANNA_OF_ALPHA, AGATA), (BOB, BEN), (CAROL, CECIL, ROOT)
BOXES = ("PomocDYNAMICS@pomoc.example", "PomocTARGIT@pomoc.example")
ACTS, SEED = int(os.environ.get("BILETY_ACTS", "150")), int(os.environ.get("BILETY_SEED", "1"))
LISTS = ("ticket", "message", "attachment", "event", "account", "organisation", "mailbox", "calendar", "state")
ASKED = ("ZQXBTITLE7731", "ZQXBTITLX", "ZQXB", "ZQXNOTEA5512", "ZQXATITLE1", "raport", "*", "id:3", "ZQXBPERSON")


class World:
    """Everybody with his browser and program, and a die."""

    def __init__(self, app: Flask, settings: config.Settings, caller: Callers, seed: int) -> None:
        self.app, self.settings, self.die = app, settings, random.Random(seed)
        with app.app_context(), transaction():
            people.add_account(BEN, organisation="ZQXBETA", name="ZQXBEN B")
            people.add_account(AGATA, organisation="Alpha", name="Agata A")
        self.callers = {email: caller(email) for email in (*ALPHAS, *BETAS, *DESK)}
        self.said, self.fresh = 0, caller

    def words(self, email: str) -> str:
        """New words; those of Beta's people are marked."""
        self.said += 1
        return f"{'ZQXB' if email in BETAS else 'ZQXA'}SAID{self.said} raport nie działa"

    def anyone(self, *groups: tuple[str, ...]) -> str:
        return self.die.choice([email for group in groups for email in group])

    def ticket(self, like: int | None = None) -> int:
        """Any ticket's id, or one of the same company as that one."""
        with self.app.app_context():
            query = select(Ticket.id).order_by(Ticket.id)
            if like is not None:
                query = query.where(Ticket.organisation_id == db.session.get_one(Ticket, like).organisation_id)
            return self.die.choice(list(db.session.scalars(query)))

    def post(self, email: str, path: str, body: dict[str, object]) -> None:
        self.callers[email].api("post", path, json=body)


def mail(world: World) -> None:
    sender = world.anyone(ALPHAS, BETAS)
    number = f"[#{1000 + world.ticket()}] " if world.die.random() < 0.6 else ""
    raw = letter(
        sender=sender,
        subject=f"{number}{world.words(sender)}",
        text=world.words(sender),
        message_id=f"<{world.said}@letters.example>",
    )
    arrive(world.app, world.settings, raw, recipient=world.die.choice(BOXES), sender=sender)


def report(world: World) -> None:
    who = world.anyone(ALPHAS, BETAS)
    new = {"subject": world.words(who), "text": world.words(who), "product_group": world.die.choice((1, 3))}
    world.post(who, "ticket/", {**new, "confidential": world.die.random() < 0.2})


def answer(world: World) -> None:
    """Whoever tries answers whatever he reaches; the desk writes Beta's words in Beta's tickets, and notes."""
    who, ticket = world.anyone(ALPHAS, BETAS, DESK), world.ticket()
    with world.app.app_context():
        of_beta = db.session.get_one(Ticket, ticket).requester.email in BETAS
    spoken = world.words(BOB if of_beta else ALICE) if who in DESK else world.words(who)
    kind = {"kind": world.die.choice(("note", "consultant"))} if who in DESK else {}
    if kind.get("kind") == "note":
        spoken = f"ZQXNOTE{world.said}"
    world.post(who, "message/", {"ticket": ticket, "text": spoken, **kind})


def tie(world: World) -> None:
    """Merge, link, split, move: tickets of both companies, whatever the rules then say."""
    who, one, other = world.anyone(DESK), world.ticket(), world.ticket()
    act = world.die.choice(("merge", "link", "split", "transfer", "move-message"))
    with world.app.app_context():
        message = world.die.choice(list(db.session.scalars(select(Message.id).where(Message.ticket_id == one))))
    bodies: dict[str, dict[str, object]] = {
        "merge": {"into": other},
        "link": {"other": other, "kind": world.die.choice(("duplicate", "parent", "caused_by"))},
        "split": {"message": message, "subject": f"Osobna sprawa {world.said}"},
        "transfer": {"product_group": world.die.choice((1, 3))},
        "move-message": {"message": message, "into": world.ticket(like=one)},
    }
    world.post(who, f"ticket/{one}/{act}", bodies[act])


def share(world: World) -> None:
    """Colleagues let each other in, and keep things to themselves."""
    ticket = world.ticket()
    with world.app.app_context():
        side = BETAS if db.session.get_one(Ticket, ticket).requester.email in BETAS else ALPHAS
    if world.die.random() < 0.5:
        world.post(world.anyone(side, DESK), f"ticket/{ticket}/let-in", {"email": world.anyone(side)})
    else:
        body = {"confidential": world.die.random() < 0.5}
        world.post(world.anyone(side, DESK), f"ticket/{ticket}/confidential", body)


def turn(world: World) -> None:
    act = world.die.choice(("resolve", "close", "reopen", "accept", "watch", "unwatch"))
    world.post(world.anyone(ALPHAS, BETAS, DESK), f"ticket/{world.ticket()}/{act}", {})


def come_and_go(world: World) -> None:
    """Somebody of Alpha leaves it, or comes back and sees more or less than before."""
    with world.app.app_context(), transaction():
        who = db.session.scalars(select(Account).where(Account.email == world.anyone(ALPHAS))).unique().one()
        alpha = db.session.scalars(select(Organisation).where(Organisation.name == "Alpha")).one()
        place = db.session.scalars(select(Membership).where(Membership.account_id == who.id)).one_or_none()
        if place is None:
            come(who, alpha, by=who)
        elif world.die.random() < 0.4:
            leave(place, by=who)
        else:
            place.sharing = world.die.choice(("own", "organisation", "manager"))
    with world.app.app_context():
        email = db.session.get_one(Account, who.id).email
    world.callers[email] = world.fresh(email)  # his tokens ended when he left


def look(world: World) -> None:
    """Somebody of Alpha reads pages, files, receipts, histories and searches, his own and others' numbers."""
    somebody, ticket = world.callers[world.anyone(ALPHAS)], world.ticket()
    pages = (
        f"/tickets/{1000 + ticket}",
        "/tickets/",
        "/",
        f"/tickets/{1000 + ticket}/receipt/{ticket}",
        "/colleagues/",
    )
    somebody.page("get", world.die.choice(pages))
    somebody.page("get", "/search", query_string={"q": world.die.choice(ASKED)})
    somebody.api("get", "search/", query_string={"q": world.die.choice(ASKED)})
    somebody.api("get", f"{world.die.choice(LISTS[:6])}/{world.die.randint(1, 12)}")
    somebody.page("get", world.die.choice(("/desk/audit/export", "/desk/journal/1/raw", "/desk/tickets/list/")))


def count(world: World) -> None:
    """Every number that somebody of Alpha is told is that of his own rows."""
    email = world.anyone(ALPHAS)
    with world.app.app_context():
        account = db.session.scalars(select(Account).where(Account.email == email)).unique().one()
        seen = set(db.session.scalars(select(Ticket.id).where(sees_ticket(standing_of(db.session(), account)))))
        of_beta = select(func.count(Ticket.id)).where(Ticket.organisation_id == 2, Ticket.id.in_(seen))
        assert db.session.scalar(of_beta) == 0
    told = world.callers[email].api("get", "ticket/?q=(page_size:100)").json
    assert told["count"] == len(seen)
    assert set(told["ids"]) == seen if len(seen) <= 100 else set(told["ids"]) < seen
    for name in LISTS[1:6]:
        told = world.callers[email].api("get", f"{name}/?q=(page_size:100)").json
        assert min(told["count"], 100) == len(told["ids"])


def notices(world: World) -> None:
    work(world.app)


DOES = (mail, report, answer, answer, tie, share, turn, come_and_go, look, look, count, notices)


@pytest.fixture
def world(companies: Flask, settings: config.Settings, caller: Callers) -> World:
    return World(companies, settings, caller, SEED)


def walk(world: World, acts: int) -> None:
    for _each in range(acts):
        world.die.choice(DOES)(world)
    notices(world)
    count(world)


def test_nothing_of_betas_reaches_alpha(world: World, settings: config.Settings) -> None:
    walk(world, ACTS)
    with world.app.app_context():
        assert len(db.session.scalars(select(Ticket.id)).all()) > 5
    assert list(Path(settings.outgoing).glob("*.eml"))
    watch: canaries.Watch = world.app.extensions["canaries"]
    watch.check(settings.outgoing)


def test_the_walk_finds_a_hole(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """One clause switched off, and the net below it: the same walk cries out."""
    monkeypatch.setattr("app.views.second_net.concerns", lambda _state: False)
    everything = staticmethod(lambda _standing: Rows(Ticket, (true(),)))
    monkeypatch.setattr("app.views.api.tickets.TicketApi.listed", everything)
    with pytest.raises(AssertionError):
        walk(world, 60)
    watch: canaries.Watch = world.app.extensions["canaries"]
    assert any("ZQXB" in leak for leak in watch.leaks)
    watch.leaks.clear()
