"""The declarative base: Flask-AppBuilder's, with our names for constraints."""

from __future__ import annotations

from flask_appbuilder.models.sqla import Model
from sqlalchemy import Table

import app.models.role  # noqa: F401  before any table of ours
from app.models.tables import NAMING

__all__ = ["Model", "adopt"]

Model.metadata.naming_convention = NAMING


def adopt(light: Table) -> Table:
    """The same table inside the metadata that Alembic and the mapped classes use."""
    adopted: Table = light.to_metadata(Model.metadata)
    return adopted
