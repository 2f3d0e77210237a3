"""How many found documents have each value: Whoosh's own facets take longer than the search."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from whoosh.reading import IndexReader


class Values:
    """The values of every document of a segment, read once: a segment never changes."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], list[str]] = {}

    def counted(
        self, reader: IndexReader, names: Iterable[str], numbers: Sequence[int]
    ) -> Mapping[str, Mapping[str, int]]:
        """By name, for the documents of these numbers, which rise; one of several values counts for each of them."""
        found: dict[str, Counter[str]] = {name: Counter() for name in names}
        for leaf, mine in self._by_leaf(reader, numbers):
            for name, counts in found.items():
                values = self._values(leaf, name)
                for said, count in Counter(map(values.__getitem__, mine)).items():
                    counts.update(dict.fromkeys(said.split(), count))
        return found

    def newest(self, reader: IndexReader, numbers: Sequence[int]) -> list[int]:
        """These documents by their month, those of one month by when they were written; the newest first."""
        said = [self._values(leaf, "dates")[number] for leaf, mine in self._by_leaf(reader, numbers) for number in mine]
        return [number for _date, number in sorted(zip(said, numbers, strict=True), reverse=True)]

    def _by_leaf(self, reader: IndexReader, numbers: Sequence[int]) -> Iterator[tuple[IndexReader, list[int]]]:
        """The part of these that stands in each segment, by its own numbers."""
        leaves = [each for each in reader.leaf_readers() if each[0].segment()]  # An empty index has one without.
        living = {leaf.segment().segment_id() for leaf, _offset in leaves}
        self.kept = {key: values for key, values in self.kept.items() if key[0] in living}
        for leaf, offset in leaves:
            begin, end = bisect_left(numbers, offset), bisect_left(numbers, offset + leaf.doc_count_all())
            yield leaf, [number - offset for number in numbers[begin:end]]

    def _values(self, leaf: IndexReader, name: str) -> list[str]:
        key = (leaf.segment().segment_id(), name)
        if key not in self.kept:
            column = leaf.column_reader(name)
            known: dict[str, str] = {}  # Few values stand in many documents: each is kept once.
            self.kept[key] = [
                known.setdefault(said, said) for said in map(column.__getitem__, range(leaf.doc_count_all()))
            ]
        return self.kept[key]
