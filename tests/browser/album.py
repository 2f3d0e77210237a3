"""`make album`: the pictures that translators see beside a sentence, of the demo desk's pages in Polish.

A picture is kept where it shows some sentences that no picture before it shows.
"""

from __future__ import annotations

import io
import json
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PIL import Image

from app.catalogs.faults import BRACES, PERCENT
from app.catalogs.pictures import FOLDER, LANGUAGE
from app.catalogs.sources import sources
from tests.browser import chromium, pages
from tests.browser.desk import PEOPLE, Desk
from tests.browser.visitor import DESKTOP, Visitor

TALLEST, WIDTH, QUALITY = 1_400, 720, 20  # pixels of a page, pixels of its picture, of WebP
NEW, MOST = 4, 3  # sentences that a picture must add, pictures of one sentence
VALUE = re.compile(f"{PERCENT.pattern}|{BRACES.pattern}")
LETTERS = re.compile(r"[^\W\d_]{2}")
TEXT = """tallest => {
    for (const element of document.querySelectorAll("main *"))
        if (element.getBoundingClientRect().top > tallest) element.remove();
    return document.body.innerText;
}"""


def main() -> None:
    """Write the folder anew."""
    said = _said()
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    facts: dict[str, dict[str, Any]] = {}
    shown: dict[str, list[str]] = {}
    for name, title, text, png in _taken():
        keys = [key for key, pattern in said.items() if pattern.search(text)]
        if sum(key not in shown for key in keys) < NEW:
            continue
        with Image.open(io.BytesIO(png)) as whole:
            small = whole.convert("RGB").resize((WIDTH, round(whole.height * WIDTH / whole.width)), Image.LANCZOS)
        small.save(FOLDER / f"{name}.webp", quality=QUALITY, method=6)
        facts[name] = {"title": title, "width": small.width, "height": small.height}
        for key in keys:
            if len(shown.setdefault(key, [])) < MOST:
                shown[key].append(name)
    kept = {"pictures": facts, "sentences": dict(sorted(shown.items()))}
    (FOLDER / "index.json").write_text(json.dumps(kept, ensure_ascii=False, indent=0) + "\n", "utf-8")
    size = sum(path.stat().st_size for path in FOLDER.iterdir())
    print(f"{len(facts)} pictures of {len(shown)} sentences, {size // 1000} kB")


def _said() -> dict[str, re.Pattern[str]]:
    """How to find each sentence on a page, by its key: values in it may be any few words."""
    found: dict[str, list[str]] = {}
    for source in sources().values():
        for text in source.shipped_in(LANGUAGE):
            if LETTERS.search(VALUE.sub("", text)):
                words = [re.escape(" ".join(part.split())) for part in VALUE.sub("\0", text).split("\0")]
                found.setdefault(source.key, []).append(r".{1,60}?".join(words))
    return {key: re.compile(rf"(?<!\w)(?:{'|'.join(forms)})(?!\w)") for key, forms in found.items()}


def _taken() -> Iterator[tuple[str, str, str, bytes]]:
    """Name, title, text and picture of each page."""
    executable = chromium.path()
    if executable is None:
        sys.exit(chromium.REASON)
    with tempfile.TemporaryDirectory() as folder, chromium.started(executable) as browser:
        desk = Desk(Path(folder) / "data")
        visitors: dict[str, Visitor] = {}
        try:
            for each in pages.ALL:
                if each.by not in visitors:
                    visitors[each.by] = Visitor(browser, desk.address, LANGUAGE)
                    if each.by:
                        visitors[each.by].sign_in(PEOPLE[each.by], desk.passwords[PEOPLE[each.by]])
                page = visitors[each.by].page
                page.goto(each.path.format_map(desk.places))
                if each.act:
                    each.act(page)
                height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
                png = page.screenshot(
                    full_page=True, clip={"x": 0, "y": 0, "width": DESKTOP["width"], "height": height}
                )
                yield each.name, page.title().removesuffix(" – Bilety"), page.evaluate(TEXT, TALLEST), png
        finally:
            desk.end()


if __name__ == "__main__":
    main()
