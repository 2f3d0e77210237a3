"""The customers' side."""

from __future__ import annotations

from app.views.portal.account import ProfileView
from app.views.portal.articles import ArticlesView, TextsView
from app.views.portal.colleagues import ColleaguesView
from app.views.portal.confirming import ConfirmingView
from app.views.portal.files import FilesView
from app.views.portal.keys import KeysView
from app.views.portal.layout import LayoutView
from app.views.portal.look import LookView
from app.views.portal.notices import NoticesView
from app.views.portal.offering import OfferingView
from app.views.portal.public import PublicView
from app.views.portal.receipts import ReceiptView, VerifyView
from app.views.portal.search import SearchView
from app.views.portal.second_step import SecondStepView
from app.views.portal.tickets import TicketsView

VIEWS: tuple[type, ...] = (
    TicketsView,
    ArticlesView,
    TextsView,
    OfferingView,
    NoticesView,
    PublicView,
    FilesView,
    LayoutView,
    LookView,
    SearchView,
    ProfileView,
    KeysView,
    SecondStepView,
    ColleaguesView,
    ReceiptView,
    VerifyView,
    ConfirmingView,
)
