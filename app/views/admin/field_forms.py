"""The form of a field's definition: what was typed into it, as a Definition, and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, IntegerField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import DataRequired, NumberRange

from app.content.addresses import address_from
from app.fields import Condition, Definition, Kind, Option
from app.fields.check import BAD_DEFAULT, LONGEST_HELP, LONGEST_LABEL, LONGEST_NAME, Misdefined
from app.fields.definition import Target, Words, new_id
from app.fields.form import from_form, to_form
from app.fields.kinds import BOUNDED, CHOOSING, FILTERABLE, IN_GRID, SEARCHABLE
from app.fields.refusals import Unfit
from app.locale import language
from app.views.admin.field_texts import bound, comparison, option_line, option_of, values_text
from app.views.admin.fields import clean, text
from app.views.reference import group_choices, state_choices

KIND_NAMES: dict[str, Any] = {
    Kind.TEXT: _l("Text"),
    Kind.LONG_TEXT: _l("Long text"),
    Kind.RICH_TEXT: _l("Formatted text"),
    Kind.NUMBER: _l("Number"),
    Kind.MONEY: _l("Amount of money"),
    Kind.DATE: _l("Date"),
    Kind.DATETIME: _l("Date and time"),
    Kind.YES_NO: _l("Yes or no"),
    Kind.CHOICE: _l("One of several options"),
    Kind.CHOICES: _l("Several options"),
    Kind.TREE: _l("Tree of options"),
    Kind.EMAIL: _l("E-mail address"),
    Kind.TELEPHONE: _l("Telephone number"),
    Kind.URL: _l("Web address"),
    Kind.FILE: _l("File"),
    Kind.REFERENCE: _l("Reference"),
    Kind.NIP: _l("NIP"),
    Kind.PATTERN: _l("Text of a fixed form"),
}
TARGET_NAMES: dict[str, Any] = {
    Target.ORGANISATION: _l("Organisation"),
    Target.ACCOUNT: _l("Account"),
    Target.ARTICLE: _l("Article"),
    Target.ENTRY: _l("Any entry"),
}
ROLE_NAMES: dict[str, Any] = {
    "customer": _l("Customer"),
    "consultant": _l("Consultant"),
    "translator": _l("Translator"),
    "editor": _l("Editor"),
    "auditor": _l("Auditor"),
}
COMPARISONS: dict[str, Any] = {
    "in": _l("is one of"),
    "filled": _l("is filled in"),
    "empty": _l("is empty"),
    "from": _l("is at least"),
    "to": _l("is at most"),
}

API_NAME = _l("Small letters a to z, digits and _, for programs. Left empty, it is made from the English name.")


def _choices(names: dict[str, Any]) -> list[tuple[str, Any]]:
    return list(names.items())


NAMED = DataRequired(_l("Name the field in both languages."))


class FieldForm(FlaskForm):
    """All that a definition says; a page shows what its kind has."""

    seen = HiddenField()  # the number of the version over which it is written
    label_pl = text(_l("Polish name"), NAMED, longest=LONGEST_LABEL)
    label_en = text(_l("English name"), NAMED, longest=LONGEST_LABEL)
    name = text(_l("API name"), longest=LONGEST_NAME, hint=API_NAME)
    help_pl = text(_l("Polish help"), longest=LONGEST_HELP)
    help_en = text(_l("English help"), longest=LONGEST_HELP)
    section_pl = text(_l("Polish section"), longest=LONGEST_LABEL, hint=_l("Fields of one section stand together."))
    section_en = text(_l("English section"), longest=LONGEST_LABEL)
    position = IntegerField(_l("Position"), default=10, validators=[NumberRange(0, 9999)])
    groups = SelectMultipleField(
        _l("On tickets of these product groups only"), choices=group_choices, description=_l("None ticked: on all.")
    )
    options = TextAreaField(_l("Options"), filters=[clean])
    target = SelectField(_l("Leads to"), choices=_choices(TARGET_NAMES))
    least = text(_l("At least"), longest=40)
    most = text(_l("At most"), longest=40)
    decimals = IntegerField(_l("Decimal places"), default=0, validators=[NumberRange(0, 6)])
    currency = text(_l("Currency"), longest=3)
    pattern = text(_l("Pattern"), longest=200, hint=_l("A regular expression that the whole value has to match."))
    default = text(_l("Default"), longest=500)
    required = BooleanField(_l("Has to be filled in"))
    searchable = BooleanField(_l("Found by search"))
    filterable = BooleanField(_l("Filter and sort by it"))
    in_grid = BooleanField(_l("Column of the list"))
    in_export = BooleanField(_l("Column of exports"), default=True)
    read_by = SelectMultipleField(
        _l("Read by"), choices=_choices(ROLE_NAMES), description=_l("None ticked: everybody who sees the row.")
    )
    write_by = SelectMultipleField(
        _l("Filled in by"), choices=_choices(ROLE_NAMES), description=_l("None ticked: everybody who reads it.")
    )
    shown_roles = SelectMultipleField(_l("Shown to"), choices=_choices(ROLE_NAMES))
    shown_states = SelectMultipleField(_l("Shown in the states"), choices=lambda: state_choices(language()))
    shown_field = SelectField(_l("Shown if the field"), choices=[], validate_choice=False)
    shown_compares = SelectField(_l("compares"), choices=_choices(COMPARISONS))
    shown_value = text(_l("values, separated by commas"), longest=400)
    required_roles = SelectMultipleField(_l("Required of"), choices=_choices(ROLE_NAMES))
    required_states = SelectMultipleField(_l("Required in the states"), choices=lambda: state_choices(language()))
    required_field = SelectField(_l("Required if the field"), choices=[], validate_choice=False)
    required_compares = SelectField(_l("compares"), choices=_choices(COMPARISONS))
    required_value = text(_l("values, separated by commas"), longest=400)

    def offer(self, owner: str, kind: Kind, others: Sequence[Definition]) -> None:
        """Leave the boxes that fields of this owner and kind have."""
        chosen = [("", "–"), *((each.id, each.label(language())) for each in others)]
        self.shown_field.choices = self.required_field.choices = chosen
        drop = {
            "groups": owner != "ticket",
            "shown_states": owner != "ticket",
            "required_states": owner != "ticket",
            "options": kind not in CHOOSING,
            "target": kind != Kind.REFERENCE,
            "least": kind not in BOUNDED,
            "most": kind not in BOUNDED,
            "decimals": kind != Kind.NUMBER,
            "currency": kind != Kind.MONEY,
            "pattern": kind != Kind.PATTERN,
            "default": kind == Kind.FILE,
            "searchable": kind not in SEARCHABLE,
            "filterable": kind not in FILTERABLE,
            "in_grid": kind not in IN_GRID,
        }
        for name, is_out in drop.items():
            if is_out:
                del self[name]

    def fill(self, definition: Definition, others: Sequence[Definition]) -> None:
        """Show what the definition says."""
        for name in ("name", "position", "target", "least", "most", "decimals", "currency", "pattern"):
            self._set(name, getattr(definition, name))
        for name in ("required", "searchable", "filterable", "in_grid", "in_export"):
            self._set(name, getattr(definition, name))
        for code in ("pl", "en"):
            self._set(f"label_{code}", definition.labels.get(code, ""))
            self._set(f"help_{code}", definition.helps.get(code, ""))
            self._set(f"section_{code}", definition.section.get(code, ""))
        self._set("groups", [str(group) for group in definition.groups])
        self._set("read_by", list(definition.read_by))
        self._set("write_by", list(definition.write_by))
        self._set("options", "\n".join(option_line(option, others) for option in definition.options))
        self._set("default", ", ".join(to_form(definition, definition.default)))
        for prefix, condition in (("shown", definition.shown_if), ("required", definition.required_if)):
            self._show_condition(prefix, condition)

    def definition(self, old: Definition | None, owner: str, kind: Kind, others: Sequence[Definition]) -> Definition:
        """What was typed. Raises Misdefined."""
        base = old or Definition(new_id(), owner, kind, "", {})
        found = base.changed(
            name=self.name.data or name_from(self.label_en.data or self.label_pl.data or ""),
            labels=self._words("label", base.labels),
            helps=self._words("help", base.helps),
            section=self._words("section", base.section),
            position=self.position.data or 0,
            groups=tuple(int(group) for group in self._get("groups", ())),
            options=self._options(others, base) if "options" in self else (),
            target=self._get("target", ""),
            least=bound(self._get("least", "")),
            most=bound(self._get("most", "")),
            decimals=self._get("decimals", 0) or 0,
            currency=(self._get("currency", "") or "PLN").upper(),
            pattern=self._get("pattern", "") or "",
            read_by=tuple(self.read_by.data or ()),
            write_by=tuple(self.write_by.data or ()),
            shown_if=self._condition("shown", others),
            required_if=self._condition("required", others),
            **{name: bool(self._get(name, False)) for name in ("required", "searchable", "filterable", "in_grid")},
            in_export=bool(self.in_export.data),
        )
        return found.changed(default=self._default(found))

    def refuse(self, error: Any) -> None:
        """Say it beside the box that it is about."""
        box = next((box for box in self if box.name == error.about), None)
        said = error.translated(_) if isinstance(error, Misdefined) else str(error)
        if box is None:
            self.form_errors.append(said)
        else:
            box.errors = [*box.errors, said]

    def _default(self, definition: Definition) -> Any:
        typed, is_list = self._get("default", "") or "", definition.kind == Kind.CHOICES
        try:
            found = from_form(definition, [part.strip() for part in typed.split(",")] if is_list else [typed])
        except Unfit as unfit:
            raise Misdefined("default", BAD_DEFAULT) from unfit
        return None if found == [] else found

    def _words(self, name: str, before: Words) -> dict[str, str]:
        """What was typed, with what translators said in further languages."""
        found = {**before, **{code: self[f"{name}_{code}"].data or "" for code in ("pl", "en")}}
        return {code: words for code, words in found.items() if words}

    def _options(self, others: Sequence[Definition], base: Definition) -> tuple[Option, ...]:
        lines = [line for line in (self.options.data or "").splitlines() if line.strip()]
        typed, before = [option_of(line, others) for line in lines], {each.key: each.labels for each in base.options}
        return tuple(replace(each, labels={**before.get(each.key, {}), **each.labels}) for each in typed)

    def _condition(self, prefix: str, others: Sequence[Definition]) -> Condition | None:
        parts: list[Condition] = []
        if self[f"{prefix}_roles"].data:
            parts.append({"role": list(self[f"{prefix}_roles"].data)})
        if self._get(f"{prefix}_states", ()):
            parts.append({"state": list(self._get(f"{prefix}_states", ()))})
        field_id = self[f"{prefix}_field"].data
        if field_id:
            compares, typed = self[f"{prefix}_compares"].data, self[f"{prefix}_value"].data or ""
            parts.append(comparison(field_id, compares, typed, others))
        return None if not parts else parts[0] if len(parts) == 1 else {"all": parts}

    def _show_condition(self, prefix: str, condition: Condition | None) -> None:
        for part in (condition or {}).get("all", [condition] if condition else []):
            if "role" in part:
                self._set(f"{prefix}_roles", list(part["role"]))
            elif "state" in part:
                self._set(f"{prefix}_states", list(part["state"]))
            elif "field" in part:
                kind = next(name for name in ("in", "filled", "from", "to") if name in part)
                self._set(f"{prefix}_field", part["field"])
                self._set(f"{prefix}_compares", "empty" if part.get("filled") is False else kind)
                value = part[kind]
                self._set(f"{prefix}_value", "" if kind == "filled" else values_text(value))

    def _get(self, name: str, otherwise: Any) -> Any:
        return self[name].data if name in self else otherwise

    def _set(self, name: str, value: Any) -> None:
        if name in self:
            self[name].data = "" if value is None else value


def name_from(label: str) -> str:
    """The API name that a label suggests: serial_number for Serial number."""
    return address_from(label).replace("-", "_")[:LONGEST_NAME].rstrip("_") if label else ""
