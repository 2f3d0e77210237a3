"""Addresses from which letters come back, and how the letters of a ticket went, for its consultants (O42)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.events.transaction import transaction
from app.extensions import db
from app.models.account import Account
from app.models.audit import AuditEntry
from app.models.event import Letter
from tests.mail.letters import letter, sent
from tests.mail.test_place import CONSULTANT, Arrive, anna, come, consultant, messages, ours, ours_in

__all__ = ["anna", "come", "consultant"]  # fixtures
BACK, DESK = "Wiadomości wracają", "desk@other.example"


@pytest.fixture
def page(browser_of: Callable[[str], Any], consultant: int) -> Callable[[], str]:
    """The ticket as its consultant sees it."""
    visitor = browser_of(CONSULTANT)
    return lambda: str(visitor.get("/desk/tickets/1001").text)


def test_an_address_that_does_not_exist_is_flagged_until_its_owner_writes(
    app: Flask, come: Arrive, outgoing: Path, anna: int, page: Callable[[], str]
) -> None:
    """O42: filed as a system message, nothing leaves because of it, and nobody but its owner clears it."""
    come(letter())
    assert BACK not in page()
    before = len(sent(outgoing))
    come(ours_in("bounce-unknown-user", ours(outgoing)), sender="")
    assert len(sent(outgoing)) == before
    assert messages(app)[1][1] == "system"
    assert BACK in page()
    assert "5.1.1" in page()
    come(letter(message_id="<2@x>", in_reply_to=ours(outgoing)))
    assert BACK not in page()


def test_a_full_mailbox_is_flagged_when_it_stays_full(
    app: Flask, come: Arrive, outgoing: Path, anna: int, page: Callable[[], str], browser_of: Callable[[str], Any]
) -> None:
    come(letter())
    come(ours_in("bounce-delayed", ours(outgoing)), sender="")
    for number in range(3):
        assert BACK not in page()
        raw = ours_in("bounce-mailbox-full", ours(outgoing)).replace(b"Message-ID: <", b"Message-ID: <%d" % number, 1)
        come(raw, sender="")
    assert BACK in page()
    visitor = browser_of(CONSULTANT)
    visitor.submit("/desk/tickets/1001", {}, form="//form[contains(@action, 'address-works')]")
    assert BACK not in page()
    with app.app_context():
        assert db.session.get_one(Account, anna).bounced is None


def test_a_consultant_sees_how_each_letter_went_and_sends_it_again(
    app: Flask, come: Arrive, outgoing: Path, anna: int, page: Callable[[], str], browser_of: Callable[[str], Any]
) -> None:
    come(letter())
    assert "Wysłano" in page()
    with app.app_context(), transaction():
        row = db.session.scalars(select(Letter).where(Letter.account_id == anna)).one()
        row.state, row.last_error = "failed", "550 5.7.1 Policy says no"
        failed = row.id
    shown = page()
    assert "Nieprzyjęty" in shown
    assert "550 5.7.1 Policy says no" in shown
    visitor, other = browser_of(CONSULTANT), {"letter": str(failed + 1000)}
    form = "//form[contains(@action, 'send-again')]"
    assert "Ponownie wysłać można tylko" in visitor.submit("/desk/tickets/1001", other, form=form).text
    visitor.submit("/desk/tickets/1001", {}, form=form)
    with app.app_context():
        assert db.session.get_one(Letter, failed).state == "waiting"


def test_a_machine_that_makes_a_ticket_of_every_answer_is_answered_three_times(
    app: Flask, come: Arrive, outgoing: Path
) -> None:
    """O41: the other desk begins anew each time, names no letter of ours and says nothing that gives it away."""
    for turn in range(8):
        come(letter(sender=DESK, message_id=f"<{turn}@other>", subject=f"[Case {turn}] received", text=f"Case {turn}"))
    assert len(sent(outgoing, DESK)) == 3
    come(letter(sender=DESK, message_id="<8@other>", subject="Pytam o fakturę"))
    assert len(sent(outgoing, DESK)) == 4
    with app.app_context():
        noted = db.session.scalars(select(AuditEntry).where(AuditEntry.kind == "loop")).all()
        assert [row.who for row in noted] == [DESK] * 6
