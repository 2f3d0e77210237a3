"""Attack cases O44 to O49 in a real browser: no script of a letter runs, and no request leaves the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask, Response
from playwright.sync_api import Browser, BrowserContext, Page, Route
from sqlalchemy import select

import config
from app.extensions import db
from app.mail.lures import misleading
from app.mail.safe_html import ATTRIBUTES, TAGS, cleaned
from app.mail.shown import shown
from app.models.ticket import Message
from app.views.frame import SANDBOX, as_address, framed, words
from tests.browser import chromium
from tests.browsing import Visitor
from tests.files.test_pictures import PNG
from tests.mail.hostile import HOSTILE, SINK, left_in
from tests.mail.letters import arrive
from tests.security.conftest import CAROL

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-letters")]
DESK = "http://localhost:8000"
SCRIPTED = (Path(__file__).parent.parent / "letters" / "script.eml").read_bytes()
WITH_PICTURES = (
    b"From: Anna <anna@klient.example>\r\nTo: PomocDYNAMICS@pomoc.example\r\nSubject: Obrazki\r\n"
    b"Message-ID: <o@klient.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    b"<p>Logo: <img src='http://cdn.example.com/logo.png?id=1'><img src='https://192.168.1.1/reboot'>"
    b"<img src='https://t.example.com/dot.gif' width=1 height=1></p>"
)
# What the browser made of the letter: the strictest judge of what a parser might have read otherwise.
FOUND = """([tags, names]) => [...document.querySelectorAll("main *")].flatMap((element) => [
    ...(tags.includes(element.localName) && element.namespaceURI.endsWith("xhtml") ? [] : [element.localName]),
    ...(getComputedStyle(element).position === "static" ? [] : [`${element.localName} is moved`]),
    ...[...element.attributes].filter((each) => !names.includes(each.name)).map((each) => each.name),
]).concat(window.__pwned === undefined ? [] : ["a script ran"])"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    executable = chromium.path()
    if executable is None:
        pytest.skip(chromium.REASON)
    with chromium.started(executable) as browser:
        yield browser


