"""The customers' side."""

from __future__ import annotations

VIEWS: tuple[type, ...] = ()
GRANTS: dict[str, dict[str, tuple[str, ...]]] = {}
