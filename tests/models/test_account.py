"""Whoever asks is known by a few rows, however many accounts there are."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models.account import Account, with_roles
from tests.models.test_due_lists import plan_of

pytestmark = pytest.mark.usefixtures("context")


def test_the_roles_of_one_account_are_read_without_those_of_all() -> None:
    query = with_roles(select(Account).where(Account.email == "anna@klient.example"))
    plan = plan_of(str(query.compile(db.engine, compile_kwargs={"literal_binds": True})))
    assert "ab_user_role" in plan
    assert not any(way in plan for way in ("MATERIALIZE", "SCAN ab_user_role", "Seq Scan on ab_user_role"))
