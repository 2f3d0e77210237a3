"""Generated forms: the boxes of a row's fields for one person, what he typed into them, and the facts he may read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, request
from flask_babel import gettext as _
from markupsafe import Markup

from app.access import NotFound
from app.access.fields import fields_of, may_be_public
from app.content.markdown import as_html
from app.desk.errors import DeskError
from app.desk.field_values import UnfitFields
from app.desk.uploads import store_uploads
from app.extensions import db
from app.fields import (
    Definition,
    Kind,
    Shape,
    Situation,
    Unfit,
    as_text,
    default_of,
    for_browser,
    from_form,
    may_write,
    shapes,
    to_form,
)
from app.fields.definition import said
from app.fields.text import path_of
from app.locale import choose_zone, language
from app.models import field_values
from app.views import too_large
from app.views.kept import sent
from app.views.overtaken import Overtaken, mark_of
from app.views.reading import reader
from app.views.references import in_box, offered, reference_names, referred

PREFIX = "f-"  # of the names of boxes; the field's id follows
WAS, THEIRS = "was-", "theirs-"  # what a box showed; whether to keep what somebody else saved


@dataclass(frozen=True)
class Choice:
    key: str
    label: str
    chosen: bool
    allowed: bool
    condition: str  # for the browser; empty where nothing is left to decide


@dataclass(frozen=True)
class Box:
    """One field of a form, as a template draws it."""

    field: Definition
    typed: Sequence[str]
    shape: Shape
    choices: Sequence[Choice]
    shown_if: str
    required_if: str
    error: str = ""
    was: str = ""  # of a row that is there: what the box showed (app/views/overtaken.py)
    theirs: str | None = None  # what somebody else has saved meanwhile

    @property
    def name(self) -> str:
        return PREFIX + self.field.id

    @property
    def kind(self) -> str:
        return str(self.field.kind)

    @property
    def label(self) -> str:
        return self.field.label(language())

    @property
    def help(self) -> str:
        return self.field.help(language())

    @property
    def offered(self) -> list[str]:
        """The names of rows that a reference may lead to."""
        return offered(self.field) if self.field.kind == Kind.REFERENCE else []

    @property
    def value(self) -> str:
        return self.typed[0] if self.typed else ""


@dataclass(frozen=True)
class Fact:
    """A value as its reader sees it."""

    field: Definition
    label: str
    text: str

    @property
    def html(self) -> Markup:
        """Of rich text, cleaned; of every other kind nothing."""
        return Markup(as_html(self.text)) if self.field.kind == Kind.RICH_TEXT else Markup()  # noqa: S704


class FieldsForm:
    """The boxes of one row for this visitor, who may be nobody; what was typed stays in them when it is refused."""

    def __init__(
        self,
        owner: str,
        *,
        state: str = "",
        product_group_id: int | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> None:
        """`values` are those of a row that is there already."""
        standing = reader()
        roles = standing.roles if standing is not None else frozenset[str]()
        self.situation = Situation(roles, state)
        self.all = fields_of(db.session(), standing, owner, product_group_id)
        self.fields = tuple(each for each in self.all if may_write(each, roles))
        if standing is None:
            self.fields = tuple(each for each in self.fields if may_be_public(each))
        self.is_new, self.values = values is None, dict(values or {})
        self.errors: dict[str, str] = {}
        self.theirs: dict[str, str] = {}  # what somebody else has saved meanwhile, by field id
        self._typed: dict[str, list[str]] | None = None

    def read(self, *, beside: bool = True) -> dict[str, Any] | None:
        """What was typed, as JSON values by field id; None where something cannot be read, and `errors` say what.

        Files are kept only where all else fits, also what was typed `beside` the fields.
        """
        self._typed = {each.id: request.form.getlist(PREFIX + each.id) for each in self.fields}
        given: dict[str, Any] = {}
        for each in self.fields:
            try:
                if each.kind != Kind.FILE:
                    given[each.id] = _value(each, self._typed[each.id])
            except Unfit as unfit:
                self.errors[each.id] = unfit.translated(_)
        shown = self._shapes()
        self.errors = {field_id: text for field_id, text in self.errors.items() if shown[field_id].shown}
        if self.errors or not beside or too_large.happened():
            self.forget_files()
            return None
        for each in self.fields:
            try:
                given |= self._file(each) if each.kind == Kind.FILE else {}
            except DeskError as error:
                self.errors[each.id] = str(error)
        if self.errors:
            self.forget_files()
        return None if self.errors else given

    def read_if_sent(self, *, beside: bool = True) -> dict[str, Any] | None:
        """The same where the form was sent at all."""
        return self.read(beside=beside) if request.method == "POST" else None

    def over(self, given: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
        """What of it to keep, now that the row holds these values: what was not changed here stays as it is there.

        Raises Overtaken.
        """
        self.values, kept, clashes = dict(values), dict(given), []
        for each in self.fields:
            was, now = request.form.get(WAS + each.id), self._drawn(each)
            typed = self._typed[each.id] if self._typed else []
            is_theirs = bool(request.form.get(THEIRS + each.id))
            if not is_theirs and (was in (None, mark_of(now)) or each.id not in kept):
                continue
            if is_theirs or (each.kind != Kind.FILE and mark_of(typed) == was):
                kept.pop(each.id, None)
                if self._typed is not None:
                    self._typed[each.id] = list(now)
            elif mark_of(typed) != mark_of(now):
                clashes.append(each)
        if clashes:
            names = reference_names((each, values[each.id]) for each in clashes if each.id in values)
            self.theirs = {
                each.id: shown_text(each, values[each.id], names) if each.id in values else "–" for each in clashes
            }
            raise Overtaken
        return kept

    def refuse(self, error: DeskError) -> None:
        """Say beside each box what is expected there."""
        if isinstance(error, UnfitFields):
            self.errors |= {field_id: unfit.translated(_) for field_id, unfit in error.refused.items()}
        self.forget_files()

    def forget_files(self) -> None:
        """A browser forgets chosen files when a form comes back, so the person must hear of it."""
        for each in self.fields:
            upload = request.files.get(PREFIX + each.id)
            if upload is not None and upload.filename:
                again = _("Choose the files again: %(names)s.", names=upload.filename)
                self.errors.setdefault(each.id, too_large.refusal() if too_large.happened() else again)

    def said(self) -> list[str]:
        """All that was typed, to tell one sending of the form from another."""
        return [text for typed in (self._typed or {}).values() for text in typed]

    def sentence(self) -> str:
        """Which boxes to look at again; empty where none."""
        if self.theirs:
            return str(Overtaken())
        names = ", ".join(each.label(language()) for each in self.fields if each.id in self.errors)
        return _("Look at these fields again: %(names)s.", names=names) if names else ""

    def sections(self) -> list[tuple[str, list[Box]]]:
        """The boxes in their order, by section."""
        found: dict[str, list[Box]] = {}
        for box in self._boxes():
            found.setdefault(said(box.field.section, language()), []).append(box)
        return list(found.items())

    def _boxes(self) -> list[Box]:
        shapes_now, ids = self._shapes(), frozenset(each.id for each in self.fields)
        values = self._values()

        def left(condition: Any) -> str:
            found = for_browser(condition, values, self.situation, ids)
            return "" if isinstance(found, bool) else json.dumps(found, ensure_ascii=False)

        boxes = []
        for each in self.fields:
            shape, typed = shapes_now[each.id], self._shown(each)
            hangs = each.shown_if is not None and left(each.shown_if)
            if shape.shown or hangs:
                choices = [
                    Choice(
                        option.key,
                        path_of(each, option.key, language()),
                        option.key in typed,
                        option.key in shape.options,
                        left(option.allowed_if),
                    )
                    for option in each.options
                    if (not option.withdrawn or option.key in typed)
                    and (option.key in shape.options or left(option.allowed_if))
                ]
                required_if = "" if each.required else left(each.required_if)
                boxes.append(
                    Box(
                        each,
                        typed,
                        shape,
                        choices,
                        hangs or "",
                        required_if,
                        error=self.errors.get(each.id, ""),
                        was="" if self.is_new else mark_of(self._drawn(each)),
                        theirs=self.theirs.get(each.id),
                    )
                )
        return boxes

    def _shapes(self) -> dict[str, Shape]:
        return shapes(self.all, self._values(), self.situation)

    def _values(self) -> dict[str, Any]:
        """The values that the form would have, as far as what was typed can be read."""
        found = dict(self.values)
        for each in self.fields:
            try:
                typed = self._typed.get(each.id) if self._typed is not None else None
                if typed is not None and each.kind != Kind.FILE:
                    found[each.id] = _value(each, typed)
                elif self.is_new and self._typed is None and each.default is not None:
                    found[each.id] = default_of(each)
            except Unfit:
                found.pop(each.id, None)
        return found

    def _shown(self, definition: Definition) -> Sequence[str]:
        return self._drawn(definition) if self._typed is None else self._typed[definition.id]

    def _drawn(self, definition: Definition) -> Sequence[str]:
        value = default_of(definition) if self.is_new else self.values.get(definition.id)
        if definition.kind == Kind.REFERENCE and value is not None:
            return [in_box(definition, value)]
        return to_form(definition, value, zone=choose_zone())

    def _file(self, definition: Definition) -> dict[str, Any]:
        """The file that was chosen; none leaves what is there, unless its box of taking away is ticked."""
        upload = request.files.get(PREFIX + definition.id)
        if upload is not None and upload.filename:
            limit = current_app.extensions["settings"].file_limit
            (file,) = store_uploads([upload], current_app.extensions["files"], limit=limit)
            kept = {"name": file.name, "size": file.size, "content_type": file.content_type, "sha256": file.sha256}
            return {definition.id: kept}
        return {definition.id: None} if request.form.get(f"{PREFIX}{definition.id}-none") or self.is_new else {}


def _value(definition: Definition, typed: Sequence[str]) -> Any:
    """The JSON value that was typed. Raises Unfit."""
    if definition.kind == Kind.REFERENCE:
        return referred(definition, typed[0] if typed else "")
    return from_form(definition, typed, zone=choose_zone())


def facts_of(row: Any, owner: str, *, product_group_id: int | None = None) -> list[Fact]:
    """The values of a row that this visitor may read, in the order of the form; a stranger's those of everybody."""
    definitions = fields_of(db.session(), reader(), owner, product_group_id)
    values = field_values.values(row)
    found = [each for each in definitions if each.id in values]
    names = reference_names((each, values[each.id]) for each in found)
    return [Fact(each, each.label(language()), shown_text(each, values[each.id], names)) for each in found]


def file_of(row: Any, facts: Iterable[Fact], field_id: str) -> Response:
    """The file that a field of the row holds, as far as its reader may know of it. Raises NotFound."""
    found = next((fact for fact in facts if fact.field.id == field_id), None)
    if found is None or found.field.kind != Kind.FILE:
        raise NotFound
    kept = field_values.values(row)[field_id]
    return sent(kept["sha256"], name=kept["name"], content_type=kept["content_type"])


def shown_text(definition: Definition, value: Any, names: Mapping[tuple[str, Any], str]) -> str:
    """A value as text in the reader's language and zone; a reference by the name of its row, where he sees it."""
    if definition.kind == Kind.REFERENCE:
        return names.get((definition.target, value), "–")
    return as_text(definition, value, language(), zone=choose_zone())
