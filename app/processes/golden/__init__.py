"""`run.py search --golden`: documents by the ordinary write path, queries by the ordinary query path, and the figures.

Standard output holds one JSON line a query, everything else goes to standard error.
"""

from __future__ import annotations

import json
import logging
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from app.access import Standing, standing_of
from app.extensions import db
from app.processes.golden import desk, figures
from app.search.document import Key
from app.search.find import find

MOST_IDS = 10
LANGUAGES = ("pl", "en")
Line = Mapping[str, Any]


def golden(documents: str, queries: str, *, engine: str) -> int:
    """Measure; 0 when every query was answered, 2 when the files could not be read."""
    from app import create_app
    from app.setup import init

    logging.getLogger("app.events.wake").setLevel(logging.CRITICAL)  # Nobody is there to be woken.
    try:
        told, asked = list(_lines(documents)), list(_lines(queries))
    except OSError as error:
        print(error, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="bilety-golden-") as folder, desk.database(engine) as url:
        app = create_app(desk.settings_of(folder, url))
        init(app, preset="cwt")
        with app.app_context():
            consultants = desk.people(LANGUAGES)
            names = desk.fill([line for line in told if _is_document(line)])
            desk.let_in(consultants)
            standings = {code: standing_of(db.session(), account) for code, account in consultants.items()}
            answers = [_answer(line, standings, names) for line in asked]
            db.session.remove()
            db.engine.dispose()
    print(figures.table(list(zip(asked, answers, strict=True))), file=sys.stderr)
    return 0


def _lines(path: str) -> Iterator[Line]:
    """The JSON objects of a file; a line that is none becomes {"error": why}."""
    with Path(path).open(encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield _object(line, number)


def _object(line: str, number: int) -> Line:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        return {"error": f"line {number}: {error}"}
    return found if isinstance(found, dict) else {"error": f"line {number}: not a JSON object"}


def _is_document(line: Line) -> bool:
    if "error" in line and "id" not in line:
        print(f"This document is left out: {line['error']}", file=sys.stderr)
        return False
    return True


def _answer(line: Line, standings: Mapping[str, Standing], names: Mapping[Key, Any]) -> Line:
    """Ask one query and print its line."""
    if not isinstance(line.get("q"), str):
        answer: Line = {"id": line.get("id"), "error": line.get("error") or "The query has no text in q."}
    else:
        begun = time.perf_counter()
        language = "en" if line.get("lang") == "en" else "pl"
        standing = standings[language]
        found = find(line["q"], standing, language=language, filters={}, limit=MOST_IDS)
        spent = round((time.perf_counter() - begun) * 1000, 2)
        answer = {"id": line.get("id"), "ids": [names[hit.key] for hit in found.hits], "ms": spent}
    print(json.dumps(answer, ensure_ascii=False), flush=True)
    return answer
