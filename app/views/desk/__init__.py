"""The consultants' side: the ticket grid and the ticket page."""

from __future__ import annotations

from app.views.desk.calls import CallsView
from app.views.desk.home import DeskView
from app.views.desk.tickets import TicketModelView
from app.views.desk.waiting_calls import WaitingCallsView

VIEWS: tuple[type, ...] = (DeskView, CallsView, WaitingCallsView, TicketModelView)
GRANTS: dict[str, dict[str, tuple[str, ...]]] = {
    "consultant": {"DeskView": ("*",), "CallsView": ("*",), "WaitingCallsView": ("*",), "TicketModelView": ("*",)},
    "auditor": {"DeskView": ("*",), "WaitingCallsView": ("can_list",), "TicketModelView": ("can_list", "can_show")},
}
