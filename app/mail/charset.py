"""Bytes to text, whatever they claim to be."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

POLISH = "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ"
ISO_8859_2 = frozenset({"iso8859-2", "iso-8859-2", "latin2"})
WESTERN = frozenset({"iso8859-1", "cp1252", "latin-1", "ascii"})
# Polish cp1250 or ISO-8859-2 read as Latin-1: a raised digit or an upside-down mark inside a word.
READ_AS_WESTERN = re.compile(r"[a-zA-Z][¹³¿¶±¼œŸ]|[³¹¿¶±¼œ][a-zA-Z]")
READ_TWICE = re.compile("[ÃÄÅ][\x80-\xbf\u0152-\u017e\u02c6\u2013-\u20ac]")
# With halves of letters, which UTF-7 can bring and no database keeps.
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\ufeff\ud800-\udfff]")
# Names that Python does not know, and what programs mean by those that it takes too narrowly (WHATWG Encoding, 4.2).
A_NAME = re.compile(r"^(?:x-)?(?P<name>[a-z0-9_:.+-]+?)(?:-[ie])?$")
A_PAGE = re.compile(r"^(?:windows|win|cp|microsoft-cp)[-_]?(?=\d{3,4}$)")
MEANT = {
    "iso8859-1": "cp1252",
    "iso88592": "iso8859-2",
    "latin-2": "iso8859-2",
    "mac-ce": "mac-latin2",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "sjis": "cp932",
    "shift_jis": "cp932",
    "windows-31j": "cp932",
    "euc_kr": "cp949",
    "unicode": "utf-16",
    "utf8mb4": "utf-8",
}
NO_CHARSETS = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape"})  # Python's own notations
SAMPLE = 50_000
UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
FEWEST_TO_COUNT = 8  # Fewer bytes above ASCII tell statistics nothing.


def decode(data: bytes, declared: str | None = None) -> tuple[str, str | None]:
    """The text of `data`, and a warning when the declared charset was not the one that it was in. Never raises."""
    codec = codec_named(declared)
    repaired = f"charset {declared or 'none'} repaired"
    if codec is not None:
        text = _try(data, codec)
        if text is not None and not _looks_wrong(data, text, codec):
            return text, None
    guess = _guess(data)
    return guess, repaired if codec is not None or declared or not data.isascii() else None


def read_once(text: str) -> str:
    """What is UTF-8 that a program took for Latin-1 and wrote as UTF-8 once more; other text as it is."""
    if not READ_TWICE.search(text):
        return text
    for codec in ("latin-1", "cp1252"):
        try:
            return text.encode(codec).decode("utf-8")
        except UnicodeError:
            continue
    return text


def codec_named(charset: str | None) -> str | None:
    """Python's name of a charset, or None when it has none or it is no text encoding."""
    if not charset:
        return None
    name = A_PAGE.sub("cp", charset.strip().strip("'\"").lower())
    shortened = A_NAME.match(name)
    for known in (name, A_PAGE.sub("cp", shortened["name"]) if shortened else name):
        try:
            found = codecs.lookup(MEANT.get(known, known))
        except (LookupError, ValueError, TypeError):
            continue
        if found._is_text_encoding and found.name.replace("_", "-") not in NO_CHARSETS:
            return MEANT.get(found.name, found.name)
    return None


def clean(text: str) -> str:
    """Without control characters other than line breaks and tabs, and with one kind of line break."""
    return CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n"))


def _try(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, ValueError):
        return None


def _looks_wrong(data: bytes, text: str, codec: str) -> bool:
    if data.isascii():
        return False
    if codec in ISO_8859_2:
        return any(0x80 <= byte <= 0x9F for byte in data)
    if codec in WESTERN:
        return _try(data, "utf-8") is not None or bool(READ_AS_WESTERN.search(text))
    if codec in ("cp1250",):
        return _try(data, "utf-8") is not None
    return False


def _guess(data: bytes) -> str:
    """UTF-8 where it fits; else the better of the Polish code pages, where one fits; else what statistics say."""
    text = _try(data, "utf-8")
    if text is not None:
        return text
    if data.startswith(UTF_16_MARKS) and b"\x00" in data:  # cut off within a letter, or with a byte too much
        return data.decode("utf-16", "replace")
    mixed = data.decode("utf-8", "replace")
    high = sum(byte > 0x7F for byte in data)
    if mixed.count("\ufffd") * 10 < high:
        return mixed  # UTF-8 with a letter cut in half
    sample = data[:SAMPLE]
    polish = max(("cp1250", "iso8859-2"), key=lambda codec: _polish_letters(sample, codec))
    if _polish_letters(sample, polish) * 2 > sum(byte > 0x7F for byte in sample):
        return data.decode(polish, "replace")
    if high < FEWEST_TO_COUNT:
        return data.decode("cp1252", "replace")
    best = from_bytes(sample).best()
    return data.decode(best.encoding if best else "cp1252", "replace")


def _polish_letters(data: bytes, codec: str) -> int:
    return sum(letter in POLISH for letter in data.decode(codec, "replace"))
