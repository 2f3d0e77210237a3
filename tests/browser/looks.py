"""What every page must be: readable by everybody, at every width."""

from __future__ import annotations

from collections.abc import Iterator

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
OPTIONS = {"runOnly": {"type": "tag", "values": list(TAGS)}, "resultTypes": ["violations"]}
AXE = Axe()

# One question to the page instead of ten.
FACTS = """() => ({
    lang: document.documentElement.lang,
    headings: document.querySelectorAll("h1").length,
    skips: document.querySelector("body > a.skip-link")?.getAttribute("href") === "#content"
        && document.querySelector("main#content") !== null,
    title: document.title,
    foreign: ["jQuery", "$"].filter((name) => name in window),
    bootstrap3: document.querySelectorAll(
        "link[href*='/appbuilder/'], script[src*='/appbuilder/'], .panel-heading, .glyphicon, [data-toggle]").length,
})"""
OVERFLOW = """() => {
    const page = document.documentElement;
    if (page.scrollWidth <= page.clientWidth) return [];
    return [...document.querySelectorAll("body *")]
        .filter((element) => element.getBoundingClientRect().right > page.clientWidth + 1)
        .map((element) => element.outerHTML.slice(0, 120)).slice(-5);
}"""


def complaints_about(page: Page, language: str) -> Iterator[str]:
    """What is wrong with the frame of the page, whatever its width."""
    facts = page.evaluate(FACTS)
    if facts["lang"] != language:
        yield f"lang is {facts['lang']!r}"
    if facts["headings"] != 1:
        yield f"{facts['headings']} h1"
    if not facts["skips"]:
        yield "no skip link to the content"
    if not facts["title"].endswith(" – Bilety") or facts["title"].startswith(" – "):
        yield f"the title is {facts['title']!r}"
    if facts["foreign"] or facts["bootstrap3"]:
        yield f"jQuery or Bootstrap 3: {facts['foreign']}, {facts['bootstrap3']} elements"


def barriers(page: Page) -> Iterator[str]:
    """What axe-core finds, a line a violation."""
    for violation in AXE.run(page, options=OPTIONS).response["violations"]:
        nodes = [f"{node['target']}: {node['html'][:160]}" for node in violation["nodes"][:3]]
        yield f"{violation['id']} ({len(violation['nodes'])}): {violation['help']}\n    " + "\n    ".join(nodes)


def sideways(page: Page) -> Iterator[str]:
    """What sticks out of a page that scrolls sideways."""
    yield from (f"sticks out: {element}" for element in page.evaluate(OVERFLOW))
