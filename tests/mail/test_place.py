"""Who is heard where, who is trusted, and what comes of letters that machines wrote (S5, S16, S17, S20, S21)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

import config
from app.events.transaction import transaction
from app.extensions import db
from app.files.store import FileStore
from app.models.account import Account
from app.models.event import Letter
from app.models.journal import JournalEntry
from app.models.mailbox import Mailbox
from app.models.organisation import Membership
from app.models.product_group import Assignment
from app.models.tables import journal
from app.models.ticket import Message, Ticket
from app.models.types import utc_now
from tests import people
from tests.mail.letters import arrive, letter, sent, wait, work

LETTERS = Path(__file__).resolve().parent.parent / "letters"
ANNA, CONSULTANT = "anna@klient.example", "konsultant@pomoc.example"
Arrive = Callable[..., None]


@pytest.fixture
def come(app: Flask, settings: config.Settings) -> Arrive:
    """come(raw) -> the letter is taken and all that follows is done."""
    return lambda raw, **more: arrive(app, settings, raw, **more)


@pytest.fixture
def anna(make_account: Callable[..., int]) -> int:
    return make_account(ANNA, organisation="Klient", name="Anna Nowak")


@pytest.fixture
def consultant(make_account: Callable[..., int]) -> int:
    return make_account(CONSULTANT, role="consultant", groups=("TARGIT",), name="Jan Kos")


def ends(app: Flask) -> list[tuple[str, str | None, int | None]]:
    with app.app_context():
        rows = db.session.scalars(select(JournalEntry).order_by(JournalEntry.id))
        return [(row.outcome, row.reason, row.ticket.number if row.ticket else None) for row in rows]


def messages(app: Flask) -> list[tuple[str, str, bool]]:
    """Text, kind and whether its author is proven, of every message."""
    with app.app_context():
        rows = db.session.scalars(select(Message).order_by(Message.id))
        return [(row.text, row.kind, row.verified) for row in rows]


def ours(outgoing: Path, to: str = ANNA) -> str:
    """The Message-ID of the last letter that we sent to somebody."""
    return str(sent(outgoing, to)[-1]["Message-ID"])


def ours_in(name: str, message_id: str) -> bytes:
    """A letter of tests/letters that speaks of this letter of ours."""
    return (LETTERS / f"{name}.eml").read_bytes().replace(b"<OUR-LETTER>", message_id.encode())


# Authority


def test_a_name_in_a_from_line_proves_nothing(app: Flask, come: Arrive, outgoing: Path, anna: int) -> None:
    """O35: only a letter that carries a mark that we sent to nobody but readers of the ticket is believed."""
    come(letter(text="Pierwszy"))
    mark = ours(outgoing)
    come(letter(message_id="<2@x>", subject="Re: [#1001] x", text="Po numerze"))
    come(letter(message_id="<3@x>", in_reply_to="<1@klient.example>", text="Po jej liście"))
    come(letter(message_id="<4@x>", in_reply_to=mark, text="Po naszym liście"))
    assert [(text, verified) for text, _kind, verified in messages(app)] == [
        ("Pierwszy", True),
        ("Po numerze", False),
        ("Po jej liście", False),
        ("Po naszym liście", True),
    ]


def test_a_customer_who_left_his_company_is_heard_no_more_than_a_stranger(
    app: Flask, come: Arrive, make_account: Callable[..., int], anna: int
) -> None:
    """O20: a number in a subject opens nothing that he may not see now."""
    make_account("piotr@klient.example", organisation="Klient")
    come(letter())
    again = {"sender": "piotr@klient.example", "subject": "Re: [#1001] x"}
    come(letter(message_id="<2@x>", **again))
    with app.app_context(), transaction():
        piotr = db.session.scalars(select(Account).where(Account.email == "piotr@klient.example")).unique().one()
        db.session.execute(Membership.__table__.delete().where(Membership.account_id == piotr.id))
    come(letter(message_id="<3@x>", **again))
    assert ends(app) == [("ticket", None, 1001), ("message", None, 1001), ("ticket", None, 1002)]


@pytest.mark.parametrize("change", ["leaves the group", "is no consultant any more", "is deactivated"])
def test_a_consultant_who_is_gone_speaks_for_the_desk_no_more(
    app: Flask, come: Arrive, outgoing: Path, consultant: int, change: str
) -> None:
    come(letter())
    own_copy = ours(outgoing, CONSULTANT)
    with app.app_context(), transaction():
        person = db.session.get_one(Account, consultant)
        if change == "leaves the group":
            db.session.execute(Assignment.__table__.delete())
        elif change == "is deactivated":
            person.active = False
        else:
            person.roles = list(people.add_account("x@x.example").roles)
    before = len(sent(outgoing))
    come(letter(sender=CONSULTANT, message_id="<k@x>", in_reply_to=own_copy, text="Proszę podać hasło."))
    kinds = [kind for _text, kind, _verified in messages(app)]
    assert "consultant" not in kinds
    assert ("Proszę podać hasło.", "customer", True) not in messages(app)
    assert [to for to in (str(mail["To"]) for mail in sent(outgoing)[before:]) if ANNA in to] == []


def test_the_number_of_another_company_in_a_subject_makes_a_ticket_of_ones_own(
    app: Flask, come: Arrive, outgoing: Path, anna: int, make_account: Callable[..., int]
) -> None:
    """O37: and the acknowledgement has nothing of the other ticket."""
    come(letter(text="ZQXABODY"))
    make_account("bob@beta.example", organisation="Beta")
    come(letter(sender="bob@beta.example", subject="Re: [#1001] x", message_id="<b@x>"))
    assert ends(app)[1] == ("ticket", None, 1002)
    assert "ZQXABODY" not in sent(outgoing, "bob@beta.example")[0].as_string()


def test_a_copy_lets_nobody_in(app: Flask, come: Arrive, outgoing: Path, anna: int, consultant: int) -> None:
    """O38: who stands in Cc gets no history, no letter and no ticket."""
    come(letter())
    come(letter(message_id="<2@x>", in_reply_to=ours(outgoing), cc="spy@evil.example", text="Z kopią"))
    assert sent(outgoing, "spy@evil.example") == []
    come(letter(sender="spy@evil.example", message_id="<3@x>", in_reply_to="<2@x>", text="Jestem szpiegiem"))
    assert messages(app)[-1] == ("Jestem szpiegiem", "customer", False)
    assert sent(outgoing, "spy@evil.example") == []
    with app.app_context():
        spy = db.session.scalars(select(Account).where(Account.email == "spy@evil.example")).unique().one()
        assert not spy.is_registered
        assert spy.memberships == []


def test_the_answer_to_an_unknown_sender_quotes_nothing(app: Flask, come: Arrive, outgoing: Path) -> None:
    """O39: whoever forges a sender cannot make us carry his words or links to a victim."""
    text = "Kup teraz: http://evil.example/ ZQXSPAM"
    come(letter(sender="victim@target.example", text=text))
    for mail in sent(outgoing, "victim@target.example"):
        assert "evil.example" not in mail.as_string()
        assert "ZQXSPAM" not in mail.as_string()


# Letters that come again


def test_a_letter_without_a_message_id_that_is_sent_again_is_shown_once(app: Flask, come: Arrive) -> None:
    """An MTA that heard no 250 sends the same bytes; a letter of other bytes is another letter."""
    come(letter(message_id=None))
    come(letter(message_id=None))
    come(letter(message_id=None, text="Inny"))
    assert ends(app) == [("ticket", None, 1001), ("message", "twice", 1001), ("ticket", None, 1002)]


def test_the_same_bytes_much_later_are_a_new_letter(app: Flask, come: Arrive) -> None:
    come(letter(message_id=None))
    with app.app_context():
        db.session.execute(update(journal).values(arrived_at=utc_now() - timedelta(days=6)))
        db.session.commit()
    come(letter(message_id=None))
    assert [outcome for outcome, *_rest in ends(app)] == ["ticket", "ticket"]


def test_a_letter_that_nobody_has_seen_is_not_shown_already(
    app: Flask, come: Arrive, outgoing: Path, consultant: int
) -> None:
    come(letter())
    forged = letter(sender=CONSULTANT, message_id="<f@x>", in_reply_to="<1@klient.example>")
    for _time in range(2):
        come(forged)
    assert ends(app)[1:] == [("not_sure", "unproven_consultant", 1001)] * 2


# What machines wrote


@pytest.mark.parametrize("name", ["bounce-unknown-user", "bounce-mailbox-full", "bounce-in-words"])
def test_a_letter_that_came_back_is_filed_shown_as_failed_and_answered_by_nobody(
    app: Flask, come: Arrive, outgoing: Path, name: str
) -> None:
    """O42."""
    come(letter())
    returned, before = ours(outgoing), len(sent(outgoing))
    come(ours_in(name, returned), sender="")
    assert ends(app)[1][0] == "automatic"
    assert messages(app)[1][1] == "system"
    assert len(sent(outgoing)) == before
    with app.app_context():
        failed = db.session.scalars(select(Letter).where(Letter.state == "failed")).one()
        assert failed.message_id == returned
        assert "." in (failed.last_error or "")


def test_a_letter_that_is_only_late_has_not_failed(app: Flask, come: Arrive, outgoing: Path) -> None:
    come(letter())
    come(ours_in("bounce-delayed", ours(outgoing)))
    assert ends(app)[1][0] == "automatic"
    with app.app_context():
        assert set(db.session.scalars(select(Letter.state))) == {"sent"}


@pytest.mark.parametrize("name", ["vacation", "outlook-out-of-office", "read-receipt"])
def test_automatic_answers_are_filed_and_reopen_nothing(
    app: Flask, come: Arrive, outgoing: Path, consultant: int, name: str
) -> None:
    come(letter())
    mark = ours(outgoing)
    with app.app_context(), transaction():
        db.session.get_one(Ticket, 1).status = "closed"
    before = len(sent(outgoing))
    come(ours_in(name, mark))
    assert ends(app)[1][0] == "automatic"
    with app.app_context():
        assert db.session.get_one(Ticket, 1).status == "closed"
    assert len(sent(outgoing)) == before


@pytest.mark.parametrize(
    ("name", "reason"), [("bounce-unknown-user", "bounce_of_nothing"), ("machine-report", "automatic_alone")]
)
def test_a_machine_that_speaks_of_no_letter_of_ours_waits_for_somebody(
    app: Flask, come: Arrive, outgoing: Path, name: str, reason: str
) -> None:
    come((LETTERS / f"{name}.eml").read_bytes())
    assert ends(app) == [("not_sure", reason, None)]
    assert sent(outgoing) == []


def test_a_strangers_machine_puts_no_words_before_a_tickets_people_by_its_number(
    app: Flask, come: Arrive, anna: int
) -> None:
    come(letter())
    away = {"subject": "Re: [#1001] Raport", "text": "Jestem na urlopie.", "auto_submitted": "auto-replied"}
    come(letter(sender="obcy@inny.example", message_id="<2@x>", **away))
    come(letter(message_id="<3@x>", **away))
    assert ends(app)[1:] == [("not_sure", "automatic_alone", 1001), ("automatic", "Auto-Submitted: auto-replied", 1001)]


def test_a_list_becomes_a_ticket_that_is_not_acknowledged(app: Flask, come: Arrive, outgoing: Path) -> None:
    come((LETTERS / "mailing-list.eml").read_bytes())
    assert ends(app) == [("ticket", None, 1001)]
    assert sent(outgoing) == []


def test_a_customer_whom_we_know_is_acknowledged_again_and_again(
    app: Flask, settings: config.Settings, outgoing: Path, anna: int
) -> None:
    wait(settings, *(letter(message_id=f"<{number}@x>", text=f"Sprawa {number}") for number in range(8)))
    work(app)
    assert len(sent(outgoing, ANNA)) == 8


# What was wrong on our side


def test_a_damaged_file_is_named_and_the_next_letter_is_read(
    app: Flask, settings: config.Settings, come: Arrive
) -> None:
    kept = FileStore(settings.data / "files")
    digest = kept.put(letter())
    kept.path(digest).write_bytes(letter()[::-1])
    come(letter())
    come(letter(message_id="<2@x>", text="Następny"))
    assert ends(app) == [("not_sure", "lost_file", None), ("ticket", None, 1001)]


def test_a_full_disk_makes_letters_wait_and_not_fail(app: Flask, come: Arrive, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long it is full: as soon as there is room they are filed without anybody's hand."""
    raw = (LETTERS / "odd-names.eml").read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    come(letter())
    with app.app_context():
        db.session.execute(journal.insert().values(waiting(app, raw)))
        db.session.commit()
    with monkeypatch.context() as disk:
        disk.setattr("app.files.store.flush", full)
        for _time in range(5):
            work(app)
            assert ends(app)[1] == ("waiting", None, None)
            end_leases(app)
    work(app)
    assert ends(app)[1] == ("ticket", None, 1002)


