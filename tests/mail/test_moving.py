"""A letter that was placed wrongly is moved by one click, and what follows it comes along."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

import config
from app.extensions import db
from app.models.journal import JournalEntry
from app.models.ticket import Message, Ticket
from tests.mail.letters import arrive, letter, sent


def test_a_strangers_letter_moves_by_one_click_and_his_replies_follow(
    app: Flask,
    settings: config.Settings,
    outgoing: Path,
    make_account: Callable[..., int],
    browser_of: Callable[[str], Any],
) -> None:
    """Anna writes from home with the number of her ticket: it begins a ticket, which leads to hers."""
    make_account("anna@klient.example", organisation="Klient")
    make_account("jan@pomoc.example", role="consultant", groups=("TARGIT",))
    home = "anna@dom.example"
    arrive(app, settings, letter())
    arrive(app, settings, letter(sender=home, message_id="<2@dom>", subject="Re: [#1001] x", text="Z domu"))
    jan = browser_of("jan@pomoc.example")
    page = jan.get("/desk/tickets/1002").text
    assert "Przenieś do #1001" in page
    jan.submit("/desk/tickets/1002", {}, form="//form[contains(@action, 'move-message')][input[@name='number']]")
    assert "Cofnij do #1002" in jan.get("/desk/tickets/1001").text
    own = sent(outgoing, home)[-1]
    arrive(app, settings, letter(sender=home, message_id="<3@dom>", in_reply_to=str(own["Message-ID"]), text="Dalej"))
    arrive(app, settings, letter(sender=home, message_id="<4@dom>", to=str(own["Reply-To"]), text="Bez nagłówka",
                                 in_reply_to=str(own["Message-ID"])))  # fmt: skip
    with app.app_context():
        said = {row.text: (row.ticket.number, row.verified) for row in db.session.scalars(select(Message))}
        entry = db.session.scalars(select(JournalEntry).where(JournalEntry.message_id == "2@dom")).one()
        assert (entry.outcome, entry.ticket and entry.ticket.number) == ("message", 1001)
        assert entry.evidence is not None
        assert entry.evidence[-1]["by"] == "jan@pomoc.example"
    assert {said[text] for text in ("Z domu", "Dalej", "Bez nagłówka")} == {(1001, False)}
    before = len(sent(outgoing, home))
    jan.submit("/desk/tickets/1001", {}, form="//form[contains(@action, 'put-back')]")
    with app.app_context():
        ticket = db.session.scalars(select(Ticket).where(Ticket.number == 1002)).one()
        assert (ticket.messages[0].text, ticket.status) == ("Z domu", "new")
    assert len(sent(outgoing, home)) == before
