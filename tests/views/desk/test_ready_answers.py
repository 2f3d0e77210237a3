"""Ready answers: kept by whoever keeps the words of letters, and put into an answer with the ticket's values."""

from __future__ import annotations

from lxml import html

from tests.browsing import Visitor, text_of
from tests.views.desk.conftest import Browser, Open

ADD = "/desk/ready-answers/add"
HELLO = (
    "Dzień dobry {{ first_name }}, zgłoszenie {{ number }} ({{ group }}).{{ if consultant }}\n{{ consultant }}{{ end }}"
)


def offered(visitor: Visitor, number: int) -> dict[str, str]:
    answer = visitor.get(f"/desk/tickets/{number}/ready", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    rows = html.fromstring(f"<div>{answer.text}</div>").xpath("//li")
    return {text_of(row.xpath("./div")[0]): row.xpath(".//@data-insert")[0] for row in rows}


def test_a_ready_answer_is_offered_with_the_tickets_values(
    open_ticket: Open, jan: Visitor, browser_of: Browser
) -> None:
    number = open_ticket()
    adam = browser_of("adam@desk.example")
    adam.submit(ADD, {"name": "Powitanie", "text": HELLO})
    adam.submit(ADD, {"name": "Dla Targit", "text": "x", "product_group_id": "3"})
    adam.submit(ADD, {"name": "Wycofana", "text": "x", "active": None})
    assert offered(jan, number) == {"Powitanie": f"Dzień dobry Anna, zgłoszenie #{number} (DYNAMICS).\nJan Dynamiczny"}
    assert "Powitanie" in text_of(jan.page(f"/desk/tickets/{number}/ready"))


def test_a_name_that_no_ticket_has_is_refused(browser_of: Browser, people: None) -> None:
    adam = browser_of("adam@desk.example")
    for words in ("{{ password }}", "{{ if number }} x", "{{ number", "{{ ''.__class__ }}"):
        assert 'aria-invalid="true"' in adam.submit(ADD, {"name": "Zła", "text": words}).text


def test_values_of_a_ticket_bring_no_values_of_their_own(jan: Visitor, open_ticket: Open, browser_of: Browser) -> None:
    number = open_ticket(subject="{{ consultant }} <script>")
    browser_of("adam@desk.example").submit(ADD, {"name": "Temat", "text": "{{ subject }}"})
    assert offered(jan, number) == {"Temat": "{{ consultant }} <script>"}


def test_they_are_the_desks_alone(jan: Visitor, open_ticket: Open, browser_of: Browser) -> None:
    foreign = open_ticket("ewa@inny.example", "TARGIT")
    assert jan.get(f"/desk/tickets/{foreign}/ready").status_code == 404
    assert browser_of("ewa@inny.example").get(f"/desk/tickets/{foreign}/ready").status_code == 403
    assert jan.get(ADD).status_code == 403
    assert browser_of("audyt@desk.example").page("/desk/ready-answers/list/") is not None
