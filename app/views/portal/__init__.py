"""The customers' side."""

from __future__ import annotations

from app.views.portal.account import ProfileView
from app.views.portal.colleagues import ColleaguesView
from app.views.portal.confirming import ConfirmingView
from app.views.portal.files import FilesView
from app.views.portal.keys import KeysView
from app.views.portal.receipts import ReceiptView, VerifyView
from app.views.portal.search import SearchView
from app.views.portal.second_step import SecondStepView
from app.views.portal.tickets import TicketsView

VIEWS: tuple[type, ...] = (
    TicketsView,
    FilesView,
    SearchView,
    ProfileView,
    KeysView,
    SecondStepView,
    ColleaguesView,
    ReceiptView,
    VerifyView,
    ConfirmingView,
)
ANYBODY: dict[str, tuple[str, ...]] = {"ProfileView": ("*",), "KeysView": ("*",), "SecondStepView": ("*",)}
EVERYONE: dict[str, tuple[str, ...]] = {
    **ANYBODY,
    "TicketsView": ("*",),
    "FilesView": ("*",),
    "SearchView": ("*",),
    "ReceiptView": ("*",),
}
READERS: dict[str, tuple[str, ...]] = {
    **ANYBODY,
    "TicketsView": ("can_list", "can_show"),
    "FilesView": ("*",),
    "SearchView": ("*",),
    "ReceiptView": ("*",),
}
GRANTS: dict[str, dict[str, tuple[str, ...]]] = {
    "customer": EVERYONE | {"ColleaguesView": ("*",)},
    "consultant": EVERYONE,
    "auditor": READERS,
    "translator": ANYBODY,
    "editor": ANYBODY,
}
