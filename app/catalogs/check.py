"""`python -m app.catalogs.check`: is every sentence translated, and are its placeholders whole?"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence

from babel.messages.catalog import Catalog, Message

from app.catalogs.shipped import ALL, Shipped

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{(\w*)\}")
TAG = re.compile(r"</?([a-z][a-z0-9]*)", re.IGNORECASE)


def complaints(shipped: Shipped) -> Iterator[str]:
    """What is wrong with a catalog, one sentence each."""
    kept, wanted = shipped.read(), shipped.updated()
    known = {message.id for message in kept if message.id}
    for message in wanted:
        if not message.id:
            continue
        if message.id not in known:
            yield f"is not in the catalog yet: {_first(message)!r} (run make translations)"
        yield from (f"{wrong}: {_first(message)!r}" for wrong in faults(message, wanted))
    for name in known - {message.id for message in wanted}:
        yield f"is in the catalog, but nobody says it any more: {name!r} (run make translations)"


def faults(message: Message, catalog: Catalog) -> Iterator[str]:
    """What is wrong with one translation."""
    sources, strings = _forms(message.id), _forms(message.string)
    wanted_forms = catalog.num_plurals if message.pluralizable else 1
    if message.fuzzy:
        yield "is fuzzy"
    if len(strings) != wanted_forms or not all(strings):
        yield "is not translated"
        return
    allowed = frozenset().union(*map(_placeholders, sources))
    for number, text in enumerate(strings):
        found = _placeholders(text)
        if found - allowed or (not message.pluralizable and found != allowed):
            yield f"has other placeholders in form {number}"
        if set(TAG.findall(text)) - set(TAG.findall(sources[0])):
            yield f"has tags that the source has not, in form {number}"
        if _edges(text) != _edges(sources[0]):
            yield f"has other space at its edges, in form {number}"


def _forms(text: str | Sequence[str] | None) -> list[str]:
    """The singular and plurals of a message, or its only form."""
    return [text or ""] if text is None or isinstance(text, str) else list(text)


def _placeholders(text: str) -> frozenset[str]:
    return frozenset(match.group(0) for match in PLACEHOLDER.finditer(text.replace("%%", "")))


def _edges(text: str) -> tuple[bool, bool]:
    return text != text.lstrip(), text != text.rstrip()


def _first(message: Message) -> str:
    return _forms(message.id)[0]


def main() -> int:
    """Print every complaint; 1 when there is one."""
    found = [f"{shipped.po.name} ({shipped.language}) {text}" for shipped in ALL for text in complaints(shipped)]
    for line in found:
        print(line, file=sys.stderr)
    print(f"{len(found)} complaints about {len(ALL)} catalogs.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
