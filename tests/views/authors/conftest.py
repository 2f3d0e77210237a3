"""An editor, a translator, consultants and readers."""

from __future__ import annotations

import pytest
from flask import Flask

from app.content import types
from app.events.transaction import transaction
from tests.people import add_account


@pytest.fixture(autouse=True)
def people(app: Flask) -> None:
    with app.app_context(), transaction():
        types.add_built_in_types()
        for name in ("olga", "ola"):
            add_account(f"{name}@pomoc.example", role="editor")
        add_account("tom@pomoc.example", role="translator")
        add_account("adam@pomoc.example", role="administrator")
        add_account("audyt@pomoc.example", role="auditor")
        for name in ("jan", "iga"):
            add_account(f"{name}@pomoc.example", role="consultant", groups=("DYNAMICS",))
        add_account("anna@klient.example", organisation="Klient")
