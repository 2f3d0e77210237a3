"""Sentences that the desk says otherwise than as shipped. What waits for a second pair of eyes stays behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.catalogs import live, translating
from app.catalogs.faults import faults
from app.catalogs.sources import Source, sources
from app.extensions import db
from app.locale import LANGUAGES
from app.models.all import Translation
from app.transfer.files import Item
from app.transfer.kind import Kind, Unfit


class Translations(Kind):
    """Known by catalog, language and the sentence, which are the same on every desk."""

    @property
    def columns(self) -> dict[str, Any]:
        return {"source": self.table.columns["msgid"], "strings": self.table.columns["strings"]}

    def rows(self) -> Sequence[Translation]:
        """Of sentences that this version has: others say nothing."""
        rows = db.session.scalars(select(Translation))
        return [row for row in rows if row.strings and (row.domain, row.key) in sources()]

    def key(self, row: Translation) -> str:
        return f"{row.domain}.{row.language}.{row.key}"

    def called(self, values: Mapping[str, Any], uid: str) -> str:
        return f"{str(values.get('source') or uid)[:80]} ({_parts(uid)[1]})"

    def values(self, row: Translation) -> Item:
        return {"source": row.msgid, "strings": list(row.strings)}

    def check(self, uid: str, values: Item) -> None:
        """What has a fault is taken from no file either."""
        super().check(uid, values)
        domain, language, key = _parts(uid)
        source, strings = sources().get((domain, key)), values["strings"]
        if source is None or source.msgid != values["source"] or not _is_known(language):
            raise Unfit(_("This desk has no such sentence, or does not know the language."))
        if not isinstance(strings, list) or not all(isinstance(text, str) for text in strings):
            raise Unfit(_("“%(name)s” is of another kind: %(value)s.", name="strings", value=repr(strings)[:80]))
        if found := faults(source.forms, strings, language):
            raise Unfit(str(found[0]))

    def add(self, uid: str, values: Item) -> None:
        source, language = _sentence(uid)
        translating.save(source, language, values["strings"], by=None, reviewed=True)

    def change(self, row: Translation, values: Item) -> None:
        self.add(self.key(row), values)

    def remove(self, row: Translation) -> None:
        source, language = _sentence(self.key(row))
        translating.reset(source, language, by=None)

    def touched(self, row: Translation) -> dict[str, int]:
        return {}


class Settings(Kind):
    """Among them the languages that are offered, of which every process must hear."""

    def close(self) -> None:
        live.move_on()


def _parts(uid: str) -> tuple[str, str, str]:
    domain, _dot, rest = uid.partition(".")
    language, _dot, key = rest.partition(".")
    return domain, language, key


def _sentence(uid: str) -> tuple[Source, str]:
    domain, language, key = _parts(uid)
    return sources()[domain, key], language


def _is_known(language: str) -> bool:
    return language in LANGUAGES or language in live.addable()
