"""Where our own sentences stand in the sources: read once by a process that asks."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from functools import lru_cache

from app.catalogs.extract import ROOT
from app.catalogs.sources import key_of

SPOKEN = re.compile(r"""(?:\b_l?|gettext|\bmark)\(\s*((?:(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')\s*)+)[,)]""")


@lru_cache
def places() -> Mapping[str, tuple[str, ...]]:
    """The files (below app/) that say a sentence, by its key."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "app").rglob("*")):
        if path.suffix in (".py", ".html", ".txt", ".xml") and path.is_file():
            name = path.relative_to(ROOT / "app").as_posix()
            for sentence in _spoken(path.read_text("utf-8")):
                files = found.setdefault(key_of(sentence), [])
                if name not in files:
                    files.append(name)
    return {key: tuple(files) for key, files in found.items()}


def _spoken(text: str) -> set[str]:
    sentences = set()
    for match in SPOKEN.finditer(text):
        try:
            sentences.add(str(ast.literal_eval(f"({match.group(1)})")))
        except (SyntaxError, ValueError):
            continue
    return sentences
