"""Every view, API and grant of the product, in one list each."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType

from flask_appbuilder import AppBuilder

from app.views import admin, api, desk, portal, translate

PARTS: tuple[ModuleType, ...] = (portal, desk, admin, translate, api)
Grants = Mapping[str, Mapping[str, tuple[str, ...]]]


def register_views(appbuilder: AppBuilder) -> None:
    """Add each part's VIEWS and APIS to Flask-AppBuilder. Menus are ours (navigation.py)."""
    for part in PARTS:
        for view in getattr(part, "VIEWS", ()):
            appbuilder.add_view_no_menu(view)
        for resource in getattr(part, "APIS", ()):
            appbuilder.add_api(resource)


def grants() -> dict[str, dict[str, set[str]]]:
    """role -> view -> permissions ('*' for all), merged from each part's GRANTS; `run.py init` writes them."""
    merged: dict[str, dict[str, set[str]]] = {}
    for part in PARTS:
        part_grants: Grants = getattr(part, "GRANTS", {})
        for role, views in part_grants.items():
            for view, permissions in views.items():
                merged.setdefault(role, {}).setdefault(view, set()).update(permissions)
    return merged
