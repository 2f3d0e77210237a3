"""Tests of the test bench itself, and of the front door."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from app.access.abilities import DOORS, EVERYONE, pairs
from app.extensions import appbuilder, db
from tests.access import doors
from tests.access.doors import routes
from tests.browsing import Visitor


def test_front_door_greets_a_stranger(client: Visitor) -> None:
    assert client.get("/").status_code == 200


def test_two_visitors_never_share_who_is_signed_in(
    client: Visitor, make_account: Callable[..., int], browser_of: Callable[[str], Visitor]
) -> None:
    make_account("anna@klient.example", organisation="Klient")
    anna = browser_of("anna@klient.example")
    anna.get("/")
    with anna.session_transaction() as hers, client.session_transaction() as nobodys:
        assert "_user_id" in hers
        assert "_user_id" not in nobodys


def test_every_permission_of_every_view_belongs_to_one_ability(app: Flask) -> None:
    """A new view fails here: put its permissions under an ability in app/access/abilities.py, so roles can open it."""
    halves = [half for doors in DOORS.values() for half in (doors.reads, doors.changes)]
    places = Counter(pair for views in (EVERYONE, *halves) for pair in pairs(views))
    with app.app_context():
        rows = db.session.scalars(select(appbuilder.sm.permissionview_model))
        known = {(row.view_menu.name, row.permission.name) for row in rows}
    assert {"no place": known - set(places), "no view": set(places) - known} == {"no place": set(), "no view": set()}
    assert [pair for pair, count in places.items() if count > 1] == []


def test_every_route_has_its_entry(application: Flask) -> None:
    """A new route fails here: say in tests/access/doors.py who may open it, and which rows it takes."""
    found, told = set(routes(application)), set(doors.DOORS)
    assert {"not told of": found - told, "no route": told - found} == {"not told of": set(), "no route": set()}
