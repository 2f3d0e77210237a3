"""Pictures of pages, and which sentences can be read on each: taken of the demo desk in Polish by
`make album`, shipped beside the catalogs. An installation may lack them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from app.catalogs.shipped import TRANSLATIONS

FOLDER = TRANSLATIONS / "pictures"
LANGUAGE = "pl"  # of the pages


@dataclass(frozen=True)
class Picture:
    """A page as it looks; `title` is the page's own, width and height are pixels."""

    name: str
    title: str
    width: int
    height: int

    @property
    def path(self) -> Path:
        return FOLDER / f"{self.name}.webp"


@dataclass(frozen=True)
class Album:
    pictures: Mapping[str, Picture]
    shown: Mapping[str, tuple[str, ...]]  # names of pictures by the key of a sentence

    def of(self, key: str) -> list[Picture]:
        """Those on which the sentence can be read."""
        return [self.pictures[name] for name in self.shown.get(key, ())]


@lru_cache
def album() -> Album:
    """All that there are; an empty one where none were shipped."""
    try:
        kept = json.loads((FOLDER / "index.json").read_text("utf-8"))
    except FileNotFoundError:
        return Album({}, {})
    pictures = {name: Picture(name, **facts) for name, facts in kept["pictures"].items()}
    return Album(pictures, {key: tuple(names) for key, names in kept["sentences"].items()})
