"""winmail.dat opened: the words and files that Outlook packs into it ([MS-OXTNEF])."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage

from app.mail import rtf
from app.mail.charset import clean, decode

TYPES = ("application/ms-tnef", "application/vnd.ms-tnef")
SIGNATURE = (0x223E9F78).to_bytes(4, "little")
MOST_FILES = 200
MOST_PROPERTIES = 5_000
DEEPEST = 4
# Attributes of the format.
SUBJECT, BODY, PROPERTIES, CODEPAGE = 0x18004, 0x2800C, 0x69003, 0x69007
NEXT_FILE, FILE_NAME, FILE_DATA, FILE_PROPERTIES = 0x69002, 0x18010, 0x6800F, 0x69005
# Properties of MAPI.
P_SUBJECT, P_BODY, P_HTML, P_RTF, P_CODEPAGE = 0x0037, 0x1000, 0x1013, 0x1009, 0x3FDE
P_LONG_NAME, P_NAME, P_DISPLAY_NAME, P_TYPE, P_CONTENT_ID = 0x3707, 0x3704, 0x3001, 0x370E, 0x3712
P_DATA, P_METHOD = 0x3701, 0x3705
WITHIN = 5  # the method of an attached message
FIXED = {**dict.fromkeys((2, 3, 4, 10, 11), 4), **dict.fromkeys((5, 6, 7, 20, 64), 8), 72: 16, 1: 0}
STRING, UNICODE, OBJECT, BINARY = 0x1E, 0x1F, 0x0D, 0x102
MULTIPLE = 0x1000

Properties = dict[int, bytes]


class Unreadable(ValueError):
    """It is no winmail.dat, or a broken one."""


@dataclass
class Packed:
    """A file in it; `type` is empty where Outlook did not say."""

    name: str = ""
    type: str = ""
    content: bytes = b""
    content_id: str | None = None


@dataclass
class Opened:
    """What it holds."""

    subject: str = ""
    text: str = ""
    html: str = ""
    files: list[Packed] = field(default_factory=list)


def opened(data: bytes, depth: int = 0) -> Opened:
    """All that winmail.dat holds. Raises Unreadable."""
    if data[:4] != SIGNATURE or depth > DEEPEST:
        raise Unreadable
    found, charset, said = Opened(), "cp1250", {}
    files: list[Packed] = []
    for kind, value in _attributes(data):
        if kind == CODEPAGE:
            charset = f"cp{int.from_bytes(value[:4], 'little')}"
        elif kind == SUBJECT:
            found.subject = _text(value, charset)
        elif kind == BODY:
            found.text = _text(value, charset)
        elif kind == PROPERTIES:
            said = dict(_properties(value, charset))
        elif kind == NEXT_FILE and len(files) < MOST_FILES:
            files.append(Packed())
        elif files and kind == FILE_NAME:
            files[-1].name = files[-1].name or _text(value, charset)
        elif files and kind == FILE_DATA:
            files[-1].content = value
        elif files and kind == FILE_PROPERTIES:
            _describe(files[-1], dict(_properties(value, charset)), depth)
    _take_words(found, said)
    found.files = [file for file in files if file.content]
    return found


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 6
    while at + 9 <= len(data):
        kind, length = (int.from_bytes(data[at + first : at + first + 4], "little") for first in (1, 5))
        yield kind, data[at + 9 : at + 9 + length]
        at += 9 + length + 2


def _properties(data: bytes, charset: str) -> Iterator[tuple[int, bytes]]:
    """Each property's first value; words as UTF-8. A broken list ends where it is broken."""
    at = 4
    for _number in range(min(_int(data, 0), MOST_PROPERTIES)):
        kind, name = _int(data, at) & 0xFFFF, _int(data, at) >> 16
        at += 4
        if name >= 0x8000:
            named_by = _int(data, at + 16)
            at += 24 + (_padded(_int(data, at + 20)) if named_by == 1 else 0)
        plain = kind & ~MULTIPLE
        fixed = FIXED.get(plain)
        values = _int(data, at) if fixed is None or kind & MULTIPLE else 1
        at += 4 if fixed is None or kind & MULTIPLE else 0
        for number in range(values):
            length = _int(data, at) if fixed is None else fixed
            at += 4 if fixed is None else 0
            if at >= len(data):
                return
            if number == 0:
                yield name, _value(plain, data[at : at + length], charset)
            at += _padded(length)


def _value(kind: int, value: bytes, charset: str) -> bytes:
    if kind == UNICODE:
        return value.decode("utf-16-le", "replace").rstrip("\x00").encode("utf-8", "replace")
    return _text(value, charset).encode("utf-8", "replace") if kind == STRING else value


def _take_words(found: Opened, said: Properties) -> None:
    """The words of the message itself: plain ones, HTML, or those of its rich text."""
    found.subject = _utf8(said, P_SUBJECT) or found.subject
    found.text = _utf8(said, P_BODY) or found.text
    if P_HTML in said:
        found.html = clean(decode(said[P_HTML], f"cp{_int(said.get(P_CODEPAGE, b''), 0)}")[0])
    if not found.text.strip() and not found.html and P_RTF in said:
        try:
            found.text = rtf.words(rtf.unpacked(said[P_RTF]))
        except ValueError as error:
            raise Unreadable from error


def _describe(file: Packed, said: Properties, depth: int) -> None:
    file.name = _utf8(said, P_LONG_NAME) or file.name or _utf8(said, P_NAME) or _utf8(said, P_DISPLAY_NAME)
    file.type = _utf8(said, P_TYPE).lower()
    file.content_id = _utf8(said, P_CONTENT_ID).strip("<>")[:255] or None
    data = said.get(P_DATA, b"")
    if _int(said.get(P_METHOD, b""), 0) == WITHIN or data[16:20] == SIGNATURE:
        inner = opened(data[16:], depth + 1)
        file.name, file.type, file.content = f"{inner.subject or file.name}.eml", "message/rfc822", _as_letter(inner)
    elif data and not file.content:
        file.content = data


def _as_letter(inner: Opened) -> bytes:
    """A message in a message, as the letter that it was."""
    letter = EmailMessage()
    letter["Subject"] = " ".join(inner.subject.split())
    letter.set_content(clean(inner.text))
    if inner.html:
        letter.add_alternative(inner.html, subtype="html")
    for file in inner.files:
        name = " ".join(clean(file.name).split()) or None
        letter.add_attachment(file.content, maintype="application", subtype="octet-stream", filename=name)
    return letter.as_bytes()


def _text(value: bytes, charset: str) -> str:
    return clean(decode(value.rstrip(b"\x00"), charset)[0])


def _utf8(said: Properties, name: int) -> str:
    return clean(said.get(name, b"").decode("utf-8", "replace")).strip("\x00")


def _int(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "little")


def _padded(length: int) -> int:
    return (length + 3) // 4 * 4
