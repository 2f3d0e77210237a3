"""The words of rich text (RTF), as Outlook packs them into winmail.dat: [MS-OXRTFCP] and [MS-OXRTFEX]."""

from __future__ import annotations

import re

from app.mail.charset import clean, codec_named, decode

LONGEST = 2_000_000  # of what is unpacked; beyond, only pictures make it so long
DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor "
    b"MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20"
    b"\\b\\i\\u\\tab\\tx"
)
SIZE = 4_096
DEEPEST = 1_000
TOKEN = re.compile(rb"\\([a-z]{1,32})(-?\d{1,9})? ?|\\'([0-9a-f]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.I)
SILENT = frozenset(
    b"fonttbl colortbl stylesheet info pict object header footer headerl headerr footerl footerr filetbl".split()
)
SIGNS: dict[bytes | None, str] = {
    **dict.fromkeys((b"par", b"line", b"row", b"sect", b"page"), "\n"),
    **{b"tab": "\t", b"cell": "\t", b"emdash": "—", b"endash": "–", b"bullet": "•"},
    **{b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”"},
}


def unpacked(data: bytes) -> bytes:
    """Compressed RTF as RTF. Raises ValueError for what is none."""
    kind, packed = data[8:12], data[16:]
    if kind == b"MELA":
        return packed[:LONGEST]
    if kind != b"LZFu":
        raise ValueError("No compressed RTF.")
    window = bytearray(DICTIONARY.ljust(SIZE, b"\x00"))
    write, found, at = len(DICTIONARY), bytearray(), 0

    def put(byte: int) -> None:
        nonlocal write
        window[write % SIZE] = byte
        write += 1
        found.append(byte)

    while at < len(packed) and len(found) < LONGEST:
        flags, at = packed[at], at + 1
        for bit in range(8):
            if flags >> bit & 1:
                where, length = divmod(int.from_bytes(packed[at : at + 2], "big"), 16)
                if at + 2 > len(packed) or where == write % SIZE:
                    return bytes(found)
                for step in range(length + 2):
                    put(window[(where + step) % SIZE])
                at += 2
            elif at < len(packed):
                put(packed[at])
                at += 1
    return bytes(found)


def words(rtf: bytes) -> str:
    """The text of RTF, a line a paragraph; what it carries for HTML alone is left out."""
    reader = _Reader()
    for token in TOKEN.finditer(rtf[:LONGEST]):
        reader.read(*token.groups())
    return clean(reader.text())


class _Reader:
    """Takes one token after another."""

    def __init__(self) -> None:
        self.charset = "cp1250"
        self.said: list[str] = []
        self.raw = bytearray()  # in the document's charset, not yet read
        self.around: list[tuple[bool, int]] = []
        self.silent = self.hidden = self.begins = False
        self.alternatives = 1  # how many bytes stand in for a letter of Unicode
        self.skip = 0

    def read(
        self, word: bytes | None, number: bytes | None, byte: bytes | None, sign: bytes, brace: bytes, text: bytes
    ) -> None:
        begins, self.begins = self.begins, brace == b"{"
        if brace == b"{":
            if len(self.around) < DEEPEST:
                self.around.append((self.silent, self.alternatives))
        elif brace:
            self.silent, self.alternatives = self.around.pop() if self.around else (False, 1)
        elif sign == b"*" or (begins and word in SILENT):
            self.silent = True
        elif word == b"htmlrtf":
            self.hidden = number != b"0"
        elif word == b"ansicpg" and number:
            self.charset = codec_named(f"cp{int(number)}") or self.charset
        elif word == b"uc":
            self.alternatives = min(int(number or 1), 8)
        elif not (self.silent or self.hidden):
            self.say(word, int(number or 0), byte, sign, text)

    def say(self, word: bytes | None, number: int, byte: bytes | None, sign: bytes, text: bytes) -> None:
        if word == b"u":
            self.flush(chr(number % 65_536))
            self.skip = self.alternatives
        elif word in SIGNS:
            self.flush(SIGNS[word])
        elif byte or (sign and sign in b"\\{}"):
            self.raw += b"" if self.skip else bytes.fromhex(byte.decode()) if byte else sign
            self.skip = max(0, self.skip - 1)
        elif sign == b"~":
            self.flush(" ")
        elif text:
            self.raw += text[self.skip :]
            self.skip = max(0, self.skip - len(text))

    def flush(self, then: str = "") -> None:
        if self.raw:
            self.said.append(decode(bytes(self.raw), self.charset)[0])
            self.raw.clear()
        self.said.append(then)

    def text(self) -> str:
        """All of it, letters written as two halves made whole."""
        self.flush()
        return "".join(self.said).encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
