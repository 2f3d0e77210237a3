"""A relay that is down for hours: every letter arrives once and in its order, and no door waits for it (R-05)."""

from __future__ import annotations

import re
import socket
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from itertools import pairwise

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask
from sqlalchemy import func, select

from app.events.outbox import LONGEST_DELAY, delay_after, drain_batch
from app.events.wake import LETTERS
from app.extensions import db
from app.jobs.drain import REACTIONS
from app.models.tables import outbox
from app.models.types import utc_now
from tests.mail.conftest import Move
from tests.mail.desk import CONSULTANT, CUSTOMER, answer, letters, open_ticket

TICKETS, ANSWERS = 6, 4
MOODS = ((timedelta(hours=6), "down"), (timedelta(hours=7), "unwilling"), (timedelta(hours=7, minutes=45), "cut"))
ANSWER = r"Odpowiedź (\d) na sprawę (\d)"
LOOK_EVERY = timedelta(minutes=1)  # no sooner than the first delay
LONGEST_PAUSE = LONGEST_DELAY + 5 * LOOK_EVERY


class Moody:
    """A relay in one of its moods: `unwilling` for now, `cut` once it has the letter, or well."""

    def __init__(self) -> None:
        self.mood = "well"
        self.connections = 0
        self.cut: Counter[str] = Counter()
        self.taken: list[tuple[str, str]] = []  # Message-ID and subject

    async def handle_EHLO(  # noqa: N802  aiosmtpd's name
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802  aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.mood == "unwilling":
            return "451 4.3.0 Later"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd's name
        letter = message_from_bytes(envelope.original_content or b"", policy=default)
        if self.mood == "cut":
            self.cut[letter["Message-ID"]] += 1
            assert server.transport is not None
            server.transport.abort()
            return "421 Cut"
        self.taken.append((letter["Message-ID"], letter.get_body(("plain",)).get_content()))
        return "250 OK"


@pytest.fixture
def relay(use_relay: Callable[[int], None]) -> Iterator[Moody]:
    moody = Moody()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    controller = Controller(moody, hostname="127.0.0.1", port=port)
    controller.start()
    use_relay(port)
    yield moody
    controller.stop()


@pytest.fixture
def closed() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(autouse=True)
def answered(context: None, make_account: Callable[..., int]) -> None:
    """Tickets whose customer is owed several answers each."""
    make_account(CUSTOMER, organisation="Klient", name="Anna Nowak")
    make_account(CONSULTANT, role="consultant", groups=("DYNAMICS",), name="Ewa Wrona")
    for number in range(TICKETS):
        ticket = open_ticket(subject=f"Sprawa {number}", message_id=f"<{number}@klient.example>")
        for turn in range(ANSWERS):
            answer(ticket, f"Odpowiedź {turn} na sprawę {number}.")


def drain() -> None:
    """All that is due now, as a worker does it."""
    while drain_batch(LETTERS, REACTIONS, now=utc_now):
        db.session.remove()


def test_hours_without_a_relay_lose_double_and_reorder_nothing(
    app: Flask, relay: Moody, closed: int, use_relay: Callable[[int], None], move: Move
) -> None:
    port = app.extensions["settings"].mail_port
    begun, tries = utc_now(), defaultdict[int, list[datetime]](list)
    attempts: Counter[int] = Counter()
    letters_out = outbox.c.queue == LETTERS
    while db.session.scalar(select(func.count()).where(letters_out)):
        past = utc_now() - begun
        relay.mood = next((mood for until, mood in MOODS if past < until), "well")
        use_relay(closed if relay.mood == "down" else port)
        drain()
        for letter in letters():
            if letter.attempts > attempts[letter.id]:
                attempts[letter.id] = letter.attempts
                tries[letter.id].append(utc_now())
        assert past < MOODS[-1][0] + timedelta(hours=1)
        due = db.session.scalar(select(func.min(outbox.c.due_at)).where(letters_out))
        move(max(due - utc_now(), LOOK_EVERY) if due else timedelta())

    left = letters()
    assert {letter.state for letter in left} == {"sent"}
    assert Counter(message_id for message_id, _words in relay.taken) == Counter(letter.message_id for letter in left)
    assert relay.cut.keys() <= {message_id for message_id, _words in relay.taken}
    told = [found for _message_id, words in relay.taken for found in re.findall(ANSWER, words)[:1]]
    for number in range(TICKETS):
        assert [turn for turn, about in told if about == str(number)] == [str(turn) for turn in range(ANSWERS)]
    for times in tries.values():
        pauses = [later - earlier for earlier, later in pairwise(times)]
        assert all(delay_after(number + 1) <= pause < LONGEST_PAUSE for number, pause in enumerate(pauses))
    assert max(len(times) for times in tries.values()) > len(MOODS) * 4
