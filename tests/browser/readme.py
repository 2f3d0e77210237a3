"""`make pictures`: the README's pictures, from those that the browser tests took of every page."""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
COLOURS, TALLEST = 128, 1_000
WANTED = {
    "ticket": "ticket-en-1280",
    "home": "home-customer-pl-1280",
    "grid": "desk-tickets-all-en-1280",
    "desk-ticket": "desk-ticket-pl-1280",
    "phone": "ticket-pl-390",
}


def main(taken: Path) -> None:
    """Cut each picture to a screen's height and few colours."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, source in WANTED.items():
        with Image.open(taken / f"{source}.png") as picture:
            cut = picture.convert("RGB").crop((0, 0, picture.width, min(picture.height, TALLEST)))
            cut.quantize(COLOURS).save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
