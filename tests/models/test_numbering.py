"""Rows that are written together go in by one statement, numbered in the order in which they were added."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.events.transaction import transaction
from app.extensions import db
from app.models.beside import Tag
from tests.views.statements import counted


@pytest.fixture(autouse=True)
def _desk(context: None) -> None:
    """Everything here asks the domain directly."""


def test_they_go_in_by_one_statement_and_in_their_order(app: Flask) -> None:
    with transaction():
        db.session.add(Tag(name="pierwszy"))
    tags = [Tag(name=f"{name}") for name in ("zebra", "alfa", "mewa")]
    with counted(app) as said, transaction():
        db.session.add_all(tags)
    assert len([statement for statement in said if statement.startswith("INSERT")]) == 1
    first = db.session.scalars(select(Tag.id).where(Tag.name == "pierwszy")).one()
    assert [tag.id - first for tag in tags] == [1, 2, 3]
    assert db.session.scalars(select(Tag.name).order_by(Tag.id)).all() == ["pierwszy", "zebra", "alfa", "mewa"]


def test_a_number_that_was_given_stays(app: Flask) -> None:
    with transaction():
        db.session.add_all([Tag(id=70, name="mewa"), Tag(name="zebra"), Tag(name="alfa")])
    assert len(set(db.session.scalars(select(Tag.id)))) == 3
    assert db.session.get_one(Tag, 70).name == "mewa"
