"""Catalogs out of the desk, as PO that goes back to the repository, and into it, with the difference read first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from babel.messages.catalog import Catalog
from flask_babel import lazy_gettext as _l

from app.catalogs import po_file, translating, xliff_file
from app.catalogs.faults import Fault, faults
from app.catalogs.plurals import forms
from app.catalogs.po_file import Said
from app.catalogs.shipped import LANGUAGES, Shipped, as_bytes
from app.catalogs.sources import Source, key_of, sources
from app.catalogs.translating import Faulty, Stale, Text, rows_of
from app.models.account import Account

READERS: Mapping[str, Callable[[bytes], list[Said]]] = {
    ".po": po_file.read,
    ".pot": po_file.read,
    ".xlf": xliff_file.read,
    ".xliff": xliff_file.read,
}


@dataclass(frozen=True)
class Change:
    """What a file says otherwise than this desk does."""

    text: Text
    strings: Sequence[str]
    line: int
    unsure: bool = False

    @property
    def name(self) -> str:
        return f"{self.text.source.domain}/{self.text.source.key}"


@dataclass
class Difference:
    """A file beside the desk: what would change, what may not be kept, what is not known, how many are the same."""

    changes: list[Change] = field(default_factory=list)
    refused: list[tuple[Change, list[Fault]]] = field(default_factory=list)
    unknown: list[Said] = field(default_factory=list)
    same: int = 0
    empty: int = 0


def exported(language: str, domain: str) -> bytes:
    """The catalog as readers get it, as a PO file: that of the repository where nothing was said otherwise."""
    known = language in LANGUAGES
    catalog = Shipped(language if known else LANGUAGES[0], domain).read()
    rows = rows_of(language)
    made = Catalog(locale=language, project="Bilety")
    for message in catalog:
        single = message.id[0] if message.pluralizable else message.id
        if not single:
            continue
        row = rows.get((domain, key_of(str(single), message.context or "")))
        if row is not None and row.strings:
            message.string = tuple(row.strings) if message.pluralizable else row.strings[0]
        elif not known:
            message.string = tuple([""] * len(forms(language))) if message.pluralizable else ""
        made[message.id] = message
    return as_bytes(made)


def difference(entries: Iterable[Said], language: str) -> Difference:
    """What the file would change. A sentence that stands in several catalogs is changed in each; one that stands in
    the file again may not be kept the second time."""
    rows, found = rows_of(language), Difference()
    met: set[tuple[str, str]] = set()
    by_sentence: dict[tuple[str, str], list[Source]] = {}
    for source in sources().values():
        by_sentence.setdefault((source.context, source.msgid), []).append(source)
    for entry in entries:
        if not any(entry.forms):
            found.empty += 1
            continue
        name = (entry.context, entry.msgid)
        known = [each for each in by_sentence.get(name, ()) if entry.plural in (None, each.plural)]
        if not known:
            found.unknown.append(entry)
        for source in known:
            _compare(found, entry, Text(source, language, rows.get((source.domain, source.key))), again=name in met)
        met.add(name)
    return found


def take(
    changes: Mapping[str, tuple[Sequence[str], int, bool]], language: str, *, by: Account
) -> tuple[int, list[tuple[Source, str]]]:
    """Save what was chosen (strings, version seen, whether unsure): how many were, and which were not and why."""
    saved, left = 0, []
    for name, (strings, seen, unsure) in changes.items():
        domain, _slash, key = name.partition("/")
        source = sources().get((domain, key))
        if source is None:
            continue
        try:
            translating.save(source, language, strings, by=by, seen=seen, unsure=unsure)
            saved += 1
        except (Faulty, Stale) as error:
            left.append((source, str(error)))
    return saved, left


def _compare(found: Difference, entry: Said, text: Text, *, again: bool) -> None:
    change = Change(text, entry.forms, entry.line, entry.fuzzy)
    if list(change.strings) == text.strings:
        found.same += 1
        return
    wrong = faults(text.source.forms, change.strings, text.language)
    if again:
        wrong = [Fault(0, 1, _l("This sentence stands in the file more than once."), "again")]
    if wrong:
        found.refused.append((change, wrong))
    else:
        found.changes.append(change)
