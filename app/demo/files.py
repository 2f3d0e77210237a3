"""The small files that the demo tickets carry: real ones, made on the spot."""

from __future__ import annotations

import struct
import tomllib
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO

from app.desk.content import StoredFile
from app.desk.uploads import store_uploads
from app.files.store import FileStore

HERE = Path(__file__).resolve().parent
BAR, GAP, HEIGHT = 24, 8, 120  # pixels
PAPER, INK = b"\xff\xff\xff", b"\x20\x6b\xc4"


@dataclass
class Given:
    """A file as a browser would hand it over."""

    filename: str | None
    stream: IO[bytes]


def attach(names: Iterable[str], store: FileStore) -> list[StoredFile]:
    """Keep the named files of files.toml, as an upload does."""
    contents = tomllib.loads((HERE / "files.toml").read_text())
    uploads = [Given(name, BytesIO(_bytes(contents[name]))) for name in names]
    return store_uploads(uploads, store, limit=2**20)


def _bytes(content: str | list[int]) -> bytes:
    return bar_chart(content) if isinstance(content, list) else content.lstrip().encode()


def bar_chart(values: Sequence[int]) -> bytes:
    """A PNG of one bar a value (W3C PNG, section 5): RGB, no filter."""
    most = max(values) or 1
    heights = [value * (HEIGHT - GAP) // most for value in values]
    rows = []
    for above in range(HEIGHT, 0, -1):
        bars = (INK if height >= above else PAPER for height in heights)
        rows.append(b"\0" + PAPER * GAP + b"".join(bar * BAR + PAPER * GAP for bar in bars))
    header = struct.pack(">IIBBBBB", len(values) * (BAR + GAP) + GAP, HEIGHT, 8, 2, 0, 0, 0)
    chunks = (_chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(b"".join(rows))), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
