"""An author, readers of two companies, and an article."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.content import entries, types
from app.content.entries import Readers, Words
from app.events.transaction import transaction
from app.models.account import Account
from app.models.entry import Entry, Variant
from tests.people import add_account


@pytest.fixture(autouse=True)
def people(context: None) -> dict[str, Account]:
    with transaction():
        types.add_built_in_types()
        return {
            "anna": add_account("anna@klient.example", organisation="Klient"),
            "ewa": add_account("ewa@inny.example", organisation="Inny"),
            "jan": add_account("jan@pomoc.example", role="consultant", groups=("DYNAMICS",)),
            "olga": add_account("olga@pomoc.example", role="editor"),
        }


@pytest.fixture
def olga(people: dict[str, Account]) -> Account:
    return people["olga"]


@pytest.fixture
def write(olga: Account) -> Callable[..., Entry]:
    """write("Drukarka nie drukuje", readers=...) -> an article whose first text, in Polish, is a draft."""

    def write(title: str, *, kind: str = "article", readers: Readers | None = None, body: str = "Treść") -> Entry:
        with transaction():
            return entries.add_entry(kind, "pl", Words(title, body=body), by=olga, readers=readers)

    return write


@pytest.fixture
def text(write: Callable[..., Entry]) -> Variant:
    """The Polish text of an article, version 1, a draft."""
    return write("Żółta łódź: co dalej?").source
