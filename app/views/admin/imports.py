"""Imports: a file is chosen, checked against the real rows, carried out in the background, and stopped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import current_app, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from sqlalchemy import select
from wtforms import SelectField

from app.access import NotFound
from app.access.fields import hides
from app.broken_rule import BrokenRule
from app.content.types import all_types
from app.events.transaction import transaction
from app.events.wake import ask_for
from app.extensions import db
from app.imports import runs
from app.imports.heads import LEFT_OUT
from app.imports.targets import ENTRY, OWNERS, target_of
from app.locale import LANGUAGES, language
from app.models.definitions import published
from app.models.import_run import ImportRun, ImportState
from app.views import visitor
from app.views.csv_file import csv_answer
from app.views.desk.acts import NUMBER
from app.views.desk.field_filters import TICKETS
from app.views.desk.ticket_export import heads_besides
from app.views.doors import requires
from app.views.xlsx_file import xlsx_answer

ONE = NUMBER.replace("number", "pk")
LIST = "/desk/imports/"
MOST_SHOWN = 50
STATE_NAMES: Mapping[str, Any] = {
    ImportState.NEW: _l("Not checked yet"),
    ImportState.CHECKING: _l("Being checked"),
    ImportState.CHECKED: _l("Checked"),
    ImportState.RUNNING: _l("Under way"),
    ImportState.DONE: _l("Done"),
    ImportState.STOPPED: _l("Stopped"),
    ImportState.FAILED: _l("Failed"),
}
BADGES = {ImportState.DONE: "good", ImportState.FAILED: "bad", ImportState.CHECKED: "state-new"}


class NewForm(FlaskForm):
    """What the rows are, and the file that holds them."""

    owner = SelectField(_l("What the rows are"))
    file = FileField(_l("File"))


class ImportsView(BaseView):
    """Menu Import."""

    route_base = "/desk/imports"
    default_view = "list"

    @expose("/")
    @requires("list")
    def list(self) -> ResponseReturnValue:
        return self._list(_form())

    @expose("/", methods=["POST"])
    @requires("edit")
    def add(self) -> ResponseReturnValue:
        """Keep the file; nothing is read of it but its head."""
        form, upload = _form(), request.files.get("file")
        if upload is None or not upload.filename:
            form.file.errors = [_("Choose a file.")]
        elif form.validate_on_submit():
            with upload.stream as stream:
                content = stream.read(current_app.extensions["settings"].file_limit + 1)
            try:
                with transaction():
                    files = current_app.extensions["files"]
                    run = runs.begin(
                        form.owner.data, upload.filename, content, files=files, by=visitor.account(), told=_told(form)
                    )
                if LEFT_OUT in run.head:
                    flash(_("What is no field of a ticket, or is not yours to write, is left out of the file."), "info")
                return redirect(f"{LIST}{run.id}", 303)
            except BrokenRule as error:
                form.form_errors.append(str(error))
        return self._list(form), 422

    @expose("/sample/<owner>.<any(csv, xlsx):form>")
    @requires("list")
    def sample(self, owner: str, form: str) -> ResponseReturnValue:
        """A file with nothing but the names of the columns."""
        if owner not in _owners():
            raise NotFound
        head, name = target_of(owner, visitor.account()).columns(), owner.replace(":", "-")
        return xlsx_answer(name, head, []) if form == "xlsx" else csv_answer(name, head, [])

    @expose(f"/{ONE}")
    @requires("list")
    def show(self, pk: int) -> ResponseReturnValue:
        run = _run(pk)
        template = "desk/_import_state.html" if request.headers.get("HX-Request") else "desk/import.html"
        return self.render_template(
            template,
            run=run,
            keys=target_of(run.owner, visitor.account()).known_by(run.head),
            problems=_problems(run),
            may_edit=visitor.may("can_edit", "ImportsView"),
            **_words(),
        )

    @expose(f"/{ONE}/check", methods=["POST"])
    @requires("edit")
    def check(self, pk: int) -> ResponseReturnValue:
        return self._done(pk, lambda run: runs.check(run, request.form.get("known_by", "")))

    @expose(f"/{ONE}/run", methods=["POST"])
    @requires("edit")
    def run(self, pk: int) -> ResponseReturnValue:
        return self._done(pk, runs.carry_out)

    @expose(f"/{ONE}/stop", methods=["POST"])
    @requires("edit")
    def stop(self, pk: int) -> ResponseReturnValue:
        return self._done(pk, runs.stop)

    @expose(f"/{ONE}/problems.csv")
    @requires("list")
    def problems(self, pk: int) -> ResponseReturnValue:
        """What did not fit, to be worked off beside the file."""
        head = [_("Row"), _("Column"), _("In the file"), _("Why")]
        lines = ([each["row"], each["column"], each["text"], each["why"]] for each in _problems(_run(pk)))
        return csv_answer("problems", head, lines)

    def _done(self, pk: int, act: Any) -> ResponseReturnValue:
        try:
            with transaction():
                act(_run(pk, lock=True))
        except BrokenRule as error:
            flash(str(error), "error")
        ask_for(current_app.extensions["redis"], "import_rows")
        return redirect(f"{LIST}{pk}", 303)

    def _list(self, form: NewForm) -> str:
        rows = db.session.scalars(select(ImportRun).order_by(ImportRun.id.desc()).limit(MOST_SHOWN)).all()
        may_edit = visitor.may("can_edit", "ImportsView")
        return str(self.render_template("desk/imports.html", runs=rows, form=form, may_edit=may_edit, **_words()))


def _form() -> NewForm:
    form = NewForm()
    form.owner.choices = list(_owners().items())
    return form


def _owners() -> dict[str, Any]:
    found = dict(OWNERS)
    for kind in all_types():
        found[f"{ENTRY}{kind.code}"] = _("Entries: %(name)s", name=kind.name(language()))
    return found


def _told(form: Any) -> list[str]:
    """What exports write over the other columns of these rows, in every language."""
    found: list[str] = []
    for code in LANGUAGES if form.owner.data == TICKETS.owner else ():
        with force_locale(code):
            found += heads_besides()
    return found


def _words() -> dict[str, Any]:
    return {"state_names": STATE_NAMES, "badges": BADGES, "owners": _owners(), "States": ImportState}


def _problems(run: ImportRun) -> list[dict[str, Any]]:
    """What did not fit, without what stands in columns of fields that an auditor may not read."""
    fields, standing = published(db.session()).all_of(run.owner), visitor.standing()
    hidden = {name for each in fields if hides(standing, each) for name in (each.name, *each.old_names)}
    return [each for each in run.problems if each["column"] not in hidden]


def _run(pk: int, *, lock: bool = False) -> ImportRun:
    """Raises NotFound."""
    query = select(ImportRun).where(ImportRun.id == pk)
    found = db.session.scalars(query.with_for_update(of=ImportRun) if lock else query).unique().one_or_none()
    if found is None:
        raise NotFound
    return found
