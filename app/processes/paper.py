"""Draws a document: JSON on standard input, PDF on standard output.

A process of its own, for fpdf2 and what it brings would stay in the web server's memory: 45 MiB for a page that is
asked for now and then.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FONTS = ROOT / "app" / "static" / "vendor" / "dejavu-2.37"
SECONDS = 30


def draw(words: Mapping[str, Any]) -> bytes:
    """The PDF of a document: `title`, `language`, `facts` as [name, value] pairs, `text`, and `link`.

    Raises subprocess.SubprocessError when it could not be drawn.
    """
    command = [sys.executable, "-m", "app.processes.paper"]
    told = json.dumps(words).encode()
    return subprocess.run(command, input=told, capture_output=True, cwd=ROOT, timeout=SECONDS, check=True).stdout  # noqa: S603 our own command


def _drawn(words: Mapping[str, Any]) -> bytes:
    from fpdf import FPDF
    from fpdf.enums import WrapMode, XPos, YPos

    page = FPDF(format="A4")
    page.set_lang(words["language"])
    page.set_title(words["title"])
    page.set_creator("Bilety")
    page.add_font("DejaVu", "", FONTS / "DejaVuSans.ttf")
    page.add_font("DejaVu", "B", FONTS / "DejaVuSans-Bold.ttf")
    page.set_margins(22, 22)
    page.add_page()
    next_line: dict[str, Any] = {"new_x": XPos.LMARGIN, "new_y": YPos.NEXT}
    page.set_font("DejaVu", "B", 18)
    page.multi_cell(0, 10, words["title"], **next_line)
    page.ln(4)
    for name, value in words["facts"]:
        page.set_font("DejaVu", "", 9)
        page.set_text_color(75, 87, 104)
        page.multi_cell(0, 5, name, **next_line)
        page.set_font("DejaVu", "B", 11)
        page.set_text_color(0, 0, 0)
        page.multi_cell(0, 6, value, wrapmode=WrapMode.CHAR, **next_line)
        page.ln(2)
    page.ln(3)
    page.set_font("DejaVu", "", 10)
    page.multi_cell(0, 5.5, words["text"], **next_line)
    page.ln(3)
    page.set_text_color(10, 92, 168)
    page.multi_cell(0, 5, words["link"], link=words["link"], wrapmode=WrapMode.CHAR, **next_line)
    return bytes(page.output())


if __name__ == "__main__":
    sys.stdout.buffer.write(_drawn(json.load(sys.stdin)))
