"""What a translator saves is on screen in another web server and in a worker's letter within three seconds."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from flask import Flask

import config
from app.catalogs.sources import key_of
from tests.browsing import Visitor
from tests.databases import Database
from tests.mail.desk import CUSTOMER, open_ticket
from tests.mail.letters import sent, text_of
from tests.run.stack import ROOT, environment, until

SECONDS = 3.0
ON_PAGE, IN_LETTER = ("Contact", "Kontakt", "Napisz do nas"), ("Open the ticket", "Otwórz zgłoszenie", "Idź do sprawy")


@pytest.fixture
def elsewhere(app: Flask, settings: config.Settings, database: Database) -> Iterator[str]:
    """`run.py serve` beside this process, which shares with it the database, Valkey and files alone."""
    env = environment(settings.data, DATABASE_URL=database.url, REDIS_URL=settings.redis_url)
    process = subprocess.Popen([sys.executable, str(ROOT / "run.py"), "serve"], env=env, start_new_session=True)
    address = f"http://localhost:{env['BILETY_PORT']}"
    try:
        until(lambda: process.poll() is not None or "Kontakt" in page(address))
        yield address
    finally:
        process.terminate()
        process.wait()


def page(address: str) -> str:
    """The page Contact in Polish; nothing while nobody answers."""
    try:
        with urlopen(Request(f"{address}/contact", headers={"Accept-Language": "pl"}), timeout=10) as answer:
            return str(answer.read().decode())
    except OSError:
        return ""


def test_a_saving_is_on_screen_and_in_letters_elsewhere(
    app: Flask,
    elsewhere: str,
    outgoing: Path,
    make_account: Callable[..., int],
    browser_of: Callable[[str], Visitor],
) -> None:
    def letters() -> list[str]:
        return [text_of(letter) for letter in sent(outgoing, CUSTOMER)]

    def write() -> None:
        with app.app_context():
            open_ticket(message_id=f"<{time.monotonic()}@klient.example>")

    make_account(CUSTOMER, organisation="Klient")
    make_account("tom@desk.example", role="translator")
    tom = browser_of("tom@desk.example")
    write()
    until(letters)
    assert IN_LETTER[1] in letters()[0]
    for sentence, before, after in (ON_PAGE, IN_LETTER):
        path = f"/desk/translations/pl/messages/{key_of(sentence)}"
        assert before in tom.get(path).text
        tom.submit(path, {"string": after, "act": "save"}, form="//form[@data-quick]")
    saved = time.monotonic()
    time.sleep(max(0.0, saved + SECONDS - 0.5 - time.monotonic()))
    assert ON_PAGE[2] in page(elsewhere)
    write()
    until(lambda: len(letters()) > 1)
    assert IN_LETTER[2] in letters()[1]
    assert IN_LETTER[1] not in letters()[1]
