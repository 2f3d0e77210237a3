"""Patterns that administrators write: refused where trying them could take long."""

from __future__ import annotations

import re
from re import _parser  # type: ignore[attr-defined]  # the one reader of patterns that there is
from typing import Any

LONGEST_PATTERN = 200
OPEN_ENDED = 200  # a repetition without an end goes on as far as the longest value
MOST_WAYS = 250_000  # of trying a pattern on a value: some hundredths of a second
PLAIN = re.compile(r"\(\?(?!:)")


class BadPattern(ValueError):
    """A pattern that cannot be read, or one whose trying could take long. `slow` says which."""

    def __init__(self, *, slow: bool) -> None:
        super().__init__("slow" if slow else "unreadable")
        self.slow = slow


def check_pattern(pattern: str) -> None:
    """Raises BadPattern unless it is understood by Python and browsers alike and is quick on any value."""
    if not pattern or len(pattern) > LONGEST_PATTERN or PLAIN.search(pattern) or "\\Z" in pattern or "\\A" in pattern:
        raise BadPattern(slow=False)
    try:
        parsed = _parser.parse(pattern, re.ASCII)
    except (re.error, OverflowError, RecursionError) as error:
        raise BadPattern(slow=False) from error
    if _ways(parsed) > MOST_WAYS:
        raise BadPattern(slow=True)


def _ways(parsed: Any) -> int:
    """In how many ways it may be tried on one value: choices multiply along it, and with each turn of a repetition."""
    ways = 1
    for operation, argument in parsed:
        name = str(operation)
        if name == "BRANCH":
            ways *= sum(_ways(branch) for branch in argument[1])
        elif name == "SUBPATTERN":
            ways *= _ways(argument[-1])
        elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            least, most, body = argument
            turns = min(int(most), OPEN_ENDED)
            inner = _ways(body)
            ways *= max(1, turns - int(least) + 1) * (inner**turns if inner > 1 else 1)
        elif name in ("GROUPREF", "ASSERT", "ASSERT_NOT", "GROUPREF_EXISTS", "ATOMIC_GROUP"):
            raise BadPattern(slow=False)
        if ways > MOST_WAYS:
            return ways
    return ways
