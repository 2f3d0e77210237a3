"""The Flask extensions, made once and bound to an application by create_app."""

from __future__ import annotations

from flask_appbuilder import AppBuilder
from flask_mail import Mail
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect

from app.models.base import Model

db = SQLAlchemy(metadata=Model.metadata, session_options={"expire_on_commit": False}, disable_autonaming=True)
csrf = CSRFProtect()
mail = Mail()
appbuilder = AppBuilder()
