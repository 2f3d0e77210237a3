"""What the letters about calls and promised times say, in both languages and both forms (S6)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from app.desk import tickets
from app.events.record import EventKind, owe_letter, record
from app.events.transaction import transaction
from app.extensions import db
from app.models.product_group import ProductGroup
from tests.mail.desk import account, words
from tests.mail.test_compose import composed, part

CALLED = datetime(2030, 3, 1, 16, 50, tzinfo=ZoneInfo("Europe/Warsaw"))
SAYS = {
    ("confirm_call", "pl"): ("Prosimy o potwierdzenie rozmowy", "POTWIERDZAM ZGŁOSZENIE", "4 marca 2030", "Drukarka"),
    ("confirm_call", "en"): ("Please confirm your call", "CONFIRM THE REPORT", "4 March 2030", "Drukarka"),
    ("confirm_reminder", "pl"): ("nie jest jeszcze potwierdzone", "POTWIERDZAM ZGŁOSZENIE", "4 marca 2030"),
    ("confirm_reminder", "en"): ("is not confirmed yet", "CONFIRM THE REPORT", "4 March 2030"),
    ("confirm_again", "pl"): ("nie potwierdza ona rozmowy", "POTWIERDZAM ZGŁOSZENIE"),
    ("confirm_again", "en"): ("does not confirm the call", "CONFIRM THE REPORT"),
    ("call_lapsed", "pl"): ("nie zostało potwierdzone do 4 marca 2030", "otworzy je ponownie"),
    ("call_lapsed", "en"): ("was not confirmed by 4 March 2030", "opens it again"),
    ("call_confirmed", "pl"): ("Klient potwierdził zgłoszenie #1001", "/tickets/1001"),
    ("call_confirmed", "en"): ("The customer has confirmed ticket #1001", "/tickets/1001"),
    ("call_lapsed_unconfirmed", "pl"): ("Nikt nie potwierdził w terminie zgłoszenia #1001", "/tickets/1001"),
    ("call_lapsed_unconfirmed", "en"): ("Nobody confirmed ticket #1001", "/tickets/1001"),
    ("term_warning", "pl"): ("Zbliża się termin obiecany", "Pierwsza odpowiedź", "4 marca 2030"),
    ("term_warning", "en"): ("is soon due", "First answer", "4 March 2030"),
    ("term_missed", "pl"): ("nie został dotrzymany", "Pierwsza odpowiedź", "4 marca 2030"),
    ("term_missed", "en"): ("was not kept in time", "First answer", "4 March 2030"),
}


@pytest.mark.parametrize(("template", "language"), SAYS)
def test_each_letter_in_its_readers_language(
    make_account: Callable[..., int], product_group: ProductGroup, template: str, language: str
) -> None:
    make_account("anna@klient.example", name="Anna Nowak", locale=language)
    with transaction():
        anna = account("anna@klient.example")
        ticket = tickets.open_ticket(
            requester=anna,
            product_group=product_group,
            subject="Drukarka",
            contribution=words("Nie drukuje."),
            by=anna,
            arrived_at=CALLED,
            to_be_confirmed=True,
        )
        db.session.flush()
        due = "2030-03-04T09:00:00+00:00"
        event = (
            ticket.events[0]
            if template == "confirm_call"
            else record(ticket, EventKind.WARNED, by=None, term="first", due=due)
        )
        letter = owe_letter(template, account=anna, reason="requester", event=event, ticket=ticket)
    message = composed(letter)
    assert message["Auto-Submitted"] == "auto-generated"
    for kind in ("plain", "html"):
        text = " ".join(part(message, kind).split()).replace("&nbsp;", " ")
        for said in SAYS[template, language]:
            assert said in text or said in str(message["Subject"]), (kind, said, text)
