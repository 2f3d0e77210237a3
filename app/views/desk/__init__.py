"""The consultants' side: the ticket grid and the ticket page."""

from __future__ import annotations

from app.views.desk.calls import CallsView
from app.views.desk.home import DeskView
from app.views.desk.tickets import TicketModelView
from app.views.desk.waiting_calls import CallModelView

VIEWS: tuple[type, ...] = (DeskView, CallsView, CallModelView, TicketModelView)
