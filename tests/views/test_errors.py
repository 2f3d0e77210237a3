"""What is refused leads on."""

from __future__ import annotations

import pytest

from tests.browsing import Visitor


@pytest.mark.parametrize(
    ("sent_from", "back"),
    [
        ("http://localhost/tickets/new?group=1", "/tickets/new?group=1"),
        ("http://evil.example//evil.example/", "/"),
    ],
)
def test_a_form_of_an_ended_session_leads_back_to_its_page(client: Visitor, sent_from: str, back: str) -> None:
    answer = client.post("/tickets/new?group=1", headers={"Referer": sent_from})
    assert answer.status_code == 400
    assert "Sesja wygasła" in answer.text
    assert f'href="{back}">' in answer.text.partition("<main")[2]
