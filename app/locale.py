"""Which language and zone a reader gets, on pages and in letters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from flask import Flask, g, has_request_context, request, session
from flask_appbuilder import base as fab_base
from flask_appbuilder.babel.manager import BabelManager
from flask_babel import format_decimal, get_domain, get_locale, gettext
from flask_login import current_user
from flask_wtf import form as flask_wtf_form

LANGUAGES = {"pl": "Polski", "en": "English"}
REGIONS = {"pl": "pl_PL", "en": "en_GB"}  # how dates are written
DEFAULT_LANGUAGE = "pl"
DEFAULT_ZONE = "Europe/Warsaw"
_zone: ContextVar[str | None] = ContextVar("zone", default=None)


class LocaleManager(BabelManager):
    """FAB's, without the cookie that it sets for every visitor and without its own language page."""

    def register_views(self) -> None:
        """Our own page switches the language (app/views/portal)."""

    def get_locale(self) -> str:
        return choose_language()


class FormTranslations:
    """WTForms' own sentences from our catalogs: its Polish one is not whole."""

    def gettext(self, sentence: str) -> str:
        return str(gettext(sentence))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return str(get_domain().get_translations().ungettext(singular, plural, n))  # WTForms fills the places itself


def install() -> None:
    """Make FAB use our manager and Flask-WTF our catalogs; neither has a setting for that."""
    fab_base.BabelManager = LocaleManager
    flask_wtf_form.translations = FormTranslations()


def choose_language() -> str:
    """?_l_=, then the switch of this browser, then the account's, then the browser's wish, then Polish."""
    if not has_request_context():
        return DEFAULT_LANGUAGE
    account_locale = current_user.locale if current_user and current_user.is_authenticated else None
    for code in (request.args.get("_l_"), session.get("locale"), account_locale):
        if code in LANGUAGES:
            return str(code)
    return request.accept_languages.best_match(LANGUAGES, DEFAULT_LANGUAGE)


@contextmanager
def in_zone(zone: str | None) -> Iterator[None]:
    """Write instants for a reader in that zone, whoever asks for the page: a letter is read elsewhere."""
    token = _zone.set(zone or DEFAULT_ZONE)
    try:
        yield
    finally:
        _zone.reset(token)


def choose_zone() -> str:
    """The reader's own zone, or the desk's; looked up once a page, which may show a hundred instants."""
    chosen = _zone.get()
    if chosen is not None:
        return chosen
    if not has_request_context():
        return DEFAULT_ZONE
    if "zone" not in g:
        own = current_user.timezone if current_user and current_user.is_authenticated else None
        g.zone = str(own or DEFAULT_ZONE)
    return g.zone


def language() -> str:
    """The language of the page or letter being made: pl or en."""
    locale = get_locale()
    code = locale.language if locale else DEFAULT_LANGUAGE
    return code if code in LANGUAGES else DEFAULT_LANGUAGE


def when(instant: datetime | None, form: str = "medium", zone: str | None = None) -> str:
    """An instant as the reader writes it, in his zone or a given one; `form` is short, medium, long or full."""
    return "–" if instant is None else _written(format_datetime, instant, form, language(), zone or choose_zone())


def on_day(instant: datetime | None, form: str = "medium") -> str:
    """The reader's date of an instant."""
    return "–" if instant is None else _written(format_date, instant, form, language(), choose_zone())


def length(time: timedelta) -> str:
    """A length of working time to the second: 4 h, 1 h 30 min, 0 min, 12 min 5 s."""
    minutes, seconds = divmod(round(time.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [gettext("%(hours)s h", hours=hours)] if hours else []
    if minutes or not (hours or seconds):
        parts.append(gettext("%(minutes)s min", minutes=minutes))
    if seconds:
        parts.append(gettext("%(seconds)s s", seconds=seconds))
    return " ".join(parts)


def size(number: int) -> str:
    """A number of bytes as a reader writes it: 205 B, 1,2 MB."""
    scaled, unit = float(number), "B"
    for larger in ("kB", "MB", "GB"):
        if scaled < 1000:
            break
        scaled, unit = scaled / 1000, larger
    return f"{format_decimal(round(scaled, 1))} {unit}"


def limit(number: int) -> str:
    """So many bytes as a bound, never rounded up: 20 MiB."""
    return f"{format_decimal(number * 10 // 2**20 / 10)} MiB"


@lru_cache(maxsize=8192)
def _written(by: Callable[..., str], instant: datetime, form: str, language: str, zone: str) -> str:
    """Kept, because a grid shows 75 instants, the next page most of them again, and Babel takes long over each."""
    return by(instant.astimezone(ZoneInfo(zone)), form, locale=REGIONS[language])


def init_app(app: Flask) -> None:
    """Filters for templates: {{ ticket.arrived_at | when }}, | on_day and {{ file.size | size }}."""
    app.add_template_filter(when, "when")
    app.add_template_filter(on_day, "on_day")
    app.add_template_filter(size, "size")
    app.jinja_env.globals.update(language=language, languages=LANGUAGES)
