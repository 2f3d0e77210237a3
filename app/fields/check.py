"""What a definition must be before it is published, each rule with the sentence that says what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from app.fields.conditions import is_well_formed
from app.fields.definition import Definition, Kind, Target
from app.fields.kinds import BOUNDED, CHOOSING, DATED, FILTERABLE, IN_GRID, SEARCHABLE
from app.fields.patterns import BadPattern, check_pattern
from app.fields.refusals import Unfit
from app.fields.refusals import mark as _
from app.fields.take import hangs_on
from app.fields.values import clean

BAD_DEFAULT = _("The default does not fit the field itself. Change or empty it.")
INCOMPLETE = _("This condition is incomplete. Choose a field and what it must be.")
LONGEST_NAME = 40
LONGEST_LABEL = 120
LONGEST_HELP = 500
MOST_OPTIONS = 500
MOST_INDEXED = 16  # of one owner: each costs every save a write, and 50 MB at a million rows
NAME = re.compile("[a-z][a-z0-9_]*")
KEY = re.compile("[A-Za-z0-9_.-]{1,60}")
# What rows and the words of queries are called already.
RESERVED = frozenset(
    """id number subject status state priority product_group requester organisation assignee confidential text html
    files arrived_at counts_as_received_at updated_at created_at due_at fields field type language title summary body
    slug name email tags groups version etag q page page_size after sort filter expand count next result""".split()
)


class Misdefined(ValueError):
    """A definition that cannot be published. `about` names the part of it; `str()` is an English sentence."""

    def __init__(self, about: str, sentence: str, **values: Any) -> None:
        super().__init__(sentence % values)
        self.about, self.sentence, self.values = about, sentence, values

    def translated(self, gettext: Callable[[str], str]) -> str:
        return gettext(self.sentence) % self.values


def check(definition: Definition, languages: Iterable[str] = ("pl", "en")) -> None:
    """Raises Misdefined for the first thing that is wrong with it alone."""
    _check_names(definition, languages)
    _check_options(definition, languages)
    _check_bounds(definition)
    _check_doors(definition)
    for condition in definition.conditions:
        if condition is not None and not is_well_formed(condition):
            raise Misdefined("conditions", INCOMPLETE)
    if definition.default is not None:
        try:
            clean(definition, definition.default)
        except Unfit as unfit:
            raise Misdefined("default", BAD_DEFAULT) from unfit


def check_all(definitions: Sequence[Definition]) -> None:
    """Raises Misdefined for the first thing that is wrong with the fields of one owner together."""
    names: dict[str, str] = {}
    by_id = {each.id: each for each in definitions}
    for each in definitions:
        for name in (each.name, *each.old_names):
            if names.setdefault(name, _first_of(each, by_id)) != _first_of(each, by_id):
                raise Misdefined(
                    "name", _("Another field is called %(name)s, or once was. Choose another name."), name=name
                )
    known = {each.id: each for each in definitions if each.is_live}
    for each in known.values():
        if not hangs_on(each) <= known.keys():
            raise Misdefined(
                "conditions", _("A condition of “%(name)s” hangs on a field that is not there."), name=each.name
            )
    circle = _circle(known)
    if circle:
        raise Misdefined("conditions", _("These conditions go round in a circle: %(names)s."), names=" → ".join(circle))
    indexed = [each.name for each in known.values() if each.filterable]
    if len(indexed) > MOST_INDEXED:
        raise Misdefined(
            "filterable",
            _("At most %(most)s fields can be filtered by: each slows down every saving. Switch off another first."),
            most=MOST_INDEXED,
        )


def _first_of(definition: Definition, by_id: dict[str, Definition]) -> str:
    """The id of the field that it took the place of first: they share their names."""
    seen = {definition.id}
    while definition.follows in by_id and definition.follows not in seen:
        definition = by_id[definition.follows]
        seen.add(definition.id)
    return definition.id


def _check_names(definition: Definition, languages: Iterable[str]) -> None:
    name = definition.name
    if not NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        raise Misdefined(
            "name",
            _("Begin the API name with a letter, then small letters a to z, digits and _, at most %(most)s of them."),
            most=LONGEST_NAME,
        )
    if name in RESERVED:
        raise Misdefined("name", _("The name %(name)s has a meaning of its own. Choose another one."), name=name)
    for language in languages:
        if not definition.labels.get(language, "").strip():
            raise Misdefined(f"label_{language}", _("Name the field in both languages."))
    for about, words, most in (("label", definition.labels, LONGEST_LABEL), ("help", definition.helps, LONGEST_HELP)):
        for language, text in words.items():
            if len(text) > most:
                raise Misdefined(f"{about}_{language}", _("Write at most %(most)s characters."), most=most)


def _check_options(definition: Definition, languages: Iterable[str]) -> None:
    if definition.kind not in CHOOSING:
        return
    if not any(not option.withdrawn for option in definition.options):
        raise Misdefined("options", _("Give at least one option that can be chosen."))
    if len(definition.options) > MOST_OPTIONS:
        raise Misdefined("options", _("Give at most %(most)s options."), most=MOST_OPTIONS)
    keys = [option.key for option in definition.options]
    if len(set(keys)) != len(keys):
        raise Misdefined("options", _("Two options have the same key."))
    for option in definition.options:
        if not KEY.fullmatch(option.key):
            raise Misdefined(
                "options", _("A key has letters a to z, digits and the signs . _ - only: %(key)s"), key=option.key
            )
        if not all(option.labels.get(language, "").strip() for language in languages):
            raise Misdefined("options", _("Name every option in both languages: %(key)s"), key=option.key)
        into = definition.option(option.merged_into)
        if option.merged_into and (into is None or into.withdrawn or not option.withdrawn):
            raise Misdefined(
                "options", _("“%(key)s” can be merged only into an option that is in use."), key=option.key
            )
        if option.parent and (option.parent not in keys or _is_its_own_parent(definition, option.key)):
            raise Misdefined("options", _("The option above “%(key)s” is not there."), key=option.key)


def _is_its_own_parent(definition: Definition, key: str) -> bool:
    seen, option = set[str](), definition.option(key)
    while option is not None and option.parent:
        if option.key in seen:
            return True
        seen.add(option.key)
        option = definition.option(option.parent)
    return False


def _check_bounds(definition: Definition) -> None:
    if definition.kind == Kind.PATTERN:
        try:
            check_pattern(definition.pattern)
        except BadPattern as error:
            raise Misdefined("pattern", _SLOW if error.slow else _UNREADABLE) from error
        if not any(definition.helps.values()):
            raise Misdefined(
                "help_pl", _("Say in the help how the value is written, since the pattern itself is not shown.")
            )
    if definition.kind == Kind.REFERENCE and definition.target not in list(Target):
        raise Misdefined("target", _("Choose what the field leads to."))
    if definition.kind == Kind.MONEY and not re.fullmatch("[A-Z]{3}", definition.currency):
        raise Misdefined("currency", _("Write the currency with three letters, such as PLN."))
    bounds = [definition.least, definition.most] if definition.kind in BOUNDED else []
    read = date.fromisoformat if definition.kind in DATED else float
    try:
        values = [read(str(bound)) for bound in bounds if bound not in (None, "")]
    except ValueError as error:
        raise Misdefined("least", _("The least and the most are numbers, or days such as 2026-11-30.")) from error
    if len(values) == 2 and values[0] > values[1]:  # type: ignore[operator]  # both are of one kind
        raise Misdefined("most", _("The most is less than the least."))
    if not 0 <= definition.decimals <= 6:
        raise Misdefined("decimals", _("A number has from 0 to 6 decimal places."))


_SLOW = _("Trying this pattern could take very long. Have no repetition inside of a repetition, and fewer of them.")
_UNREADABLE = _(
    "This pattern cannot be read. Use letters, classes such as [A-Z] or \\d, groups (?:...) and repetitions."
)


def _check_doors(definition: Definition) -> None:
    for about, wanted, kinds in (
        ("filterable", definition.filterable, FILTERABLE),
        ("searchable", definition.searchable, SEARCHABLE),
        ("in_grid", definition.in_grid, IN_GRID),
    ):
        if wanted and definition.kind not in kinds:
            raise Misdefined(about, _("Fields of this kind cannot be used so. Switch it off."))


def _circle(known: dict[str, Definition]) -> list[str]:
    """The names of fields that hang on each other in a circle."""

    def follow(field_id: str, path: tuple[str, ...]) -> tuple[str, ...]:
        if field_id in path:
            return (*path[path.index(field_id) :], field_id)
        if field_id in done:
            return ()
        for other in sorted(hangs_on(known[field_id])):
            found = follow(other, (*path, field_id))
            if found:
                return found
        done.add(field_id)
        return ()

    done = set[str]()
    found = next((circle for field_id in known if (circle := follow(field_id, ()))), ())
    return [known[field_id].name for field_id in found]
