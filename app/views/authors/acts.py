"""What can be done with a text beside writing it: publish, withdraw, restore, bin, files, private addresses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from flask import current_app, flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from markupsafe import Markup

from app.access import NotFound
from app.broken_rule import BrokenRule
from app.content import entries as verbs
from app.content.entries import version_of, versions_of
from app.content.errors import InThePast
from app.content.files import add_file, as_markdown
from app.content.markdown import as_html
from app.content.previews import end_previews, make_preview
from app.content.publishing import publish, schedule, unschedule, withdraw, withdraw_at
from app.content.uses import uses_of
from app.desk.uploads import store_uploads
from app.events.transaction import transaction
from app.extensions import db
from app.locale import SPOKEN
from app.models import field_values
from app.models.entry import Entry, Variant
from app.views import visitor
from app.views.authors.forms import EntryForm, WithdrawForm, form_of
from app.views.authors.keeping import fields_form, may_write, owner_of, shown_entry, written_entry
from app.views.authors.looking import versions_differ
from app.views.desk.acts import NUMBER
from app.views.doors import requires
from app.views.fields import facts_of

ONE = NUMBER.replace("number", "pk")
TEXT = f"/{ONE}/<language:code>"


class EntryActs:
    """Doors of the editor page."""

    if TYPE_CHECKING:
        render_template: Callable[..., str]
        _kept: Callable[..., ResponseReturnValue]
        _page: Callable[..., ResponseReturnValue]

    @expose(f"{TEXT}/publish", methods=["POST"])
    @requires("publish")
    def publish(self, pk: int, code: str) -> ResponseReturnValue:
        """Keep what was typed, and give it to readers: now, or by `act` later at the time that was chosen."""
        if request.form.get("act") == "later":
            return self._kept(pk, code, _later, _("The text is scheduled."))
        return self._kept(pk, code, lambda text: publish(text, seen=text.version), _("The text is published."))

    @expose(f"{TEXT}/withdraw", methods=["GET", "POST"])
    @requires("publish")
    def withdraw(self, pk: int, code: str) -> ResponseReturnValue:
        """Where it is used, before it goes: now, or at the time that is chosen."""
        entry, form = written_entry(pk), WithdrawForm()
        text = _text(entry, code)
        if form.validate_on_submit():
            with transaction():
                if request.form.get("act") == "later":
                    withdraw_at(text, form.until.moment() or _past())
                else:
                    withdraw(text)
            is_gone = text.published is None
            flash(_("The text is withdrawn.") if is_gone else _("The withdrawal is scheduled."), "success")
            return back(pk, code)
        return self.render_template(
            "authors/withdraw.html", entry=entry, variant=text, code=code, form=form, uses=_uses(entry), names=SPOKEN
        )

    @expose(f"{TEXT}/unschedule", methods=["POST"])
    @requires("publish")
    def unschedule(self, pk: int, code: str) -> ResponseReturnValue:
        with transaction():
            unschedule(_text(written_entry(pk), code))
        flash(_("Nothing is scheduled any more."), "success")
        return back(pk, code)

    @expose(f"/{ONE}/bin", methods=["GET", "POST"])
    @requires("publish")
    def bin(self, pk: int) -> ResponseReturnValue:
        """Where it is used, before it goes."""
        entry = written_entry(pk)
        if request.method == "POST":
            with transaction():
                verbs.put_in_bin(entry)
            flash(_("The entry is in the bin. It can be taken out of it whole."), "success")
            return redirect("/desk/entries/", 303)
        return self.render_template("authors/bin.html", entry=entry, uses=_uses(entry), names=SPOKEN)

    @expose(f"/{ONE}/unbin", methods=["POST"])
    @requires("publish")
    def unbin(self, pk: int) -> ResponseReturnValue:
        entry = written_entry(pk)
        with transaction():
            verbs.take_out_of_bin(entry)
        flash(_("The entry is as it was before."), "success")
        return back(pk, entry.source_language)

    @expose(f"{TEXT}/versions")
    @requires("show")
    def versions(self, pk: int, code: str) -> ResponseReturnValue:
        """All versions, and the differences between two of them."""
        entry = shown_entry(pk)
        text = _text(entry, code)
        if not entry.type.versioned:
            raise NotFound
        newer, older = _number("b", text.version), _number("a", text.version - 1)
        try:
            shown = versions_differ(entry, version_of(text, older), version_of(text, newer)) if older else []
        except LookupError:
            raise NotFound from None
        return self.render_template(
            "authors/versions.html",
            entry=entry,
            variant=text,
            code=code,
            versions=versions_of(text),
            older=older,
            newer=newer,
            differences=shown,
            is_writable=may_write(entry),
            names=SPOKEN,
        )

    @expose(f"{TEXT}/restore", methods=["POST"])
    @requires("edit")
    def restore(self, pk: int, code: str) -> ResponseReturnValue:
        """An earlier version's words as the newest draft."""
        number, seen = _number("version", 0), _number("seen", 0)
        try:
            with transaction():
                verbs.restore(_text(written_entry(pk), code), number, seen=seen, by=visitor.account())
        except LookupError:
            raise NotFound from None
        flash(_("The words of version %(number)s are the newest draft.", number=number), "success")
        return back(pk, code)

    @expose(f"{TEXT}/preview", methods=["GET", "POST"])
    @requires("show")
    def preview(self, pk: int, code: str) -> ResponseReturnValue:
        """The text as its readers will see it: the draft as it is kept, or as it is being typed."""
        entry = shown_entry(pk)
        form, fields = form_of(entry, entry.variant(code)), fields_form(entry, code)
        kept = entry.variant(code)
        given = {**(field_values.values(kept) if kept else {}), **(fields.read_if_sent() or {})}
        return self.render_template(
            "authors/preview.html",
            title=form.title.data,
            summary=form.summary.data,
            body=Markup(as_html(form.body.data or "")),  # noqa: S704 cleaned by nh3
            facts=facts_of(SimpleNamespace(fields=given), owner_of(entry)) if given else [],
            code=code,
            entry=entry,
            names=SPOKEN,
        )

    @expose(f"{TEXT}/address", methods=["POST"])
    @requires("edit")
    def address(self, pk: int, code: str) -> ResponseReturnValue:
        """A private address of the draft as it is kept, shown once; or by `act` end, none any more."""
        form, fields, url = EntryForm(), fields_form(shown_entry(pk), code), ""
        fields.read()  # what was typed stays in its boxes
        with transaction():
            text = _text(written_entry(pk), code)
            if request.form.get("act") == "end":
                end_previews(text, by=visitor.account())
            else:
                token = make_preview(text, by=visitor.account())
                url = f"{current_app.extensions['settings'].base_url}/content/preview/{token}"
        return self._page(shown_entry(pk), code, form, fields, preview_url=url)

    @expose(f"/{ONE}/files", methods=["POST"])
    @requires("edit")
    def files(self, pk: int) -> ResponseReturnValue:
        """Keep what was pasted or dropped; answers how the text names each."""
        written_entry(pk)
        limit = current_app.extensions["settings"].file_limit
        try:
            kept = store_uploads(request.files.getlist("files"), current_app.extensions["files"], limit=limit)
        except BrokenRule as error:
            return jsonify(message=str(error)), error.status
        with transaction():
            entry = written_entry(pk)
            rows = [
                add_file(
                    entry,
                    name=file.name,
                    content_type=file.content_type,
                    size=file.size,
                    sha256=file.sha256,
                    by=visitor.account(),
                )
                for file in kept
            ]
            told = [{"name": row.name, "address": row.address, "markdown": as_markdown(row)} for row in rows]
        return jsonify(files=told)


def back(pk: int, code: str) -> ResponseReturnValue:
    return redirect(f"/desk/entries/{pk}/{code}", 303)


def _text(entry: Entry, code: str) -> Variant:
    """The entry in that language. Raises NotFound."""
    found = entry.variant(code)
    if found is None:
        raise NotFound
    return found


def _later(text: Variant) -> None:
    at = EntryForm().at.moment()
    schedule(text, at or _past(), seen=text.version)


def _past() -> datetime:
    raise InThePast


def _uses(entry: Entry) -> Any:
    db.session.flush()
    return uses_of(entry, visitor.standing())


def _number(name: str, default: int) -> int:
    typed = request.values.get(name, "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else default
