"""The consultants' side: the ticket grid and the ticket page."""

from __future__ import annotations

from app.views.desk.absences import AbsencesView
from app.views.desk.calls import CallsView
from app.views.desk.figures import FiguresView
from app.views.desk.home import DeskView
from app.views.desk.queues import QueuesView
from app.views.desk.readers import ReadersView
from app.views.desk.ready_answers import ReadyAnswerModelView
from app.views.desk.shortcuts import ShortcutsView
from app.views.desk.tickets import TicketModelView
from app.views.desk.views import SavedViewsView
from app.views.desk.waiting_calls import CallModelView

VIEWS: tuple[type, ...] = (
    DeskView,
    QueuesView,
    AbsencesView,
    FiguresView,
    CallsView,
    CallModelView,
    TicketModelView,
    SavedViewsView,
    ShortcutsView,
    ReadersView,
    ReadyAnswerModelView,
)
