"""Whether words can be read on what lies below them (WCAG 2.2, 1.4.3)."""

from __future__ import annotations

Rgb = tuple[int, int, int]

WHITE: Rgb = (255, 255, 255)
BLACK: Rgb = (0, 0, 0)
READABLE = 4.5


def contrast(one: Rgb, other: Rgb) -> float:
    """From 1, the same, to 21, black on white."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mixed(one: Rgb, other: Rgb, part: float) -> Rgb:
    """The one colour with so much of the other in it, from 0 to 1."""
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(one, other, strict=True))
    return red, green, blue


def readable_on(colour: Rgb, ground: Rgb, *, towards: Rgb) -> Rgb:
    """The colour, moved towards another only as far as words of it can be read on the ground."""
    steps = (mixed(colour, towards, step / 20) for step in range(21))
    return next((each for each in steps if contrast(each, ground) >= READABLE), towards)


def _luminance(rgb: Rgb) -> float:
    red, green, blue = (_linear(part / 255) for part in rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
