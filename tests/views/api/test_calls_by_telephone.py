"""A call is written down and confirmed by API as it is on the pages (S6)."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models.account import Account
from tests.views.api.conftest import Program

CALL = {"subject": "Drukarka", "text": "Nie drukuje.", "product_group": 1, "by_telephone": True}


def test_a_call_waits_for_its_customer_and_for_nobody_else(
    app: Flask, desk: None, program: Callable[..., Program]
) -> None:
    anna, jan = program("anna@klient.example"), program("jan@desk.example")
    with app.app_context():
        customer = db.session.scalars(select(Account.id).where(Account.email == "anna@klient.example")).one()
    made = jan.post("ticket/", CALL | {"requester": customer}).json
    assert made["result"]["status"] == "unconfirmed"
    assert made["result"]["confirmation"]["due_at"]
    confirm = f"ticket/{made['id']}/confirm"
    assert jan.post(confirm).status_code == 422
    assert anna.post(confirm).json["result"]["status"] == "new"
    again = anna.post(confirm)
    assert (again.status_code, again.json["result"]["status"]) == (200, "new")
    assert program("ewa@inny.example").post(confirm).status_code == 404
    assert anna.post("ticket/1/confirm").status_code == 422  # it did not come by telephone


def test_customers_write_no_calls_down(desk: None, program: Callable[..., Program]) -> None:
    answer = program("anna@klient.example").post("ticket/", CALL)
    assert answer.status_code == 422
    assert set(answer.json["errors"]) == {"by_telephone"}
