"""How well the answers of a golden set are: recall@5 and MRR, by type of query."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

DEPTH = 5
Pair = tuple[Mapping[str, Any], Mapping[str, Any]]  # query, answer


def recall(ids: list[Any], relevant: list[Any]) -> float:
    """Hits among the first five, of as many as could be there."""
    return len(set(map(str, ids[:DEPTH])) & set(map(str, relevant))) / min(DEPTH, len(relevant))


def reciprocal_rank(ids: list[Any], relevant: list[Any]) -> float:
    """1 for a first hit at the top, 1/2 at the second place, 0 for none."""
    wanted = set(map(str, relevant))
    return next((1 / place for place, found in enumerate(ids, start=1) if str(found) in wanted), 0.0)


def table(pairs: list[Pair]) -> str:
    """Lines of type, number of queries, recall@5, MRR and the median time; the last is of all."""
    scored: dict[str, list[tuple[float, float, float]]] = {}
    for query, answer in pairs:
        relevant = query.get("relevant")
        if isinstance(relevant, list) and relevant and "ids" in answer:
            row = (recall(answer["ids"], relevant), reciprocal_rank(answer["ids"], relevant), answer["ms"])
            scored.setdefault(str(query.get("type") or "-"), []).append(row)
    lines = [f"{'type':<24}{'queries':>8}{'recall@5':>10}{'MRR':>8}{'ms':>9}"]
    lines += [_line(name, rows) for name, rows in sorted(scored.items())]
    return "\n".join([*lines, _line("all", [row for rows in scored.values() for row in rows])])


def _line(name: str, rows: list[tuple[float, float, float]]) -> str:
    count = max(len(rows), 1)
    times = sorted(row[2] for row in rows) or [0.0]
    means = [sum(row[place] for row in rows) / count for place in (0, 1)]
    return f"{name:<24}{len(rows):>8}{means[0]:>10.3f}{means[1]:>8.3f}{times[len(times) // 2]:>9.1f}"
