"""Which column a word of a file's first row means: by its name in the API, or as an export of ours writes it.

An export is in the language of who took it, so labels count in every language; where one may be two columns, it is
asked back by their names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.access.fields import fields_of
from app.desk.errors import DeskError
from app.extensions import db
from app.imports.targets import Target
from app.locale import LANGUAGES

OWN = {
    "number": _l("Number"),
    "name": _l("Name"),
    "email": _l("E-mail"),
    "first_name": _l("First name"),
    "last_name": _l("Last name"),
    "telephone": _l("Telephone"),
    "language": _l("Language"),
    "organisation": _l("Organisation"),
    "address": _l("Address"),
    "title": _l("Title"),
    "summary": _l("Summary"),
    "body": _l("Text"),
    "tags": _l("Tags"),
}
LEFT_OUT = ""  # what a column is called that an export writes and no import takes


class UnknownColumns(DeskError):
    def __init__(self, names: Iterable[str], known: Iterable[str]) -> None:
        said = {"names": ", ".join(names), "known": ", ".join(known)}
        self.sentence = _("There are no such columns: %(names)s. There are: %(known)s.", **said)
        super().__init__(self.sentence)


class Ambiguous(DeskError):
    """One word may be several columns, or several are the same."""

    def __init__(self, words: Iterable[str], names: Iterable[str]) -> None:
        said = {"words": ", ".join(words), "names": ", ".join(names)}
        self.sentence = _("In the first row say by their names which columns are meant: %(words)s (%(names)s).", **said)
        super().__init__(self.sentence)


def named(head: Sequence[str], target: Target, told: Iterable[str] = ()) -> list[str]:
    """The names of the columns; LEFT_OUT of one of those words that exports of these rows tell besides.

    Raises UnknownColumns, Ambiguous.
    """
    known, words = target.columns(), _words(target)
    besides = {each.casefold() for each in told} | _only_read(target)
    found = [_column(word, known, words, besides) for word in head]
    strangers = [word for word, name in zip(head, found, strict=True) if name is None]
    if strangers:
        raise UnknownColumns(strangers, known)
    for name in {name for name in found if name}:
        same = [word for word, each in zip(head, found, strict=True) if each == name]
        if len(same) > 1:
            raise Ambiguous(same, [name])
    return [name or LEFT_OUT for name in found]


def _column(word: str, known: Sequence[str], words: Mapping[str, set[str]], besides: set[str]) -> str | None:
    """Its name, LEFT_OUT, or None for a word that nobody writes. Raises Ambiguous."""
    if word in known:
        return word
    names = words.get(word.casefold(), set())
    if len(names) > 1 or (names and word.casefold() in besides):
        raise Ambiguous([word], sorted(names))
    return next(iter(names), LEFT_OUT if word.casefold() in besides else None)


def _words(target: Target) -> dict[str, set[str]]:
    """The columns that a label may mean, by the label."""
    found: dict[str, set[str]] = {}
    fields = target.fields()
    for code in LANGUAGES:
        with force_locale(code):
            labels = [(str(OWN[name]), name) for name in target.own if name in OWN]
        for label, name in [*labels, *((each.label(code), name) for name, each in fields.items())]:
            found.setdefault(label.casefold(), set()).add(name)
    return found


def _only_read(target: Target) -> set[str]:
    """The labels of fields that exports tell and no sheet of his changes: files, and what he only reads."""
    known = fields_of(db.session(), target.standing, target.owner)
    return {each.label(code).casefold() for each in known if each.name not in target.fields() for code in LANGUAGES}
