"""The list of what is written for readers, and the page on which one text of it is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload, selectinload

from app.broken_rule import BrokenRule
from app.content.addresses import path_of
from app.content.entries import LONGEST_TITLE, Words, add_entry, source_change
from app.content.errors import StaleText
from app.content.previews import previews_of
from app.content.publishing import ask_for_review
from app.content.types import all_types, types_written_by
from app.content.uses import uses_of
from app.desk.field_values import UnfitFields
from app.events.transaction import transaction
from app.locale import SPOKEN, language
from app.models.entry import Entry, TextState, Variant
from app.views import visitor
from app.views.api.schemas import NAMED
from app.views.authors.acts import ONE, TEXT, EntryActs
from app.views.authors.filters import BIN, QUICK_VIEWS, WITHOUT, entries, fields_listed, order
from app.views.authors.forms import EntryForm, NewEntryForm, form_of
from app.views.authors.keeping import fields_form, keep, may_publish, may_tell, may_write, owner_of, shown_entry
from app.views.authors.looking import differing
from app.views.authors.names import BADGES, READER_NAMES, STATE_NAMES, WITHOUT_NAMES
from app.views.authors.tickets import TicketTexts
from app.views.desk.field_filters import UnfitFilter, UnknownField, boxes, orders
from app.views.doors import requires
from app.views.fields import FieldsForm, facts_of
from app.views.listing import Page, keyset_page
from app.views.reference import group_choices

NOTHING = Page([], None, None)
EAGER = (
    selectinload(Entry.variants).joinedload(Variant.published),
    selectinload(Entry.groups),
    joinedload(Entry.type),
    joinedload(Entry.created_by).load_only(*NAMED),
)


class EntriesView(EntryActs, TicketTexts, BaseView):
    """Menu Treści."""

    route_base = "/desk/entries"
    default_view = "list"

    @expose("/")
    @requires("list")
    def list(self) -> ResponseReturnValue:
        names = {f"{WITHOUT}{code}": words for code, words in WITHOUT_NAMES.items()}
        try:
            page = keyset_page(entries(request.args), order(request.args), eager=EAGER)
        except (UnknownField, UnfitFilter) as error:
            flash(str(error), "error")
            page = NOTHING
        return self.render_template(
            "authors/list.html",
            page=page,
            field_boxes=boxes(request.args, fields_listed(request.args)),
            field_orders=orders(fields_listed(request.args)),
            args=request.args,
            types=all_types(),
            languages_asked={**SPOKEN, **names},
            states={**STATE_NAMES, BIN: _("Bin")},
            groups=group_choices(),
            quick_views=QUICK_VIEWS,
            may_add=visitor.may("can_add", "EntriesView") and bool(types_written_by(visitor.standing())),
            **_words(),
        )

    @expose("/new", methods=["GET", "POST"])
    @requires("add")
    def new(self) -> ResponseReturnValue:
        """Type, language and title; all else is written on the entry's page."""
        spoken, title = request.args.get("lang", ""), request.args.get("title", "")
        form = NewEntryForm(
            type=request.args.get("type"),
            language=spoken if spoken in SPOKEN else language(),
            title=" ".join(title.replace("\x00", " ").split())[:LONGEST_TITLE],
        )
        form.type.choices = [(kind.code, kind.name(language())) for kind in types_written_by(visitor.standing())]
        if form.validate_on_submit():
            try:
                with transaction():
                    entry = add_entry(
                        form.type.data, form.language.data, Words(form.title.data or ""), by=visitor.account()
                    )
                return _to(entry.id, form.language.data)
            except BrokenRule as error:
                form.form_errors.append(str(error))
        return self.render_template("authors/new.html", form=form)

    @expose(f"/{ONE}")
    @requires("show")
    def entry(self, pk: int) -> ResponseReturnValue:
        """In the reader's language where it is written in it."""
        entry = shown_entry(pk)
        return _to(pk, language() if entry.variant(language()) else entry.source_language)

    @expose(TEXT, methods=["GET"])
    @requires("show")
    def page(self, pk: int, code: str) -> ResponseReturnValue:
        entry = shown_entry(pk)
        return self._page(entry, code, form_of(entry, entry.variant(code)), fields_form(entry, code))

    @expose(TEXT, methods=["POST"])
    @requires("edit")
    def save(self, pk: int, code: str) -> ResponseReturnValue:
        """Keep the draft; with `act` review, ask somebody else to read it."""
        if request.form.get("act") == "review":
            return self._kept(pk, code, lambda text: ask_for_review(text, seen=text.version), _("Review is asked for."))
        return self._kept(pk, code, lambda _text: None, _("The draft is kept."))

    def _kept(self, pk: int, code: str, then: Callable[[Variant], None], said: str) -> ResponseReturnValue:
        """Keep what was typed and do what follows, or show the page again with everything that was typed."""
        entry = shown_entry(pk)
        if not may_write(entry):
            abort(403)
        form, fields, stale = form_of(entry, entry.variant(code)), fields_form(entry, code), None
        fits = form.validate_on_submit()
        given = fields.read(beside=fits)
        if given is not None:
            try:
                files = form.stored_files()
                with transaction():
                    then(keep(pk, code, form, files, given))
                flash(said, "success")
                return _to(pk, code)
            except StaleText as error:
                form.form_errors.append(str(error))
                stale = error.current
            except UnfitFields as error:
                fields.refuse(error)
            except BrokenRule as error:
                form.form_errors.append(str(error))
        if fields.errors:
            form.form_errors.append(fields.sentence())
        if fits:
            form.forget_files()
        return self._page(shown_entry(pk), code, form, fields, stale=stale)

    def _page(
        self,
        entry: Entry,
        code: str,
        form: EntryForm,
        fields: FieldsForm,
        *,
        stale: Variant | None = None,
        preview_url: str = "",
    ) -> ResponseReturnValue:
        variant, writable = entry.variant(code), may_write(entry)
        if stale is not None:
            form.seen.raw_data, form.seen.data = None, stale.version  # he has seen it now: what he saves next stands
        change = source_change(variant) if variant else None
        source = entry.source if entry.source_language != code else None
        return self.render_template(
            "authors/entry.html",
            entry=entry,
            variant=variant,
            code=code,
            form=form,
            fields=fields,
            facts=facts_of(variant, owner_of(entry)) if variant else [],
            is_writable=writable and entry.binned_at is None,
            may_publish=writable and may_publish() and entry.binned_at is None,
            may_unbin=writable and may_publish(),
            may_tell=writable and may_tell(entry),
            stale=stale,
            stale_differences=differing(_words_of(stale), form.words()) if stale else [],
            source=source,
            source_differences=differing(*change) if change else [],
            uses=uses_of(entry, visitor.standing()),
            previews=previews_of(variant) if variant else 0,
            preview_url=preview_url,
            public_path=path_of(entry.type_code, code, variant.published.slug) if variant and variant.published else "",
            **_words(),
        )


def _words_of(variant: Variant) -> Words:
    return Words(variant.title, variant.summary, variant.body, variant.slug)


def _words() -> dict[str, Any]:
    return {
        "state_names": STATE_NAMES,
        "badges": BADGES,
        "reader_names": READER_NAMES,
        "names": SPOKEN,
        "language": language(),
        "States": TextState,
    }


def _to(pk: int, code: str) -> ResponseReturnValue:
    return redirect(f"/desk/entries/{pk}/{code}", 303)
