"""Grids whose rows have fields: facts on a row's page, and a form of its own to fill them in."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import flash, make_response, redirect
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.desk.field_values import UnfitFields, fill_row
from app.events.transaction import transaction
from app.extensions import db
from app.models import field_values
from app.views import visitor
from app.views.desk.grid import ROW_ID, GridView
from app.views.doors import requires
from app.views.fields import Fact, FieldsForm, facts_of
from app.views.overtaken import Overtaken


class FilledView(GridView):
    """A grid over organisations or accounts."""

    owner: ClassVar[str]

    @expose(f"/fields/{ROW_ID}", methods=["GET", "POST"])
    @requires("edit")
    def fields(self, pk: int) -> ResponseReturnValue:
        row = self.row(pk)
        form = FieldsForm(self.owner, values=field_values.values(row))
        given = form.read_if_sent()
        if given is not None:
            try:
                with transaction():
                    row = self.row(pk)
                    db.session.refresh(row, with_for_update=True)
                    self.check(row)
                    fill_row(row, self.owner, form.over(given, field_values.values(row)), by=visitor.account())
                flash(_("Saved."), "success")
                return redirect(self.address(f"show/{pk}"), 303)
            except (UnfitFields, Overtaken) as error:
                form.refuse(error)
        page = self.render_template("desk/row_fields.html", title=self.title_of(row), row=row, fields=form, view=self)
        return make_response(page, Overtaken.status if form.theirs else 200)

    def check(self, row: Any) -> None:
        """Whether this visitor may change that row. Raises BrokenRule."""

    def facts(self, row: Any) -> list[Fact]:
        """The values that this visitor reads."""
        return facts_of(row, self.owner)

    def may_fill(self) -> bool:
        """Whether there is anything that he may fill in."""
        return self.offers("edit") and bool(FieldsForm(self.owner).fields)
