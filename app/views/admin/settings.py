"""What the grids of the settings share."""

from __future__ import annotations

from typing import Any

from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import SQLAlchemyError

from app.desk.errors import DeskError
from app.extensions import db
from app.views.desk.grid import GridView


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
    """A grid of which those whose role says so may add and change rows."""

    include_route_methods = {"list", "show", "add", "edit"}

    @classmethod
    def over(cls, model: type[Any]) -> SQLAInterface:
        return Rows(model, db.session)
