"""The customers' side."""

from __future__ import annotations

from app.views.portal.account import ProfileView
from app.views.portal.articles import ArticlesView
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
    ArticlesView,
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
