"""Every permission of every view belongs to exactly one ability, or to everybody."""

from __future__ import annotations

from collections import Counter

from flask import Flask
from sqlalchemy import select

from app.access.abilities import DOORS, EVERYONE, KINDS, Ability, held_by, opened_by, pairs
from app.extensions import appbuilder, db
from app.views.admin.role_words import DOES, ONLY_READS, ROLE_NAMES, ROWS, SUBJECTS

HALVES = [half for doors in DOORS.values() for half in (doors.reads, doors.changes)]
HALVES = [half for doors in DOORS.values() for half in (doors.reads, doors.changes)]
PLACES = Counter(pair for views in (EVERYONE, *HALVES) for pair in pairs(views))


def test_every_permission_of_every_view_has_exactly_one_place(app: Flask) -> None:
    """A new view fails here: put its permissions under an ability in app/access/abilities.py."""
    with app.app_context():
        rows = db.session.scalars(select(appbuilder.sm.permissionview_model))
        known = {(row.view_menu.name, row.permission.name) for row in rows}
    assert {"no place": known - set(PLACES), "no view": set(PLACES) - known} == {"no place": set(), "no view": set()}
    assert [pair for pair, places in PLACES.items() if places > 1] == []


def test_every_ability_can_be_held_and_has_its_sentence_and_place() -> None:
    offered = {ability for kind in KINDS.values() for ability in kind.always | kind.offered}
    shown = [ability for _subject, abilities in SUBJECTS for ability in abilities]
    assert set(DOORS) == set(DOES) == offered == set(shown) == set(Ability)
    assert len(shown) == len(set(shown))
    assert set(KINDS) == set(ROLE_NAMES) == set(ROWS)
    reading = {ability for kind in KINDS.values() if kind.only_reads for ability in kind.always | kind.offered}
    assert {ability for ability in reading if DOORS[ability].changes} == set(ONLY_READS)


def test_a_kind_gives_nothing_that_it_does_not_offer() -> None:
    for name, kind in KINDS.items():
        everything = opened_by(name, list(Ability))
        assert everything == opened_by(name, sorted(kind.always | kind.offered))
        assert kind.always <= held_by(name, [])
        assert kind.shipped <= kind.always | kind.offered or name == "administrator"
        assert ("RolesView", "can_edit") not in everything or name == "administrator"
    assert opened_by("auditor", list(Ability)).isdisjoint(
        pair for doors in DOORS.values() for pair in pairs(doors.changes)
    )
    assert opened_by("nobody", None) == opened_by("public", list(Ability)) == frozenset()
