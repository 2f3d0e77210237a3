"""Keys of the desk: where they lead, and that single ones can be switched off."""

from __future__ import annotations

from lxml import html

from tests.browsing import Visitor, text_of
from tests.views.desk.conftest import Browser, Open
from tests.views.desk.test_saved_views import keep

JUMP, SHEET = "/desk/shortcuts/jump", "/desk/shortcuts/"


def places(visitor: Visitor) -> dict[str, str]:
    options = html.fromstring(visitor.get(JUMP).text).xpath("//li[@data-url]")
    return {text_of(option): option.get("data-url") for option in options}


def test_one_jumps_only_where_one_may(jan: Visitor, open_ticket: Open, browser_of: Browser) -> None:
    open_ticket()
    adam, anna = browser_of("adam@desk.example"), browser_of("anna@klient.example")
    view = keep(adam, "state=new", "Wspólny", shared="desk")
    keep(adam, "state=new", "Prywatny")
    found = places(jan)
    assert found["Wspólny"] == f"/desk/tickets/list/?view={view}"
    assert found["Dzisiaj"] == "/desk/today/"
    assert "Prywatny" not in found
    assert "Dziennik zdarzeń" not in found
    assert {"Prywatny", "Dziennik zdarzeń"} <= places(adam).keys()
    assert anna.get(JUMP).status_code == anna.get(SHEET).status_code == 403


def test_single_keys_can_be_switched_off(jan: Visitor, people: None) -> None:
    script = "//script[contains(@src, 'keys.js')]/@data-single"
    assert jan.page(SHEET).xpath(script) == ["on"]
    jan.submit(SHEET, {"single": "off"})
    assert jan.page("/desk/today/").xpath(script) == ["off"]
    assert jan.page("/tickets/").xpath(script) == []
    jan.submit(SHEET, {"single": "on"})
    assert jan.page(SHEET).xpath(script) == ["on"]
