"""Menu Translations: every sentence of the product in each language, found, said otherwise and taken back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar
from urllib.parse import urlencode, urlsplit

from flask import Response, abort, flash, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from flask_babel import get_locale
from flask_babel import gettext as _

from app.access import NotFound
from app.broken_rule import BrokenRule
from app.catalogs import live, translating
from app.catalogs.faults import Fault, faults
from app.catalogs.glossary import glossary
from app.catalogs.likeness import like
from app.catalogs.pictures import album
from app.catalogs.places import places
from app.catalogs.plurals import forms, samples
from app.catalogs.sources import Source
from app.catalogs.translating import Stale, Text, text_of
from app.events.transaction import transaction
from app.locale import LANGUAGES, SPOKEN
from app.views import visitor
from app.views.doors import requires
from app.views.translate import beside
from app.views.translate.filters import (
    BASE,
    KIND_NAMES,
    STATE_NAMES,
    asked_for,
    chosen_language,
    is_suspicious,
    may_edit,
    progress,
    source_of,
    texts,
)
from app.views.translate.on_page import POINTING, is_pointing
from app.views.translate.pages import pages_of
from app.views.translate.samples import examples

SENTENCE = "/<language>/<any(messages, flask_security):domain>/<key>"
PAGE_SIZE = 50
FILTERS = ("kind", "state", "place", "text", "from")


class TranslateView(BaseView):
    """The address under which the design card knows this desk."""

    route_base = "/translate"
    default_view = "home"
    class_permission_name = "TranslationsView"
    base_permissions: ClassVar[list[str]] = ["can_list", "can_edit"]  # else FAB takes the others' away

    @expose("/")
    @requires("list")
    def home(self) -> ResponseReturnValue:
        return redirect(f"{BASE}/")


class TranslationsView(BaseView):
    route_base = BASE
    default_view = "list"

    @expose("/")
    @requires("list")
    def list(self) -> ResponseReturnValue:
        """The sentences of a language, filtered, fifty to a page."""
        language = chosen_language()
        everything = texts(language)
        found = asked_for(everything, request.args, visitor.account().id)
        page = min(max(request.args.get("page", 1, type=int), 1), max(1, -(-len(found) // PAGE_SIZE)))
        return self.render_template(
            "translate/list.html",
            language_chosen=language,
            texts=found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
            count=len(found),
            neighbours=[
                _page(number) if 0 < (number - 1) * PAGE_SIZE < len(found) or number == 1 else None
                for number in (page - 1, page + 1)
            ],
            progress=progress(everything),
            beside=list(beside.kinds(language)),
            hits=beside.hits(request.args.get("text", "")),
            kinds=KIND_NAMES,
            states=STATE_NAMES,
            files=_files(),
            args=request.args,
            carried=carried(),
            suspicious=partial(is_suspicious, terms=glossary(language)),
            names=SPOKEN,
            may_edit=may_edit(),
            points=is_pointing(),
        )

    @expose(SENTENCE)
    @requires("list")
    def sentence(self, language: str, domain: str, key: str) -> ResponseReturnValue:
        """One sentence beside its source."""
        _source, text = _found(language, domain, key)
        typed = text.row.proposed if text.row is not None and text.row.proposed else text.strings
        return self._page(text, typed)

    @expose(SENTENCE, methods=["POST"])
    @requires("edit")
    def save(self, language: str, domain: str, key: str) -> ResponseReturnValue:
        """Save it with all checks, or show it as its reader will meet it."""
        source, text = _found(language, domain, key)
        typed, act = _typed(), request.form.get("act")
        wrong = faults(source.forms, typed, language)
        if wrong or act == "look":
            return self._page(text, typed, wrong)
        onward = self._onward(text) if act == "next" else address(text)
        try:
            with transaction():
                saved = translating.save(
                    source,
                    language,
                    typed,
                    by=visitor.account(),
                    seen=request.form.get("seen", type=int),
                    unsure="unsure" in request.form,
                )
        except Stale as error:
            return self._page(text_of(source, language), typed, problem=str(error))
        waits = _("Saved. It waits for a second pair of eyes.")
        flash(waits if saved.waits else _("Saved. Readers see it within seconds."), "success")
        return redirect(onward, 303)

    def _onward(self, text: Text) -> str:
        """The next sentence of the list that the translator came from."""
        found = asked_for(texts(text.language), request.args, visitor.account().id)
        keys = [(each.source.domain, each.source.key) for each in found]
        here = (text.source.domain, text.source.key)
        later = found[keys.index(here) + 1 :] if here in keys else found
        return address(later[0]) if later else f"{BASE}/?{urlencode({'language': text.language, **dict(carried())})}"

    def _page(
        self, text: Text, typed: Sequence[str], wrong: Sequence[Fault] = (), problem: str = ""
    ) -> ResponseReturnValue:
        source, language = text.source, text.language
        typed = [*typed, *[""] * (wanted_forms(source, language) - len(typed))]
        files = places().get(source.key, ())
        plural = source.plural is not None
        terms = glossary(language)
        answer = self.render_template(
            "translate/sentence.html",
            text=text,
            source=source,
            language_chosen=language,
            language_name=SPOKEN[language],
            typed=typed,
            wrong=wrong,
            problem=problem,
            warned=terms.broken(source.msgid, typed) if any(typed) else [],
            terms=terms.of(source.msgid),
            numbers=samples(language) if plural else ((),),
            examples=examples(typed, language, plural=plural) if any(typed) and not wrong else [],
            like=[(each, text_of(each, language)) for each in like(source)],
            files=files,
            pages=pages_of(files),
            pictures=album().of(source.key),
            versions=translating.versions_of(source, language),
            kinds=KIND_NAMES,
            action=address(text),
            back=f"{BASE}/?{urlencode({'language': language, **dict(carried())})}",
            page_before=_page_before(),
            other=[(code, address(Text(source, code))) for code in SPOKEN if code != language],
            may_edit=may_edit(),
            is_mine=text.row is not None and text.row.account_id == visitor.account().id,
            names=SPOKEN,
        )
        return (answer, 422) if wrong or problem else answer

    @expose("/pictures/<name>.webp")
    @requires("list")
    def picture(self, name: str) -> ResponseReturnValue:
        """A page on which sentences stand, as it was taken of the demo desk."""
        found = album().pictures.get(name)
        if found is None or not found.path.is_file():
            raise NotFound
        return Response(found.path.read_bytes(), mimetype="image/webp")

    @expose(f"{SENTENCE}/<any(undo, reset, accept, refuse):act>", methods=["POST"])
    @requires("edit")
    def decide(self, language: str, domain: str, key: str, act: str) -> ResponseReturnValue:
        """Take the last saving back, say what is shipped, or let a colleague's text pass or not."""
        source, text = _found(language, domain, key)
        try:
            with transaction():
                getattr(translating, act)(source, language, by=visitor.account())
            flash(_("Done. Readers see it within seconds."), "success")
        except BrokenRule as error:
            flash(str(error), "warning")
        return redirect(address(text), 303)

    @expose("/point", methods=["POST"])
    @requires("edit")
    def point(self) -> ResponseReturnValue:
        """Whether this browser shows on every page which sentence is which."""
        session[POINTING] = request.form.get("wanted") == "yes"
        return redirect("/" if session[POINTING] else f"{BASE}/", 303)

    @expose("/review", methods=["POST"])
    @requires("edit")
    def review(self) -> ResponseReturnValue:
        """Whether each text needs a second pair of eyes."""
        if not visitor.standing().handles_everything:
            abort(403)
        with transaction():
            translating.let_review(request.form.get("wanted") == "yes")
        return redirect(f"{BASE}/numbers", 303)

    @expose("/languages", methods=["POST"])
    @requires("edit")
    def languages(self) -> ResponseReturnValue:
        """Add a language to pages and letters, or take one away."""
        if not visitor.standing().handles_everything:
            abort(403)
        try:
            with transaction():
                if request.form.get("remove"):
                    translating.remove_language(request.form["remove"])
                else:
                    translating.add_language(request.form.get("add", ""))
        except BrokenRule as error:
            flash(str(error), "warning")
        return redirect(f"{BASE}/numbers", 303)

    @expose("/numbers")
    @requires("list")
    def numbers(self) -> ResponseReturnValue:
        """How far each language is, and who has said how much of it otherwise."""
        return self.render_template(
            "translate/numbers.html",
            languages={code: (name, progress(texts(code))) for code, name in SPOKEN.items()},
            statistics=translating.statistics(),
            kinds=KIND_NAMES,
            reviewed=translating.needs_review(),
            added=[code for code in SPOKEN if code not in LANGUAGES],
            addable=_addable(),
            may_decide=visitor.standing().handles_everything and may_edit(),
            names=SPOKEN,
        )