def waiting(app: Flask, raw: bytes) -> dict[str, object]:
    """A journal row whose file was kept while there was room."""
    with app.app_context():
        mailbox = db.session.scalars(select(Mailbox)).first()
        digest = app.extensions["files"].put(raw)
        assert mailbox is not None
        recipient = {"mailbox_id": mailbox.id, "recipient": mailbox.address, "transport": "smtp"}
        return {**recipient, "sha256": digest, "size": len(raw), "arrived_at": utc_now()}


def end_leases(app: Flask) -> None:
    with app.app_context():
        db.session.execute(update(journal).values(claimed_until=None))
        db.session.commit()


def test_every_letter_ends_somewhere(app: Flask, settings: config.Settings) -> None:
    """R8: none raises, none is lost; what cannot be understood waits with its reason."""
    names = sorted(path.stem for path in LETTERS.glob("*.eml"))
    wait(settings, *((LETTERS / f"{name}.eml").read_bytes() for name in names))
    work(app)
    found = dict(zip(names, ends(app), strict=True))
    assert {name for name, (_outcome, reason, _number) in found.items() if reason == "failed"} == set()
    assert {name for name, (outcome, *_rest) in found.items() if outcome == "not_sure"} == {
        *("bounce-delayed", "bounce-in-words", "bounce-mailbox-full", "bounce-unknown-user", "machine-report"),
        *("no-author", "no-header-at-all", "outlook-out-of-office", "read-receipt", "spam-complaint"),
    }
    assert found["vacation"][::2] == ("automatic", 1001)  # of which its subject speaks: filed with the letters before
    assert {name for name, (outcome, *_rest) in found.items() if outcome == "rejected"} == {"our-own-letter"}
    assert {outcome for outcome, *_rest in found.values()} == {"ticket", "not_sure", "rejected", "automatic"}


def test_a_domain_beyond_ascii_is_one_person_however_it_is_written(app: Flask, come: Arrive, outgoing: Path) -> None:
    for number, domain in enumerate(["żółw.example", "ŻÓŁW.example", "xn--w-uga1v8h.example"]):
        head = f"From: anna@{domain}\r\nMessage-ID: <{number}@x>\r\nSubject: {'x' * (number + 1)}\r\n"
        come(f"{head}\r\nRaport jest pusty.\r\n".encode())
    assert [outcome for outcome, *_rest in ends(app)] == ["ticket"] * 3
    assert len(sent(outgoing, "anna@xn--w-uga1v8h.example")) == 4


def test_addresses_that_begin_alike_are_different_people(app: Flask, come: Arrive) -> None:
    host = ".".join(["firma" * 10] * 3) + ".example"
    for number in range(2):
        come(letter(sender=f"{'a' * 60}@{host}.{number}", message_id=f"<{number}@x>"))
    assert [outcome for outcome, *_rest in ends(app)] == ["ticket", "ticket"]
