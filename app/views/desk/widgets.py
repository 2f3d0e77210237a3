"""Flask-AppBuilder's widgets with templates of the one look."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_appbuilder.widgets import RenderTemplateWidget
from markupsafe import Markup


class Widget(RenderTemplateWidget):
    """A part of a page that, unlike FAB's own, is rendered with what every page knows."""

    def __call__(self, **values: Any) -> Markup:
        return Markup(render_template(self.template, **{**self.template_args, **values}))  # noqa: S704 Jinja escaped it


class GridWidget(Widget):
    template = "desk/widgets/grid.html"


class TicketGridWidget(Widget):
    template = "desk/widgets/tickets.html"


class FormWidget(Widget):
    template = "desk/widgets/form.html"


class ShowWidget(Widget):
    template = "desk/widgets/show.html"
