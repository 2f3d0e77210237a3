"""What every grid of the desk shares: FAB's ModelView with keyset pages, our widgets and one forced filter."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from flask import abort, make_response, redirect, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import ModelView, expose
from flask_appbuilder.models.filters import BaseFilter
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Query
from sqlalchemy.orm.interfaces import ORMOption

from app.access import NotFound, Standing
from app.extensions import db
from app.models.engine import begin_writing
from app.models.ranges import Order, Rows
from app.views import visitor
from app.views.desk import guarded
from app.views.desk.widgets import FormWidget, GridWidget, ShowWidget
from app.views.doors import requires
from app.views.listing import Page, keyset_page
from app.views.overtaken import Overtaken

Clause = Callable[[Standing], ColumnElement[bool]]
FABS = re.compile("_flt_|_oc_|_od_|page_|psize_")
ROW_ID = "<int(max=2147483647):pk>"


def visible(clause: Clause) -> list[list[Any]]:
    """The clause of app/access.py as FAB's base filter: the second net under whatever FAB reads."""

    class Visible(BaseFilter):
        name = "visible"

        def apply(self, query: Query[Any], _value: object) -> Query[Any]:
            return query.filter(clause(visitor.standing()))

    return [["id", Visible, None]]


def refuse_fabs_parameters() -> None:
    """FAB's forms read filters, orders and pages of lists off the address, which ours never hold: by a filter it would
    leave fields out of the form, by a page that is no number it would fail."""
    if any(FABS.search(name) for name in request.args):
        abort(400)


