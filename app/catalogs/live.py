"""What translators of this desk saved, on every page and in every letter some seconds later, in every process.

Flask-Babel keeps one catalog for each language and domain. We fill that cache ourselves: the shipped catalog with the
rows of `translation` laid over it, so that a look-up costs what it always did. Each process compares one number every
KEPT_SECONDS, and makes the catalogs anew when it has moved on.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from babel.localedata import locale_identifiers
from babel.support import Translations
from flask import Flask, g, has_request_context, request
from flask_babel import Domain
from sqlalchemy import Connection, select, update
from sqlalchemy.exc import SQLAlchemyError

from app.catalogs.plurals import form_of
from app.extensions import db
from app.locale import LANGUAGES, speak
from app.models.desk_setting import DeskSetting
from app.models.ticket import Counter
from app.models.translation import Translation

log = logging.getLogger(__name__)
KEPT_SECONDS = 2.0
STAMP = "catalogs"  # of counters
LANGUAGES_SETTING = "languages"  # of desk settings: codes, separated by spaces
Texts = dict[Any, str]  # as gettext keeps them: a sentence, or a sentence and the number of a form


@dataclass
class Kept:
    """What this process knows: until when without looking, the number, and the texts by domain and language."""

    until: float = 0.0
    number: int = -1
    texts: dict[tuple[str, str], Texts] = field(default_factory=dict)


ENGLISH = "en"
FALLEN = "\ue0f3", "\ue0f4"  # around English words of a page that is in another language, until it leaves


class English(Translations):
    """What is said where a language that was added says nothing yet; pages that are drawn mark it."""

    def gettext(self, message: str) -> str:
        return _fallen(super().gettext(message))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return _fallen(super().ngettext(msgid1, msgid2, n))


def _fallen(text: str) -> str:
    if not has_request_context() or not g.get("marks_english"):
        return text
    g.has_english = True
    return text.join(FALLEN)


kept = Kept()
_caches: list[Catalogs] = []


class Catalogs(dict[tuple[str, str], Translations]):
    """The cache of a domain: what is missing in it is made from the shipped catalog and the saved texts."""

    def __init__(self, domain: Domain) -> None:
        super().__init__()
        self.domain = domain

    def __missing__(self, key: tuple[str, str]) -> Translations:
        number = kept.number
        found = made(self.domain.translation_directories, *key)
        if number == kept.number:  # else somebody learned of newer texts meanwhile
            self[key] = found
        return found


def made(directories: list[str], language: str, domain: str) -> Translations:
    """A catalog as readers get it now."""
    catalog = English() if language == ENGLISH else Translations()
    for directory in directories:
        loaded = Translations.load(directory, [language], domain)
        if isinstance(loaded, Translations):
            catalog.merge(loaded)
    catalog._catalog.update(kept.texts.get((domain, language), {}))
    catalog.plural = lambda number: form_of(language, number)
    if language not in LANGUAGES:
        catalog.add_fallback(made(directories, ENGLISH, domain))
    return catalog


def init_app(app: Flask) -> None:
    """Take over the caches of both domains, Flask-Babel's own and Flask-Security's."""
    _caches.clear()
    for domain in (app.extensions["babel"].instance.domain_instance, app.extensions["security"].i18n_domain):
        domain.cache = Catalogs(domain)
        _caches.append(domain.cache)
    app.before_request(_look_before_a_page)


def _look_before_a_page() -> None:
    if request.endpoint not in ("static", "healthz"):
        look()


def look() -> None:
    """Learn what was saved, when KEPT_SECONDS have passed since the last look. Nothing stops when it fails."""
    if time.monotonic() < kept.until:
        return
    kept.until = time.monotonic() + KEPT_SECONDS
    try:
        with db.engine.connect() as connection:
            number = connection.scalar(select(Counter.value).where(Counter.name == STAMP)) or 0
            if number != kept.number:
                before, kept.texts, kept.number = kept.texts, _texts(connection), number
                speak(_added(connection))
                if kept.texts != before:
                    _make_anew()
    except SQLAlchemyError:
        log.warning("Saved translations cannot be read now", exc_info=True)


def move_on() -> None:
    """Tell every process, with the commit, that texts have changed."""
    db.session.execute(update(Counter).where(Counter.name == STAMP).values(value=Counter.value + 1))
    kept.until = 0.0


def forget() -> None:
    """Know nothing: another database is here."""
    changed = bool(kept.texts)
    kept.until, kept.number, kept.texts = 0.0, -1, {}
    speak(())
    if changed:
        _make_anew()


def _added(connection: Connection) -> list[str]:
    """The languages that administrators added and that this version knows how to speak."""
    value = connection.scalar(select(DeskSetting.value).where(DeskSetting.name == LANGUAGES_SETTING)) or ""
    return [code for code in value.split() if code in addable()]


@lru_cache
def addable() -> frozenset[str]:
    """The languages that CLDR knows, but for those that are shipped."""
    return frozenset(code for code in locale_identifiers() if "_" not in code) - LANGUAGES.keys() - {"root"}


def _make_anew() -> None:
    for cache in _caches:
        cache.clear()


def _texts(connection: Connection) -> dict[tuple[str, str], Texts]:
    table = Translation.__table__.c
    found: dict[tuple[str, str], Texts] = {}
    for row in connection.execute(
        select(*(table[name] for name in ("domain", "language", "msgid", "plural", "context", "strings")))
    ):
        texts = found.setdefault((row.domain, row.language), {})
        name = f"{row.context}\x04{row.msgid}" if row.context else row.msgid
        if row.strings and row.plural is None:
            texts[name] = row.strings[0]
        elif row.strings:
            texts.update({(name, number): text for number, text in enumerate(row.strings)})
    return found
