"""Flask-AppBuilder's widgets with templates of the one look."""

from __future__ import annotations

from typing import Any

from flask import current_app
from flask_appbuilder.widgets import RenderTemplateWidget
from markupsafe import Markup


class Widget(RenderTemplateWidget):
    """A part of a page that knows what it was given and no more: asking again who may open what would cost."""

    def __call__(self, **values: Any) -> Markup:
        template = current_app.jinja_env.get_template(self.template)
        return Markup(template.render({**self.template_args, **values}))  # noqa: S704 Jinja escaped it


class GridWidget(Widget):
    template = "desk/widgets/grid.html"


class TicketGridWidget(Widget):
    template = "desk/widgets/tickets.html"


class LetterGridWidget(Widget):
    template = "desk/widgets/letters.html"


class FormWidget(Widget):
    template = "desk/widgets/form.html"


class ShowWidget(Widget):
    template = "desk/widgets/show.html"
