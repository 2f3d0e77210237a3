"""`python -m bench [name ...]`: the benches by name, without a name all but the longest."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

BENCHES = {
    "calendar": "bench.calendar_deadline",
    "pages": "bench.pages",
    "intake": "bench.intake",
    "memory": "bench.memory",
    "search": "bench.search",
    "search-kinds": "bench.search_kinds",
    "search-merging": "bench.search_merging",
    "crashes": "bench.crashes",
    "poison": "bench.poison",
    "outages": "bench.outages",
    "flood": "bench.flood",
    "postfix": "bench.postfix",
    "rights": "bench.rights",
    "made-up": "bench.made_up",
    "content": "bench.content",
    "fields": "bench.fields",
    "definitions": "bench.definitions",
    "balance": "bench.balance",
    "catalogs": "bench.catalogs",
}
ALL = ("calendar", "pages", "intake", "memory")


def main(argv: Sequence[str]) -> int:
    """Run one bench with its own options, or all of them; 0 when every bar holds."""
    if argv and argv[0] not in BENCHES:
        print(f"usage: python -m bench [{' | '.join(BENCHES)}] [options]", file=sys.stderr)
        return 2
    if argv:
        return _run(argv[0], argv[1:])
    return max(_run(name, ()) for name in ALL)


def _run(name: str, argv: Sequence[str]) -> int:
    code: int = import_module(BENCHES[name]).main(argv)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
