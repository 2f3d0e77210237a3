"""A browser shows bytes in place only where they are a picture and nothing else besides."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable

import pytest
from PIL import Image

from app.files.pictures import MOST_PIXELS, picture_type


def drawn(form: str, size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", size, (9, 90, 200)).save(kept, form, **options)
    return kept.getvalue()


FORMS = {
    "PNG": drawn("PNG"),
    "JPEG": drawn("JPEG"),
    "progressive JPEG": drawn("JPEG", progressive=True),
    "GIF": drawn("GIF"),
    "WEBP": drawn("WEBP"),
    "lossless WEBP": drawn("WEBP", lossless=True),
}
PNG, JPEG = FORMS["PNG"], FORMS["JPEG"]


def wall(width: int, height: int) -> bytes:
    """A PNG of few bytes that says it is that large."""
    head = struct.pack(">II", width, height) + PNG[24:29]
    return PNG[:16] + head + struct.pack(">I", zlib.crc32(b"IHDR" + head)) + PNG[33:]


@pytest.mark.parametrize("name", FORMS)
def test_a_picture_is_known_by_its_bytes(name: str) -> None:
    assert picture_type(FORMS[name]) == f"image/{name.split()[-1].lower()}"


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize(
    "changed",
    [
        lambda content: content + b"PK\x03\x04 an archive",
        lambda content: content + b"<script>alert(1)</script>",
        lambda content: content + b"x",
        lambda content: content[:-3],
        lambda content: content[:20] + b"<svg onload=alert(1)>" + content[20:],
        lambda content: b"%PDF-1.7 " + content,
        lambda content: content[1:],
    ],
    ids=["archive", "script", "tail", "cut", "svg inside", "PDF before", "no head"],
)
def test_a_picture_with_something_beside_it_is_none(name: str, changed: Callable[[bytes], bytes]) -> None:
    assert picture_type(changed(FORMS[name])) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        b"\x89PNG\r\n\x1a\n",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"BM" + b"\0" * 60,
        b"%PDF-1.7",
    ],
)
def test_other_bytes_are_no_picture(content: bytes) -> None:
    assert picture_type(content) is None


def test_what_cameras_add_is_still_a_picture() -> None:
    assert picture_type(JPEG + b"\0" * 200) == "image/jpeg"


def test_a_small_file_that_unpacks_into_a_wall_is_none() -> None:
    side = int(MOST_PIXELS**0.5)
    assert picture_type(wall(side, side)) == "image/png"
    assert picture_type(wall(side + 1, side + 1)) is None
    assert picture_type(wall(0, 5)) is None
