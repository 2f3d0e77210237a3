"""Catalogs as files: PO out of the desk, PO and XLIFF into it, with the difference first."""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import Any

from flask import Response, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from flask_babel import gettext as _
from flask_babel import ngettext

from app.access import NotFound
from app.catalogs.exchange import READERS, Difference, difference, exported, take
from app.catalogs.po_file import Unreadable
from app.events.audit import AuditKind, write_down
from app.events.transaction import transaction
from app.locale import SPOKEN
from app.views import visitor
from app.views.doors import requires
from app.views.translate.filters import BASE, chosen_language, may_edit

MOST_SHOWN = 500


class CatalogFilesView(BaseView):
    route_base = f"{BASE}/files"
    default_view = "page"
    class_permission_name = "TranslationsView"

    @expose("/")
    @requires("list")
    def page(self) -> ResponseReturnValue:
        return self._page()

    @expose("/<language>/<any(messages, flask_security):domain>.po")
    @requires("list")
    def export(self, language: str, domain: str) -> ResponseReturnValue:
        """The catalog as readers get it."""
        if language not in SPOKEN:
            raise NotFound
        with transaction():
            write_down(AuditKind.EXPORTED, about=f"{domain}.po ({language})")
        headers = {"Content-Disposition": f'attachment; filename="{domain}.{language}.po"'}
        return Response(exported(language, domain), mimetype="text/x-gettext-translation", headers=headers)

    @expose("/compare", methods=["POST"])
    @requires("edit")
    def compare(self) -> ResponseReturnValue:
        """What a file would change; nothing is kept yet."""
        language, file = chosen_language(), request.files.get("file")
        reader = READERS.get(PurePosixPath(file.filename or "").suffix.lower()) if file else None
        if file is None or reader is None:
            return self._page(problem=_("Choose a file whose name ends with .po, .xlf or .xliff.")), 422
        try:
            found = difference(reader(file.stream.read()), language)
        except Unreadable as error:
            return self._page(problem=str(error)), 422
        return self._page(found)

    @expose("/take", methods=["POST"])
    @requires("edit")
    def take(self) -> ResponseReturnValue:
        """Keep what was ticked."""
        language, chosen = chosen_language(), set(request.form.getlist("take"))
        changes = {name: each for name, each in _carried(request.form.get("changes", "")).items() if name in chosen}
        with transaction():
            saved, left = take(changes, language, by=visitor.account())
        flash(ngettext("%(num)d sentence was saved.", "%(num)d sentences were saved.", saved), "success")
        for source, reason in left[:20]:
            flash(f"{source.msgid[:80]}: {reason}", "warning")
        return redirect(f"{BASE}/?language={language}&state=mine", 303)

    def _page(self, found: Difference | None = None, problem: str = "") -> Any:
        carried = {}
        if found is not None:
            shown = found.changes[:MOST_SHOWN]
            carried = {each.name: [list(each.strings), each.text.number, each.unsure] for each in shown}
        return self.render_template(
            "translate/files.html",
            language_chosen=chosen_language(),
            names=SPOKEN,
            found=found,
            changes=json.dumps(carried, ensure_ascii=False),
            most=MOST_SHOWN,
            problem=problem,
            may_edit=may_edit(),
        )


def _carried(text: str) -> dict[str, tuple[list[str], int, bool]]:
    """What the page of the difference carried along; whatever was made of it is checked as any saving is."""
    try:
        found = json.loads(text)
        return {
            str(name): ([str(each) for each in strings], int(seen), bool(unsure))
            for name, (strings, seen, unsure) in found.items()
        }
    except (ValueError, TypeError, AttributeError):
        return {}