class GridView(ModelView):
    """A list with keyset pages, a page of one row, and FAB's forms where `include_route_methods` names them."""

    include_route_methods: ClassVar[set[str]] = {"list", "show"}
    list_template = "desk/list.html"
    show_template = "desk/show.html"
    add_template = edit_template = "desk/edit.html"
    list_widget = GridWidget
    show_widget = ShowWidget
    add_widget = edit_widget = FormWidget
    search_columns: ClassVar[list[str]] = ["id"]  # Ours filter in rows(); an empty list would mean every column to FAB.
    add_row_message = _l("The row is added.")
    edit_row_message = _l("The row is changed.")
    clause: Clause
    order: Order
    eager: tuple[ORMOption, ...] = ()
    text_filter: Any = None  # the label of the box above the list, where the list can be narrowed by text
    hint: Any = None  # a sentence that says what the list is

    @classmethod
    def over(cls, model: type[Any]) -> SQLAInterface:
        return SQLAInterface(model, db.session)

    @expose("/list/")
    @requires("list")
    def list(self) -> ResponseReturnValue:
        page = self.page()
        labels = {name: str(self.label_columns[name]) for name in self.list_columns}  # translated once, not once a row
        parts = self.list_parts()
        widget = self.list_widget(page=page, columns=self.list_columns, labels=labels, view=self, **parts)
        return self.render_template(self.list_template, title=self.list_title, widget=widget, page=page, view=self)

    @expose(f"/show/{ROW_ID}")
    @requires("show")
    def show(self, pk: int) -> ResponseReturnValue:
        row = self.row(pk)
        widget = self.show_widget(
            row=row, columns=self.show_columns, labels=self.label_columns, view=self, facts=self.facts(row)
        )
        return self.render_template(self.show_template, title=self.title_of(row), widget=widget, row=row, view=self)

    @expose("/add", methods=["GET", "POST"])
    @requires("add")
    def add(self) -> ResponseReturnValue:
        refuse_fabs_parameters()
        widgets = self._add()
        if not widgets:
            return self.post_add_redirect()
        return self.render_template(self.add_template, title=self.add_title, widget=widgets["add"], view=self)

    @expose(f"/edit/{ROW_ID}", methods=["GET", "POST"])
    @requires("edit")
    def edit(self, pk: int) -> ResponseReturnValue:
        refuse_fabs_parameters()
        clash = self._settled(pk) if request.method == "POST" else None
        if clash is not None and clash.theirs:
            widgets, status = self._clashing(clash), Overtaken.status
        else:
            widgets, status = self._edit(pk), 200
        if not widgets:
            return self.post_edit_redirect()
        widget = widgets["edit"]
        page = self.render_template(self.edit_template, title=self.edit_title, widget=widget, view=self)
        return make_response(page, status)

    def post_add_redirect(self) -> ResponseReturnValue:
        return redirect(self.address("list/"), 303)

    post_edit_redirect = post_add_redirect

    def _settled(self, pk: int) -> guarded.Clash | None:
        """What somebody else has changed since the form was opened. The row is locked until FAB has saved it."""
        item = self.datamodel.get(pk, self._base_filters)
        if item is None:
            return None
        db.session.commit()
        begin_writing(db.session.connection())
        db.session.refresh(item, with_for_update=True)
        now = self.edit_form(formdata=None, obj=item)
        self.prefill_form(now, pk)
        return guarded.settle(request, now, self.edit_columns)

    def _clashing(self, clash: guarded.Clash) -> dict[str, Any]:
        """The form as it was typed, with the other's values beside."""
        db.session.rollback()
        form = self.edit_form.refresh(request.form)
        guarded.remember(form, clash.marks, clash.theirs)
        form.form_errors.append(str(Overtaken()))
        widgets: dict[str, Any] = self._get_edit_widget(form=form, exclude_cols=self._filters.get_relation_cols())
        return widgets

    def _get_edit_widget(self, form: Any, **rest: Any) -> dict[str, Any]:
        """FAB's, of a form that remembers what it showed when it was opened."""
        if request.method != "POST":
            guarded.remember(form, guarded.marks_of(form, self.edit_columns))
        elif not guarded.is_overtaken(form):
            guarded.remember(form, guarded.sent_marks(self.edit_columns))
        widgets: dict[str, Any] = super()._get_edit_widget(form=form, **rest)
        return widgets

    def page(self) -> Page:
        """The rows that this address asks for."""
        return keyset_page(self.rows(), self.order, eager=self.eager)

    def rows(self) -> Rows:
        """The rows that this visitor may see and that the address's filters let through."""
        rows = Rows(self.datamodel.obj, (type(self).clause(visitor.standing()),))
        text = request.args.get("text", "").replace("\x00", "").strip()[:200]
        narrowed = self.narrowed_by(text) if text else None
        return rows if narrowed is None else rows.where(narrowed)

    def narrowed_by(self, _text: str) -> ColumnElement[bool] | None:
        """What the text above the list means; nothing by default."""
        return None

    def row(self, pk: int) -> Any:
        """One visible row with what its page shows. Raises NotFound."""
        model = self.datamodel.obj
        query = select(model).where(model.id == pk, type(self).clause(visitor.standing())).options(*self.eager)
        row = db.session.scalars(query).unique().one_or_none()
        if row is None:
            raise NotFound
        return row

    def value(self, row: Any, column: str) -> Any:
        """What a cell shows: by the view's formatter, or as it is."""
        formatter = self.formatters_columns.get(column)
        return formatter(row) if formatter else getattr(row, column)

    def list_parts(self) -> dict[str, Any]:
        """What the list's widget shows beside the rows."""
        return {}

    def title_of(self, row: Any) -> str:
        return str(row)

    def choices(self) -> Sequence[tuple[str, Any, Sequence[tuple[str, Any]]]]:
        """The selects above the list: name in the address, label, options."""
        return ()

    def inputs(self) -> Sequence[tuple[str, Any, str]]:
        """The boxes above the list: name in the address, label, kind (text, date)."""
        return ()

    def whole(self) -> Sequence[tuple[Any, str]]:
        """Links that take the list as it is filtered: words and address."""
        return ()

    def downloads(self, _row: Any) -> Sequence[tuple[Any, str]]:
        """Links of a row's page: words and address."""
        return ()

    def facts(self, _row: Any) -> Sequence[Any]:
        """What its page shows beside the columns: values of fields."""
        return ()

    def may_fill(self) -> bool:
        """Whether its rows have fields that this visitor may fill in."""
        return False

    def acts(self, _row: Any) -> Sequence[tuple[Any, str]]:
        """Buttons of a row's page that change something: words and address."""
        return ()

    def address(self, path: str) -> str:
        return f"{self.route_base}/{path}"

    def offers(self, act: str) -> bool:
        """Whether this visitor may open that page of the view."""
        known = self.include_route_methods is None or act in self.include_route_methods
        return known and visitor.may(f"can_{act}", self.class_permission_name)
