"""A letter as bytes (RFC 5322, RFC 2045-2047), written at once: email.generator takes every header apart first.

An address beyond ASCII stands as it is, in UTF-8 (RFC 6532); of one whose domain alone is, the domain as DNS has it.
"""

from __future__ import annotations

from binascii import b2a_qp
from collections.abc import Iterator, Sequence
from email.encoders import encode_base64
from email.mime.base import MIMEBase
from email.policy import SMTP
from email.utils import formataddr
from secrets import token_hex
from string import ascii_letters, digits

from flask_mail import Attachment

from app.accounts.addresses import ascii_domain

LONGEST_LINE = 76  # RFC 2047 section 2, of a line with encoded words; RFC 5322 allows two more
LONGEST_WORD = 900  # a line has 998 octets at most (RFC 5322 section 2.1.1)
FRAME = len("=?utf-8?q??=")
AS_THEY_ARE = frozenset(ascii_letters + digits)  # in encoded words, wherever they stand (RFC 2047 section 5)


def header(name: str, value: str) -> bytes:
    """A header of plain text, encoded where it must be and folded."""
    return _folded(name, list(_words(value, LONGEST_LINE - len(name) - 2)))


def address_header(name: str, *addresses: str | tuple[str, str]) -> bytes:
    """A header of addresses, each with or without its owner's name."""
    words = []
    for address in addresses:
        words += [*_address(address, LONGEST_LINE - len(name) - 2)]
        words[-1] += ","
    return _folded(name, [*words[:-1], words[-1].rstrip(",")])


def as_it_travels(address: str) -> str:
    """An address for headers and envelopes. Raises ValueError for a domain that DNS cannot have."""
    local, at, domain = address.rpartition("@")
    found = domain if domain.isascii() else ascii_domain(domain)
    if not found.isascii():
        raise ValueError(f"{domain} is no domain.")
    return f"{local}{at}{found}"


def text_part(kind: str, text: str) -> bytes:
    """A text/plain or text/html in quoted-printable: no line is too long, whatever was written."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    head = f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    return head.encode() + b2a_qp(lines.encode(), istext=True).replace(b"\n", b"\r\n")


def file_part(file: Attachment) -> bytes:
    """An attached file. Its name may be long and of any letters, so its headers are the standard library's work."""
    part = MIMEBase(*file.content_type.split("/", 1))
    part.set_payload(file.data)
    encode_base64(part)
    part.add_header("Content-Disposition", file.disposition, filename=file.filename or "")
    return part.as_bytes(policy=SMTP)


def multipart(kind: str, parts: Sequence[bytes]) -> bytes:
    """The parts as one, by a boundary that none of them can hold."""
    boundary = token_hex(16)
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'
    joined = b"".join(b"--%b\r\n%b\r\n" % (boundary.encode(), part) for part in parts)
    return head.encode() + joined + f"--{boundary}--\r\n".encode()


def _words(text: str, room: int) -> Iterator[str]:
    """The words of a text; from the first that needs it on, encoded ones (RFC 2047)."""
    words = text.split(" ")
    plain = next((number for number, word in enumerate(words) if not _is_plain(word)), len(words))
    yield from words[:plain]
    if plain < len(words):
        yield from _encoded(" ".join(words[plain:]), room)


def _is_plain(text: str) -> bool:
    return text.isascii() and "=?" not in text and len(text) < LONGEST_WORD


def _encoded(text: str, room: int) -> Iterator[str]:
    """Encoded words that fit their lines, none of which cuts a letter in two."""
    word = ""
    for letter in text:
        piece = letter if letter in AS_THEY_ARE else "".join(f"={byte:02X}" for byte in letter.encode())
        if letter == " ":
            piece = "_"
        if len(word) + len(piece) + FRAME > room:
            yield f"=?utf-8?q?{word}?="
            word = ""
        word += piece
    yield f"=?utf-8?q?{word}?="


def _address(address: str | tuple[str, str], room: int) -> list[str]:
    name, plain = address if isinstance(address, tuple) else ("", address)
    plain = as_it_travels(plain)
    if not name:
        return [plain]
    if _is_plain(name):
        return formataddr((name, "@")).replace("<@>", f"<{plain}>").split(" ")  # it takes no address beyond ASCII
    return [*_encoded(name, room), f"<{plain}>"]


def _folded(name: str, words: Sequence[str]) -> bytes:
    """The words on lines of at most LONGEST_LINE, where they let themselves be parted."""
    lines, line = [], f"{name}:"
    for word in words:
        if len(line) + len(word) >= LONGEST_LINE and line != f"{name}:":
            lines.append(line)
            line = ""
        line += f" {word}"
    lines.append(line)
    if not all(each.isprintable() for each in lines):
        raise ValueError(f"{name} would begin a header line of its own.")
    return "".join(f"{each}\r\n" for each in lines).encode()
