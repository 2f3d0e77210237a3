"""What the statement of accessibility tells of these tests: `python -m tests.browser.accessibility` writes it down."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.locale import SPOKEN
from tests.browser import pages
from tests.browser.looks import AXE, TAGS
from tests.browser.visitor import DESKTOP, NARROW, PHONE

STATEMENT = Path(__file__).parent.parent.parent / "app/views/portal/accessibility.json"


def statement() -> dict[str, Any]:
    """The facts, without the day. Known barriers are kept: a person writes them into the file, in each language."""
    version = re.search(r"axe v([0-9.]+)", AXE.axe_script)
    assert version is not None
    kept = json.loads(STATEMENT.read_text())["exceptions"] if STATEMENT.exists() else []
    return {
        "axe": version[1],
        "rules": list(TAGS),
        "widths": [size["width"] for size in (DESKTOP, PHONE, NARROW)],
        "languages": list(SPOKEN.values()),
        "pages": len({shown.endpoint for shown in pages.ALL} - {""}),
        "exceptions": kept,
    }


def main() -> None:
    facts = {"made_on": datetime.now(UTC).date().isoformat(), **statement()}
    STATEMENT.write_text(json.dumps(facts, ensure_ascii=False, indent=2) + "\n")


if __name__ == "__main__":
    main()
