"""The canary of field rights: whatever a hidden field holds, nobody who may not read it sees any difference.

Two desks that differ in the values of one hidden field answer alike, byte for byte, through every door and parameter;
and a hidden field's name is answered as a name that nobody has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask_jwt_extended import create_access_token
from sqlalchemy import select

from app.desk import field_indexes, field_sets, field_values, tickets
from app.desk.content import Contribution
from app.events.transaction import transaction
from app.extensions import db
from app.fields import text_key
from app.models.account import Account
from app.models.field import Misfit
from app.models.import_run import ImportRun
from app.models.organisation import Organisation
from app.models.product_group import ProductGroup
from app.models.saved_view import SavedView, SharedWith
from app.models.ticket import Channel, Ticket
from app.search.index import documents
from tests.browsing import Visitor
from tests.fields.samples import a_field

Browser = Callable[[str], Visitor]
USE = {"filterable": True, "in_grid": True, "searchable": True}
SECRET = a_field("text", "tajne", read_by=("administrator",), **USE)
PLAIN = a_field("text", "jawne", **USE)
OF_COMPANY = a_field("text", "tajne_firmy", owner="organisation", read_by=("administrator",))
CHANGING = re.compile(rb'(csrf_token|name="key"|nonce|"exp")[^>]*>|nonce="[^"]*"|\d\d:\d\d(:\d\d(\.\d+)?)?')


@pytest.fixture
def house(app: Flask, make_account: Callable[..., int]) -> Flask:
    """Two tickets of Anna's that DYNAMICS answers for, and fields of which one is for administrators only."""
    make_account("anna@klient.example", organisation="Klient")
    make_account("jan@desk.example", role="consultant", groups=("DYNAMICS",))
    make_account("adam@desk.example", role="administrator")
    with app.app_context():
        with transaction():
            field_sets.publish([SECRET, PLAIN, OF_COMPANY], reason="próba", by=None)
        with transaction():
            anna = account("anna@klient.example")
            group = db.session.scalars(select(ProductGroup).order_by(ProductGroup.position)).first()
            for subject in ("Pierwsza", "Druga"):
                said = Contribution(text="Nie działa", channel=Channel.PORTAL)
                tickets.open_ticket(
                    requester=anna, product_group=group, subject=subject, contribution=said, by=anna,
                    fields={PLAIN.id: "jawna"},
                )  # fmt: skip
            query, owner = (
                "field.tajne=aaa&sort=field.tajne&priority=normal&column=state&column=field.tajne",
                account("adam@desk.example"),
            )
            db.session.add(SavedView(name="Wspólny", query=query, owner_id=owner.id, shared_with=SharedWith.DESK))
        field_indexes.bring_up_to_date()
    return app


def account(email: str) -> Account:
    return db.session.scalars(select(Account).where(Account.email == email)).one()


def hide(app: Flask, *values: str) -> None:
    """Put these into the hidden field of both tickets, as another desk might have them."""
    with app.app_context(), transaction():
        rows = db.session.scalars(select(Ticket).order_by(Ticket.id)).all()
        for row, value in zip(rows, values, strict=True):
            row.fields = {**row.fields, SECRET.id: value, f"{SECRET.id}~": text_key(value)}
        company = db.session.scalars(select(Organisation)).one()
        company.fields = {OF_COMPANY.id: values[0]}


ADDRESSES = [
    "/tickets/", "/tickets/1001", "/tickets/new?group=1", "/search?q=aaa", "/search?q=zzz", "/search?q=Pierwsza",
]  # fmt: skip
DESK = [
    *("/desk/tickets/list/", "/desk/tickets/1001", "/desk/tickets/export", "/desk/organisations/show/1"),
    *("/desk/tickets/list/?field.jawne=jawna", "/desk/tickets/list/?sort=field.jawne"),
    *(
        "/desk/tickets/list/?view=1",
        "/desk/tickets/export?view=1",
        "/desk/tickets/export?view=1&seen=1",
        "/desk/views/",
        "/desk/today/counts",
    ),
    *(f"/desk/tickets/list/?{asked}" for asked in ("field.tajne=aaa", "sort=field.tajne", "field.tajne.from=a")),
]
ORDER = "?q=(order_column:{name},order_direction:asc)"
FILTER = "?q=(filters:!((col:{name},opr:eq,value:aaa)))"
API = [
    *("ticket/", "ticket/1", "event/", "organisation/1", "search/?q=aaa", "search/?q=zzz"),
    *(
        f"ticket/{asked.format(name='fields.tajne')}"
        for asked in (FILTER, "?q=(order_column:{name},order_direction:asc)")
    ),
    "ticket/?q=(columns:!(fields.tajne))",
]


def answers(app: Flask, browser_of: Browser) -> Iterator[tuple[str, int, bytes]]:
    """What every door answers to those who may not read the field."""
    for email, addresses in (("anna@klient.example", ADDRESSES), ("jan@desk.example", ADDRESSES + DESK)):
        browser = browser_of(email)
        for address in addresses:
            with browser.get(address, follow_redirects=True) as answer:
                yield f"{email} {address}", answer.status_code, CHANGING.sub(b"", answer.data)
        headers = token(app, email)
        for address in (*API, *(["_openapi"] if email.startswith("jan") else [])):
            answer = app.test_client().get(f"/api/v1/{address}", headers=headers)
            yield f"{email} {address}", answer.status_code, answer.data


