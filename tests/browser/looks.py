"""What every page must be: readable by everybody, at every width."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Page

from tests.browser.visitor import DESKTOP, NARROW, PHONE, Visitor

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
# Without preloading, axe does not read every stylesheet again on every page; one rule needs it (test_comforts.py).
# Letters stand in frames where no script runs, axe's neither; calling it there only makes Chromium complain.
READING = {"resultTypes": ["violations"], "preload": False, "iframes": False}
OPTIONS = {"runOnly": {"type": "tag", "values": list(TAGS)}, **READING}
# axe reads each page once at each width, each time in another language; in both at both by BILETY_PICTURES, which
# keeps pictures too.
READ = {("pl", DESKTOP["width"]), ("en", PHONE["width"])}
TURNING = {"runOnly": {"type": "rule", "values": ["css-orientation-lock"]}, "resultTypes": ["violations"]}
# What a dark page can have besides a light one.
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}, **READING}
AXE = Axe()

# axe measures the contrast of every text anew, which takes more than all its other rules. It depends on the text's
# colours and size and on what is painted behind it: where the same passed before in this process, axe need not measure
# again. What is not laid out in the flow may lie on anything, and is measured always; so is what failed.
SPARING = """
(() => {
    const rule = axe._audit.rules.find((one) => one.id === "color-contrast"), check = axe._audit.checks[rule.id];
    const {matches} = rule, {evaluate} = check;
    let painted;
    const behind = (element) => {
        if (!element) return String(matchMedia("(prefers-color-scheme: dark)").matches);
        if (!painted.has(element)) {
            const style = getComputedStyle(element), above = behind(element.parentElement);
            const flows = ["static", "relative"].includes(style.position) && style.transform === "none";
            const own = [style.backgroundColor, style.backgroundImage, style.opacity, style.mixBlendMode, style.filter];
            const clear = own.join() === "rgba(0, 0, 0, 0),none,1,normal,none";
            painted.set(element, above === null || !flows ? null : clear ? above : `${above} ${own}`);
        }
        return painted.get(element);
    };
    const looks = (element) => {
        const style = getComputedStyle(element), above = behind(element);
        const own = [style.color, style.fontSize, style.fontWeight, style.textShadow, style.webkitTextStroke];
        return above === null ? null : `${above} ${own}`;
    };
    const speaks = (element) =>
        "value" in element || [...element.childNodes].some((one) => one.nodeType === 3 && one.data.trim());
    rule.matches = (element, ...others) =>
        speaks(element) && !axe.passed.has(looks(element)) && matches(element, ...others);
    check.evaluate = function (element, ...others) {
        const passes = evaluate.call(this, element, ...others), seen = looks(element);
        if (passes === true && seen !== null) axe.passed.add(seen);
        return passes;
    };
    axe.look = async (options, passed) => {
        axe.passed = new Set(passed);
        painted = new Map();
        const {violations} = await axe.run(options);
        return {violations, passed: [...axe.passed].slice(passed.length)};
    };
})()"""
PASSED: list[str] = []

SPRITE = (Path(__file__).parent.parent.parent / "app/static/vendor/tabler-icons-3.52.0/sprite.svg").read_text()

# One question to the page instead of ten.
FACTS = """() => ({
    lang: document.documentElement.lang,
    headings: document.querySelectorAll("h1").length,
    skips: document.querySelector("body > a.skip-link")?.getAttribute("href") === "#content"
        && document.querySelector("main#content") !== null,
    title: document.title,
    icons: [...document.querySelectorAll("svg use")].map((use) => use.getAttribute("href").split("#")[1]),
    foreign: ["jQuery", "$"].filter((name) => name in window),
    bootstrap3: document.querySelectorAll(
        "link[href*='/appbuilder/'], script[src*='/appbuilder/'], .panel-heading, .glyphicon, [data-toggle]").length,
})"""
OVERFLOW = """() => {
    const wide = (box) => box.scrollWidth > box.clientWidth;
    const boxes = [document.documentElement, ...document.querySelectorAll(".table-responsive")].filter(wide);
    return boxes.flatMap((box) => [...box.querySelectorAll("*")]
        .filter((element) => element.getBoundingClientRect().right > box.getBoundingClientRect().right + 1)
        .map((element) => element.outerHTML.slice(0, 120)).slice(-5));
}"""


def look(visitor: Visitor, name: str, pictures: Path | None) -> list[str]:
    """All that is wrong with the page that the visitor has open, at both widths, light and dark.

    `pictures` keeps one of each.
    """
    page = visitor.page
    found = list(complaints_about(page, visitor.language))
    for width in (DESKTOP, PHONE):
        page.set_viewport_size(width)
        read = pictures or (visitor.language, width["width"]) in READ
        if pictures:
            picture(page, pictures / f"{name}-{visitor.language}-{width['width']}.png")
        if read:
            found += [f"{width['width']} px: {line}" for line in barriers(page)]
        found += [f"{width['width']} px: {line}" for line in sideways(page)]
        if pictures or (read and visitor.language == "pl"):  # colours are the same in every language
            found += [f"{width['width']} px, dark: {line}" for line in in_the_dark(page, pictures, name, visitor)]
    page.set_viewport_size(NARROW)
    found += [f"{NARROW['width']} px: {line}" for line in sideways(page)]
    page.set_viewport_size(DESKTOP)
    return found + visitor.said()


def in_the_dark(page: Page, pictures: Path | None, name: str, visitor: Visitor) -> list[str]:
    """What a reader who wants dark pages cannot read."""
    page.emulate_media(color_scheme="dark")
    if pictures:
        width = page.viewport_size["width"] if page.viewport_size else 0
        picture(page, pictures / f"{name}-{visitor.language}-{width}-dark.png")
    found = list(barriers(page, COLOURS))
    page.emulate_media(color_scheme="light")
    return found


def picture(page: Page, path: Path) -> None:
    """Keep a picture of the whole page. Chromium on a busy machine misses one now and then."""
    try:
        page.screenshot(path=path, full_page=True)
    except Error as error:
        if "Unable to capture screenshot" not in error.message:
            raise
        page.screenshot(path=path, full_page=True)


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
    if missing := [name for name in facts["icons"] if f'id="{name}"' not in SPRITE]:
        yield f"icons that are not there: {missing}"
    if facts["foreign"] or facts["bootstrap3"]:
        yield f"jQuery or Bootstrap 3: {facts['foreign']}, {facts['bootstrap3']} elements"


def barriers(page: Page, options: dict[str, Any] = OPTIONS) -> Iterator[str]:
    """What axe-core finds, a line a violation."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.axe_script + SPARING)
    found = page.evaluate("([options, passed]) => axe.look(options, passed)", [options, PASSED])
    PASSED.extend(found["passed"])
    for violation in found["violations"]:
        nodes = [f"{node['target']}: {node['html'][:160]}" for node in violation["nodes"][:3]]
        yield f"{violation['id']} ({len(violation['nodes'])}): {violation['help']}\n    " + "\n    ".join(nodes)


def sideways(page: Page) -> Iterator[str]:
    """What sticks out of a page, or of a table, that scrolls sideways."""
    yield from (f"sticks out: {element}" for element in page.evaluate(OVERFLOW))
