"""S/MIME that is signed but not encrypted: its words stand readable inside the signature (RFC 5652 section 5.1)."""

from __future__ import annotations

SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
SEQUENCE, OCTETS, OBJECT, SET, EXPLICIT = 0x30, 0x04, 0x06, 0x31, 0xA0
CONSTRUCTED = 0x20
DEEPEST = 20
MOST_CHUNKS = 100_000


class Unreadable(ValueError):
    """It is no signed data, or a broken one."""


def signed_content(data: bytes) -> bytes:
    """The part of a letter that was signed. Raises Unreadable, for encrypted data too."""
    kind, content = _children(data, 0, len(data))[0]
    named, *rest = _children(*content) if kind == SEQUENCE else (("", (data, 0, 0)),)
    if named[0] != OBJECT or _bytes(named[1]) != SIGNED_DATA or not rest or rest[0][0] != EXPLICIT:
        raise Unreadable
    inner = _children(*_first(_children(*rest[0][1]), SEQUENCE))
    carried = _children(*_first(inner, SEQUENCE))
    octets = _children(*_first(carried, EXPLICIT))
    return b"".join(_octets(octets, 0))


Span = tuple[bytes, int, int]
Element = tuple[int, Span]


def _first(elements: list[Element], kind: int) -> Span:
    for found, span in elements:
        if found == kind:
            return span
    raise Unreadable


def _octets(elements: list[Element], depth: int) -> list[bytes]:
    """A string that may be cut into pieces."""
    if depth > DEEPEST:
        raise Unreadable
    pieces: list[bytes] = []
    for kind, span in elements:
        if kind == OCTETS:
            pieces.append(_bytes(span))
        elif kind == OCTETS | CONSTRUCTED:
            pieces += _octets(_children(*span), depth + 1)
    return pieces


def _bytes(span: Span) -> bytes:
    data, begin, end = span
    return data[begin:end]


def _children(data: bytes, at: int, end: int) -> list[Element]:
    """The elements from `at` to `end`, or to the mark that ends a list of unknown length."""
    found: list[Element] = []
    while at + 2 <= end and data[at : at + 2] != b"\x00\x00" and len(found) < MOST_CHUNKS:
        kind = data[at]
        begin, close, after = _extent(data, at, end, 0)
        found.append((kind, (data, begin, close)))
        at = after
    if not found:
        raise Unreadable
    return found


def _extent(data: bytes, at: int, end: int, depth: int) -> tuple[int, int, int]:
    """Where an element's content begins and ends, and where the next one begins."""
    if at + 2 > end or depth > DEEPEST:
        raise Unreadable
    first = data[at + 1]
    if first == 0x80:
        begin = after = at + 2
        while after + 2 <= end and data[after : after + 2] != b"\x00\x00":
            after = _extent(data, after, end, depth + 1)[2]
        return begin, after, after + 2
    size = first & 0x7F if first & 0x80 else 0
    length = int.from_bytes(data[at + 2 : at + 2 + size], "big") if size else first
    begin = at + 2 + size
    if size > 4 or begin + length > end:
        raise Unreadable
    return begin, begin + length, begin + length
