"""The people of a small desk."""

from __future__ import annotations

import pytest

from app.events.transaction import transaction
from app.models.account import Account
from tests.people import add_account


@pytest.fixture(autouse=True)
def people(context: None) -> dict[str, Account]:
    with transaction():
        return {
            "anna": add_account("anna@klient.example", organisation="Klient", name="Anna Nowak"),
            "ewa": add_account("ewa@pomoc.example", role="consultant", groups=("DYNAMICS",)),
            "jan": add_account("jan@pomoc.example", role="consultant", groups=("DYNAMICS",)),
            "ola": add_account("ola@pomoc.example", role="consultant", groups=("TARGIT",)),
            "adam": add_account("adam@pomoc.example", role="administrator"),
            "audyt": add_account("audyt@pomoc.example", role="auditor", groups=("DYNAMICS",)),
        }


@pytest.fixture
def anna(people: dict[str, Account]) -> Account:
    return people["anna"]


@pytest.fixture
def ewa(people: dict[str, Account]) -> Account:
    return people["ewa"]
