"""Who may read and write a field, by the kinds of his roles. Whoever may not read it shall not know that it exists."""

from __future__ import annotations

from collections.abc import Iterable, Set

from app.fields.definition import Definition

MANAGES = "administrator"  # defines the fields, so none is hidden from him


def may_read(definition: Definition, roles: Set[str]) -> bool:
    return definition.is_live and _named(definition.read_by, roles)


def may_write(definition: Definition, roles: Set[str]) -> bool:
    return may_read(definition, roles) and _named(definition.write_by, roles)


def readable(definitions: Iterable[Definition], roles: Set[str]) -> tuple[Definition, ...]:
    """Those that somebody with these roles may read, in the order of the form."""
    return tuple(each for each in definitions if may_read(each, roles))


def writable(definitions: Iterable[Definition], roles: Set[str]) -> tuple[Definition, ...]:
    return tuple(each for each in definitions if may_write(each, roles))


def _named(who: tuple[str, ...], roles: Set[str]) -> bool:
    return not who or MANAGES in roles or not roles.isdisjoint(who)
