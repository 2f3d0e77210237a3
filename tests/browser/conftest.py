"""One Chromium and one desk for a process's tests, closed when the last is done: Playwright keeps an event loop."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import chromium
from tests.browser.desk import PEOPLE, Desk
from tests.browser.visitor import Visitor

TIMEOUT = 300  # The first test waits for the desk.
Looking = Callable[[str, str], Visitor]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Two desks and two Chromiums, one for each core: what is Polish, and the rest.

    On busy cores Chromium misses a beat now and then: what fails is tried once more, and counted as rerun at the end.
    """
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.timeout(TIMEOUT))
            item.add_marker(pytest.mark.flaky(reruns=1))
            item.add_marker(pytest.mark.xdist_group(f"browser-{'pl' if 'pl]' in item.name else 'en'}"))


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    executable = chromium.path()
    if executable is None:
        pytest.skip(chromium.REASON)
    with chromium.started(executable) as browser:
        yield browser


@pytest.fixture(scope="package")
def desk(browser: Browser, in_memory: Path) -> Iterator[Desk]:
    desk = Desk(in_memory / "browser")
    yield desk
    desk.end()


@pytest.fixture(scope="package")
def looking(browser: Browser, desk: Desk) -> Looking:
    """looking("customer", "pl") -> that person's browser, signed in once; "" is somebody who is not."""
    kept: dict[tuple[str, str], Visitor] = {}

    def visitor_of(who: str, language: str) -> Visitor:
        if (who, language) not in kept:
            visitor = Visitor(browser, desk.address, language)
            if who:
                visitor.sign_in(PEOPLE[who], desk.passwords[PEOPLE[who]])
            kept[who, language] = visitor
        return kept[who, language]

    return visitor_of


@pytest.fixture(scope="package")
def pictures() -> Path | None:
    """Where a picture of every page is kept: the folder BILETY_PICTURES; without it, none is."""
    name = os.environ.get("BILETY_PICTURES")
    if not name:
        return None
    Path(name).mkdir(parents=True, exist_ok=True)
    return Path(name)
