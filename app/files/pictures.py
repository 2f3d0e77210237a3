"""Which bytes a browser may show as a picture: told by the bytes themselves, never by what somebody calls them."""

from __future__ import annotations

import re
from collections.abc import Mapping

LARGEST = 25 * 2**20  # bytes; larger ones are downloaded
MOST_PIXELS = 50_000_000  # a browser unpacks them all: a small file may hold a wall of them
# What makes a file something else besides a picture: a page, a script, a document, an archive, a program.
ANOTHER = re.compile(
    rb"<(?:script|html|head|body|svg|iframe|!doctype|\?php)|%PDF-|PK\x03\x04|Rar!\x1a|7z\xbc\xaf", re.I
)
ENDS: Mapping[str, bytes] = {
    "image/png": b"IEND\xaeB`\x82",
    "image/jpeg": b"\xff\xd9",
    "image/gif": b"\x3b",
}
FRAME_OF_JPEG = re.compile(rb"\xff[\xc0-\xc3\xc5-\xc7\xc9-\xcb\xcd-\xcf]..\x08(..)(..)", re.S)


def picture_type(content: bytes) -> str | None:
    """The type of a whole PNG, JPEG, GIF or WebP that is nothing else besides; None for all other bytes."""
    kind = _begins_as(content)
    if kind is None or len(content) > LARGEST or not _ends_as(kind, content) or ANOTHER.search(content):
        return None
    width, height = _size(kind, content)
    return kind if 0 < width * height <= MOST_PIXELS else None


def _begins_as(content: bytes) -> str | None:
    if content.startswith(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    return "image/webp" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else None


def _ends_as(kind: str, content: bytes) -> bool:
    """Nothing may follow the picture; cameras pad theirs with zeros."""
    if kind == "image/webp":
        return int.from_bytes(content[4:8], "little") + 8 in (len(content), len(content) + 1)
    return content.rstrip(b"\0").endswith(ENDS[kind])


def _size(kind: str, content: bytes) -> tuple[int, int]:
    """Width and height as the file says; nothing where it does not say."""
    if kind == "image/png":
        return _number(content[16:20]), _number(content[20:24])
    if kind == "image/gif":
        return int.from_bytes(content[6:8], "little"), int.from_bytes(content[8:10], "little")
    if kind == "image/webp":
        return _size_of_webp(content)
    frames = [(_number(found[2]), _number(found[1])) for found in FRAME_OF_JPEG.finditer(content)]
    return max(frames, default=(0, 0), key=lambda size: size[0] * size[1])  # small ones are thumbnails


def _size_of_webp(content: bytes) -> tuple[int, int]:
    form, head = content[12:16], content[20:30]
    if form == b"VP8X":
        return int.from_bytes(head[4:7], "little") + 1, int.from_bytes(head[7:10], "little") + 1
    if form == b"VP8L":
        packed = int.from_bytes(head[1:5], "little")
        return (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1
    width, height = (int.from_bytes(head[start : start + 2], "little") & 0x3FFF for start in (6, 8))
    return (width, height) if form == b"VP8 " else (0, 0)


def _number(data: bytes) -> int:
    return int.from_bytes(data, "big")
