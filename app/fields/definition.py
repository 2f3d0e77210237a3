"""A field as data. Values are kept under its id, which never changes; its name is what the API calls it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any
from uuid import uuid4

from app.fields.conditions import Condition, is_well_formed

Words = Mapping[str, str]  # by language


class Kind(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    RICH_TEXT = "rich_text"  # Markdown
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    DATETIME = "datetime"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    TREE = "tree"
    EMAIL = "email"
    TELEPHONE = "telephone"
    URL = "url"
    FILE = "file"
    REFERENCE = "reference"
    NIP = "nip"
    PATTERN = "pattern"


class Target(StrEnum):
    """What a reference leads to."""

    ORGANISATION = "organisation"
    ACCOUNT = "account"
    ARTICLE = "article"
    ENTRY = "entry"


def said(words: Words, language: str) -> str:
    """The words in that language, else in English, else in any that has some."""
    return words.get(language) or words.get("en") or next((text for text in words.values() if text), "")


@dataclass(frozen=True)
class Option:
    """Something to choose. Its key never changes; a withdrawn one stays readable where it was chosen."""

    key: str
    labels: Words
    withdrawn: bool = False
    parent: str = ""  # the key of the option above it in a tree
    merged_into: str = ""  # the key of the option that took its place, in every row
    allowed_if: Condition | None = None


@dataclass(frozen=True)
class Definition:
    """One field. `owner` is `ticket`, `organisation`, `account` or `entry:<content type>`."""

    id: str
    owner: str
    kind: Kind
    name: str
    labels: Words
    helps: Words = field(default_factory=dict)
    section: Words = field(default_factory=dict)
    position: int = 0
    groups: tuple[int, ...] = ()  # the product groups on whose tickets it stands; none: on all
    required: bool = False
    options: tuple[Option, ...] = ()
    least: Any = None  # of a number or date its value, of a text its signs, of choices how many
    most: Any = None
    decimals: int = 0
    currency: str = "PLN"
    pattern: str = ""
    target: str = ""  # of Target
    default: Any = None
    searchable: bool = False
    filterable: bool = False
    in_grid: bool = False
    in_export: bool = True
    shown_if: Condition | None = None
    required_if: Condition | None = None
    read_by: tuple[str, ...] = ()  # kinds of roles; none: whoever sees the row. Administrators read every field.
    write_by: tuple[str, ...] = ()  # none: whoever reads it and may change the row
    old_names: Mapping[str, str] = field(default_factory=dict)  # a name it once had: the day until which it answers
    deleted_on: str = ""  # the day on which it was hidden, to be removed later
    follows: str = ""  # the id of the field whose place it took when the kind was changed

    def label(self, language: str) -> str:
        return said(self.labels, language)

    def help(self, language: str) -> str:
        return said(self.helps, language)

    def option(self, key: str) -> Option | None:
        return next((option for option in self.options if option.key == key), None)

    @property
    def conditions(self) -> tuple[Condition | None, ...]:
        """All that decides what it is: whether it is shown, required, and which options may be chosen."""
        return (self.shown_if, self.required_if, *(option.allowed_if for option in self.options))

    @property
    def is_live(self) -> bool:
        """Whether it is in use; a deleted one keeps its values and shows none."""
        return not self.deleted_on

    def stands_on(self, product_group_id: int | None) -> bool:
        """Whether it belongs to the form of that product group."""
        return not self.groups or product_group_id is None or product_group_id in self.groups

    def to_plain(self) -> dict[str, Any]:
        """As JSON has it, without what it says by default."""
        found = {each.name: _plain(getattr(self, each.name)) for each in fields(self)}
        return {name: value for name, value in found.items() if name in ALWAYS or value not in EMPTY[name]}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Definition:
        """From what `to_plain` made. Raises TypeError, ValueError or KeyError for anything else."""
        given = dict(plain)
        given["kind"] = Kind(given["kind"])
        given["options"] = tuple(Option(**option) for option in given.get("options", ()))
        for name in ("groups", "read_by", "write_by"):
            given[name] = tuple(given.get(name, ()))
        found = cls(**given)
        wrong = [name for name, bare in _PARTS.items() if not _is_like(getattr(found, name), bare)]
        if wrong or not all(_is_sound(option) for option in found.options):
            raise TypeError(f"{found.name} cannot be read: {', '.join(wrong) or 'options'}.")
        if not all(condition is None or is_well_formed(condition) for condition in found.conditions):
            raise ValueError(f"A condition of {found.name} cannot be read.")
        return found

    def changed(self, **values: Any) -> Definition:
        return replace(self, **values)


def new_id() -> str:
    """An id that no other field has, here or on another desk."""
    return uuid4().hex


def _is_like(value: Any, bare: Any) -> bool:
    """Whether it is of the type that the bare one is of; words are texts by texts. None says that any will do."""
    if isinstance(value, dict) and isinstance(bare, dict):
        return all(isinstance(part, str) for pair in value.items() for part in pair)
    return bare is None or type(value) is type(bare)


def _is_sound(option: Option) -> bool:
    bare = Option("", {})
    return all(_is_like(getattr(option, each.name), getattr(bare, each.name)) for each in fields(option))


def _plain(value: Any) -> Any:
    if isinstance(value, Option):
        found = {each.name: getattr(value, each.name) for each in fields(value)}
        return {name: part for name, part in found.items() if name in ("key", "labels") or part}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return str(value) if isinstance(value, Kind) else dict(value) if isinstance(value, Mapping) else value


ALWAYS = ("id", "owner", "kind", "name", "labels")
_BARE = Definition("", "", Kind.TEXT, "", {})
_PARTS = {each.name: getattr(_BARE, each.name) for each in fields(Definition)}
EMPTY = {name: (_plain(part),) for name, part in _PARTS.items()}
