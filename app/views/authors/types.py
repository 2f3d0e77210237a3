"""Content types: what kinds of entries the desk has, and how each is written."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectMultipleField
from wtforms.validators import Optional as Unasked

from app.access import NotFound
from app.broken_rule import BrokenRule
from app.content import types
from app.content.types import Switches
from app.events.transaction import transaction
from app.extensions import db
from app.models.entry import WRITERS, ContentType, Visibility
from app.views import visitor
from app.views.admin.fields import REQUIRED, text
from app.views.admin.role_words import ROLE_NAMES
from app.views.authors.names import READER_NAMES
from app.views.doors import requires

LIST = "/desk/content-types/"
DEFAULTS = {code: words for code, words in READER_NAMES.items() if code != Visibility.ORGANISATIONS}


class TypeForm(FlaskForm):
    """What a type is called, and its switches."""

    name_pl = text(_l("Polish name"), REQUIRED, longest=80)
    name_en = text(_l("English name"), REQUIRED, longest=80)
    visibility = RadioField(
        _l("Who reads new entries, unless their author says otherwise"),
        choices=list(DEFAULTS.items()),
        default=Visibility.EVERYONE,
    )
    translated = BooleanField(_l("Entries are written in several languages"), default=True)
    reviewed = BooleanField(_l("Somebody else reads an entry before it is published"))
    versioned = BooleanField(_l("Earlier versions are shown, compared and restored"), default=True)
    writers = SelectMultipleField(
        _l("Who writes drafts beside editors and administrators"),
        choices=[(kind, ROLE_NAMES[kind]) for kind in WRITERS],
        validators=[Unasked()],
        default=list(WRITERS),
    )

    def switches(self) -> Switches:
        return Switches(
            visibility=Visibility(self.visibility.data),
            translated=self.translated.data,
            reviewed=self.reviewed.data,
            versioned=self.versioned.data,
            writers=tuple(self.writers.data or ()),
        )


class NewTypeForm(TypeForm):
    """Its name for programs is chosen once: addresses and the API go by it."""

    code = text(
        _l("Name for programs"), REQUIRED, longest=40, hint=_l("As in known_issue. It cannot be changed later.")
    )


class ContentTypesView(BaseView):
    """Menu Typy treści."""

    route_base = "/desk/content-types"
    default_view = "list"

    @expose("/")
    @requires("list")
    def list(self) -> ResponseReturnValue:
        rows = types.all_types()
        return self.render_template(
            "authors/types.html",
            types=rows,
            counts=types.entries_by_type([row.code for row in rows]),
            reader_names=READER_NAMES,
            may_edit=visitor.may("can_edit", "ContentTypesView"),
        )

    @expose("/add", methods=["GET", "POST"])
    @requires("edit")
    def add(self) -> ResponseReturnValue:
        form = NewTypeForm()
        if form.validate_on_submit():
            try:
                with transaction():
                    types.add_type(
                        form.code.data, name_pl=form.name_pl.data, name_en=form.name_en.data, switches=form.switches()
                    )
                flash(_("The content type is there: entries of it can be written now."), "success")
                return redirect(LIST, 303)
            except BrokenRule as error:
                form.form_errors.append(str(error))
        return self.render_template("authors/type.html", form=form, type=None)

    @expose("/<code>", methods=["GET", "POST"])
    @requires("edit")
    def edit(self, code: str) -> ResponseReturnValue:
        row = _type(code)
        form = TypeForm(obj=row)
        if form.validate_on_submit():
            with transaction():
                types.change_type(row, name_pl=form.name_pl.data, name_en=form.name_en.data, switches=form.switches())
            flash(_("Saved."), "success")
            return redirect(LIST, 303)
        return self.render_template("authors/type.html", form=form, type=row)

    @expose("/<code>/remove", methods=["POST"])
    @requires("edit")
    def remove(self, code: str) -> ResponseReturnValue:
        with transaction():
            types.remove_type(_type(code))
        flash(_("The content type is removed."), "success")
        return redirect(LIST, 303)


def _type(code: str) -> ContentType:
    row: Any = db.session.get(ContentType, code[:40])
    if row is None:
        raise NotFound
    found: ContentType = row
    return found
