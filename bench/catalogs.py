"""Pages with the desk's own translations beside the same pages with Flask-Babel's plain catalogs, by turns in one run.

`python -m bench catalogs [--texts N] [--rounds N]`
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask
from flask_babel import force_locale, gettext

import config
from app.catalogs import live, translating
from app.catalogs.faults import faults
from app.catalogs.sources import sources
from app.events.transaction import transaction
from app.supervisor import valkey
from bench.content import CALLS, _calls
from bench.measure import Figure, best_of, report

BAR = 1.2
PAGES = ("/contact", "/login", "/register")
Domains = list[tuple[Any, Any, Any]]  # a domain, its plain cache, ours


def main(argv: Sequence[str] = ()) -> int:
    """Measure, print, and answer 0 when the bar holds."""
    parser = argparse.ArgumentParser(prog="python -m bench catalogs", description=__doc__)
    parser.add_argument("--texts", type=int, default=1000, help="sentences said otherwise by the desk (default 1000)")
    parser.add_argument("--rounds", type=int, default=20, help="how often each piece is measured (default 20)")
    wanted = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="bilety-bench-") as folder:
        settings = config.read({"BILETY_DATA": folder})
        with valkey.running(settings):
            return _measure(_desk(settings, wanted.texts), wanted)


def _measure(app: Flask, wanted: argparse.Namespace) -> int:
    babel, security = app.extensions["babel"].instance.domain_instance, app.extensions["security"].i18n_domain
    domains = [(each, {}, each.cache) for each in (babel, security)]
    plain, ours = _works(app, domains, own=False), _works(app, domains, own=True)
    figures = []
    for place, name in enumerate((*PAGES, "1,000 look-ups")):
        without, within = best_of(wanted.rounds, plain[place], ours[place])
        each = without / CALLS * 1000
        figures.append(Figure(f"{name}: plain", each, "ms"))
        figures.append(Figure(f"{name}: ours, of plain gettext", within / without, at_most=BAR))
    return report(f"Catalogs, {wanted.texts} sentences said otherwise", *figures)


def _works(app: Flask, domains: Domains, *, own: bool) -> list[Callable[[], object]]:
    """Each page some fifty times, and look-ups alone, with the one cache or the other."""
    spoken = [source.msgid for source in list(sources().values())[:1000]]

    def with_cache(work: Callable[[], object]) -> Callable[[], object]:
        def run() -> None:
            for domain, plain, ours in domains:
                domain.cache = ours if own else plain
            work()

        return run

    def look_up() -> None:
        with app.app_context(), force_locale("pl"):
            for sentence in spoken:
                gettext(sentence)

    return [*(with_cache(_calls(app, page, "200 OK")) for page in PAGES), with_cache(look_up)]


def _desk(settings: config.Settings, texts: int) -> Flask:
    from app import create_app
    from app.setup import init

    app: Flask = create_app(settings)
    init(app, preset="cwt")
    with app.app_context():
        with transaction():
            for source in list(sources().values())[:texts]:
                said = source.shipped_in("pl")
                if not faults(source.forms, said, "pl"):
                    translating.save(source, "pl", said, by=None)
        live.look()
    return app
