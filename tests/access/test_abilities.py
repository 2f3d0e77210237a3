"""Abilities are whole: each can be held, is said in a sentence, and gives only what its kind of role offers."""

from __future__ import annotations

from app.access.abilities import DOORS, KINDS, Ability, held_by, opened_by, pairs
from app.views.admin.role_words import DOES, ONLY_READS, ROLE_NAMES, ROWS, SUBJECTS


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
