"""Addresses beyond ASCII: SMTPUTF8 (RFC 6531) where the relay offers it, a clear refusal where it does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select

from app.events.outbox import Permanent
from app.events.record import Reaction
from app.events.transaction import transaction
from app.extensions import db
from app.mail import send, smtp
from app.mail.check import check
from app.models.mailbox import Mailbox
from tests.mail.conftest import Relay
from tests.mail.desk import CONSULTANT, account, failures, letters, notify, open_ticket, owed

ŁUKASZ = "łukasz@klient.example"


@pytest.fixture(autouse=True)
def _owed(context: None, make_account: Callable[..., int]) -> None:
    make_account(ŁUKASZ, organisation="Klient", name="Łukasz Żak")
    make_account(CONSULTANT, role="consultant", groups=("DYNAMICS",))
    open_ticket(requester=ŁUKASZ)
    notify()


def call_mailbox(name: str) -> None:
    with transaction():
        mailbox = db.session.scalars(select(Mailbox).where(Mailbox.address == "pomocdynamics@pomoc.example")).one()
        mailbox.name = name


def states() -> list[str]:
    return [row.state for row in letters()]


def test_a_relay_that_offers_it_takes_the_letter(start_relay: Callable[..., Relay]) -> None:
    relay = start_relay(enable_SMTPUTF8=True)
    assert failures(send.perform(owed(Reaction.SEND))) == []
    assert [envelope.rcpt_tos for envelope in relay.taken] == [[ŁUKASZ], [CONSULTANT]]
    assert [envelope.smtp_utf8 for envelope in relay.taken] == [True, False]
    assert f"=?utf-8?q?=C5=81ukasz_=C5=BBak?= <{ŁUKASZ}>\r\n".encode() in (relay.taken[0].original_content or b"")


def test_a_relay_that_does_not_is_named_at_once_and_holds_up_nobody(start_relay: Callable[..., Relay]) -> None:
    relay = start_relay(enable_SMTPUTF8=False)
    (error,) = failures(send.perform(owed(Reaction.SEND)))
    assert isinstance(error, Permanent)
    assert states() == ["failed", "sent"]
    assert letters()[0].last_error == (
        f"Serwer poczty nie przyjmuje adresów z literami spoza ASCII (SMTPUTF8): {ŁUKASZ}"
    )
    assert [envelope.rcpt_tos for envelope in relay.taken] == [[CONSULTANT]]


def test_a_mailbox_beyond_ascii_waits_until_the_setting_is_mended(start_relay: Callable[..., Relay]) -> None:
    """Nothing is wrong with its letters, so none of them is given up."""
    call_mailbox("Zgłoszenia@pomoc.example")
    start_relay(enable_SMTPUTF8=False)
    errors = failures(send.perform(owed(Reaction.SEND)))
    assert not any(isinstance(error, Permanent) for error in errors)
    assert states() == ["waiting", "waiting"]
    assert "Zgłoszenia@pomoc.example" in (letters()[1].last_error or "")
    relay = start_relay(enable_SMTPUTF8=True)
    send.perform(owed(Reaction.SEND))
    assert states() == ["sent", "sent"]
    assert {envelope.mail_from for envelope in relay.taken} == {"Zgłoszenia@pomoc.example"}


def test_a_domain_of_other_letters_travels_as_dns_has_it(start_relay: Callable[..., Relay]) -> None:
    with transaction():
        account(ŁUKASZ).email = "lukasz@żółw.example"
    call_mailbox("Pomoc@żółw.example")
    relay = start_relay(enable_SMTPUTF8=False)
    assert failures(send.perform(owed(Reaction.SEND))) == []
    assert relay.taken[0].rcpt_tos == ["lukasz@xn--w-uga1v8h.example"]
    assert {envelope.mail_from for envelope in relay.taken} == {"Pomoc@xn--w-uga1v8h.example"}
    head = (relay.taken[0].original_content or b"").partition(b"\r\n\r\n")[0]
    assert head.isascii()
    assert b"@xn--w-uga1v8h.example>" in head.partition(b"Message-ID:")[2]


@pytest.mark.parametrize(("offered", "ends"), [(True, None), (False, "sender")])
def test_the_test_of_a_server_says_whether_it_takes_such_a_mailbox(
    start_relay: Callable[..., Relay], app, offered: bool, ends: str | None
) -> None:
    start_relay(enable_SMTPUTF8=offered)
    settings = app.extensions["settings"]
    relay = smtp.account_of_settings(settings)
    assert relay is not None
    last = check(replace(relay, address="zgłoszenia@pomoc.example"), settings.secret_key)[-1]
    assert (last.step, last.trouble) == ("sender", ends)


def test_a_letter_that_is_too_large_for_the_server_is_not_tried_again(start_relay: Callable[..., Relay]) -> None:
    """It says so at MAIL FROM, to which smtplib adds the size."""
    relay = start_relay(enable_SMTPUTF8=True, data_size_limit=100)
    errors = failures(send.perform(owed(Reaction.SEND)))
    assert [isinstance(error, Permanent) for error in errors] == [True, True]
    assert states() == ["failed", "failed"]
    assert (letters()[0].last_error or "").startswith("552 ")
    assert relay.taken == []
