"""The words of letters: the product's, or the desk's own, tried on a real ticket before they are kept."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from app.access import NotFound, get_ticket
from app.events.record import owe_letter
from app.events.transaction import transaction
from app.extensions import db
from app.locale import SPOKEN
from app.mail import texts
from app.mail.compose import trial
from app.mail.content import TRIAL
from app.mail.source import LONGEST, Unreadable, check
from app.mail.values import NAMED, OF_ACCOUNT, of_fields
from app.mail.wording import ABOUT_TICKET
from app.models.event import Letter
from app.models.letter_template import LetterTemplate
from app.models.ticket import Ticket
from app.models.version import Version
from app.views import visitor
from app.views.admin.names import TEMPLATES, called
from app.views.desk.filters import number_in
from app.views.doors import requires
from app.views.frame import framed_own, framed_words


class WordsForm(FlaskForm):
    """A letter's words, and the ticket on which they are tried."""

    source = TextAreaField(_l("Words"), validators=[DataRequired(_l("Fill in this field.")), Length(max=LONGEST)])
    number = StringField(_l("Try it on the ticket with the number"), validators=[Length(max=12)])


class LetterTemplatesView(BaseView):
    """Menu Letter templates."""

    route_base = "/desk/templates"
    default_view = "list"

    @expose("/")
    @requires("list")
    def list(self) -> ResponseReturnValue:
        rows = {(row.name, row.language): row for row in db.session.scalars(select(LetterTemplate))}
        letters = sorted(((str(called(TEMPLATES, name)), name) for name in texts.names()), key=lambda pair: pair[0])
        return self.render_template("desk/letter_templates.html", letters=letters, rows=rows, languages=SPOKEN)

    @expose("/<name>/<language>", methods=["GET", "POST"])
    @requires("edit")
    def page(self, name: str, language: str) -> ResponseReturnValue:
        """Change the words; what cannot be read is never kept."""
        shipped, row = _shipped(name, language), texts.row_of(name, language)
        form = _form(name, language)
        if form.validate_on_submit() and _fits(form, name):
            with transaction():
                texts.save(name, language, form.source.data, by=visitor.account())
            return _back(name, language, _("Saved."))
        return self.render_template(
            "desk/letter_template.html",
            form=form,
            name=name,
            title=called(TEMPLATES, name),
            language=language,
            language_name=SPOKEN[language],
            row=row,
            shipped=shipped,
            versions=texts.versions_of(name, language),
            values=_values_of(name),
            about_ticket=name in ABOUT_TICKET,
        )

    @expose("/<name>/<language>/look", methods=["GET", "POST"])
    @requires("edit")
    def look(self, name: str, language: str) -> ResponseReturnValue:
        """The frame that shows the letter about a real ticket or oneself: with the words that are typed, or with those
        that are kept. Nothing of it is kept or sent."""
        form = _form(name, language)
        ticket = _ticket(form.number.data or "") if name in ABOUT_TICKET else None
        if ticket is None and name in ABOUT_TICKET:
            return framed_words(_("There is no ticket with that number."))
        if (request.method == "POST" and not form.validate()) or not _fits(form, name):
            return framed_words(*(str(error) for errors in form.errors.values() for error in errors))
        letter = Letter(template=name, account=visitor.account(), reason=f"{TRIAL}{language}", ticket=ticket)
        return framed_own(letter, lambda letter: trial(letter, form.source.data, language))

    @expose("/<name>/<language>/send", methods=["POST"])
    @requires("edit")
    def send(self, name: str, language: str) -> ResponseReturnValue:
        """The letter with the words that are kept, to oneself."""
        _shipped(name, language)
        ticket = _ticket(request.form.get("number", "")) if name in ABOUT_TICKET else None
        if ticket is None and name in ABOUT_TICKET:
            return _back(name, language, _("There is no ticket with that number."), "warning")
        with transaction():
            owe_letter(name, account=visitor.account(), reason=f"{TRIAL}{language}", ticket=ticket)
        return _back(name, language, _("The letter is on its way to you."))

    @expose("/<name>/<language>/restore", methods=["POST"])
    @requires("edit")
    def restore(self, name: str, language: str) -> ResponseReturnValue:
        """An earlier version's words, or the product's."""
        _shipped(name, language)
        chosen = request.form.get("version", "")
        with transaction():
            if chosen == "shipped":
                texts.restore_shipped(name, language)
            else:
                texts.save(name, language, _version(name, language, chosen).data["source"], by=visitor.account())
        return _back(name, language, _("Saved."))


def _form(name: str, language: str) -> WordsForm:
    """The words that are kept and the newest ticket, or what was typed."""
    row, shipped = texts.row_of(name, language), _shipped(name, language)
    return WordsForm(data={"source": row.source if row and row.source else shipped, "number": _newest_number()})


def _fits(form: WordsForm, name: str) -> bool:
    """Whether the words can be read; what cannot is said beside them."""
    try:
        check(form.source.data, _values_of(name))
    except Unreadable as error:
        form.source.errors = [*form.source.errors, str(error)]
    return not form.errors


def _values_of(name: str) -> dict[str, Any]:
    """What the letter's words may name."""
    return NAMED | of_fields() if name in ABOUT_TICKET else OF_ACCOUNT


def _shipped(name: str, language: str) -> str:
    """The product's words. Raises NotFound for a letter or language that is not there."""
    if name not in texts.names() or language not in SPOKEN:
        raise NotFound
    return texts.shipped(name, language) or texts.shipped(name, "en") or ""


def _version(name: str, language: str, number: str) -> Version:
    found = [each for each in texts.versions_of(name, language) if str(each.number) == number]
    if not found:
        raise NotFound
    return found[0]


def _ticket(text: str) -> Ticket | None:
    try:
        return get_ticket(db.session(), visitor.standing(), number_in(text) or 0)
    except NotFound:
        return None


def _newest_number() -> str:
    number: Any = db.session.scalar(select(Ticket.number).order_by(Ticket.id.desc()).limit(1))
    return str(number or "")


def _back(name: str, language: str, words: str, kind: str = "success") -> ResponseReturnValue:
    flash(words, kind)
    return redirect(f"/desk/templates/{name}/{language}", 303)
