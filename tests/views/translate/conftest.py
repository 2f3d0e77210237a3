"""A translator, a colleague of his, and an administrator."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.browsing import Visitor

Browser = Callable[[str], Visitor]
TOM, OLA, ADAM, ANNA = "tom@desk.example", "ola@desk.example", "adam@desk.example", "anna@klient.example"


@pytest.fixture(autouse=True)
def people(app: Flask, make_account: Callable[..., int]) -> None:
    for email in (TOM, OLA):
        make_account(email, role="translator")
    make_account(ADAM, role="administrator")
    make_account(ANNA, organisation="Klient")


@pytest.fixture
def tom(browser_of: Browser) -> Visitor:
    return browser_of(TOM)
