"""The glossary: what words of the source are called in each language, and what they are not called."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import BooleanField, Form, SelectField, ValidationError

from app.access import sees_glossary
from app.catalogs.sources import ENGLISH
from app.extensions import db
from app.locale import SPOKEN
from app.models.ranges import Order
from app.models.translation import GlossaryTerm
from app.search.analysis import words
from app.views.admin.fields import REQUIRED, one_by_one, text
from app.views.admin.settings import WordsGrid
from app.views.desk.grid import visible


def _new(form: Form, field: Any) -> None:
    """One row for a word in a language."""
    row = GlossaryTerm
    same = select(row.id).where(row.source == field.data, row.language == form["language"].data)
    if db.session.scalar(same.where(row.id != (getattr(form, "_id", None) or 0))) is not None:
        raise ValidationError(_("This is taken already."))


def _says_something(form: Form, field: Any) -> None:
    names = [name for name in f"{field.data or ''},{form['forbidden'].data or ''}".split(",") if name.strip()]
    if not names or not all([*words(name)] for name in names):
        raise ValidationError(_("Type words separated by commas."))


class GlossaryView(WordsGrid):
    route_base = "/desk/glossary"
    datamodel = WordsGrid.over(GlossaryTerm)
    order = Order(GlossaryTerm.source, GlossaryTerm.id, descending=False)
    clause = staticmethod(sees_glossary)
    base_filters = visible(sees_glossary)
    list_title = _l("Glossary")
    hint = _l(
        "Whoever translates one of these words otherwise is warned, and the sentence stands among the suspicious ones."
        " Forms of the words are found by themselves."
    )
    add_title = _l("Add a word")
    edit_title = _l("Change the word")
    text_filter = _l("How the English word begins")
    label_columns = {
        "source": _l("English word"),
        "language": _l("Language"),
        "allowed": _l("Is called"),
        "forbidden": _l("Is not called"),
        "note": _l("Note"),
        "active": _l("Active"),
    }
    list_columns = show_columns = ["source", "language", "allowed", "forbidden", "note", "active"]
    add_columns = edit_columns = ["source", "language", "allowed", "forbidden", "note", "active"]
    add_form_extra_fields = edit_form_extra_fields = {
        "source": text(_l("English word"), REQUIRED, _new, longest=100, hint=_l("In the singular: knowledge base.")),
        "language": SelectField(
            _l("Language"), choices=lambda: [(code, name) for code, name in SPOKEN.items() if code != ENGLISH]
        ),
        "allowed": text(
            _l("Is called"),
            _says_something,
            longest=500,
            hint=_l("Separated by commas; one of them is enough."),
            filters=[one_by_one],
        ),
        "forbidden": text(_l("Is not called"), longest=500, hint=_l("Separated by commas."), filters=[one_by_one]),
        "note": text(_l("Note"), longest=500, hint=_l("For translators, beside the sentence.")),
        "active": BooleanField(_l("Active"), default=True),
    }
    formatters_columns = {"language": lambda row: SPOKEN.get(row.language, row.language)}