class Watched:
    """A page whose every request is answered here; what asks another server, or runs, is written down."""

    def __init__(self, browser: Browser, answer: Callable[[Route], None]) -> None:
        self.context: BrowserContext = browser.new_context()
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.answer = answer
        self.context.route("**/*", self._asked)
        self.page: Page = self.context.new_page()
        self.page.on("dialog", lambda dialog: (self.asked.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        self.context.on("page", lambda page: self.asked.append(f"window: {page.url}"))

    def _asked(self, route: Route) -> None:
        if route.request.url.startswith(f"{DESK}/"):
            self.answer(route)
        else:
            self.asked.append(route.request.url)
            self.headers.append(route.request.all_headers())
            route.abort()


@pytest.fixture
def watched(browser: Browser) -> Iterator[Callable[[Callable[[Route], None]], Watched]]:
    made: list[Watched] = []

    def watch(answer: Callable[[Route], None]) -> Watched:
        made.append(Watched(browser, answer))
        return made[-1]

    yield watch
    for each in made:
        each.context.close()


def frame_of(source: str) -> Response:
    letter = shown(cleaned(source) or "", words(), pictures=lambda _name: as_address(PNG), fold=True, remote=False)
    return framed(letter, title="x", lang="pl")


@pytest.mark.parametrize("guarded", [True, False], ids=["as it is shown", "without sandbox and CSP"])
def test_o44_to_o48_nothing_of_a_letter_runs_asks_or_moves(
    application: Flask, watched: Callable[..., Watched], guarded: bool
) -> None:
    """R2, R3: the markup alone must be clean, without the policies that stand behind it."""
    with application.test_request_context():
        frames = [frame_of(source) for source in HOSTILE]
    sandbox = f'sandbox="{SANDBOX}"' if guarded else ""
    parent = "".join(f'<iframe {sandbox} src="/{number}" name="f{number}"></iframe>' for number in range(len(frames)))

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path[1:]
        if not path.isdigit():
            route.fulfill(body=f"<!doctype html><title>x</title>{parent}", content_type="text/html")
            return
        frame = frames[int(path)]
        headers = dict(frame.headers) if guarded else {"Content-Type": "text/html"}
        route.fulfill(body=frame.get_data(as_text=True), headers=headers)

    seen = watched(answer)
    seen.page.goto(f"{DESK}/")
    seen.page.wait_for_load_state("networkidle")
    tags = [*TAGS, "details", "summary"]
    names = ["target", "rel", *{name for each in ATTRIBUTES.values() for name in each}]
    for number, source in enumerate(HOSTILE):
        frame = seen.page.frame(f"f{number}")
        assert frame is not None
        assert frame.url == f"{DESK}/{number}", source
        assert frame.evaluate(FOUND, [tags, names]) == [], source
    assert seen.asked == []
    assert seen.page.url == f"{DESK}/"
    assert seen.page.evaluate("window.__pwned") is None


@pytest.mark.parametrize("source", HOSTILE)
def test_a_second_parser_finds_nothing_that_is_not_allowed(application: Flask, source: str) -> None:
    kept = cleaned(source)
    assert left_in(kept) == []
    with application.test_request_context():
        body = shown(kept or "", words(), pictures=lambda _name: as_address(PNG), fold=True, remote=False).body
    assert left_in(body, shown=True) == []


def of_the_desk(visitor: Visitor) -> Callable[[Route], None]:
    """Answers of the application to who is signed in."""

    def answer(route: Route) -> None:
        parts = urlsplit(route.request.url)
        asked = {name: value for name, value in route.request.headers.items() if name == "hx-request"}
        with visitor.get(f"{parts.path}?{parts.query}", headers=asked) as found:
            route.fulfill(status=found.status_code, headers=dict(found.headers), body=found.get_data())

    return answer


@pytest.fixture
def reading(
    companies: Flask, settings: config.Settings, browser_of: Callable[[str], Visitor], watched: Callable[..., Watched]
) -> Callable[[bytes], tuple[Watched, str]]:
    """reading(letter) -> Carol's browser before the ticket that it became, and the address of its frame."""

    def read(raw: bytes) -> tuple[Watched, str]:
        arrive(companies, settings, raw, recipient="PomocDYNAMICS@pomoc.example")
        with companies.app_context():
            message = db.session.scalars(select(Message).order_by(Message.id.desc()).limit(1)).one()
            number, address = message.ticket.number, f"/messages/{message.id}/letter"
        seen = watched(of_the_desk(browser_of(CAROL)))
        seen.page.goto(f"{DESK}/desk/tickets/{number}")
        return seen, address

    return read


def opened(seen: Watched) -> Any:
    """The letter's frame, unfolded."""
    seen.page.locator(".layout > summary").click()
    frame = seen.page.frame_locator("iframe.letter").first
    frame.locator("main").wait_for()
    return frame


def test_o44_o49_a_letter_with_every_trick_is_read_without_harm(reading: Callable[..., tuple[Watched, str]]) -> None:
    seen, _address = reading(SCRIPTED)
    frame = opened(seen)
    assert "Widoczny tekst." in frame.locator("main").inner_text()
    assert seen.page.locator("h1").inner_text().endswith("<script>alert(1)</script>")
    assert seen.page.locator("article strong").first.inner_text() == "<img src=x onerror=alert(2)>"
    seen.page.goto(f"{DESK}/desk/tickets/list/")
    seen.page.goto(f"{DESK}/desk/journal/list/")
    assert seen.asked == []


@pytest.mark.parametrize(
    "address",
    [
        "https://example.net/",
        "https:/example.net/",
        "https:example.net/",
        "https:///example.net/",
        "https:\\\\example.net\\x",
        "https://example.net\\.example.com/",
        "HTTP:/\\/example.net?https://example.com",
    ],
)
def test_o44_where_a_link_leads_is_told_as_browsers_read_it(address: str) -> None:
    assert misleading("https://www.example.com/", address) == "example.net"
    assert misleading("https://www.example.com/", "https:\\\\example.com\\a\\b?x=\\y") is None


def test_o45_pictures_of_others_are_asked_for_by_a_click_only(reading: Callable[..., tuple[Watched, str]]) -> None:
    """Then without Referer and cookies, by https, and never in a network of the reader's own."""
    seen, _address = reading(WITH_PICTURES)
    opened(seen)
    assert seen.asked == []
    with seen.page.expect_request("https://cdn.example.com/**"):
        seen.page.locator("a[target^=letter-]").click()
    seen.page.frame_locator("iframe.letter").first.locator("img[src^=https]").first.wait_for(state="attached")
    assert seen.asked == ["https://cdn.example.com/logo.png?id=1"]
    assert not {"referer", "cookie", "origin"} & seen.headers[0].keys()


def test_what_the_frame_is_answered_with(
    reading: Callable[..., tuple[Watched, str]], browser_of: Callable[[str], Visitor]
) -> None:
    _seen, address = reading(WITH_PICTURES)
    carol = browser_of(CAROL)
    policy = carol.get(address).headers["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:;")
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    asked = carol.get(f"{address}?pictures=1")
    assert "img-src data: https://cdn.example.com;" in asked.headers["Content-Security-Policy"]
    for answer in (asked, carol.get(address)):
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cross-Origin-Embedder-Policy"] == "credentialless"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
    assert SINK not in asked.text
