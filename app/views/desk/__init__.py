"""The consultants' side: the ticket grid and the ticket page."""

from __future__ import annotations

from app.views.desk.calls import CallsView
from app.views.desk.home import DeskView
from app.views.desk.tickets import TicketModelView

VIEWS: tuple[type, ...] = (DeskView, CallsView, TicketModelView)
GRANTS: dict[str, dict[str, tuple[str, ...]]] = {
    "consultant": {"DeskView": ("*",), "CallsView": ("*",), "TicketModelView": ("*",)},
    "auditor": {"DeskView": ("*",), "TicketModelView": ("can_list", "can_show")},
}
