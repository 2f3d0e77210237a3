"""What a letter says and how its headers hold the thread together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from flask import Flask

from app.accounts import links
from app.desk import tickets
from app.desk.content import StoredFile
from app.events.record import Reaction, owe_letter
from app.events.transaction import transaction
from app.mail import marks, send
from app.mail.compose import compose, header_value
from app.models.event import Letter
from app.models.invitation import Purpose
from tests.mail.desk import (
    CONSULTANT,
    CUSTOMER,
    account,
    answer,
    letter_to,
    notify,
    open_ticket,
    owed,
    words,
)


@pytest.fixture(autouse=True)
def _people(context: None, make_account: Callable[..., int]) -> None:
    make_account(CUSTOMER, organisation="Klient", name="Anna Nowak")
    make_account("john@klient.example", name="John Smith", locale="en")
    make_account("poczta@klient.example", name="Jan Listowy", registered=False)
    make_account(CONSULTANT, role="consultant", groups=("DYNAMICS",), name="Ewa Żółć")


def composed(letter: Letter) -> EmailMessage:
    """The letter as its reader's mail program sees it."""
    read = message_from_bytes(compose(letter).as_bytes(), policy=default)
    assert isinstance(read, EmailMessage)
    return read


def part(message: EmailMessage, kind: str = "plain") -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def acknowledgement(reader: str = CUSTOMER, **wanted: object) -> EmailMessage:
    open_ticket(requester=reader, **wanted)  # type: ignore[arg-type]  # passed on as given
    notify()
    return composed(letter_to(reader, "acknowledgement"))


def test_the_acknowledgement_states_number_and_both_clocks() -> None:
    message = acknowledgement(arrived_at=datetime(2026, 11, 27, 16, 1, tzinfo=UTC))  # Friday 17:01 in Warsaw
    text = part(message)
    assert message["Subject"].startswith("[#1001] ")
    for said in ("#1001", "27 listopada 2026", "17:01", "30 listopada 2026", "09:00"):
        assert said in text
        assert said in part(message, "html")


def test_each_reader_gets_his_language() -> None:
    assert "27 November 2026" in part(
        acknowledgement("john@klient.example", arrived_at=datetime(2026, 11, 27, 9, 0, tzinfo=UTC))
    )


def test_the_acknowledgement_says_that_a_machine_wrote_it() -> None:
    message = acknowledgement()
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert "Precedence" not in message


def test_a_persons_answer_is_not_marked_automatic_but_a_notice_is() -> None:
    ticket = open_ticket()
    answer(ticket, then="resolved")
    notify()
    assert "Auto-Submitted" not in composed(letter_to(CUSTOMER, "solution"))
    with transaction():
        tickets.close(ticket, by=account(CONSULTANT))
    notify()
    assert composed(letter_to(CUSTOMER, "closed"))["Auto-Submitted"] == "auto-generated"


def test_it_comes_from_the_groups_mailbox_and_answers_return_to_the_ticket(app: Flask) -> None:
    message = acknowledgement()
    key = app.extensions["settings"].secret_key.encode()
    assert message["From"].addresses[0].addr_spec == "PomocDYNAMICS@pomoc.example"
    assert "DYNAMICS" in message["From"].addresses[0].display_name
    assert marks.read_address(str(message["Reply-To"]), key) == 1001
    mark = marks.read_message_id(str(message["Message-ID"]), key)
    assert mark is not None
    assert mark.ticket == 1001


def test_every_attempt_has_the_same_message_id_and_a_date() -> None:
    open_ticket()
    notify()
    letter = letter_to(CUSTOMER, "acknowledgement")
    assert composed(letter)["Message-ID"] == composed(letter)["Message-ID"]
    assert composed(letter)["Date"].datetime


def test_letters_of_a_ticket_make_one_thread() -> None:
    ticket = open_ticket()
    notify()
    assert not any(send.perform(owed(Reaction.SEND)).values())
    first = letter_to(CUSTOMER, "acknowledgement").message_id
    with transaction():
        tickets.customer_reply(ticket, words("Nadal.", message_id="<drugi@klient.example>"), by=account(CUSTOMER))
    answer(ticket)
    notify()
    message = composed(letter_to(CUSTOMER, "answer"))
    assert message["In-Reply-To"] == "<drugi@klient.example>"
    assert str(message["References"]).split() == ["<pierwszy@klient.example>", first, "<drugi@klient.example>"]


