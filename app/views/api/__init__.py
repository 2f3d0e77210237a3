"""The REST API."""

from __future__ import annotations

from app.views.api.search import SearchApi

APIS: tuple[type, ...] = (SearchApi,)
GRANTS: dict[str, dict[str, tuple[str, ...]]] = {
    "customer": {"SearchApi": ("*",)},
    "consultant": {"SearchApi": ("*",)},
    "auditor": {"SearchApi": ("*",)},
}