def token(app: Flask, email: str) -> dict[str, str]:
    with app.app_context():
        return {"Authorization": f"Bearer {create_access_token(identity=str(account(email).id))}"}


def test_no_door_tells_anything_of_a_hidden_field(house: Flask, browser_of: Browser) -> None:
    hide(house, "aaa", "zzz")
    one = list(answers(house, browser_of))
    hide(house, "zzz", "aaa")
    other = list(answers(house, browser_of))
    for (door, status, body), (_door, other_status, other_body) in zip(one, other, strict=True):
        assert (status, len(body), body) == (other_status, len(other_body), other_body), door
        assert b"zzz" not in body.replace(b"q=zzz", b"").replace(b'"zzz"', b"") or "zzz" in door, door
        if "tajne" not in door:
            assert b"tajne" not in body, door


@pytest.mark.parametrize(
    "address",
    [
        *("list/?field.{}=aaa", "list/?sort=field.{}", "list/?field.{}.from=a", "export?field.{}=aaa"),
        *("list/?column=number&column=field.{}", "list/?by=field.{}", "export.xlsx?column=field.{}"),
    ],
)
def test_a_hidden_name_is_answered_like_one_that_nobody_has(house: Flask, browser_of: Browser, address: str) -> None:
    jan = browser_of("jan@desk.example")
    hidden, nobodys = (jan.get(f"/desk/tickets/{address.format(name)}") for name in ("tajne", "niema"))
    said = [CHANGING.sub(b"", answer.data).replace(b"niema", b"tajne") for answer in (hidden, nobodys)]
    assert (hidden.status_code, said[0]) == (nobodys.status_code, said[1])
    assert b"Pierwsza" not in hidden.data


def test_by_api_too(house: Flask) -> None:
    headers = token(house, "jan@desk.example")
    program = house.test_client()
    for path in ("ticket/" + FILTER, "ticket/?q=(order_column:{name},order_direction:asc)"):
        two = [
            program.get(f"/api/v1/{path.format(name=f'fields.{name}')}", headers=headers) for name in ("tajne", "niema")
        ]
        assert two[0].status_code == two[1].status_code == 400
        assert two[0].data == two[1].data.replace(b"niema", b"tajne")
    for name in ("tajne", "niema"):
        body: Any = {"fields": {name: "x"}}
        refused = program.put("/api/v1/ticket/1", json=body, headers=headers)
        assert (refused.status_code, refused.json["errors"]) == (422, {f"fields.{name}": "Nie ma takiego pola."})


def test_who_may_not_read_it_changes_nothing_of_it(house: Flask, browser_of: Browser) -> None:
    hide(house, "aaa", "zzz")
    jan = browser_of("jan@desk.example")
    page = jan.page("/desk/tickets/1001")
    (form,) = page.xpath("//form[contains(@action, '/fields')]")
    jan.send(form, "/desk/tickets/1001", {f"f-{PLAIN.id}": "inna"})
    jan.post(form.get("action"), data={f"f-{SECRET.id}": "", "csrf_token": form.fields["csrf_token"]})
    with house.app_context():
        kept = db.session.scalars(select(Ticket).where(Ticket.number == 1001)).one()
        assert kept.fields[SECRET.id] == "aaa"
        (document,) = documents([kept.id])
        assert "aaa" not in document.body + document.internal
        with transaction():
            field_values.fill(kept, {SECRET.id: "bbb"}, by=account("adam@desk.example"))
    with jan.get("/api/v1/event/", headers=token(house, "jan@desk.example")) as answer:
        assert "tajne" not in answer.text


def test_the_fields_are_there_for_those_who_read_them(house: Flask, browser_of: Browser) -> None:
    hide(house, "aaa", "zzz")
    adam = browser_of("adam@desk.example")
    assert "aaa" in adam.get("/desk/tickets/1001").text
    for asked in ("field.tajne=aaa", "view=1"):
        found = adam.get(f"/desk/tickets/list/?{asked}").text
        assert ("Pierwsza" in found, "Druga" in found) == (True, False)
    assert adam.get("/desk/today/counts").json["view1"] == "1"


def test_what_did_not_fit_is_shown_to_those_who_read_the_field(
    house: Flask, browser_of: Browser, make_account: Callable[..., int]
) -> None:
    """An auditor looks at imports and at values that wait, but not at those of fields that are not for him."""
    make_account("wit@desk.example", role="auditor")
    with house.app_context(), transaction():
        adam, lines = account("adam@desk.example"), []
        for field, value in ((SECRET, "aaa"), (PLAIN, "bbb")):
            db.session.add(Misfit(owner="ticket", row_id=1, field_id=field.id, text=value, why="too_long"))
            lines.append({"row": 2, "column": field.name, "text": value, "why": "Za długie."})
        run = ImportRun(owner="ticket", name="a.csv", sha256="0" * 64, head=["number"], problems=lines, account=adam)
        db.session.add(run)
    wit, adams = browser_of("wit@desk.example"), browser_of("adam@desk.example")
    for address in ("/desk/fields/misfits", "/desk/imports/1", "/desk/imports/1/problems.csv"):
        with wit.get(address) as his, adams.get(address) as all_of_them:
            assert ("bbb" in his.text, "aaa" in his.text, "aaa" in all_of_them.text) == (True, False, True), address
    assert "(1)" in wit.get("/desk/fields/").text
