"""The draft behind a form of words and files: shown when the form is opened, kept while somebody writes."""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.desk import drafts
from app.desk.errors import DeskError
from app.events.transaction import transaction
from app.models.draft import Draft
from app.views import visitor
from app.views.portal.forms import WithFiles

BY_SCRIPT = "X-Draft"  # the header by which our script asks
WORDS = ("subject", "text", "then", "priority")


class DraftOf:
    """One form of the visitor, and what was kept of it. A form that was not `sent` just now shows it."""

    def __init__(self, form: WithFiles, place: str, row: Draft | None, *, sent: bool) -> None:
        self.form, self.place, self.row = form, place, row
        form.has_draft, form.kept = True, drafts.files_of(row)
        if sent:
            ticked = request.form.getlist(f"{form.files.name.removesuffix('files')}kept")
            form.kept = [file for file in form.kept if file.sha256 in ticked]
        elif row is not None:
            for name in row.words.keys() & form._fields.keys():
                form[name].data = row.words[name]

    @property
    def saved_at(self) -> datetime | None:
        return self.row.saved_at if self.row else None

    def keep(self) -> None:
        """Keep what stands in the form. Raises DeskError for a file that may not be taken; the words are kept."""
        words = {
            name: str(self.form[name].data or "")[:200_000].replace("\x00", "") for name in WORDS if name in self.form
        }
        try:
            files = self.form.stored_files()
        except DeskError:
            with transaction():
                drafts.keep(visitor.account().id, self.place, words, self.form.kept)
            raise
        with transaction():
            self.row = drafts.keep(visitor.account().id, self.place, words, files)
        self.form.kept = drafts.files_of(self.row)

    def rescue(self) -> None:
        """The same after the form was refused: its own reasons are told already."""
        try:
            self.keep()
        except DeskError as error:
            self.form.say(error)

    def forget(self) -> None:
        """In the transaction of what was sent."""
        drafts.forget(visitor.account().id, self.place)

    def answer(self, back: str) -> ResponseReturnValue:
        """Keep it or throw it away, as the form's button says; a script gets what is kept now, others the page."""
        if request.form.get("draft") == "discard":
            with transaction():
                self.forget()
            flash(_("The draft is thrown away."), "success")
            return redirect(back, 303)
        try:
            self.keep()
            said = ""
        except DeskError as error:
            said = str(error)
        if request.headers.get(BY_SCRIPT):
            return render_template("portal/_kept.html", form=self.form, saved_at=self.saved_at, said=said)
        flash(said or _("Your draft is kept. Only you see it."), "error" if said else "success")
        return redirect(back, 303)


def draft_of(form: WithFiles, place: str, *, sent: bool = True) -> DraftOf:
    """The form with its draft, read now."""
    row = drafts.drafts_of(visitor.account().id, place).get(place)
    return DraftOf(form, place, row, sent=sent)
