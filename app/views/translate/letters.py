"""The words of letters, for translators: tried with sample values, since they see no ticket."""

from __future__ import annotations

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from flask_babel import gettext as _
from sqlalchemy import select

from app.access import NotFound
from app.broken_rule import BrokenRule
from app.catalogs import letters
from app.catalogs.glossary import glossary
from app.catalogs.translating import Stale
from app.events.transaction import transaction
from app.extensions import db
from app.locale import SPOKEN
from app.mail import texts
from app.mail.compose import sample
from app.mail.content import TRIAL
from app.mail.source import LONGEST, Unreadable, Values, check
from app.mail.values import NAMED, OF_ACCOUNT, of_fields
from app.mail.wording import ABOUT_TICKET
from app.models.event import Letter
from app.models.letter_template import LetterTemplate
from app.views import visitor
from app.views.admin.names import TEMPLATES, called
from app.views.doors import requires
from app.views.frame import framed_own, framed_words
from app.views.translate.filters import BASE, may_edit

LETTER = "/<name>/<language>"


class LetterWordsView(BaseView):
    route_base = f"{BASE}/letters"
    default_view = "list"
    class_permission_name = "TranslationsView"

    @expose("/")
    @requires("list")
    def list(self) -> ResponseReturnValue:
        rows = {(row.name, row.language): row for row in db.session.scalars(select(LetterTemplate))}
        named = sorted((str(called(TEMPLATES, name)), name) for name in texts.names())
        return self.render_template("translate/letters.html", letters=named, rows=rows, names=SPOKEN)

    @expose(LETTER)
    @requires("list")
    def letter(self, name: str, language: str) -> ResponseReturnValue:
        words, row = _words(name, language), texts.row_of(name, language)
        return self._page(name, language, (row and row.proposed) or words)

    @expose(LETTER, methods=["POST"])
    @requires("edit")
    def save(self, name: str, language: str) -> ResponseReturnValue:
        """What cannot be written as a letter is never kept, and nothing typed is lost."""
        _words(name, language)
        typed = request.form.get("source", "").replace("\r\n", "\n")
        problem = _wrong(name, typed)
        if problem:
            return self._page(name, language, typed, problem), 422
        seen = request.form.get("seen", type=int)
        try:
            with transaction():
                waits = letters.save(name, language, typed, by=visitor.account(), seen=seen)
        except Stale as error:
            return self._page(name, language, typed, str(error)), 422
        flash(_("Saved. It waits for a second pair of eyes.") if waits else _("Saved."), "success")
        return redirect(f"{BASE}/letters/{name}/{language}", 303)

    @expose(f"{LETTER}/reset", methods=["POST"])
    @requires("edit")
    def reset(self, name: str, language: str) -> ResponseReturnValue:
        """The product's words again; the desk's stay in the history."""
        _words(name, language)
        with transaction():
            texts.restore_shipped(name, language)
        return redirect(f"{BASE}/letters/{name}/{language}", 303)

    @expose(f"{LETTER}/<any(undo, accept, refuse):act>", methods=["POST"])
    @requires("edit")
    def decide(self, name: str, language: str, act: str) -> ResponseReturnValue:
        """Take the last saving back, or let a colleague's words pass or not."""
        _words(name, language)
        try:
            with transaction():
                getattr(letters, act)(name, language, by=visitor.account())
            flash(_("Done. Readers see it within seconds."), "success")
        except BrokenRule as error:
            flash(str(error), "warning")
        return redirect(f"{BASE}/letters/{name}/{language}", 303)

    @expose(f"{LETTER}/look", methods=["GET", "POST"])
    @requires("list")
    def look(self, name: str, language: str) -> ResponseReturnValue:
        """The frame that shows the letter with what is typed, or with what is kept."""
        words = _words(name, language)
        source = request.form.get("source", words) if request.method == "POST" else words
        problem = _wrong(name, source)
        if problem:
            return framed_words(problem)
        letter = Letter(template=name, account=visitor.account(), reason=f"{TRIAL}{language}")
        return framed_own(letter, lambda letter: sample(letter, source, language, _samples(name)))

    def _page(self, name: str, language: str, typed: str, problem: str = "") -> str:
        row, versions = texts.row_of(name, language), texts.versions_of(name, language)
        other = next(code for code in ("en", "pl") if code != language)
        return str(
            self.render_template(
                "translate/letter.html",
                name=name,
                title=called(TEMPLATES, name),
                language_chosen=language,
                language_name=SPOKEN[language],
                other=(other, SPOKEN[other], _words(name, other)),
                typed=typed,
                problem=problem,
                warned=glossary(language).broken(_words(name, "en"), [typed]) if typed.strip() else [],
                row=row,
                is_mine=bool(versions) and versions[0].account_id == visitor.account().id,
                versions=versions,
                values=_known(name),
                may_edit=may_edit(),
            )
        )


def _words(name: str, language: str) -> str:
    """The words that are kept. Raises NotFound for a letter or language that is not there."""
    if name not in texts.names() or language not in SPOKEN:
        raise NotFound
    row = texts.row_of(name, language)
    return (
        row.source
        if row is not None and row.source
        else texts.shipped(name, language) or texts.shipped(name, "en") or ""
    )


def _wrong(name: str, source: str) -> str:
    """Why these words cannot be kept, or nothing."""
    if not source.strip():
        return _("Fill in this field.")
    try:
        check(source[: LONGEST + 1], _known(name))
    except Unreadable as error:
        return str(error)
    return ""


def _known(name: str) -> dict[str, object]:
    return NAMED | of_fields() if name in ABOUT_TICKET else OF_ACCOUNT


def _samples(name: str) -> Values:
    return {value: lambda words=words: f"[{words}]" for value, words in _known(name).items()}  # type: ignore[misc]
