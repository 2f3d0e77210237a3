"""Every view and API of the product. What opens them stands in app/access/abilities.py."""

from __future__ import annotations

from types import ModuleType

from flask_appbuilder import AppBuilder

from app.views import admin, api, authors, desk, portal, translate

PARTS: tuple[ModuleType, ...] = (portal, desk, authors, admin, translate, api)


def register_views(appbuilder: AppBuilder) -> None:
    """Add each part's VIEWS and APIS to Flask-AppBuilder. Menus are ours (navigation.py)."""
    for part in PARTS:
        for view in getattr(part, "VIEWS", ()):
            appbuilder.add_view_no_menu(view)
        for resource in getattr(part, "APIS", ()):
            appbuilder.add_api(resource)
