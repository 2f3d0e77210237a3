"""What the grids of the settings share."""

from __future__ import annotations

from typing import Any

from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement
from sqlalchemy.exc import SQLAlchemyError

from app.access import sees_settings
from app.desk.errors import DeskError
from app.extensions import db
from app.views.desk.grid import GridView, visible


class NotSaved(DeskError):
    sentence = _l("This was not saved: somebody saved the same at this moment. Try again.")


class Rows(SQLAInterface):
    """FAB's way to the rows, whose failures are sentences and never SQL."""

    def add(self, item: Any, commit: bool = True) -> None:
        try:
            super().add(item, commit)
        except SQLAlchemyError as error:
            raise NotSaved from error


class SettingsView(GridView):
    """A grid of which those whose role says so may add and change rows, by the rule of settings or another."""

    include_route_methods = {"list", "show", "add", "edit"}
    clause = staticmethod(sees_settings)
    base_filters = visible(sees_settings)

    @classmethod
    def over(cls, model: type[Any]) -> SQLAInterface:
        return Rows(model, db.session)


class WordsGrid(SettingsView):
    """A grid of words: found by how the column of its order begins, each row called by it."""

    def narrowed_by(self, words: str) -> ColumnElement[bool]:
        narrowed: ColumnElement[bool] = self.order.column.istartswith(words, autoescape=True)
        return narrowed

    def title_of(self, row: Any) -> str:
        return str(self.order.value_of(row))
