"""Which language and zone a reader gets, on pages and in letters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton, format_time, get_time_format
from flask import Flask, g, has_request_context, request, session
from flask_appbuilder import base as fab_base
from flask_appbuilder.babel.manager import BabelManager
from flask_babel import format_decimal, get_domain, get_locale, gettext
from flask_login import current_user
from flask_wtf import form as flask_wtf_form
from werkzeug.routing import BaseConverter, ValidationError

LANGUAGES = {"pl": "Polski", "en": "English"}


class Names(dict[str, str]):
    """What languages are called; one that was taken away is called by its code."""

    def __missing__(self, code: str) -> str:
        return code


SPOKEN: dict[str, str] = Names(LANGUAGES)  # with those that administrators added
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


class LanguageConverter(BaseConverter):
    """A language in an address: one that is offered."""

    regex = "[a-z]{2,3}"

    def to_python(self, value: str) -> str:
        if value not in SPOKEN:
            raise ValidationError
        return value


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
        if code in SPOKEN:
            return str(code)
    return request.accept_languages.best_match(SPOKEN, DEFAULT_LANGUAGE)


def speak(codes: Iterable[str]) -> None:
    """Offer these languages beside Polish and English, under the names that their speakers know."""
    added = {code: str(Locale.parse(code).get_display_name(code)).capitalize() for code in codes}
    SPOKEN.clear()
    SPOKEN.update(LANGUAGES | added)


@cache
def writing_direction(code: str) -> str:
    """How the language is written: ltr or rtl."""
    return str(Locale.parse(code).text_direction)


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
    """The language of the page or letter being made: pl, en, or one that an administrator added."""
    locale = get_locale()
    code = locale.language if locale else DEFAULT_LANGUAGE
    return code if code in SPOKEN else DEFAULT_LANGUAGE


def called(group: Any) -> str:
    """A product group as its reader calls it."""
    return str(group.names.get(language()) or group.name)


def when(instant: datetime | None, form: str = "medium", zone: str | None = None) -> str:
    """An instant as the reader writes it, in his zone or a given one.

    `form` is brief, short, medium, minute, long or full. Brief leaves out the year that now is: 27 lis,
    19:57. Of another year it is short. Minute is how letters tell a time that binds: 27 listopada 2026, 17:01 CET.
    """
    if instant is None:
        return "–"
    where = zone or choose_zone()
    if form == "brief" and instant.astimezone(ZoneInfo(where)).year == datetime.now(ZoneInfo(where)).year:
        return _written(_without_year, instant, "MMMd", language(), where)
    if form == "minute":
        return _written(_to_the_minute, instant, "long", language(), where)
    return _written(format_datetime, instant, "short" if form == "brief" else form, language(), where)


def on_day(instant: datetime | None, form: str = "medium") -> str:
    """The reader's date of an instant."""
    return "–" if instant is None else _written(format_date, instant, form, language(), choose_zone())


def on_date(day: date, form: str = "medium") -> str:
    """A day of the calendar as the reader writes it."""
    return str(format_date(day, form, locale=REGIONS.get(language(), language())))


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


def _without_year(instant: datetime, skeleton: str, locale: str) -> str:
    day = format_skeleton(skeleton, instant, tzinfo=instant.tzinfo, locale=locale)
    return f"{day}, {format_time(instant, 'short', tzinfo=instant.tzinfo, locale=locale)}"


def _to_the_minute(instant: datetime, form: str, locale: str) -> str:
    with_zone = f"{get_time_format('short', locale).pattern} z"
    time = format_time(instant, with_zone, tzinfo=instant.tzinfo, locale=locale)
    return f"{format_date(instant, form, locale=locale)}, {time}"


@lru_cache(maxsize=8192)
def _written(by: Callable[..., str], instant: datetime, form: str, language: str, zone: str) -> str:
    """Kept, because a grid shows 75 instants, the next page most of them again, and Babel takes long over each."""
    return by(instant.astimezone(ZoneInfo(zone)), form, locale=REGIONS.get(language, language))


def init_app(app: Flask) -> None:
    """Addresses with <language:code>. Filters for templates: {{ ticket.arrived_at | when }},
    | on_day and {{ file.size | size }}."""
    app.url_map.converters["language"] = LanguageConverter
    app.add_template_filter(when, "when")
    app.add_template_filter(called, "called")
    app.add_template_filter(on_day, "on_day")
    app.add_template_filter(on_date, "on_date")
    app.add_template_filter(length, "length_of_time")
    app.add_template_filter(size, "size")
    app.jinja_env.globals.update(language=language, languages=SPOKEN, writing_direction=writing_direction)
