"""How postings lie on the disk: Whoosh's blocks, the numbers in them written so that they are read quickly."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice
from types import SimpleNamespace
from typing import Any

from whoosh import formats
from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3LeafMatcher, W3PostingsWriter

FURTHEST = 0xFFFF
BYTES_AS_TEXT = "latin-1"  # Pickle's old protocol, which Whoosh writes, calls a function for every string of bytes.


class Places(formats.Positions):
    """Positions in two bytes each, of which the weight tells how many there are."""

    def encode(self, positions: Sequence[int]) -> bytes:
        if positions[-1] > FURTHEST:
            positions = [min(each, FURTHEST) for each in positions]
        return struct.pack(f"<{len(positions)}H", *positions)

    def decode_positions(self, value: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(value) // 2}H", value)

    def decode_frequency(self, value: bytes) -> int:
        return len(value) // 2


class Codec(W3Codec):
    """Whoosh pickles a list of positions for every document: a block of 128 takes ten times as long to read."""

    def __init__(self) -> None:
        super().__init__(compression=0)  # Most blocks are too short for it.

    def field_writer(self, storage: Any, segment: Any) -> W3FieldWriter:
        return _Fields(self, storage, segment)

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> W3PostingsWriter:
        return _Writer(dbfile, self._blocklimit, byteids, self._compression, self._inlinelimit)

    def postings_reader(self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None) -> Any:
        return _Matcher(dbfile, *terminfo.extent(), format_, term=term, scorer=scorer)


class _Fields(W3FieldWriter):
    def add_postings(self, schema: Any, lengths: Any, items: Any) -> None:
        """Whoosh reads the length of a document from the disk for each of its words."""
        known = SimpleNamespace(doc_field_length=cache(lengths.doc_field_length)) if lengths else lengths
        super().add_postings(schema, known, items)


class _Writer(W3PostingsWriter):
    def _mini_weights(self) -> Any:
        weights = super()._mini_weights()
        return tuple(map(int, weights)) if isinstance(weights, tuple) else weights

    def _mini_values(self) -> Any:
        values = super()._mini_values()
        return b"".join(values).decode(BYTES_AS_TEXT) if isinstance(values, tuple) else values


class _Matcher(W3LeafMatcher):
    """Needed where segments are merged: searches read blocks by themselves."""

    def _read_values(self) -> None:
        if self._fixedsize is not None:
            super()._read_values()
            return
        self._read_weights()
        self._values = tuple(self.format.encode(places) for places in places_of(self._data[2], self._weights))


def places_of(values: str, counts: Sequence[float]) -> Iterator[tuple[int, ...]]:
    """The positions of each document of a block."""
    written = iter(struct.unpack(f"<{len(values) // 2}H", values.encode(BYTES_AS_TEXT)))
    return (tuple(islice(written, int(count))) for count in counts)
