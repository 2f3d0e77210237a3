"""`python -m app.catalogs.check`: is every sentence translated, and may every translation be kept?"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from babel.messages.catalog import Message

from app.catalogs.faults import faults
from app.catalogs.shipped import ALL, Shipped


def complaints(shipped: Shipped) -> Iterator[str]:
    """What is wrong with a catalog, one sentence each."""
    kept, wanted = shipped.read(), shipped.updated()
    known = {message.id for message in kept if message.id}
    for message in wanted:
        if not message.id:
            continue
        if message.id not in known:
            yield f"is not in the catalog yet: {_first(message)!r} (run make translations)"
        yield from (f"{wrong}: {_first(message)!r}" for wrong in _wrong(message, shipped.language))
    for name in known - {message.id for message in wanted}:
        yield f"is in the catalog, but nobody says it any more: {name!r} (run make translations)"


def _wrong(message: Message, language: str) -> Iterator[str]:
    sources, strings = as_forms(message.id), as_forms(message.string)
    if message.fuzzy:
        yield "is fuzzy"
    if not all(strings):
        yield "is not translated"
        return
    for fault in faults(sources, strings, language):
        yield f"form {fault.form}, line {fault.line}: {fault}"


def as_forms(text: str | Sequence[str] | None) -> list[str]:
    """The singular and plurals of a message, or its only form."""
    return [text or ""] if text is None or isinstance(text, str) else list(text)


def _first(message: Message) -> str:
    return as_forms(message.id)[0]


def main() -> int:
    """Print every complaint; 1 when there is one."""
    found = [f"{shipped.po.name} ({shipped.language}) {text}" for shipped in ALL for text in complaints(shipped)]
    for line in found:
        print(line, file=sys.stderr)
    print(f"{len(found)} complaints about {len(ALL)} catalogs.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
