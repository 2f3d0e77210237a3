"""Names of states, content types, roles, product groups and fields: rows that say what they are called."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.baseviews import BaseView
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.broken_rule import BrokenRule
from app.desk import field_sets
from app.events.transaction import transaction
from app.extensions import db
from app.fields import Definition, Option
from app.locale import SPOKEN
from app.models.account import Role
from app.models.definitions import published
from app.models.entry import ContentType
from app.models.product_group import ProductGroup
from app.models.ticket import State
from app.signs import unseen
from app.views import reference, visitor
from app.views.doors import requires
from app.views.translate.filters import BASE, chosen_language, may_edit

WRITTEN = ("pl", "en")  # the languages in which every row has a name
LONGEST = 80
MAPS: Mapping[str, Any] = {"labels": _l("label"), "helps": _l("help"), "section": _l("section")}


@dataclass(frozen=True)
class Name:
    """Something with a name in each language. `longest`: how many signs fit. `own`: it has one that is of
    no language."""

    key: str
    about: str
    words: Mapping[str, str]
    longest: int = LONGEST
    own: bool = False

    @property
    def is_needed(self) -> bool:
        """Whether Polish and English must have words."""
        return not self.own and any(self.words.get(code) for code in WRITTEN)


def _states() -> Iterator[Name]:
    for row in db.session.scalars(select(State).order_by(State.position)):
        yield Name(row.code, row.code, _words(row))


def _types() -> Iterator[Name]:
    for row in db.session.scalars(select(ContentType).order_by(ContentType.position, ContentType.code)):
        yield Name(row.code, row.code, _words(row))


def _roles() -> Iterator[Name]:
    """Copies; shipped roles are named by the catalogs."""
    for row in db.session.scalars(select(Role).where(Role.name_en.is_not(None)).order_by(Role.name)):
        yield Name(row.name, row.name, _words(row))


def _groups() -> Iterator[Name]:
    for row in db.session.scalars(select(ProductGroup).order_by(ProductGroup.position, ProductGroup.id)):
        yield Name(str(row.id), row.name, row.names, own=True)


def _words(row: Any) -> dict[str, str]:
    return {**row.names, "pl": row.name_pl or "", "en": row.name_en or ""}


def _fields() -> Iterator[Name]:
    for owner in sorted(published(db.session()).fields):
        for field in published(db.session()).of(owner):
            for part, words in MAPS.items():
                if part == "labels" or any(getattr(field, part).values()):
                    about, longest = f"{field.owner}, {field.name}: {words}", 500 if part == "helps" else LONGEST
                    yield Name(f"{field.id}.{part}", about, getattr(field, part), longest)
            for option in field.options:
                yield Name(
                    f"{field.id}.option.{option.key}", f"{field.owner}, {field.name}: {option.key}", option.labels
                )


def _rename(model: Any, column: Any) -> Callable[[dict[str, dict[str, str]]], None]:
    def rename(changed: dict[str, dict[str, str]]) -> None:
        for row in db.session.scalars(select(model).where(column.in_(changed))):
            words = changed[getattr(row, column.key)]
            row.name_pl, row.name_en = words["pl"], words["en"]
            row.names = {code: text for code, text in words.items() if text and code not in WRITTEN}

    return rename


def _rename_groups(changed: dict[str, dict[str, str]]) -> None:
    for key, words in changed.items():
        db.session.get_one(ProductGroup, int(key)).names = {code: text for code, text in words.items() if text}


def _rename_fields(changed: dict[str, dict[str, str]]) -> None:
    """One new set of fields with all that was changed."""
    found: dict[str, Definition] = {}
    for key, said in changed.items():
        words = {code: text for code, text in said.items() if text or code in WRITTEN}
        field_id, _dot, part = key.partition(".")
        field = found.get(field_id) or published(db.session()).by_id(field_id)
        if field is not None and part in MAPS:
            found[field_id] = field.changed(**{part: words})
        elif field is not None:
            found[field_id] = field.changed(options=tuple(_renamed(option, part, words) for option in field.options))
    if found:
        field_sets.publish(found.values(), reason=_("Translation"), by=visitor.account())


def _renamed(option: Option, part: str, words: dict[str, str]) -> Option:
    return replace(option, labels=words) if part == f"option.{option.key}" else option


KINDS: Mapping[str, tuple[Any, Callable[[], Iterator[Name]], Callable[[dict[str, dict[str, str]]], None]]] = {
    "states": (_l("States"), _states, _rename(State, State.code)),
    "fields": (_l("Fields and their options"), _fields, _rename_fields),
    "types": (_l("Content types"), _types, _rename(ContentType, ContentType.code)),
    "groups": (_l("Product groups"), _groups, _rename_groups),
    "roles": (_l("Roles"), _roles, _rename(Role, Role.name)),
}


class NamesView(BaseView):
    route_base = f"{BASE}/names"
    default_view = "page"
    class_permission_name = "TranslationsView"

    @expose(f"/<any({', '.join(KINDS)}):kind>")
    @requires("list")
    def page(self, kind: str) -> ResponseReturnValue:
        return self._page(kind, {}, {})

    @expose(f"/<any({', '.join(KINDS)}):kind>", methods=["POST"])
    @requires("edit")
    def save(self, kind: str) -> ResponseReturnValue:
        """All names of a kind at once; what is wrong is said beside its field, and nothing typed is lost."""
        _title, read, rename = KINDS[kind]
        typed = {
            name.key: {
                **name.words,
                **{code: _line(f"{code}.{name.key}", name.words.get(code, "")) for code in _columns()},
            }
            for name in read()
        }
        wrong = {name.key: said for name in read() if (said := _wrong(name, typed[name.key]))}
        changed = {
            name.key: typed[name.key] for name in read() if {**name.words, **typed[name.key]} != dict(name.words)
        }
        if wrong:
            return self._page(kind, typed, wrong), 422
        try:
            with transaction():
                rename(changed)
        except BrokenRule as error:
            flash(str(error), "warning")
            return self._page(kind, typed, {}), 422
        reference.forget()
        flash(_("Saved."), "success")
        return redirect(f"{BASE}/names/{kind}?language={chosen_language()}", 303)

    def _page(self, kind: str, typed: Mapping[str, Mapping[str, str]], wrong: Mapping[str, str]) -> str:
        title, read, _rename_all = KINDS[kind]
        return str(
            self.render_template(
                "translate/names.html",
                kind=kind,
                title=title,
                kinds={code: words for code, (words, _read, _write) in KINDS.items()},
                rows=list(read()),
                columns={code: SPOKEN[code] for code in _columns()},
                language_chosen=chosen_language(),
                names=SPOKEN,
                typed=typed,
                wrong=wrong,
                may_edit=may_edit(),
            )
        )


def _columns() -> list[str]:
    """Polish, English, and the language that the address asks for."""
    return list(dict.fromkeys((*WRITTEN, chosen_language())))


def _line(name: str, now: str) -> str:
    return " ".join(request.form.get(name, now).split())


def _wrong(name: Name, words: Mapping[str, str]) -> str:
    if name.is_needed and not all(words.get(code) for code in WRITTEN):
        return _("Both languages need a name.")
    if any(len(text) > name.longest for text in words.values()):
        return _("At most %(count)s signs.", count=name.longest)
    if any(any(unseen(text)) for text in words.values()):
        return _("A sign that nobody sees stands here.")
    return ""