def carried() -> list[tuple[str, str]]:
    """The filter, which goes along from the list to a sentence and to the next one."""
    return [(name, request.args[name]) for name in FILTERS if request.args.get(name)]


def address(text: Text) -> str:
    query = urlencode(carried())
    return f"{BASE}/{text.language}/{text.source.domain}/{text.source.key}" + (f"?{query}" if query else "")


def _page_before() -> str:
    """The page on which the translator pointed at the sentence: one of ours, or none."""
    path = request.args.get("from", "")
    parts = urlsplit(path)
    ours = path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return path if ours and path.isprintable() else ""


def wanted_forms(source: Source, language: str) -> int:
    return len(forms(language)) if source.plural is not None else 1


def _found(language: str, domain: str, key: str) -> tuple[Source, Text]:
    source = source_of(domain, key)
    if source is None or language not in SPOKEN:
        raise NotFound
    return source, text_of(source, language)


def _typed() -> list[str]:
    """What was typed, by form; browsers send line ends as CR LF."""
    return [text.replace("\r\n", "\n") for text in request.form.getlist("string")]


def _addable() -> list[tuple[str, str]]:
    """Codes and names, as the reader knows them."""
    known = get_locale().languages
    named = [(code, str(known[code])) for code in live.addable() if code in known and code not in SPOKEN]
    return sorted(named, key=lambda pair: pair[1])


def _page(number: int) -> str:
    args = {**{name: value for name, value in request.args.items() if name != "page"}, "page": str(number)}
    return f"{BASE}/?{urlencode(args)}"


def _files() -> list[tuple[str, str]]:
    """The files that say something, each with the first page that it stands on."""
    names: set[str] = {name for files in places().values() for name in files}
    return [(name, name.removeprefix("templates/").rpartition(".")[0]) for name in sorted(names, key=_screen_first)]


def _screen_first(name: str) -> tuple[bool, Any]:
    return not name.startswith("templates/"), name