def test_many_references_stay_within_the_line_limit() -> None:
    ticket = open_ticket()
    with transaction():
        for turn in range(40):
            name = f"<{turn}-{'x' * 60}@klient.example>"
            tickets.customer_reply(ticket, words("Dalej.", message_id=name), by=account(CUSTOMER))
    answer(ticket)
    notify()
    raw = compose(letter_to(CUSTOMER, "answer")).as_bytes()
    assert max(map(len, raw.splitlines())) <= 998
    assert "<pierwszy@klient.example>" in str(message_from_bytes(raw, policy=default)["References"])


@pytest.mark.parametrize("sign", ["\r\n", "\n", "\x0b", "\x0c", "\x1c", "\x1e", "\x85", "\u2028", "\u202e", "\0"])
def test_no_subject_begins_a_header_line_or_turns_text_around(sign: str) -> None:
    raw = compose_ack(f"Raport{sign}Bcc: ofiara@inny.example")
    message = message_from_bytes(raw, policy=default)
    assert "Bcc" not in message
    assert sign not in str(message["Subject"])


def compose_ack(subject: str) -> bytes:
    open_ticket(subject=subject)
    notify()
    return bytes(compose(letter_to(CUSTOMER, "acknowledgement")).as_bytes())


def test_a_name_cannot_carry_an_address_of_its_own() -> None:
    with transaction():
        account(CUSTOMER).first_name = 'A" <ofiara@inny.example>,\r\nBcc: x@inny.example'
    message = acknowledgement()
    assert [reader.addr_spec for reader in message["To"].addresses] == [CUSTOMER]
    assert "Bcc" not in message


def test_header_values_lose_control_characters() -> None:
    assert header_value("a\r\nb\u202ec  d") == "a b c d"


def test_the_answers_words_come_unharmed_and_readable() -> None:
    ticket = open_ticket()
    answer(ticket, "<b>Zażółć</b> & " + "bardzo długie zdanie " * 100)
    notify()
    letter = letter_to(CUSTOMER, "answer")
    message = composed(letter)
    assert "<b>Zażółć</b> & bardzo" in part(message)
    assert "&lt;b&gt;Zażółć&lt;/b&gt; &amp; bardzo" in part(message, "html")
    assert max(map(len, part(message).splitlines())) <= 78
    assert max(map(len, compose(letter).as_bytes().splitlines())) <= 998
    assert "http://localhost:8000/tickets/1001" in part(message)


def test_files_are_linked_for_who_has_the_portal_and_enclosed_for_who_has_not(app: Flask) -> None:
    kept = StoredFile("Instrukcja łaty.txt", 3, "text/plain", app.extensions["files"].put(b"abc"))
    for reader in (CUSTOMER, "poczta@klient.example"):
        ticket = open_ticket(requester=reader)
        with transaction():
            tickets.answer(ticket, words("W pliku.", files=[kept]), by=account(CONSULTANT))
    notify()
    linked = composed(letter_to(CUSTOMER, "answer"))
    assert "/attachments/1/Instrukcja%20%C5%82aty.txt" in part(linked)
    assert list(linked.iter_attachments()) == []
    enclosed = composed(letter_to("poczta@klient.example", "answer"))
    assert [(file.get_filename(), file.get_content().strip()) for file in enclosed.iter_attachments()] == [
        ("Instrukcja łaty.txt", "abc")
    ]
    assert "/attachments/" not in part(enclosed)


def test_nothing_is_fetched_from_elsewhere() -> None:
    html = part(acknowledgement(), "html")
    assert "<img" not in html
    assert "<link" not in html
    assert 'lang="pl"' in html


ACCOUNT_LETTERS = ("activation", "already_registered", "password_reset", "password_changed")


@pytest.mark.parametrize("template", ACCOUNT_LETTERS)
@pytest.mark.parametrize("reader", [CUSTOMER, "john@klient.example"])
def test_account_letters_are_whole_by_themselves(template: str, reader: str) -> None:
    with transaction():
        letter = owe_letter(template, account=account(reader), reason="account")
    message = composed(letter)
    assert message["Auto-Submitted"] == "auto-generated"
    assert "http://localhost:8000/" in part(message)
    assert "%(" not in part(message) + str(message["Subject"])


@pytest.mark.parametrize(
    ("reader", "button"), [(CUSTOMER, "ZAAKCEPTUJ ZAPROSZENIE"), ("john@klient.example", "ACCEPT THE INVITATION")]
)
def test_the_invitations_button_opens_the_account(app: Flask, reader: str, button: str) -> None:
    with transaction():
        letter = owe_letter("activation", account=account(reader), reason="account")
    text = part(composed(letter))
    assert button in text
    assert button in part(composed(letter), "html")
    token = text.split("/confirm/")[1].split()[0]
    link = links.find(token, Purpose.ACTIVATION)
    assert link is not None
    assert link.account == account(reader)
