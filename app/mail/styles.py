"""Styles of letters by allow list. Each declaration is kept whole or not at all: nothing in it is repaired.

A value is matched from its first sign to its last, so it does not matter how the attribute was cut into pieces: no
address, function, escape or comment fits any rule. Nothing moves words out of their place or hides them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from app.mail.colours import colour

LONGEST = 2_000  # signs of one attribute
MOST = 40  # declarations
PX = {"px": 1.0, "pt": 4 / 3, "em": 16.0, "rem": 16.0, "in": 96.0, "cm": 37.8, "mm": 3.78, "%": 0.16}
LENGTH = re.compile(r"(\d{1,4}(?:\.\d{1,4})?|\.\d{1,4})(px|pt|em|rem|in|cm|mm|%)?", re.I)
FAMILIES = re.compile(r"[\w \-,'\"]{1,200}")
WEIGHT = re.compile(r"normal|bold|bolder|[1-9]00")
RELATIVE = re.compile(r"[\d.](em|%)$")
SIDES = ("top", "right", "bottom", "left")
LINES = frozenset({"none", "solid", "dashed", "dotted", "double"})
LARGEST_BORDER, LARGEST_SPACE, LARGEST_WIDTH = 8, 64, 1_000  # pixels
SIZES = (9, 36)  # pixels
SIZE_NAMES = frozenset({"small", "medium", "large", "x-large"})
OF_BORDERS = frozenset({"windowtext", "currentcolor"})

Rule = Callable[[str], bool]


def _one_of(*values: str) -> Rule:
    return frozenset(values).__contains__


def _is_colour(value: str) -> bool:
    return colour(value) is not None


def _pixels(value: str) -> float | None:
    """A length in pixels, a percentage as of the usual size of letters. None where it is no length."""
    found = LENGTH.fullmatch(value)
    if found is None or (found[2] is None and float(found[1])):
        return None
    return float(found[1]) * PX[(found[2] or "px").lower()]


def _is_up_to(value: str, most: float) -> bool:
    pixels = _pixels(value)
    return pixels is not None and pixels <= most


def _is_space(value: str) -> bool:
    return all(part == "auto" or _is_up_to(part, LARGEST_SPACE) for part in value.split()[:5])


def _is_size(value: str) -> bool:
    """Sizes that add nothing to each other, however deep elements lie within each other."""
    pixels = None if RELATIVE.search(value) else _pixels(value)
    return value in SIZE_NAMES or (pixels is not None and SIZES[0] <= pixels <= SIZES[1])


def _is_line_height(value: str) -> bool:
    if re.fullmatch(r"[12](\.\d{1,4})?", value):
        return True
    pixels = _pixels(value)
    return value == "normal" or (pixels is not None and 12 <= pixels <= 60)


def _is_border(value: str) -> bool:
    return all(
        part in LINES or part in OF_BORDERS or part == "medium" or _is_colour(part) or _is_up_to(part, LARGEST_BORDER)
        for part in value.split()
    )


def _is_width(value: str) -> bool:
    return value == "auto" or _is_up_to(value, 16 if value.endswith("%") else LARGEST_WIDTH)


RULES: dict[str, Rule] = {
    "color": _is_colour,
    "background": _is_colour,
    "background-color": _is_colour,
    "font-family": lambda value: bool(FAMILIES.fullmatch(value)),
    "font-size": _is_size,
    "font-style": _one_of("normal", "italic"),
    "font-weight": lambda value: bool(WEIGHT.fullmatch(value)),
    "text-decoration": _one_of("none", "underline", "line-through"),
    "text-align": _one_of("left", "right", "center", "justify", "start", "end"),
    "vertical-align": _one_of("top", "middle", "bottom", "baseline", "sub", "super"),
    "white-space": _one_of("normal", "pre-wrap"),
    "line-height": _is_line_height,
    "list-style-type": _one_of(
        "disc", "circle", "square", "decimal", "lower-alpha", "upper-alpha", "lower-roman", "none"
    ),
    "border-collapse": _one_of("collapse", "separate"),
    "width": _is_width,
    "max-width": _is_width,
    **dict.fromkeys(
        ("margin", "padding", *(f"{edge}-{side}" for edge in ("margin", "padding") for side in SIDES)), _is_space
    ),
    **dict.fromkeys(("border", *(f"border-{part}" for part in (*SIDES, "color", "style", "width"))), _is_border),
}


@lru_cache(maxsize=4096)
def safe_style(source: str) -> str | None:
    """Of a style attribute what may stay, in its order; None where that is nothing."""
    kept = []
    for declaration in source[:LONGEST].split(";", MOST)[:MOST]:
        name, _colon, value = declaration.partition(":")
        name, value = name.strip().lower(), value.replace("!important", "").strip()
        rule = RULES.get(name)
        if rule and value and rule(value.lower()):
            kept.append(f"{name}:{value}")
    return ";".join(kept) or None
