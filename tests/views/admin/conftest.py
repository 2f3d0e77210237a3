"""People who may look into the settings, and those who may not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browsing import Visitor

Browser = Callable[[str], Visitor]


@pytest.fixture
def people(make_account: Callable[..., int]) -> dict[str, int]:
    return {
        "anna": make_account("anna@klient.example", organisation="Klient", name="Anna Nowak"),
        "ewa": make_account("ewa@inny.example", organisation="Inny", name="Ewa Lis"),
        "jan": make_account("jan@desk.example", role="consultant", groups=("DYNAMICS",), name="Jan Dynamiczny"),
        "adam": make_account("adam@desk.example", role="administrator", name="Adam Pan"),
        "audyt": make_account("audyt@desk.example", role="auditor", name="Audyt Or"),
        "tom": make_account("tom@desk.example", role="translator", name="Tom Pol"),
    }


@pytest.fixture
def adam(people: dict[str, int], browser_of: Browser) -> Visitor:
    return browser_of("adam@desk.example")


@pytest.fixture
def jan(people: dict[str, int], browser_of: Browser) -> Visitor:
    return browser_of("jan@desk.example")
