"""Many small segments into few large ones. A commit merges only the smallest in passing, which takes a second at most;
larger ones are merged beside the index, and its writers wait only while the new segment takes their place."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from whoosh import index
from whoosh.index import TOC, clean_files
from whoosh.reading import SegmentReader
from whoosh.writing import MERGE_SMALL

from app.search.whoosh.codec import Codec

SMALL = 50  # documents of a segment; of such Whoosh's own policy merges some 500 at once, at 500 documents a second
LARGE = 25_000  # documents of a merged segment at most: about a minute's work beside the index
SEVERAL = 4


def in_passing(writer: Any, segments: list[Any]) -> list[Any]:
    """A merge policy for commits. Whoosh's own alone merges all of an index once it has some twenty segments."""
    small = [each for each in segments if each.doc_count_all() <= SMALL]
    left = {each.segment_id() for each in MERGE_SMALL(writer, small)}
    return [each for each in segments if each.doc_count_all() > SMALL or each.segment_id() in left]


def worth_merging(segments: Sequence[Any]) -> list[Any]:
    """Several of about one size, the smallest first; else one that is mostly of documents that are gone."""
    chosen: list[Any] = []
    for each in sorted(segments, key=lambda segment: segment.doc_count()):
        if each.doc_count_all() > SMALL and sum(one.doc_count() for one in chosen) + each.doc_count() <= LARGE:
            chosen.append(each)
    while len(chosen) > 1 and chosen[-1].doc_count() > sum(each.doc_count() for each in chosen[:-1]):
        chosen.pop()
    if len(chosen) >= SEVERAL:
        return chosen
    return [each for each in segments if each.doc_count_all() > SMALL and each.deleted_count() > each.doc_count()][:1]


def merge(opened: Any, chosen: Sequence[Any], folder: Path, memory: int) -> None:
    """Put one segment in the place of these. What is written meanwhile stays, and what is deleted is gone."""
    with tempfile.TemporaryDirectory(prefix="merging-", dir=folder) as beside:
        fresh = index.create_in(beside, opened.schema)
        with contextlib.closing(fresh):
            living = list(_put(opened, chosen, fresh, memory))
            merged = fresh._read_toc().segments
        exchange(opened, chosen, living, merged, Path(beside))


def _put(opened: Any, chosen: Sequence[Any], fresh: Any, memory: int) -> Iterator[tuple[str, list[int]]]:
    """By the id of each segment, the numbers of its documents that went into the new one, in their order there."""
    writer = fresh.writer(limitmb=memory, codec=Codec())
    try:
        for each in chosen:
            with contextlib.closing(SegmentReader(opened.storage, opened.schema, each)) as reader:
                writer.add_reader(reader)
            yield each.segment_id(), [number for number in range(each.doc_count_all()) if not each.is_deleted(number)]
    except BaseException:
        writer.cancel()
        raise
    writer.commit(merge=False)


def exchange(
    opened: Any, chosen: Sequence[Any], living: Sequence[tuple[str, list[int]]], merged: list[Any], beside: Path
) -> None:
    """Within the writers' lock."""
    lock = opened.lock("WRITELOCK")
    lock.acquire(blocking=True)
    try:
        toc = opened._read_toc()
        now = {each.segment_id(): each for each in toc.segments}
        if not all(each.segment_id() in now for each in chosen):
            return
        copied = ((name, number) for name, numbers in living for number in numbers)
        for place, (name, number) in enumerate(copied):
            if now[name].is_deleted(number):
                merged[0].delete_document(place)
        for each in merged:
            for file in beside.glob(f"{each.segment_id()}.*"):
                os.replace(file, Path(opened.storage.folder) / file.name)
        first = min(toc.segments.index(now[each.segment_id()]) for each in chosen)
        gone = {each.segment_id() for each in chosen}
        before, after = toc.segments[:first], toc.segments[first:]
        segments = [*before, *merged, *(each for each in after if each.segment_id() not in gone)]
        generation = toc.generation + 1
        TOC(toc.schema, segments, generation).write(opened.storage, opened.indexname)
        clean_files(opened.storage, opened.indexname, generation, segments)
    finally:
        lock.release()
