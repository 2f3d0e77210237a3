"""Whoever forges a sender, and machines that answer each other, while a clock runs that the test moves (O41, O43)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

import config
from app.extensions import db
from app.models.event import Letter
from app.models.journal import JournalEntry
from tests.mail.conftest import Move
from tests.mail.letters import arrive, letter, sent, wait, work

VICTIM, DESK = "victim@target.example", "desk@other.example"
WITHHELD = "The address was answered too often within an hour."


def test_five_hundred_forged_letters_bring_their_victim_five_an_hour(
    app: Flask, settings: config.Settings, outgoing: Path, move: Move
) -> None:
    """O43, within ten minutes. All become tickets; what was not sent can be seen."""

    def flood(minute: int) -> None:
        for n in range(50):
            subject = f"Sprawa {chr(ord('A') + n)}"  # Letters with one subject would end as a loop before.
            wait(settings, letter(sender=VICTIM, message_id=f"<{minute}-{n}@x>", subject=subject, text=f"{minute}-{n}"))
        work(app)
        move(timedelta(minutes=1))

    for minute in range(10):
        flood(minute)
    assert len(sent(outgoing, VICTIM)) == 5
    move(timedelta(minutes=49))
    flood(59)
    assert len(sent(outgoing, VICTIM)) == 5
    move(timedelta(minutes=1))
    flood(61)
    assert len(sent(outgoing, VICTIM)) == 10
    with app.app_context():
        ended = db.session.execute(select(JournalEntry.outcome, func.count()).group_by(JournalEntry.outcome)).all()
        assert [tuple(row) for row in ended] == [("ticket", 600)]
        withheld = db.session.scalars(select(Letter.last_error).where(Letter.state == "suppressed")).all()
        assert len(withheld) == 600 + 1 - 10  # the first owed an invitation, too
        assert set(withheld) == {WITHHELD}


@pytest.mark.parametrize("subject", ["Re: {ours}", "[Case {turn}] received"])
def test_two_desks_that_answer_each_other_end_by_themselves(
    app: Flask, settings: config.Settings, outgoing: Path, move: Move, subject: str
) -> None:
    """O41, within ten minutes: the other one answers every letter after twenty seconds, by its subject or as a case of
    its own, names no letter of ours and says nothing that would give it away."""
    arrive(app, settings, letter(sender=DESK, message_id="<0@other>", subject=subject.format(ours="x", turn=0)))
    answered = 0
    for turn in range(1, 31):
        move(timedelta(seconds=20))
        fresh = sent(outgoing, DESK)[answered:]
        answered += len(fresh)
        for number, mail in enumerate(fresh):
            title = subject.format(ours=mail["Subject"], turn=turn)
            raw = letter(sender=DESK, message_id=f"<{turn}-{number}@other>", subject=title, text=f"Case {turn}")
            arrive(app, settings, raw)
    assert sent(outgoing, DESK)[answered:] == []
    assert 1 <= answered <= 3
