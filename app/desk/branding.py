"""The name, logo and colours of this desk."""

from __future__ import annotations

import hashlib
import re
import time
from dataclasses import dataclass

from app.contrast import BLACK, WHITE, Rgb, readable_on
from app.desk.choices import choose, chosen

PREFIX = "look_"
HEX = re.compile(r"#[0-9a-fA-F]{6}")
KEPT_SECONDS = 5.0
LIGHT_PAPER, DARK_RAISED = (244, 246, 249), (30, 39, 51)  # the grounds of bilety.css that links have least contrast on


@dataclass(frozen=True)
class Branding:
    """What an administrator chose, as rows of `desk_setting`. The logo is a picture of the file store."""

    name: str = "Bilety"
    bar: str = "#083a6b"  # the bar on top, under white words
    fill: str = "#0a5ca8"  # main buttons, under white words; links are made of it
    logo: str = ""  # its SHA-256
    logo_type: str = ""

    @property
    def has_own_colours(self) -> bool:
        return (self.bar, self.fill) != (Branding.bar, Branding.fill)

    @property
    def has_own_name(self) -> bool:
        return self.name != Branding.name

    @property
    def version(self) -> str:
        """Another one whenever the stylesheet is another."""
        return hashlib.sha256(self.stylesheet().encode()).hexdigest()[:12]

    def stylesheet(self) -> str:
        """The colours for bilety.css. Links keep their contrast on light and on dark pages, whatever was chosen."""
        fill = rgb(self.fill)
        light = as_hex(readable_on(fill, LIGHT_PAPER, towards=BLACK))
        dark = as_hex(readable_on(fill, DARK_RAISED, towards=WHITE))
        return f":root {{ --bar: {self.bar}; --fill: {self.fill}; --accent: light-dark({light}, {dark}); }}\n"


_kept: dict[str, tuple[float, Branding]] = {}


def branding() -> Branding:
    """What holds now, asked of the database every few seconds only: every page shows it."""
    until, found = _kept.get("", (0.0, Branding()))
    if time.monotonic() > until:
        found = chosen(Branding, PREFIX)
        _kept[""] = (time.monotonic() + KEPT_SECONDS, found)
    return found


def set_branding(wanted: Branding) -> None:
    """Choose that from now on; other processes follow within seconds."""
    choose(wanted, PREFIX)


def forget() -> None:
    """Ask the database anew."""
    _kept.clear()


def rgb(code: str) -> Rgb:
    """Red, green and blue of #rrggbb."""
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)


def as_hex(colour: Rgb) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour)
