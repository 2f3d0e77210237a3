"""Colours of letters: the few notations that are kept, and whether words can be read on what lies below them."""

from __future__ import annotations

import re

from app.contrast import WHITE, Rgb, contrast

__all__ = ["WHITE", "Rgb", "colour", "is_hidden"]

NAMES: dict[str, Rgb] = {
    "black": (0, 0, 0),
    "silver": (192, 192, 192),
    "gray": (128, 128, 128),
    "grey": (128, 128, 128),
    "white": WHITE,
    "maroon": (128, 0, 0),
    "red": (255, 0, 0),
    "purple": (128, 0, 128),
    "fuchsia": (255, 0, 255),
    "green": (0, 128, 0),
    "lime": (0, 255, 0),
    "olive": (128, 128, 0),
    "yellow": (255, 255, 0),
    "navy": (0, 0, 128),
    "blue": (0, 0, 255),
    "teal": (0, 128, 128),
    "aqua": (0, 255, 255),
    "orange": (255, 165, 0),
}
LEAST_CONTRAST = 1.6  # below, words are hidden rather than pale: light grey on white has 1.8
LEAST_HUE = 60  # between the strongest and the weakest of red, green and blue
HEX = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})", re.I)
RGB = re.compile(r"rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)", re.I)


def colour(text: str) -> Rgb | None:
    """Red, green and blue of a colour as letters write it; None where it is written in another way."""
    text = text.strip().lower()
    if text in NAMES:
        return NAMES[text]
    if found := HEX.fullmatch(text):
        digits = found[1] if len(found[1]) == 6 else "".join(digit * 2 for digit in found[1])
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    if found := RGB.fullmatch(text):
        red, green, blue = (min(int(part), 255) for part in found.groups())
        return red, green, blue
    return None


def is_grey(words: Rgb) -> bool:
    """Whether the colour is black, white or between: nobody marks his own words by it."""
    return max(words) - min(words) < LEAST_HUE


def is_hidden(words: Rgb, ground: Rgb) -> bool:
    """Whether nobody could read words of that colour there: their contrast (WCAG 2.2) is next to none."""
    return contrast(words, ground) < LEAST_CONTRAST
