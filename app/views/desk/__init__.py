"""The consultants' side: the ticket grid and the ticket page."""

from __future__ import annotations

from app.views.desk.calls import CallsView
from app.views.desk.home import DeskView
from app.views.desk.tickets import TicketModelView
from app.views.desk.waiting_calls import CallModelView

VIEWS: tuple[type, ...] = (DeskView, CallsView, CallModelView, TicketModelView)
GRANTS: dict[str, dict[str, tuple[str, ...]]] = {
    "consultant": {
        "DeskView": ("*",),
        "CallsView": ("*",),
        "CallModelView": ("can_list", "can_show", "can_settle"),
        "TicketModelView": ("*",),
    },
    "auditor": {
        "DeskView": ("*",),
        "CallModelView": ("can_list", "can_show"),
        "TicketModelView": ("can_list", "can_show"),
    },
}
