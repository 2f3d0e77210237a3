"""Letters in and out: what arrived, byte by byte, and what could not be sent."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.events.transaction import transaction
from app.extensions import db
from app.models.event import Letter, OutboxItem
from app.models.journal import JournalEntry
from app.models.mailbox import Mailbox
from app.models.product_group import ProductGroup
from app.models.types import utc_now
from tests.browsing import Visitor, text_of
from tests.views.admin.conftest import Browser

RAW = b"From: anna@klient.example\r\nSubject: <script>alert(1)</script>\r\n\r\nTre\xb6\xe6\r\n"


@pytest.fixture
def journalled(app: Flask, people: dict[str, int]) -> Callable[[str], int]:
    """journalled("DYNAMICS") -> the id of a letter to that group's mailbox."""

    def keep(group: str) -> int:
        with app.app_context(), transaction():
            wanted = select(Mailbox).join(Mailbox.product_group).where(ProductGroup.name == group)
            mailbox = db.session.scalars(wanted).one()
            entry = JournalEntry(
                mailbox=mailbox,
                transport="smtp",
                recipient=mailbox.address,
                sha256=app.extensions["files"].put(RAW),
                size=len(RAW),
                arrived_at=utc_now(),
                outcome="not_sure",
                reason="no_sender",
                sender="anna@klient.example",
                subject="<script>alert(1)</script>",
                message_id=f"<{group}@klient.example>",
                evidence=[{"rule": "x"}],
                attempts=1,
            )
            db.session.add(entry)
            db.session.flush()
            return entry.id

    return keep


def test_the_journal_says_what_became_of_each_letter(jan: Visitor, journalled: Callable[[str], int]) -> None:
    entry = journalled("DYNAMICS")
    listed = jan.page("/desk/journal/list/?outcome=not_sure&text=anna")
    assert "anna@klient.example" in text_of(listed)
    assert not listed.xpath("//main//td//script")
    assert "PomocDYNAMICS@pomoc.example" in text_of(jan.page(f"/desk/journal/show/{entry}"))
    assert not jan.page("/desk/journal/list/?outcome=ticket").xpath("//main//table")
    assert jan.page("/desk/journal/list/?text=%3CDYNAMICS@klient.example%3E").xpath("//main//table")


def test_the_raw_letter_comes_as_a_file(jan: Visitor, journalled: Callable[[str], int]) -> None:
    with jan.get(f"/desk/journal/{journalled('DYNAMICS')}/raw") as answer:
        assert answer.data == RAW
        assert answer.mimetype == "message/rfc822"
        assert answer.headers["Content-Disposition"].startswith("attachment")


def test_letters_of_foreign_product_groups_look_like_none(jan: Visitor, journalled: Callable[[str], int]) -> None:
    foreign = journalled("TARGIT")
    assert not jan.page("/desk/journal/list/").xpath("//main//table")
    for path in (f"show/{foreign}", f"{foreign}/raw", "show/999999", "999999/raw"):
        jan.page(f"/desk/journal/{path}", status=404)


def test_customers_never_see_a_raw_letter(browser_of: Browser, journalled: Callable[[str], int]) -> None:
    assert browser_of("anna@klient.example").get(f"/desk/journal/{journalled('DYNAMICS')}/raw").status_code == 403


def test_a_lost_letter_is_told(app: Flask, jan: Visitor, journalled: Callable[[str], int]) -> None:
    entry = journalled("DYNAMICS")
    with app.app_context():
        app.extensions["files"].path(db.session.get_one(JournalEntry, entry).sha256).unlink()
    jan.page(f"/desk/journal/{entry}/raw", status=410)


@pytest.fixture
def failed(app: Flask, people: dict[str, int]) -> int:
    with app.app_context(), transaction():
        letter = Letter(
            template="activation",
            account_id=people["anna"],
            reason="account",
            state="failed",
            attempts=60,
            last_error="550 nobody",
        )
        db.session.add(letter)
        db.session.flush()
        return letter.id


def test_a_letter_that_failed_is_shown_and_sent_again(app: Flask, adam: Visitor, failed: int) -> None:
    assert "550 nobody" in text_of(adam.page("/desk/letters/list/?state=failed"))
    page = f"/desk/letters/show/{failed}"
    assert adam.submit(page, {}).status_code == 200
    with app.app_context():
        assert db.session.get_one(Letter, failed).state == "waiting"
        assert db.session.scalars(select(OutboxItem.letter_id).where(OutboxItem.due_at.isnot(None))).all() == [failed]
    token = adam.page(page).xpath("//input[@name='csrf_token']/@value")[0]
    answer = adam.post(f"{page}/retry", data={"csrf_token": token}, follow_redirects=True)
    assert answer.status_code == 200
    assert "alert-danger" in answer.text


def test_an_auditor_sees_the_failure_and_cannot_send(browser_of: Browser, failed: int) -> None:
    auditor = browser_of("audyt@desk.example")
    page = auditor.page(f"/desk/letters/show/{failed}")
    assert not page.xpath("//main//form")
    token = page.xpath("//input[@name='csrf_token']/@value")[0]
    assert auditor.post(f"/desk/letters/show/{failed}/retry", data={"csrf_token": token}).status_code == 403
