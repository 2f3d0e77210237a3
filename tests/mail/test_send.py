"""Letters leave: by a real SMTP server that accepts, delays, refuses or is silent; or as files."""

from __future__ import annotations

import socket
import stat
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from itertools import count
from pathlib import Path

import pytest

from app.desk import tickets
from app.events.outbox import Permanent, claim, settle
from app.events.record import Reaction
from app.events.transaction import transaction
from app.events.wake import LETTERS
from app.extensions import db
from app.mail import send, smtp, transports
from app.models.ticket import Ticket
from app.models.types import utc_now
from tests.mail.conftest import Relay
from tests.mail.desk import (
    CONSULTANT,
    CUSTOMER,
    account,
    failures,
    letter_to,
    letters,
    notify,
    open_ticket,
    owed,
    words,
)


@pytest.fixture(autouse=True)
def _owed(context: None, make_account: Callable[..., int]) -> None:
    """One acknowledgement and one notice are owed."""
    make_account(CUSTOMER, organisation="Klient", name="Anna Nowak")
    make_account(CONSULTANT, role="consultant", groups=("DYNAMICS",), name="Ewa Wrona")
    open_ticket()
    notify()


def states() -> list[str]:
    return [row.state for row in letters()]


def test_a_batch_leaves_by_one_connection(relay: Relay) -> None:
    assert failures(send.perform(owed(Reaction.SEND))) == []
    assert states() == ["sent", "sent"]
    assert len(relay.sessions) == 1
    assert [envelope.rcpt_tos for envelope in relay.taken] == [[CUSTOMER], [CONSULTANT]]
    assert relay.taken[0].mail_from == "PomocDYNAMICS@pomoc.example"


def test_the_row_knows_the_message_id_that_left(relay: Relay) -> None:
    send.perform(owed(Reaction.SEND))
    left = message_from_bytes(relay.taken[0].original_content or b"", policy=default)
    letter = letter_to(CUSTOMER, "acknowledgement")
    assert letter.message_id == left["Message-ID"]
    assert letter.sent_at is not None


def test_sending_twice_sends_once(relay: Relay) -> None:
    for _time in range(2):
        send.perform(owed(Reaction.SEND))
    assert len(relay.taken) == 2


def test_a_passing_refusal_is_tried_again(relay: Relay) -> None:
    relay.answers = ["451 Later"]
    errors = failures(send.perform(owed(Reaction.SEND)))
    assert [isinstance(error, Permanent) for error in errors] == [False]
    assert states() == ["waiting", "sent"]
    assert letters()[0].last_error == "451 Later"
    assert failures(send.perform(owed(Reaction.SEND))) == []
    assert states() == ["sent", "sent"]
    assert letters()[0].attempts == 2


def test_a_refusal_for_good_fails_at_once_and_holds_up_nobody(relay: Relay) -> None:
    relay.answers = ["550 No such user"]
    errors = failures(send.perform(owed(Reaction.SEND)))
    assert [isinstance(error, Permanent) for error in errors] == [True]
    assert states() == ["failed", "sent"]


def test_an_administrator_sends_a_failed_letter_again(relay: Relay) -> None:
    relay.answers = ["550 No such user"]
    send.perform(owed(Reaction.SEND))
    with transaction():
        send.retry(letters()[0])
    send.perform(owed(Reaction.SEND))
    assert states() == ["sent", "sent"]


def test_an_unreachable_relay_is_tried_once_a_batch(use_relay: Callable[[int], None]) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        use_relay(closed.getsockname()[1])
        errors = failures(send.perform(owed(Reaction.SEND)))
    assert len(errors) == 2
    assert errors[0] is errors[1]
    assert not isinstance(errors[0], Permanent)
    assert states() == ["waiting", "waiting"]


def test_a_silent_relay_does_not_hold_the_worker(
    use_relay: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "TIMEOUT_SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        use_relay(silent.getsockname()[1])
        errors = failures(send.perform(owed(Reaction.SEND)))
    assert len(errors) == 2
    assert not any(isinstance(error, Permanent) for error in errors)
    assert states() == ["waiting", "waiting"]
    assert socket.getdefaulttimeout() is None


def test_no_letter_is_begun_when_the_lease_may_end(relay: Relay) -> None:
    ticks = count(0, 20)
    items = owed(Reaction.SEND)
    outcomes = send.perform(items, clock=lambda: float(next(ticks)))
    assert len(failures(outcomes)) == 1
    assert states() == ["sent", "waiting"]
    settle(items, outcomes, utc_now())
    assert [item.attempts for item in claim(LETTERS, utc_now()) if item.reaction == Reaction.SEND] == [0]


def test_a_reader_who_lost_his_access_meanwhile_gets_nothing(relay: Relay) -> None:
    with transaction():
        db.session.execute(db.metadata.tables["assignment"].delete())
    assert failures(send.perform(owed(Reaction.SEND))) == []
    assert states() == ["sent", "suppressed"]


def test_without_a_relay_letters_are_kept_for_this_user_only(outgoing: Path) -> None:
    assert failures(send.perform(owed(Reaction.SEND))) == []
    kept = sorted(outgoing.iterdir())
    assert [path.suffix for path in kept] == [".eml", ".eml"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept} == {0o600}
    assert message_from_bytes(kept[0].read_bytes(), policy=default)["To"].addresses[0].addr_spec == CUSTOMER


def test_letters_that_leave_together_make_one_thread(relay: Relay) -> None:
    """The consultant's first notice has left by the time that his second refers to it."""
    with transaction():
        tickets.customer_reply(db.session.get_one(Ticket, 1), words("Nadal pusto."), by=account(CUSTOMER))
    notify()
    send.perform(owed(Reaction.SEND))
    notices = [
        message_from_bytes(taken.original_content or b"") for taken in relay.taken if CONSULTANT in taken.rcpt_tos
    ]
    assert len(notices) == 2
    assert notices[0]["Message-ID"] in notices[1]["References"].split()


def test_files_that_cannot_be_kept_are_tried_again(outgoing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_paths: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(transports, "flush", full)
    with pytest.raises(OSError, match="No space"):
        send.perform(owed(Reaction.SEND))
    db.session.rollback()
    assert list(outgoing.glob("*.eml")) == []
    monkeypatch.undo()
    assert failures(send.perform(owed(Reaction.SEND))) == []
    assert states() == ["sent", "sent"]
    assert len(list(outgoing.iterdir())) == 2


def test_a_letter_that_cannot_be_made_fails_visibly(relay: Relay) -> None:
    with transaction():
        letters()[0].template = "unknown"
    errors = failures(send.perform(owed(Reaction.SEND)))
    assert [isinstance(error, Permanent) for error in errors] == [True]
    assert states() == ["failed", "sent"]


def test_an_address_that_no_header_holds_fails_at_once_and_holds_up_nobody(outgoing: Path) -> None:
    with transaction():
        account(CUSTOMER).email = "anna\u2028@klient.example"
    errors = failures(send.perform(owed(Reaction.SEND)))
    assert [str(error) for error in errors if isinstance(error, Permanent)] == [
        "Na ten adres nie można wysłać wiadomości: anna\u2028@klient.example"
    ]
    assert states() == ["failed", "sent"]
    assert len(list(outgoing.glob("*.eml"))) == 1
