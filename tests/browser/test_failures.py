"""What goes wrong on our side is told as a page too. pytest-flask serves an application with a broken view."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest
from flask import Flask, abort, request
from playwright.sync_api import Browser
from pytest_flask import live_server as pytest_flask_server
from pytest_flask.live_server import LiveServer

from tests.browser import looks
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
CODES = (400, 410, 413, 429, 500, 503)


def fail() -> None:
    """Fail as the address asks for."""
    code = request.args.get("code", 500, type=int)
    if code == 500:
        raise RuntimeError("A test broke this view.")
    abort(code)


@pytest.fixture
def broken(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The contact page fails. The server is a fork of this process, whatever Python's default has become."""
    monkeypatch.setitem(app.view_functions, "HomeView.contact", fail)
    monkeypatch.setitem(app.config, "SERVER_NAME", "localhost")
    monkeypatch.setattr(pytest_flask_server, "multiprocessing", multiprocessing.get_context("fork"))


@pytest.mark.parametrize("language", ["pl", "en"])
def test_a_failure_is_a_page(
    broken: None, live_server: LiveServer, browser: Browser, language: str, pictures: Path | None
) -> None:
    live_server.clean_stop = False  # SIGINT does not end what a shell put into the background, SIGTERM does.
    visitor = Visitor(browser, live_server.url(), language)
    found = []
    for code in CODES:
        answer = visitor.page.goto(f"/contact?code={code}")
        assert answer is not None
        assert answer.status == code
        found += looks.look(visitor, f"error-{code}", pictures)
    visitor.context.close()
    assert not found, "\n".join(found)
